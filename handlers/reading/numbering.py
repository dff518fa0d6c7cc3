"""序号: where a list's numbers stand in a half-width text, and which of them really number it."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import islice

from handlers.reading import photo_numbers

_DIGITS = "一二三四五六七八九"
_HAN = f"(?:十[{_DIGITS}]?|[{_DIGITS}])"
_LINE = r"(?:(?<=\n)|(?<=\A))"
# "1.5米" and "1.20元" measure; "1.3号楼" is the first finding, about 3号楼.
_NO_MEASURE = (
    r"(?![0-9.]+\s*(?:米|m|M|公里|km|厘米|cm|毫米|元|万|亿|平|吨|斤|公斤|小时|%|倍|寸|升|度|[日月年分点时]))"
)
_NO_COUNT = (
    "(?![号栋单米个处元月日点时分年次天块棵条只根家层户期区村级桶张到至等名位起件环]"
    "|路(?!灯|面|边|沿)|楼(?!道|顶|梯|下)|车(?!辆|位)|人(?!行)|堆(?!放|满|物))"
)


class Family(Enum):
    """编号样式: a numbering inside another is of another family."""

    ARABIC = "1."
    HAN = "一、"
    SIGN = "①"
    BRACKET = "(1)"
    BULLET = "-"
    PHOTO = "图1"


@dataclass(frozen=True, slots=True)
class Mark:
    """序号: from start to end in the text. opens: it begins a line. weak: it may as well be part of a number."""

    start: int
    end: int
    ordinal: int
    family: Family
    opens: bool
    weak: bool


# Of dots a single one makes a decimal of it; two are a sentence's end.
_ALONE = r"(?<![0-9A-Za-z/\-~图片第])(?<![^.\s]\.)(?<![0-9]:)"
# The first pattern that fits a place is the one that counts.
_PATTERNS: tuple[tuple[Family, bool, str], ...] = (
    (Family.SIGN, False, "(?P<n>[①-⑳⑴-⒇⒈-⒛❶-❿㈠-㈩])[.、:)]?"),
    (Family.SIGN, False, "(?P<n>[0-9])\ufe0f?\u20e3[.、:]?"),
    (Family.BRACKET, False, rf"\(\s*(?P<n>[0-9]{{1,2}}|{_HAN})\s*\)[.、:]?"),
    (Family.HAN, False, rf"(?<![{_DIGITS}十百第统万唯])(?P<n>{_HAN})(?:、(?!{_HAN})|\.|:|是(?!否|个|些|种))"),
    (Family.HAN, False, rf"其(?P<n>{_HAN})[,、:是]"),
    (Family.ARABIC, False, rf"(?:问题|第|问题第)(?P<n>[0-9]{{1,2}}|{_HAN})(?:(?:个|处|条|点|项)?[,、:.是])"),
    (Family.ARABIC, False, rf"{_ALONE}(?P<n>[0-9]{{1,2}})(?:[.)](?![0-9.])|、(?![0-9])|:(?![0-9]))"),
    (Family.ARABIC, True, rf"{_ALONE}(?<!、)(?P<n>[0-9]{{1,2}})[.、)]{_NO_MEASURE}(?=[0-9])(?![0-9]+、)"),
    (Family.ARABIC, True, rf"{_LINE}[ \t]*(?P<n>[0-9]{{1,2}})(?:[,;\-]|[ \t]+)(?![0-9]){_NO_COUNT}"),
    (Family.ARABIC, True, rf"(?<=[\s。;!?])(?P<n>[0-9]{{1,2}})(?:,(?![0-9])|[ \t]+(?![0-9]){_NO_COUNT})"),
    (Family.ARABIC, True, rf"{_LINE}[ \t]*(?P<n>[0-9]{{1,2}})(?=[\u4e00-\u9fa5]){_NO_COUNT}"),
    (Family.ARABIC, True, "(?:(?<=[\u4e00-\u9fa5])(?=[2-9])|(?<=[:,]))(?P<n>[1-9]),(?=[\u4e00-\u9fa5])"),
    (Family.BULLET, False, rf"{_LINE}[ \t]*[\-•·*●○◆■▪–—]{{1,2}}[ \t]*(?=[^\s\-*—–])"),
    (Family.PHOTO, False, r"(?:(?<=[\s,;。:])|(?<=\A))(?:图片?|照片)"
     r"(?P<n>[0-9]{1,2})(?:[、,和\-][0-9]{1,2})*[:、, ]"),
)  # fmt: skip
_COMPILED = [(family, weak, re.compile(pattern)) for family, weak, pattern in _PATTERNS]

MOST = 60  # marks looked at; a message of six thousand numbers is no list


def marks(text: str) -> list[Mark]:
    """Every place that looks like a number of a list, none over another, in the order of the text."""
    found: list[Mark] = []
    pictures = {place for span in photo_numbers.hints(text) for place in range(*span)}
    covered: set[int] = set()
    for family, weak, pattern in _COMPILED:
        for match in islice(pattern.finditer(text), MOST):
            places = set(range(*match.span()))
            if covered.isdisjoint(places) and (family is Family.PHOTO or pictures.isdisjoint(places)):
                covered |= places
                found.append(_mark(text, match, family, weak))
    return sorted(found, key=lambda mark: mark.start)[:MOST]


def _mark(text: str, match: re.Match[str], family: Family, weak: bool) -> Mark:
    opens = not text[: match.start()].rpartition("\n")[2].strip(" \t>")
    ordinal = 0 if family is Family.BULLET else _ordinal(match["n"])
    return Mark(match.start(), match.end(), ordinal, family, opens, weak)


def _ordinal(number: str) -> int:
    if number.isascii():
        return int(number)
    if len(number) == 2:  # 十一 … 十九
        return 10 + _DIGITS.index(number[1]) + 1
    return int(unicodedata.numeric(number))


def numbered(found: Sequence[Mark]) -> list[Mark]:
    """The longest run of marks that counts on from its first; [] when nothing is numbered."""
    bullets = [mark for mark in found if mark.family is Family.BULLET]
    pictures = [mark for mark in found if mark.family is Family.PHOTO]
    counted = [mark for mark in found if mark.family not in (Family.BULLET, Family.PHOTO)]
    runs = [_run(counted[n:]) for n, mark in enumerate(counted) if _may_begin(mark)]
    best = max(runs, key=_weight, default=[])
    for other in (bullets, _run(pictures)):
        if len(other) > 1 and len(best) < 2:
            return list(other)
    return best if len(best) > 1 or _stands_alone(best) else []


def _may_begin(mark: Mark) -> bool:
    # 2: somebody forgot the 1; a later number at the head of a line goes on from an earlier message.
    return mark.ordinal in (1, 2) or (mark.opens and not mark.weak)


def _stands_alone(run: Sequence[Mark]) -> bool:
    return bool(run) and not run[0].weak and run[0].opens


def _weight(run: Sequence[Mark]) -> tuple[int, int, int]:
    return len(run), -sum(mark.weak for mark in run), -run[0].start


def _run(found: Sequence[Mark]) -> list[Mark]:
    """From the first mark on: the next number each time, or at the head of a line one like it."""
    run = list(found[:1])
    for n, mark in enumerate(found[1:], start=2):
        last = run[-1].ordinal
        counts_on = mark.ordinal == last + 1
        # Numbers typed twice or left out happen; in the middle of a line only when the right one never comes.
        slip = not mark.weak and last <= mark.ordinal <= last + 2 and mark.opens
        left_out = not mark.weak and mark.ordinal == last + 2 and all(m.ordinal != last + 1 for m in found[n:])
        if counts_on or slip or left_out:
            run.append(mark)
    return run


def outer(found: Sequence[Mark]) -> list[Mark]:
    """The outer numbering of two, one inside the other (一、 … 1. 2. … 二、 … 1. 2.); [] when there is one only."""
    for family in (Family.HAN, Family.BRACKET, Family.ARABIC, Family.SIGN):
        run = numbered([mark for mark in found if mark.family is family])
        if len(run) > 1 and any(len(numbered(inside)) > 1 for inside in _between(run, found)):
            return run
    return []


def _between(run: Sequence[Mark], found: Sequence[Mark]) -> Iterator[list[Mark]]:
    """What stands between the marks of a run, where it begins to count anew."""
    for mark, following in zip(run, [*run[1:], None], strict=True):
        inside = [m for m in found if m.start > mark.start and (following is None or m.start < following.start)]
        others = [m for m in inside if m.family is not mark.family]
        if others and others[0].ordinal == 1:
            yield others
