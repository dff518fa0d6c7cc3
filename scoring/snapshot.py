"""快照: a ranking table in plain values, as it is kept, published, hashed and drawn."""

import json
from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from typing import Any

from scoring.composite import Count, means
from scoring.ranking import Row
from scoring.rules import ScoreRules


def rows_as_json(rows: list[Row], names: Mapping[str, str], rules: ScoreRules) -> dict[str, Any]:
    """排名表 of one tier; see docs/scoring.md for what each figure is."""
    mean = means({row.unit: row.tally for row in rows})
    return {"mean": mean, "rows": [_row(row, names) for row in rows], "method": rules.name}


def _row(row: Row, names: Mapping[str, str]) -> dict[str, Any]:
    made = row.score
    return {
        "unit": row.unit,
        "name": names.get(row.unit, row.unit),
        "rank": row.rank,
        "score": str(made.rounded),
        "base": made.base,
        "bonus": made.bonus,
        "is_last": made.is_last,
        "cases": row.tally.cases,
        "parts": {name: _part(row, name) for name in made.parts},
        "deductions": {name: points for name, points in made.deductions.items() if points},
        "vetoes": [veto.key for veto in row.tally.vetoes],
    }


def _part(row: Row, name: str) -> dict[str, float | None]:
    part, count = row.score.parts[name], row.tally.counts.get(name, Count())
    return {
        "rate": part.rate,
        "shrunk": part.shrunk,
        "weight": part.weight,
        "points": part.points,
        "good": count.good,
        "all": count.all,
    }


def sealed(tier: str, begins_on: date, ends_on: date, rules: Mapping[str, Any], rows: Mapping[str, Any]) -> str:
    """封存内容: everything a table says and was made by, in one way of writing; its SHA-256 is the digest.

    Without the 奖惩建议: these follow from ranks and rules, and are for people to decide on, while whoever checks a
    published table needs all that was hashed.
    """
    said = {name: value for name, value in rows.items() if name != "suggestions"}
    whole = [tier, begins_on.isoformat(), ends_on.isoformat(), rules, said]
    return json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(tier: str, begins_on: date, ends_on: date, rules: Mapping[str, Any], rows: Mapping[str, Any]) -> str:
    """指纹: SHA-256 over what is sealed."""
    return sha256(sealed(tier, begins_on, ends_on, rules, rows).encode()).hexdigest()
