"""聊天时间: days and clocks as phones, computers and tables write them."""

import re
from datetime import UTC, date, datetime, time, tzinfo
from typing import NamedTuple

from handlers.reading.width import half_width

DATE = r"(?P<year>20[0-9]{2})\s?[-/.年]\s?(?P<month>[0-9]{1,2})\s?[-/.月]\s?(?P<date>[0-9]{1,2})(?:日|号)?"
WEEKDAY = r"(?:\s?(?:星期|周|礼拜)[一二三四五六日天])?"
CLOCK = (
    r"(?P<half>凌晨|早上|上午|中午|下午|傍晚|晚上|[AaPp][Mm])?\s?(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})"
    r"(?::[0-9]{2}(?:\.[0-9]{1,9})?)?(?:\s?(?P<after>[AaPp][Mm]))?"
)
_WHOLE = re.compile(rf"{DATE}{WEEKDAY}(?:[T\s]{{0,3}}{CLOCK})?")
_ONLY_CLOCK = re.compile(CLOCK)
_ZONED = re.compile(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}[T ][0-9:.]{5,16}(?:Z|[+-][0-9]{2}:?[0-9]{2})")
_EPOCH = re.compile(r"1[0-9]{9}(?:[0-9]{3})?(?:\.[0-9]+)?")
_MILLISECONDS = 10**11
# 12 o'clock is noon in the second half of a day and midnight in the first.
_LATE = {"下午", "傍晚", "晚上", "pm"}
_EARLY = {"凌晨", "早上", "上午", "am"}


class When(NamedTuple):
    """时间: a day and a time of day, each None where it is not told."""

    day: date | None = None
    clock: time | None = None


def day_of(found: "re.Match[str]") -> date | None:
    """The day a match of DATE names; None for the 31st of February."""
    try:
        return date(int(found["year"]), int(found["month"]), int(found["date"]))
    except ValueError:
        return None


def clock_of(found: "re.Match[str]") -> time | None:
    """The time of day a match of CLOCK names; None for 25:61 or where it names none."""
    if not found["hour"]:
        return None
    hour, minute = int(found["hour"]), int(found["minute"])
    half = (found["half"] or found["after"] or "").lower()
    if half in _LATE and hour < 12:
        hour += 12
    if half in _EARLY and hour == 12:
        hour = 0
    return time(hour, minute) if hour < 24 and minute < 60 else None


def read(text: str, zone: tzinfo) -> When:
    """The time in a table's cell: as people write it, in ISO 8601 with or without a zone, or in Unix seconds."""
    flat = half_width(text).strip()
    if _EPOCH.fullmatch(flat):
        return _epoch(float(flat), zone)
    if _ZONED.fullmatch(flat):
        return _zoned(flat, zone)
    whole = _WHOLE.match(flat)
    if whole:
        return When(day_of(whole), clock_of(whole))
    only = _ONLY_CLOCK.match(flat)
    return When(None, clock_of(only)) if only else When()


def _epoch(seconds: float, zone: tzinfo) -> When:
    seconds = seconds / 1000 if seconds > _MILLISECONDS else seconds
    return _local(datetime.fromtimestamp(seconds, UTC), zone)


def _zoned(text: str, zone: tzinfo) -> When:
    try:
        return _local(datetime.fromisoformat(text), zone)
    except ValueError:
        return When()


def _local(moment: datetime, zone: tzinfo) -> When:
    local = moment.astimezone(zone)
    return When(local.date(), time(local.hour, local.minute))
