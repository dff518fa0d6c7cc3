"""奖惩建议: what consecutive ranks suggest. Suggestions to people, never more."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.score import Ranking, RankingState
from scoring.rules import ScoreRules, Suggestion


def suggestions(session: Session, table: Ranking) -> list[dict[str, Any]]:
    """For each unit the gravest one of a side that its published ranks and this one bear out."""
    rules = ScoreRules.from_json(table.rules)
    longest = max((one.times for one in rules.suggestions), default=0)
    earlier = session.scalars(
        select(Ranking)
        .where(
            Ranking.tier == table.tier, Ranking.state == RankingState.PUBLISHED, Ranking.ends_on <= table.begins_on
        )
        .order_by(Ranking.ends_on.desc(), Ranking.id.desc())
        .limit(max(longest - 1, 0))
    )
    history = [table.rows["rows"], *(one.rows["rows"] for one in earlier)]
    return suggested(history, rules.suggestions)


def suggested(history: Sequence[Sequence[Mapping[str, Any]]], rules: Sequence[Suggestion]) -> list[dict[str, Any]]:
    """history: the rows of one table after another, this one first."""
    found: dict[tuple[str, bool], dict[str, Any]] = {}
    for rule in sorted(rules, key=lambda one: one.times):
        if len(history) < rule.times:
            continue
        for row in history[0]:
            if all(_among(table, str(row["unit"]), rule) for table in history[: rule.times]):
                told = {"unit": row["unit"], "name": row["name"], "words": rule.words, "times": rule.times}
                found[str(row["unit"]), bool(rule.top)] = {**told, "top": rule.top, "bottom": rule.bottom}
    return list(found.values())


def _among(rows: Sequence[Mapping[str, Any]], unit: str, rule: Suggestion) -> bool:
    """Whether a unit is among the top or the bottom so many of a table; who is not ranked never is."""
    order = [row for row in rows if row["rank"] is not None]
    at = next((n for n, row in enumerate(order) if row["unit"] == unit), None)
    if at is None:
        return False
    if rule.top:
        return int(order[at]["rank"]) <= rule.top
    edge = order[-rule.bottom]["rank"] if len(order) > rule.bottom else None
    return edge is not None and int(order[at]["rank"]) >= int(edge)
