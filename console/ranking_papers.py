"""内部材料: papers of frozen and published tables for those who decide: with suggestions and with cases."""

from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from console.ranking_book import ranking_book
from models.score import Ranking, RankingState
from scoring.drilldown import behind_all
from scoring.notice import Notice
from scoring.notices import Edition, notice_of, of_period
from scoring.papers import card, pdf, word

KINDS = ("docx", "pdf", "xlsx", "jpg")


class Order(NamedTuple):
    """要什么. address: of the public page, for the card."""

    kind: str
    edition: Edition
    on: date
    address: str = ""


def paper_of(session: Session, table: Ranking, order: Order, zone: ZoneInfo) -> bytes | None:
    """A paper about a table and its period; None for a table that is not frozen yet."""
    if table.state not in (RankingState.FROZEN, RankingState.PUBLISHED):
        return None
    found = of_period(session, table, order.edition.inside or table.state is RankingState.FROZEN)
    notice = notice_of(session, found, order.edition, zone, order.on)
    if order.kind == "docx":
        return word.word(notice)
    if order.kind == "pdf":
        return pdf.pdf(notice)
    if order.kind == "jpg":
        own = next(one for one in notice.tables if one.number == table.id)
        return card.card(own, notice.issuer, order.address)
    return _book(session, notice, found, order.edition.inside, zone)


def _book(session: Session, notice: Notice, found: list[Ranking], inside: bool, zone: ZoneInfo) -> bytes:
    rules = [one.rules for one in found]
    cases = {one.tier: behind_all(session, one, zone) for one in notice.tables} if inside else None
    return ranking_book(notice, rules, cases)
