"""时段: reading "22:00-06:00" and "11-15..03-15"."""

import re
from collections.abc import Callable

from routing.strict import Entry
from routing.whose.conditions import Window, Windows

HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")
DATES = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])\.\.(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")


def read_hours(entry: Entry) -> Windows | None:
    """The windows of a day under `hours`, the end not included; None when there are none."""
    return _read(entry, "hours", HOURS, "22:00-06:00", _hours)


def read_dates(entry: Entry) -> Windows | None:
    """The windows of a year under `dates`, both ends included; None when there are none."""
    return _read(entry, "dates", DATES, "11-15..03-15", _dates)


def _hours(one: int, two: int, three: int, four: int) -> Window:
    return Window(one * 60 + two, three * 60 + four)


def _dates(one: int, two: int, three: int, four: int) -> Window:
    return Window(one * 100 + two, three * 100 + four + 1)


def _read(
    entry: Entry, key: str, form: re.Pattern[str], example: str, make: Callable[[int, int, int, int], Window]
) -> Windows | None:
    if key not in entry.values:
        return None
    windows = []
    for text in entry.texts(key):
        found = form.fullmatch(text)
        if found is None:
            raise entry.fault(f"'{text}' is not written like {example}", key)
        one, two, three, four = (int(part) for part in found.groups())
        windows.append(make(one, two, three, four))
        if windows[-1].begin == windows[-1].end:
            raise entry.fault(f"'{text}' ends where it begins", key)
    return tuple(windows)
