"""图表: small charts as SVG, made on the server: classes and attributes only, because the CSP allows no style.

Each says in its title and description what it shows; the numbers themselves stand in the table beside it, so that a
screen reader need not read bars. Colours, and what is light or dark, are the stylesheet's (static/figures.css).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import ceil, floor, log10
from xml.sax.saxutils import escape, quoteattr

from markupsafe import Markup

WIDTH, HEIGHT = 640, 220
# Room for the numbers at the left, the labels below and a little air above.
_LEFT, _RIGHT, _TOP, _BOTTOM = 54, 10, 14, 32
# Labels below a line, so that they do not run into each other on a phone.
_LABELS_AT_MOST = 8
_ROW, _NAME_WIDTH, _VALUE_WIDTH = 26, 150, 60
# As many Chinese characters as a bar's name has room for.
_NAME_AT_MOST = 11
_TICKS = 4


@dataclass(frozen=True, slots=True)
class Series:
    """系列: values in the order of the labels, None where there is none. kind: the class that colours it."""

    name: str
    values: Sequence[float | None]
    kind: str


@dataclass(frozen=True, slots=True)
class Chart:
    """图: what it is called, what it says in a sentence, and what stands along it. percent: values are shares."""

    title: str
    told: str
    labels: Sequence[str]
    series: Sequence[Series] = field(default_factory=tuple)
    percent: bool = False


def lines(chart: Chart) -> Markup:
    """折线: one line a series; a gap where there is no value, a dot where a value stands alone."""
    top = _nice(_greatest(chart), chart.percent)
    parts = [_scale(top, chart.percent), _below(chart.labels)]
    for series in chart.series:
        points = [
            (_x(n, len(chart.labels)), _y(value, top)) for n, value in enumerate(series.values) if value is not None
        ]
        for stretch in _stretches(series.values):
            corners = " ".join(
                f"{_x(n, len(chart.labels)):.1f},{_y(series.values[n] or 0, top):.1f}" for n in stretch
            )
            parts.append(f'<polyline class="line {series.kind}" points="{corners}"/>')
        marks = points if len(points) <= _LABELS_AT_MOST * 4 else []
        parts.extend(f'<circle class="dot {series.kind}" cx="{x:.1f}" cy="{y:.1f}" r="2.5"/>' for x, y in marks)
    return _svg(chart, "".join(parts), WIDTH, HEIGHT)


def columns(chart: Chart) -> Markup:
    """柱: one column a label, its series on top of each other."""
    sums = [sum(_value(series, n) for series in chart.series) for n in range(len(chart.labels))]
    top = _nice(max(sums, default=0), chart.percent)
    step = (WIDTH - _LEFT - _RIGHT) / max(1, len(chart.labels))
    wide = min(step * 0.72, 40)
    parts = [_scale(top, chart.percent), _below(chart.labels)]
    for n in range(len(chart.labels)):
        below = 0.0
        for series in chart.series:
            value = _value(series, n)
            x, y = _x(n, len(chart.labels)) - wide / 2, _y(below + value, top)
            parts.append(_rect(series, x, y, wide, _y(below, top) - y))
            below += value
    return _svg(chart, "".join(parts), WIDTH, HEIGHT)


def bars(chart: Chart) -> Markup:
    """条: one bar a label from left to right, its series beside each other, the sum (or the share) at its end."""
    sums = [sum(_value(series, n) for series in chart.series) for n in range(len(chart.labels))]
    top = 1.0 if chart.percent else max([*sums, 1])
    room = WIDTH - _NAME_WIDTH - _VALUE_WIDTH
    parts = []
    for n, label in enumerate(chart.labels):
        y, x = n * _ROW + 4, float(_NAME_WIDTH)
        parts.append(_text(_NAME_WIDTH - 8, y + 13, _cut(label), "name", anchor="end"))
        for series in chart.series:
            width = _value(series, n) / top * room
            parts.append(_rect(series, x, y, width, _ROW - 9))
            x += width
        parts.append(_text(x + 6, y + 13, _number(sums[n], chart.percent), "value"))
    return _svg(chart, "".join(parts), WIDTH, max(1, len(chart.labels)) * _ROW + 4)


def sparkline(values: Sequence[float | None], title: str, width: int = 96, height: int = 24) -> Markup:
    """趋势: a line without scale, for the cell of a table or beside a number."""
    top = max((value for value in values if value is not None), default=0) or 1
    step = (width - 4) / max(1, len(values) - 1)
    parts = []
    for stretch in _stretches(values):
        corners = " ".join(
            f"{2 + n * step:.1f},{height - 3 - (values[n] or 0) / top * (height - 6):.1f}" for n in stretch
        )
        parts.append(f'<polyline class="line main" points="{corners}"/>')
    return Markup(  # noqa: S704  numbers and escaped text
        f'<svg class="spark" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
        f"aria-label={quoteattr(title)}><title>{escape(title)}</title>{''.join(parts)}</svg>"
    )


def _svg(chart: Chart, content: str, width: int, height: int) -> Markup:
    label = f"{chart.title}。{chart.told}" if chart.told else chart.title
    return Markup(  # noqa: S704  everything from outside is escaped where it is put in
        f'<svg class="chart" viewBox="0 0 {width} {height}" role="img" aria-label={quoteattr(label)}>'
        f"<title>{escape(chart.title)}</title><desc>{escape(chart.told)}</desc>{content}</svg>"
    )


def _scale(top: float, percent: bool) -> str:
    """Lines across, with their numbers at the left."""
    parts = []
    for n in range(_TICKS + 1):
        value = top * n / _TICKS
        y = _y(value, top)
        parts.append(f'<line class="across" x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(_text(_LEFT - 6, y + 4, _number(value, percent), "tick", anchor="end"))
    return "".join(parts)


def _below(labels: Sequence[str]) -> str:
    every = max(1, ceil(len(labels) / _LABELS_AT_MOST))
    shown = ((n, label) for n, label in enumerate(labels) if n % every == 0)
    return "".join(_text(_x(n, len(labels)), HEIGHT - 8, label, "tick", anchor="middle") for n, label in shown)


def _rect(series: Series, x: float, y: float, width: float, height: float) -> str:
    if width <= 0 or height <= 0:
        return ""
    return (
        f'<rect class="fill {series.kind}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}">'
        f"<title>{escape(series.name)}</title></rect>"
    )


def _text(x: float, y: float, words: str, kind: str, anchor: str = "start") -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'


def _stretches(values: Sequence[float | None]) -> Iterable[list[int]]:
    """The places of values that follow each other without a gap, two at least: one is a dot, not a line."""
    run: list[int] = []
    for n, value in enumerate([*values, None]):
        if value is not None:
            run.append(n)
            continue
        if len(run) > 1:
            yield run
        run = []


def _x(n: int, many: int) -> float:
    step = (WIDTH - _LEFT - _RIGHT) / max(1, many)
    return _LEFT + step * (n + 0.5)


def _y(value: float, top: float) -> float:
    return _TOP + (HEIGHT - _TOP - _BOTTOM) * (1 - value / top)


def _value(series: Series, n: int) -> float:
    return series.values[n] or 0.0


def _greatest(chart: Chart) -> float:
    return max((value for series in chart.series for value in series.values if value is not None), default=0)


def _nice(greatest: float, percent: bool) -> float:
    """The end of a scale: a round number that parts into four, and 100 per cent for shares."""
    if percent:
        return 1.0
    if greatest <= _TICKS:
        return float(_TICKS)
    size = 10 ** floor(log10(greatest))
    return next(float(size * step) for step in (1, 2, 4, 6, 8, 10) if size * step >= greatest)


def _number(value: float, percent: bool) -> str:
    if percent:
        return f"{value * 100:.0f}%"
    return f"{value:.0f}" if value == floor(value) else f"{value:.1f}"


def _cut(label: str) -> str:
    return label if len(label) <= _NAME_AT_MOST else label[: _NAME_AT_MOST - 1] + "…"
