"""通报的材料: the tables of one period out of the database, as a notice."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.score import Ranking, RankingState
from models.unit import Unit
from scoring.notice import Notice, suggested_of, table_of
from scoring.published import public
from scoring.rules import TIERS


@dataclass(frozen=True, slots=True)
class Edition:
    """版本 of a notice. inside: for those who decide: with suggestions, and with what is frozen and not yet out."""

    red_head: str = ""
    number: str = ""
    inside: bool = False


def of_period(session: Session, own: Ranking, inside: bool) -> list[Ranking]:
    """The tables of one table's period, in the order of the tiers."""
    states = [RankingState.PUBLISHED, *([RankingState.FROZEN] if inside else [])]
    query = select(Ranking).where(
        Ranking.begins_on == own.begins_on, Ranking.ends_on == own.ends_on, Ranking.state.in_(states)
    )
    return sorted(session.scalars(query), key=lambda one: (TIERS.index(one.tier), one.id))


def notice_of(session: Session, found: list[Ranking], edition: Edition, zone: ZoneInfo, on: date) -> Notice:
    """通报 of these tables, dated that day."""
    suggestions = [one for table in found for one in suggested_of(table.rows)] if edition.inside else []
    tables = tuple(table_of(public(one, zone)) for one in found)
    return Notice(tables, issuer(session), on, edition.red_head, edition.number, tuple(suggestions))


def issuer(session: Session) -> str:
    """发文机关: the command centre's own name."""
    return session.scalars(select(Unit.name).where(Unit.tier == "command").order_by(Unit.code)).first() or ""
