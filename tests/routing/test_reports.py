"""Real-shaped reports from Jinan, kept as data: what, where and whose each one is."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from routing.finding import Finding
from routing.pack import Pack
from routing.router import Router
from routing.whose.conditions import Facts
from routing.whose.rules import rules_of

REPORTS = Path(__file__).with_name("reports.tsv")
# From here on a case goes out without a person; what does must be right.
SURE_ENOUGH = 0.8


@dataclass(frozen=True)
class Row:
    """One line of the table; an empty expectation means none."""

    finding: Finding
    category: str | None
    place: str | None
    unit: str


def _row(line: str) -> Row:
    text, pin, platform, category, place, unit, *at = line.split("\t")
    lat, lon = (float(part) for part in pin.split(",")) if pin else (None, None)
    moment = datetime.fromisoformat(at[0]) if at else None
    finding = Finding(text=text, lat=lat, lon=lon, platform=platform, at=moment)
    return Row(finding, category or None, place or None, unit)


ROWS = [_row(line) for line in REPORTS.read_text("utf-8").splitlines() if not line.startswith("#")]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.finding.text[:12])
def test_it_finds_what_where_and_whose(router: Router, jinan: Pack, row: Row) -> None:
    decision = router.decide(row.finding)

    place = decision.street or decision.district
    name = jinan.units[place].name if place else None
    assert (decision.category, name, decision.unit) == (row.category, row.place, row.unit), decision.words()


def _answering(pack: Pack) -> Iterator[str]:
    """The rules that can be an answer: not those whose own routes take all their categories."""
    by_category = {pack.rules.match(Facts(category=key)).place for key in (*pack.categories, None)}
    yield from (rule.place for rule in rules_of(pack.rules) if not rule.children or rule.place in by_category)


def test_it_has_a_report_for_every_rule(router: Router, jinan: Pack) -> None:
    reached = {router.decide(row.finding).rule for row in ROWS}

    assert set(_answering(jinan)) - reached == set()


def test_it_is_sure_of_most_of_the_reports(router: Router) -> None:
    sure = [row for row in ROWS if router.decide(row.finding).confidence >= SURE_ENOUGH]

    assert len(sure) >= 0.7 * len(ROWS)
