"""Figures (数字): medians, percentiles and the tables they are printed in."""

import unicodedata
from collections.abc import Sequence
from statistics import median

import click

Row = Sequence[str]


def percentile(values: Sequence[float], part: float) -> float:
    """The value below which `part` (0 to 1) of all values lie; 0 when there are none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))] if ordered else 0.0


def spread(values: Sequence[float], digits: int = 0) -> str:
    """A median, and the rounds it is of where there were several: "1234 (1200 1234 1300)"."""
    shown = [f"{value:.{digits}f}" for value in values]
    middle = f"{median(values):.{digits}f}"
    return f"{middle} ({' '.join(shown)})" if len(values) > 1 else middle


def table(head: Row, rows: Sequence[Row]) -> str:
    """A Markdown table that can also be read as it stands."""
    widths = [max(_width(row[n]) for row in (head, *rows)) for n in range(len(head))]
    lines = [head, ["-" * width for width in widths], *rows]
    return "\n".join("| " + " | ".join(map(_padded, line, widths)) + " |" for line in lines)


def show(title: str, head: Row, rows: Sequence[Row]) -> None:
    """Print a table under its title."""
    click.echo(f"\n### {title}\n\n{table(head, rows)}\n")


def _padded(cell: str, width: int) -> str:
    return cell + " " * (width - _width(cell))


def _width(cell: str) -> int:
    # A Chinese character takes two columns of a terminal.
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in cell)
