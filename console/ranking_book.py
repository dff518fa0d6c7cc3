"""排名工作簿: the tables of a 通报 as an Excel file, and the cases behind each figure for those who may see them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from console.workbook import PERCENT, Cell, Column, Link, Sheet, workbook
from scoring.drilldown import Behind
from scoring.explain import SOURCES
from scoring.notice import Line, Notice, Table
from scoring.papers import wording
from scoring.papers.wording import NAMES, TEXTS

_POINTS = "0.00"
# Row 1 is the head.
_FIRST_ROW = 2
Rows = dict[tuple[str, str, str], int]


def ranking_book(
    notice: Notice, rules: Sequence[Mapping[str, Any]], cases: Mapping[str, Behind] | None = None
) -> bytes:
    """One sheet per tier, 规则, 校验值 and 更正.

    rules: of each table.  cases: by tier; None where nobody may see them.
    """
    drilled, rows = _case_sheets(notice.tables, cases or {})
    tables = [_table(table, rows) for table in notice.tables]
    return workbook([*tables, *drilled, _rules(notice.tables, rules), _seals(notice.tables), _corrections(notice)])


def _table(table: Table, rows: Rows) -> Sheet:
    penalties = sorted({name for line in table.lines for name, _ in line.deductions}, key=list(SOURCES).index)
    columns = [
        *(Column(TEXTS(f"table.{name}")) for name in ("rank", "name")),
        Column(TEXTS("table.score"), _POINTS),
        *(Column(wording.indicator(name), PERCENT) for name in table.indicators),
        *(Column(TEXTS("book.deducted", name=NAMES(f"penalty.{name}")), _POINTS) for name in penalties),
        Column(TEXTS("table.bonus"), _POINTS),
        *(Column(TEXTS(f"book.{name}")) for name in ("vetoes", "cases", "unit")),
    ]
    lines = [_line(table, line, penalties, rows) for line in table.lines]
    return Sheet(_tier_name(table), columns, [*lines, _mean(table, len(columns))])


def _line(table: Table, line: Line, penalties: Sequence[str], rows: Rows) -> list[Cell]:
    def linked(name: str, value: float | None) -> Cell:
        row = rows.get((table.tier, line.unit, name))
        return Link(value, _figure_name(name), row) if value is not None and row else value

    points = dict(line.deductions)
    few = TEXTS("book.few")
    return [
        line.rank if line.rank is not None else few,
        line.name,
        float(line.score),
        *(linked(name, rate) for name, rate in zip(table.indicators, line.rates, strict=True)),
        *(linked(name, points.get(name)) for name in penalties),
        line.bonus,
        TEXTS.raw("vetoes.between").join(line.vetoes),
        line.cases,
        line.unit,
    ]


def _mean(table: Table, width: int) -> list[Cell]:
    row: list[Cell] = [None, TEXTS("table.mean"), None, *table.means]
    return [*row, *[None] * (width - len(row))]


def _case_sheets(tables: Sequence[Table], cases: Mapping[str, Behind]) -> tuple[list[Sheet], Rows]:
    """A sheet for each figure that has cases, and where each unit's begin."""
    found, at = [], Rows()
    for figure in SOURCES:
        rows: list[list[Cell]] = []
        for table in tables:
            for line in table.lines:
                behind = cases.get(table.tier, {}).get((line.unit, figure), [])
                if behind:
                    at[table.tier, line.unit, figure] = _FIRST_ROW + len(rows)
                rows += [
                    [
                        _tier_name(table),
                        line.name,
                        one.case_id,
                        NAMES(f"kind.{one.kind}"),
                        one.at.date().isoformat(),
                        one.value,
                    ]
                    for one in behind
                ]
        if rows:
            heads = ("tier", "unit_name", "case", "kind", "day", "value")
            found.append(Sheet(_figure_name(figure), [Column(TEXTS(f"book.{head}")) for head in heads], rows))
    return found, at


def _rules(tables: Sequence[Table], rules: Sequence[Mapping[str, Any]]) -> Sheet:
    """Every value of the rules each table was made by."""
    rows = [
        [_tier_name(table), name, value if isinstance(value, int | float) else str(value)]
        for table, kept in zip(tables, rules, strict=True)
        for name, value in _flat(kept)
    ]
    return _sheet("rules", ("tier", "rule", "value"), rows)


def _flat(node: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(node, Mapping):
        for key, value in node.items():
            yield from _flat(value, f"{prefix}.{key}".strip("."))
    elif isinstance(node, list):
        for n, value in enumerate(node, start=1):
            yield from _flat(value, f"{prefix}.{n}")
    else:
        yield prefix, node


def _seals(tables: Sequence[Table]) -> Sheet:
    rows: list[list[Cell]] = [
        [one.number, one.title, one.begins_on.isoformat(), one.ends_on.isoformat(), one.rules_version, one.digest]
        for one in tables
    ]
    rows.append([None, TEXTS("seals.how"), None, None, None, None])
    return _sheet("seals", ("number", "title", "begins_on", "ends_on", "version", "digest"), rows)


def _corrections(notice: Notice) -> Sheet:
    rows: list[list[Cell]] = [
        [one.on.isoformat(), table.title, one.name or TEXTS("seals.whole"), wording.amended(one)]
        for table, one in notice.amendments
    ]
    if not rows:
        rows.append([None, TEXTS("seals.none"), None, None])
    return _sheet("corrections", ("day", "title", "unit_name", "words"), rows)


def _sheet(name: str, heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> Sheet:
    return Sheet(TEXTS(f"book.{name}"), [Column(TEXTS(f"book.{head}")) for head in heads], rows, wraps=True)


def _tier_name(table: Table) -> str:
    return wording.tier(table.tier)


def _figure_name(figure: str) -> str:
    """认领及时, 扣分－超时: an indicator and a penalty may share a name."""
    key = f"indicator.{figure}"
    return NAMES(key) if key in NAMES.names else TEXTS("book.deducted", name=NAMES(f"penalty.{figure}"))
