"""编的表: published rankings with every kind of row, by hand."""

from datetime import date
from pathlib import Path
from typing import Any

from scoring.notice import Notice, Suggested, table_of
from scoring.rules import load_rules
from scoring.snapshot import digest

RULES = load_rules(Path(__file__).parents[2] / "data" / "jinan")
_FIRST = ("claim", "rectify", "check", "satisfaction", "recurrence", "discovery")
UNITS = {
    "department": ["市城市管理局", "市公安局交警支队", "市住房和城乡建设局", "市园林和林业绿化局", "市城乡水务局"],
    "district": ["历下区", "市中区", "槐荫区", "天桥区", "历城区", "长清区", "章丘区", "济南高新技术产业开发区"],
    "street": [f"第{n}街道办事处" for n in range(1, 41)],
}


def row(n: int, name: str, rank: int | None, score: str, **changes: Any) -> dict[str, Any]:
    """One row as a snapshot keeps it."""
    rates = {one: 0.99 - 0.011 * n - 0.003 * k for k, one in enumerate(_FIRST)}
    parts = {
        one: {"rate": rate, "shrunk": rate, "weight": 0.2, "points": 20 * rate, "good": 100 * rate, "all": 100.0}
        for one, rate in rates.items()
    }
    base = {"unit": f"u{n}", "name": name, "rank": rank, "score": score, "base": 95.0, "bonus": 0.0}
    rest = {"is_last": False, "cases": 120.0, "parts": parts, "deductions": {"overtime": 0.25}, "vetoes": []}
    return {**base, **rest, **changes}


def kept(tier: str = "district", number: int = 7, **changes: Any) -> dict[str, Any]:
    """A published table: a tie at the second rank, one vetoed to the end, one that is 样本不足."""
    names = UNITS[tier]
    ranks = [1, 2, 2, *range(4, len(names))]
    rows = [row(n, names[n], rank, f"{98.5 - 0.71 * rank:.2f}") for n, rank in enumerate(ranks)]
    rows[-1] |= {"is_last": True, "vetoes": ["fake"], "deductions": {"fake": 1.0, "exposure": 1.5}}
    rows[0] |= {"bonus": 1.5, "deductions": {}}
    few = row(len(names), names[-1], None, "88.00", cases=3.0)
    few["parts"]["satisfaction"] |= {"rate": None, "shrunk": None, "points": 0.0, "good": 0.0, "all": 0.0}
    rules = RULES.as_json()
    mean = {one: 0.93 - 0.01 * n for n, one in enumerate(_FIRST)} | {"field": None}
    whole = {"mean": mean, "rows": [*rows, few], "method": RULES.name}
    begins, ends = date(2026, 11, 1), date(2026, 12, 1)
    table = {
        "id": number,
        "title": f"2026年11月{tier}督导考核排名",
        "tier": tier,
        "begins_on": begins.isoformat(),
        "ends_on": ends.isoformat(),
        "published_on": "2026-12-08",
        "rules_version": RULES.version,
        "digest": digest(tier, begins, ends, rules, whole),
        "rules": rules,
        "rows": whole,
        "corrections": [],
    }
    return {**table, **changes}


CORRECTION = {
    "unit": "u3",
    "name": "天桥区",
    "words": "一件不属于该区的案件被计入，予以更正",
    "before": {"rank": 4, "score": "95.66"},
    "after": {"rank": 3, "score": "96.20"},
    "made_on": "2026-12-15",
}


def notice(**changes: Any) -> Notice:
    """Three tiers, one correction."""
    tables = (kept("department", 6), kept("district", 7, corrections=[CORRECTION]), kept("street", 8))
    values = {"tables": tuple(map(table_of, tables)), "issuer": "济南市创建全国文明城市工作指挥部"}
    return Notice(**{**values, "on": date(2026, 12, 8), **changes})  # type: ignore[arg-type]


SUGGESTED = (Suggested("历下区", "通报表扬", 3, 2), Suggested("章丘区", "约谈主要负责人", -3, 3))
