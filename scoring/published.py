"""公布的表: a published ranking in plain values, which anybody may have and check."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from models.score import Correction, Ranking
from scoring.rules import ScoreRules
from scoring.snapshot import digest, sealed


class NotATable(Exception):
    """不是排名表: something that was not published here, or is damaged."""


def public(table: Ranking, zone: ZoneInfo) -> dict[str, Any]:
    """What goes out of a table: figures, rules, digest and corrections; no suggestion, no objection, no person."""
    names = {row["unit"]: row["name"] for row in table.rows["rows"]}
    published_at = table.published_at or table.frozen_at
    return {
        "id": table.id,
        "title": table.title,
        "tier": table.tier,
        "begins_on": table.begins_on.isoformat(),
        "ends_on": table.ends_on.isoformat(),
        "published_on": published_at.astimezone(zone).date().isoformat() if published_at else "",
        "rules_version": table.rules_version,
        "digest": table.digest,
        "rules": table.rules,
        "rows": {name: value for name, value in table.rows.items() if name != "suggestions"},
        "corrections": [_correction(one, names, zone) for one in table.corrections],
    }


def _correction(one: Correction, names: Mapping[str, str], zone: ZoneInfo) -> dict[str, Any]:
    return {
        "unit": one.unit_code,
        "name": names.get(one.unit_code, one.unit_code),
        "words": one.words,
        "before": one.before,
        "after": one.after,
        "made_on": one.made_at.astimezone(zone).date().isoformat(),
    }


def sealed_text(kept: Mapping[str, Any]) -> str:
    """封存内容 of a published table, letter by letter what its digest was taken of. Raises NotATable."""
    return sealed(*_parts(kept))


def recomputed(kept: Mapping[str, Any]) -> str:
    """重算指纹 of a published table; equal to what it says when nobody changed it. Raises NotATable."""
    return digest(*_parts(kept))


def is_genuine(kept: Mapping[str, Any]) -> bool:
    """核对: its figures and rules are those of its digest, and its rules those of its version. Raises NotATable."""
    try:
        version = ScoreRules.from_json(kept["rules"]).version
        return bool(kept["digest"] == recomputed(kept) and kept["rules_version"] == version)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise NotATable(type(error).__name__) from error


def _parts(kept: Mapping[str, Any]) -> tuple[str, date, date, Mapping[str, Any], Mapping[str, Any]]:
    try:
        begins_on, ends_on = date.fromisoformat(kept["begins_on"]), date.fromisoformat(kept["ends_on"])
        tier, rules, rows = kept["tier"], kept["rules"], kept["rows"]
    except (KeyError, TypeError, ValueError) as error:
        raise NotATable(type(error).__name__) from error
    if not isinstance(rules, Mapping) or not isinstance(rows, Mapping):
        raise NotATable("rows")
    return tier, begins_on, ends_on, rules, rows
