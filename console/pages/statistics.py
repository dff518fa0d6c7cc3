"""统计页: the figures of a period by group, with their definitions; the cases behind each; all of it for Excel."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, abort, render_template, request
from sqlalchemy.orm import Session

from console import charts
from console.charts import Chart, Series
from console.figures import asked as asking
from console.figures.choice import Atlas, Grouping
from console.figures.definitions import RATES
from console.figures.discovery import Discovery, discoveries
from console.figures.period import Span, named
from console.figures.sheets import FORMULAS, Report, as_workbook, formula_name
from console.figures.table import Row, Table, rate_of, report
from console.figures.tracing import FIGURES, trace
from console.figures.wording import TEXTS, group_name
from console.gate import needs
from console.noting import note
from console.premises import premises
from console.visitor import Right, visitor
from console.workbook import MIMETYPE
from routing.pack import Pack

statistics = Blueprint("statistics", __name__)

_BARS_AT_MOST = 8


@statistics.get("/statistics")
@needs(Right.STATISTICS)
def page() -> Any:
    """统计页."""
    here = premises()
    now = here.now()
    with here.glance() as session:
        pack = here.desk(session, now).router.pack
        made = _report(session, pack)
    spans = {span: named(span, now, here.zone) for span in Span}
    return render_template(
        "statistics/page.html",
        report=made,
        pack=pack,
        charts=_charts(made, pack),
        sparks=_sparks(made),
        rates=RATES,
        spans=spans,
        groupings=asking.GROUPINGS,
        formulas=[(formula_name(key), TEXTS(f"formula.{key}")) for key in FORMULAS],
        named=made.asked.named(pack),
        majors=[(key, group_name(Grouping.MAJOR, key, pack)) for key in sorted(set(Atlas.of(pack).majors.values()))],
        name=lambda row: group_name(made.table.by, row.key, pack),
        rate_of=rate_of,
        t=TEXTS,
    )


@statistics.get("/statistics.xlsx")
@needs(Right.STATISTICS)
def workbook() -> Any:
    """统计工作簿. Taking figures away is noted."""
    here = premises()
    now = here.now()
    with here.story() as session:
        pack = here.desk(session, now).router.pack
        made = _report(session, pack)
        note(session, now, "statistics.export", "", request.query_string.decode("ascii", "replace")[:200])
    local = f"{now.astimezone(here.zone):%Y-%m-%d %H:%M}"
    data = as_workbook(made, pack, local, visitor().units is None)
    period = made.asked.period
    name = f"statistics-{period.first:%Y%m%d}-{period.last:%Y%m%d}.xlsx"
    return Response(data, mimetype=MIMETYPE, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@statistics.get("/statistics/cases")
@needs(Right.STATISTICS)
def cases() -> Any:
    """明细: the cases behind a figure."""
    here = premises()
    figure, now = request.args.get("figure", ""), here.now()
    if figure not in FIGURES:
        abort(HTTPStatus.NOT_FOUND)
    with here.glance() as session:
        desk = here.desk(session, now)
        pack = desk.router.pack
        asked = asking.read(request.args, pack, now, here.zone)
        traced = trace(session, figure, asked.choice(pack, visitor().units), now)
        return render_template(
            "statistics/cases.html",
            traced=traced,
            asked=asked,
            figure=figure,
            named=asked.named(pack),
            desk=desk,
            pack=pack,
            t=TEXTS,
        )


def _report(session: Session, pack: Pack) -> Report:
    here = premises()
    now = here.now()
    asked = asking.read(request.args, pack, now, here.zone)
    choice = asked.choice(pack, visitor().units)
    table, days = report(session, choice, asked.group, Atlas.of(pack), now)
    return Report(asked, table, days, discoveries(session, choice, now))


def _sparks(made: Report) -> dict[str, Any]:
    """A small line for each rate, day by day."""
    return {
        name: charts.sparkline([getattr(row.figures, name).rate for row in made.days], TEXTS(f"rate.{name}"))
        for name in RATES
    }


def _charts(made: Report, pack: Pack) -> list[tuple[str, Any, list[tuple[str, str]]]]:
    """Title, drawing and legend of each."""
    drawn = [*_over_time(made.days), _late(made.table, pack), _found(made.findings, pack)]
    return [
        (chart.title, draw(chart), [(one.name, one.kind) for one in chart.series])
        for chart, draw in drawn
        if chart.labels
    ]


def _over_time(days: Any) -> list[tuple[Chart, Any]]:
    labels = [row.key[-5:] for row in days]
    flow = [
        Series(TEXTS(f"figure.{name}"), [getattr(row.figures, name) for row in days], kind)
        for name, kind in (("reports", "main"), ("accepted", "second"), ("closed", "good"))
    ]
    in_time = [
        Series(TEXTS(f"rate.{name}"), [getattr(row.figures, name).rate for row in days], kind)
        for name, kind in (("claiming", "main"), ("rectifying", "good"))
    ]
    flows = Chart(TEXTS("chart.flow"), TEXTS("chart.flow_told"), labels, flow)
    rates = Chart(TEXTS("chart.in_time"), TEXTS("chart.in_time_told"), labels, in_time, percent=True)
    return [(flows, charts.lines), (rates, charts.lines)]


def _late(table: Table, pack: Pack) -> tuple[Chart, Any]:
    """Where most was late."""
    rows = sorted((row for row in table.rows if row.figures.duties_late), key=lambda row: -row.figures.duties_late)
    top: list[Row] = rows[:_BARS_AT_MOST]
    series = [
        Series(TEXTS(f"figure.{name}"), [getattr(row.figures, name) for row in top], kind)
        for name, kind in (("claim_late", "soon"), ("rectify_late", "bad"))
    ]
    title = TEXTS("chart.late", by=TEXTS(f"by.{table.by}"))
    return Chart(
        title, TEXTS("chart.late_told"), [group_name(table.by, row.key, pack) for row in top], series
    ), charts.bars


def _found(findings: Any, pack: Pack) -> tuple[Chart, Any]:
    """视而不见: those for whom others found most."""
    top: list[Discovery] = list(findings[:_BARS_AT_MOST])
    series = [
        Series(TEXTS("finding.itself"), [one.itself for one in top], "good"),
        Series(TEXTS("finding.others"), [sum(one.by_others.values()) for one in top], "quiet"),
    ]
    labels = [group_name(Grouping.UNIT, one.unit, pack) for one in top]
    return Chart(TEXTS("chart.found"), TEXTS("chart.found_told"), labels, series), charts.bars
