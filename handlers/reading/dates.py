"""日期: days as people write them, seen from today. No holidays are known here: 工作日 are Monday to Friday."""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from handlers.reading.width import half_width

_DIGITS = "零一二三四五六七八九"
_N = "(?:[0-9]{1,2}|[一二两三四五六七八九十]{1,3})"
_YEAR = "(?P<y>20[0-9]{2})"
_WEEKDAYS = "一二三四五六日"
_LONG_AGO = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Found:
    """A day in a text. bound: the words make it a limit (…前, …内)."""

    day: date
    start: int
    end: int
    bound: bool


_Reader = Callable[[re.Match[str], date], date | None]


def _number(written: str) -> int:
    """7, 七, 十, 十五, 二十, 三十一; 0 for what is no number (十十)."""
    if written.isascii():
        return int(written)
    tens, ten, ones = written.replace("两", "二").rpartition("十")
    if not ten:
        return max(_DIGITS.find(ones[:1]), 0)
    return max((_DIGITS.find(tens) if tens else 1) * 10 + (_DIGITS.find(ones) if ones else 0), 0)


def _day(year: int, month: int, day: int) -> date | None:
    if not (1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]):
        return None
    return date(year, month, day)


def _full(match: re.Match[str], today: date) -> date | None:
    return _day(int(match["y"]), _number(match["m"]), _number(match["d"]))


def _days(word: str, today: date) -> date:
    shifts = {"前": -2, "昨": -1, "今": 0, "当": 0, "即": 0, "立": 0, "马": 0, "明": 1, "次": 1, "后": 2, "大": 3}
    return today + timedelta(days=shifts[word[0]])


def _relative(match: re.Match[str], today: date) -> date:
    return _days(match[0], today)


def _month_day(match: re.Match[str], today: date) -> date | None:
    return _day(today.year, _number(match["m"]), _number(match["d"]))


def _past_month_day(match: re.Match[str], today: date) -> date | None:
    years = (today.year, today.year - 1)
    days = (_day(year, _number(match["m"]), _number(match["d"])) for year in years)
    return next((day for day in days if day and day <= today), None)


def _coming_month_day(match: re.Match[str], today: date) -> date | None:
    day = _month_day(match, today)
    # A limit of last week was meant as it stands; one of last spring is next spring's.
    if day and day < today - _LONG_AGO:
        return _day(today.year + 1, day.month, day.day)
    return day


def _past_day(match: re.Match[str], today: date) -> date | None:
    last_month = today.replace(day=1) - timedelta(days=1)
    days = (_day(month.year, month.month, _number(match["d"])) for month in (today, last_month))
    return next((day for day in days if day and day <= today), None)


def _coming_day(match: re.Match[str], today: date) -> date | None:
    next_month = today.replace(day=28) + timedelta(days=4)
    days = (_day(month.year, month.month, _number(match["d"])) for month in (today, next_month))
    return next((day for day in days if day and day >= today), None)


def _month_end(match: re.Match[str], today: date) -> date | None:
    said = match["m"]
    if match["whole"] == "年":
        return date(today.year, 12, 31)
    month = _number(said) if said else today.month + (match["next"] in ("下", "下个"))
    year = today.year + (month > 12) + bool(said and month < today.month)
    month = (month - 1) % 12 + 1
    return _day(year, month, monthrange(year, month)[1])


def _weekday(match: re.Match[str], today: date) -> date:
    """周五 is the coming one, 下周五 the one of next week; 周末 is Sunday."""
    wanted = _WEEKDAYS.find(match["w"].replace("天", "日").replace("末", "日"))
    monday = today - timedelta(days=today.weekday())
    day = monday + timedelta(days=wanted + (7 if match["next"] else 0))
    return day if match["next"] or day >= today else day + timedelta(days=7)


def _span(match: re.Match[str], today: date) -> date:
    count = 1 if match["n"] in ("半", None) else _number(match["n"])
    unit = match["unit"]
    if "工作日" in unit:
        return _working_days(today, count)
    days = {"小时": -(-count // 24), "周": 7 * count, "星期": 7 * count, "月": 30 * count}
    whole = next((value for name, value in days.items() if name in unit), count)
    return today + timedelta(days=15 if match["n"] == "半" and "月" in unit else whole)


def _working_days(today: date, count: int) -> date:
    day = today
    while count > 0:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day


_FULL = (rf"{_YEAR}\s?(?:年|[\-./])\s?(?P<m>{_N})\s?(?:月|[\-./])\s?(?P<d>{_N})(?![0-9])\s?[日号]?", _full)
_NAMED = rf"(?<![0-9年])(?P<m>{_N})月(?P<d>{_N})(?![0-9])[日号]?"
_SHORT = r"(?<![0-9.\-/])(?P<m>[0-9]{1,2})[./\-](?P<d>[0-9]{1,2})(?![0-9.\-/])"
_ONLY_DAY = rf"(?<![0-9月一二三十])(?P<d>{_N})[日号](?!楼|院|线|门|内)"
_LIMIT = re.compile(r"\s?(?:日|号|晚|中午|下班)?\s?(?:之?以?前|底|内|完成|整改|办结|到位|止)")


def _table(*rows: tuple[str, _Reader]) -> list[tuple[re.Pattern[str], _Reader]]:
    return [(re.compile(pattern), reader) for pattern, reader in rows]


# The first kind that is there at all is the surest.
_PAST = (
    _table(_FULL),
    _table((_NAMED, _past_month_day)),
    _table(("前[天日]|昨[天日晚]|今[天日晚早]", _relative), (_ONLY_DAY, _past_day)),
)
_COMING = _table(
    _FULL,
    (_NAMED, _coming_month_day),
    (rf"{_SHORT}(?=\s?(?:[日号]|之?以?前))", _coming_month_day),
    (rf"(?<![0-9])(?:(?P<m>{_N})月|(?P<next>下个?|本|这个?)?(?P<whole>[月年]))底", _month_end),
    (_ONLY_DAY, _coming_day),
    ("今[天日晚]|当[天日]|即日|立即|马上|明[天日早晚]|次日|大后[天日]|后[天日]", _relative),
    (r"(?P<next>下)?(?:个)?(?:本|这)?(?:周|星期|礼拜)(?P<w>[一二三四五六日天末])", _weekday),
    (rf"(?P<n>{_N}|[0-9]{{3}}|半)?个?(?P<unit>天|日|工作日|小时|周|星期|月)(?:之|以)?内", _span),
)
_UP_TO = re.compile(r"[到至]\s?$")
_BARE_SPAN = re.compile(rf"(?:{_N}|[0-9]{{3}}|半)个?(?:天|工作日|周|星期|月)(?![内以之初底份])")
# A day in a page's address: /2026-11/20/, /20261120/, /202611/t20261120_1.html.
_IN_ADDRESS = re.compile(
    r"(?<![0-9])(?P<y>20[0-9]{2})[\-/_]?(?P<m>0[1-9]|1[0-2])[\-/_]?(?P<d>0[1-9]|[12][0-9]|3[01])(?![0-9])"
)


def published(text: str, today: date) -> date | None:
    """刊发日期: the day something came out, not after today; a limit (…前) is none. None when no day is named."""
    flat = half_width(text)
    for rows in _PAST:
        days = [found.day for found in _find(rows, flat, today) if found.day <= today and not found.bound]
        if days:
            return days[0]
    return None


def in_address(url: str, today: date) -> date | None:
    """The day in a page's address, not after today."""
    days = (_full(match, today) for match in _IN_ADDRESS.finditer(url))
    return next((day for day in days if day and day <= today), None)


def due(text: str, today: date) -> date | None:
    """期限: by when something is promised: the last limit named (…前, …内, …底), else the last day."""
    found = list(_find(_COMING, half_width(text), today))
    bound = [one.day for one in found if one.bound]
    return max(bound or [one.day for one in found], default=None)


def limited(text: str) -> str:
    """Spans made limits, where they are meant as such: 三个月 as 三个月内."""
    return _BARE_SPAN.sub(r"\g<0>内", half_width(text))


def without(text: str, today: date) -> str:
    """What a text says besides the days in it, and the words that make them limits (到…, …前)."""
    flat = half_width(text)
    for found in sorted(_find(_COMING, flat, today), key=lambda one: -one.start):
        limit = _LIMIT.match(flat, found.end)
        text = _UP_TO.sub("", text[: found.start]) + text[limit.end() if limit else found.end :]
    return text


def first_day(text: str, today: date) -> int | None:
    """Where the first day of a promise stands."""
    return min((found.start for found in _find(_COMING, half_width(text), today)), default=None)


def _find(rows: list[tuple[re.Pattern[str], _Reader]], text: str, today: date) -> Iterator[Found]:
    covered: set[int] = set()
    for pattern, reader in rows:
        for match in pattern.finditer(text):
            places = range(*match.span())
            day = None if not covered.isdisjoint(places) else reader(match, today)
            if day is not None:
                covered.update(places)
                bound = match[0][-1] in "内底" or bool(_LIMIT.match(text, match.end()))
                yield Found(day, match.start(), match.end(), bound)
