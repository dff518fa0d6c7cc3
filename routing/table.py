"""样例表: labelled reports in a TSV, what was said beside what routing should make of it."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path

from routing.finding import Finding
from routing.pack import Pack
from routing.strict import PackError

COLUMNS = ("text", "pin", "place", "platform", "at", "category", "district", "street", "unit")
# A person must be asked: nobody could tell from what was said.
ASK = "?"
# The tables give a time of day only; a working day outside the heating season.
_SOME_DAY = datetime(2026, 9, 16)  # noqa: DTZ001  the city's local time, as Finding.at wants it


@dataclass(frozen=True, slots=True)
class Example:
    """样例: a finding and what it should give.

    `category`, `district` and `street` are "" where none can be known; `unit` is a code, or ASK.
    """

    finding: Finding
    category: str
    district: str
    street: str
    unit: str


def read_examples(file: Path, pack: Pack) -> list[Example]:
    """The examples of a TSV with a header line; raises PackError with file, line and reason for a broken row."""
    label = "/".join(file.resolve().parts[-2:])
    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise PackError(label, 0, f"cannot be read: {error}") from error
    return list(_examples(label, lines, pack))


def _examples(label: str, lines: Iterable[str], pack: Pack) -> Iterator[Example]:
    rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    missing = [column for column in COLUMNS if column not in (rows.fieldnames or ())]
    if missing:
        raise PackError(label, 1, f"the column '{missing[0]}' is missing (there must be: {', '.join(COLUMNS)})")
    for number, row in enumerate(rows, start=2):
        try:
            yield _example(row, pack)
        except (ValueError, TypeError) as error:
            raise PackError(label, number, str(error)) from error


def _example(row: Mapping[str, str], pack: Pack) -> Example:
    lat, lon = (float(part) for part in row["pin"].split(",")) if row["pin"] else (None, None)
    finding = Finding(
        text=row["text"],
        place=row["place"],
        lat=lat,
        lon=lon,
        platform=row["platform"],
        at=datetime.combine(_SOME_DAY, time.fromisoformat(row["at"])) if row["at"] else None,
    )
    for column in ("district", "street", "unit"):
        if row[column] not in ("", ASK, *pack.units):
            raise ValueError(f"unknown {column} '{row[column]}'")
    if row["category"] not in ("", *pack.categories):
        raise ValueError(f"unknown category '{row['category']}'")
    return Example(finding, row["category"], row["district"], row["street"], row["unit"])
