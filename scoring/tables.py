"""排名表的一生: draft → appeals → frozen → published. What is frozen never changes; corrections stand beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.score import Correction, Objection, Ranking, RankingState
from models.unit import Unit
from scoring.ranking import Row, ranked
from scoring.rules import ScoreRules
from scoring.snapshot import digest, rows_as_json
from scoring.suggestions import suggestions
from scoring.tallies import Period, all_tallies, tallies


class NotNow(Exception):
    """不能这样做: the table is not where this needs it. key: of the words that say why."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


@dataclass(frozen=True, slots=True)
class Wanted:
    """要做的表: one tier and period by these rules. made_by: None for the command line."""

    tier: str
    title: str
    period: Period
    rules: ScoreRules
    made_by: int | None = None


def compute(session: Session, tier: str, period: Period, rules: ScoreRules) -> list[Row]:
    """现算: the table as it is now, kept nowhere."""
    return ranked(tier, tallies(session, tier, period, rules), rules)


def compute_all(session: Session, period: Period, rules: ScoreRules) -> dict[str, list[Row]]:
    """现算 the three tables, the figures added up once."""
    return {tier: ranked(tier, one, rules) for tier, one in all_tallies(session, period, rules).items()}


def make(session: Session, wanted: Wanted, now: datetime) -> Ranking:
    """起草: a draft, which may be made again as often as somebody wants."""
    period, rules = wanted.period, wanted.rules
    table = Ranking(
        tier=wanted.tier,
        title=wanted.title,
        begins_on=period.begins_on,
        ends_on=period.ends_on,
        rules=rules.as_json(),
        rules_version=rules.version,
        made_at=now,
        made_by=wanted.made_by,
    )
    session.add(table)
    _fill(session, table, period.zone, now)
    return table


def remake(session: Session, table: Ranking, rules: ScoreRules, zone: ZoneInfo, now: datetime) -> None:
    """重算 a draft, by today's rules. Raises NotNow."""
    _must_be(table, RankingState.DRAFT)
    table.rules, table.rules_version = rules.as_json(), rules.version
    _fill(session, table, zone, now)


def open_appeals(table: Ranking, now: datetime) -> None:
    """开放申诉: units see their rows, until the days the rules give are over."""
    _must_be(table, RankingState.DRAFT)
    table.state = RankingState.APPEALS
    table.appeals_until = now + timedelta(days=ScoreRules.from_json(table.rules).appeal_days)


def contest(table: Ranking, unit: str, person_id: int, words: str, now: datetime) -> Objection:
    """提出申诉 against the own row, while the table is open for it. Raises NotNow."""
    _must_be(table, RankingState.APPEALS)
    if table.appeals_until is not None and now >= table.appeals_until:
        raise NotNow("too_late")
    if unit not in {row["unit"] for row in table.rows["rows"]}:
        raise NotNow("not_in_table")
    objection = Objection(unit_code=unit, person_id=person_id, words=words, made_at=now)
    table.objections.append(objection)
    return objection


def settle(objection: Objection, accepted: bool, words: str, by: int | None, now: datetime) -> None:
    """裁定一件申诉. What an accepted one changes is done where it belongs (a case's 申诉, a veto); then remake."""
    if objection.accepted is not None:
        raise NotNow("ruled")
    objection.accepted, objection.ruling, objection.ruled_by, objection.ruled_at = accepted, words, by, now


def freeze(session: Session, table: Ranking, zone: ZoneInfo, now: datetime) -> None:
    """冻结: computed once more by the table's own rules, hashed, and never changed again. Raises NotNow."""
    _must_be(table, RankingState.APPEALS)
    if table.appeals_until is not None and now < table.appeals_until:
        raise NotNow("still_open")
    if any(one.accepted is None for one in table.objections):
        raise NotNow("unruled")
    _fill(session, table, zone, now)
    table.rows = {**table.rows, "suggestions": suggestions(session, table)}
    table.state, table.frozen_at = RankingState.FROZEN, now
    table.digest = fingerprint(table)


def publish(table: Ranking, by: int | None, now: datetime) -> None:
    """公布. Raises NotNow, also where the table is not what was frozen."""
    _must_be(table, RankingState.FROZEN)
    if not is_whole(table):
        raise NotNow("changed")
    table.state, table.published_at, table.published_by = RankingState.PUBLISHED, now, by


def drop(table: Ranking) -> None:
    """作废 before it is frozen."""
    _must_be(table, RankingState.DRAFT, RankingState.APPEALS)
    table.state = RankingState.DROPPED


def correct(
    table: Ranking, unit: str, words: str, after: dict[str, Any], by: int | None, now: datetime
) -> Correction:
    """更正: the published table stays, and what should have stood there is said beside it. Raises NotNow."""
    _must_be(table, RankingState.PUBLISHED)
    before = next((row for row in table.rows["rows"] if row["unit"] == unit), None)
    if unit and before is None:
        raise NotNow("not_in_table")
    kept = {name: before[name] for name in after if name in before} if before else {}
    correction = Correction(unit_code=unit, words=words, before=kept, after=after, made_at=now, person_id=by)
    table.corrections.append(correction)
    return correction


def fingerprint(table: Ranking) -> str:
    return digest(table.tier, table.begins_on, table.ends_on, table.rules, table.rows)


def is_whole(table: Ranking) -> bool:
    """核对: whether a frozen table still says what was frozen."""
    return bool(table.digest) and table.digest == fingerprint(table)


def published(session: Session, tier: str = "") -> Sequence[Ranking]:
    """已公布的表, the newest first."""
    query = select(Ranking).where(Ranking.state == RankingState.PUBLISHED)
    query = query.where(Ranking.tier == tier) if tier else query
    return session.scalars(query.order_by(Ranking.begins_on.desc(), Ranking.id.desc())).all()


def _fill(session: Session, table: Ranking, zone: ZoneInfo, now: datetime) -> None:
    rules = ScoreRules.from_json(table.rules)
    rows = compute(session, table.tier, Period(table.begins_on, table.ends_on, zone), rules)
    names = {row.code: row.name for row in session.execute(select(Unit.code, Unit.name))}
    table.rows, table.made_at = rows_as_json(rows, names, rules), now


def _must_be(table: Ranking, *states: RankingState) -> None:
    if table.state not in states:
        raise NotNow("wrong_state")
