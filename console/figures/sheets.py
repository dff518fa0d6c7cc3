"""统计工作簿: the page's tables for Excel, and with them what they count and what was asked for."""

from collections.abc import Sequence
from dataclasses import dataclass

from console.figures.asked import Asked
from console.figures.choice import Grouping
from console.figures.definitions import RATES, Figures
from console.figures.discovery import Discovery
from console.figures.durations import NO_TIME
from console.figures.facts import IN_ALL, STEPS
from console.figures.table import Row, Table, rate_of
from console.figures.wording import TEXTS, group_name
from console.workbook import HOURS, PERCENT, WHOLE, Cell, Column, Sheet, workbook
from routing.pack import Pack

COUNTS = tuple(Figures.__dataclass_fields__)
FORMULAS = ("reports", *RATES, "hours", "finding", "charged")
_TIMES = (IN_ALL, *STEPS)


@dataclass(frozen=True, slots=True)
class Report:
    """统计结果: all that one page shows."""

    asked: Asked
    table: Table
    days: Sequence[Row]
    findings: Sequence[Discovery]


def as_workbook(report: Report, pack: Pack, made: str, is_whole_city: bool) -> bytes:
    """An .xlsx file. made: the moment in the city's words."""
    table = report.table
    rows = [*table.rows, table.total]
    names = [*(group_name(table.by, row.key, pack) for row in table.rows), TEXTS("total")]
    return workbook(
        [
            _sheet("table", table.by, names, rows, with_times=True),
            _sheet("days", Grouping.DAY, [row.key for row in report.days], report.days, with_times=False),
            _findings(report.findings, pack),
            _notes(report.asked, pack, made, is_whole_city),
        ]
    )


def _sheet(name: str, by: Grouping, names: Sequence[str], rows: Sequence[Row], with_times: bool) -> Sheet:
    columns = [
        Column(TEXTS(f"by.{by}")),
        *(Column(TEXTS(f"figure.{count}"), WHOLE) for count in COUNTS),
        *(Column(TEXTS(f"rate.{rate}"), PERCENT) for rate in RATES),
    ]
    if with_times:
        kinds = ("hours.mean", "hours.median")
        steps = [TEXTS(f"step.{step}") for step in _TIMES]
        columns += [Column(TEXTS(kind, step=step), HOURS) for step in steps for kind in kinds]
    return Sheet(
        TEXTS(f"sheet.{name}"),
        columns,
        [[said, *_numbers(row, by, with_times)] for said, row in zip(names, rows, strict=True)],
    )


def _numbers(row: Row, by: Grouping, with_times: bool) -> list[Cell]:
    counts = [getattr(row.figures, name) for name in COUNTS]
    rates = [rate_of(row, name, by).rate for name in RATES]
    taken = [row.times.get(step, NO_TIME) for step in _TIMES] if with_times else []
    return [*counts, *rates, *(hours for one in taken for hours in (one.mean, one.median))]


def _findings(findings: Sequence[Discovery], pack: Pack) -> Sheet:
    platforms = list(pack.platforms)
    columns = [
        Column(TEXTS("finding.unit")),
        Column(TEXTS("finding.itself"), WHOLE),
        *(Column(pack.platforms[key].name, WHOLE) for key in platforms),
        Column(TEXTS("finding.rate"), PERCENT),
    ]
    rows: list[list[Cell]] = [
        [
            pack.units[one.unit].short if one.unit in pack.units else one.unit,
            one.itself,
            *(one.by_others.get(key, 0) for key in platforms),
            one.finding.rate,
        ]
        for one in findings
    ]
    return Sheet(TEXTS("sheet.finding"), columns, rows)


def _notes(asked: Asked, pack: Pack, made: str, is_whole_city: bool) -> Sheet:
    """What these figures are of, and what each of them means."""
    period = asked.period
    named = "；".join(f"{name}：{value}" for name, value in asked.named(pack)) or TEXTS("note.none")
    rows = [
        (TEXTS("note.period"), TEXTS("note.period_is", first=period.first, last=period.last)),
        (TEXTS("note.made"), made),
        (TEXTS("note.group"), TEXTS(f"by.{asked.group}")),
        (TEXTS("note.filters"), named),
        (TEXTS("note.scope"), TEXTS("note.whole_city" if is_whole_city else "note.own_units")),
        *((formula_name(key), TEXTS(f"formula.{key}")) for key in FORMULAS),
    ]
    return Sheet(TEXTS("sheet.notes"), [Column(TEXTS("note.what")), Column(TEXTS("note.how"))], rows, wraps=True)


def formula_name(key: str) -> str:
    """What a formula is of."""
    special = {
        "reports": "figure.reports",
        "hours": "step.in_all",
        "finding": "finding.rate",
        "charged": "note.scope",
    }
    return TEXTS(special.get(key, f"rate.{key}"))
