"""12345 工单: forwarded work orders, tidy and untidy, read into fields."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from handlers.reading.names import ANY, TITLE
from handlers.reading.order_labels import EDGES, Value, values
from handlers.reading.place_words import is_only_place
from handlers.reading.width import half_width

NEEDED = ("number", "caller", "phone", "address", "demand")


@dataclass(frozen=True, slots=True)
class WorkOrder:
    """工单: what a work order says; "" where it says nothing. Only address, demand and category may reach a unit.

    phone: digits, a landline with its hyphen.  received_at_text, due_text: times as written.
    raw_rest: all that was said beside, one thing a line; it may name the caller.
    """

    number: str
    caller: str
    phone: str
    address: str
    demand: str
    category: str
    received_at_text: str
    raw_rest: str
    due_text: str = ""

    @property
    def missing(self) -> tuple[str, ...]:
        """缺项: the names of the fields an order needs and this one does not have."""
        return tuple(name for name in NEEDED if not getattr(self, name))


@dataclass(slots=True)
class _Reading:
    """What has been read of one order so far."""

    found: dict[str, str] = field(default_factory=dict)
    rest: list[str] = field(default_factory=list)

    def take(self, name: str, value: str) -> None:
        """The first value of a field is the field; more of it is rest."""
        if value and not self.found.get(name):
            self.found[name] = value
        else:
            self.leave(value)

    def leave(self, words: str) -> None:
        if words.strip(_EDGES):
            self.rest.append(words.strip(_EDGES))


_EDGES = EDGES + "。.>」』()（）\"'-—=*#"
_NUMBER = re.compile(
    r"[\u4e00-\u9fa5]{0,8}[〔\[(]20[0-9]{2}[〕\])]\s?(?:第)?[0-9]{1,8}号?"
    r"|(?:[A-Za-z]{1,8}[\-_]?)?[0-9][0-9A-Za-z]*(?:[\-_][0-9A-Za-z]+)*"
)
# A number that begins with a day of this century is an order's, even without a label.
_LONG_NUMBER = re.compile(
    r"(?<![0-9A-Za-z])(?:[A-Z]{1,4}-?)?20[2-9][0-9](?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])-?[0-9]{4,12}(?![0-9])"
)
# The last form is a phone the hotline has masked itself.
_PHONE = re.compile(
    r"(?<![0-9])(?:\+?86[ \-]?)?1[3-9][0-9][ \-]?[0-9]{4}[ \-]?[0-9]{4}(?![0-9])"
    r"|(?<![0-9])\(?0[0-9]{2,3}[)\- ]{0,2}[2-8][0-9]{6,7}(?![0-9])|(?<![0-9])[2-8][0-9]{6,7}(?![0-9])"
    r"|(?<![0-9*])[01][0-9]{2,3}-?\*{3,5}[0-9]{0,4}(?![0-9*])"
)
_UNTOLD = re.compile("(?:保密|不详|未知|无|匿名|不愿透露|未提供|空|略|暂无|/|-|—)?")
# Headers and quote marks of forwarded messages.
_FORWARDED = re.compile(
    r"(?m)^[ \t]*(?:>+[ \t]*|[【\[]?(?:转发|转)[】\]]?:?(?=[ \t]*(?:$|[【\[「工来]))|(?:FWD?|Fwd?|fwd?):"
    r"|[\-—=_*]{3,}(?:[ \t]*(?:转发|Forwarded)[^\n]*)?$)"
)
# "2." or "工单二:" at the end of a value announces the next order.
_NEXT_IN_LIST = re.compile(
    r"(?:\s|^)(?:第?[0-9一二三四五六七八九十]{1,3}(?:[.、):：]|[件单条][.:：、]?)|工单[0-9一二三四五六七八九十]{0,2}[.:：、]?|[①-⑳])?"
    r"\s{0,4}[\-—=_*]{0,80}\s{0,4}$"
)
_ADDRESS_ENDS = re.compile(r"[\n;；。]")
_NAMED = re.compile(rf"{ANY}(?:[\u4e00-\u9fa5]{{1,2}}|{TITLE})")
_CALLER_ENDS = re.compile(r"[\s,;/|(。]|(?=\+?[0-9]{3})")


def read(text: str) -> WorkOrder | None:
    """读工单: the first work order in a text; None when the text is clearly none."""
    return next(iter(read_all(text)), None)


def read_all(text: str) -> list[WorkOrder]:
    """Every work order in a text, in order; [] when there is none."""
    text = _without_marks(text)
    before, found = values(text)
    orders = [_order(group, before if n == 0 else "") for n, group in enumerate(_groups(found))]
    if not found:
        orders = [_unlabelled(half_width(text))]
    return [order for order in orders if order is not None]


def _without_marks(text: str) -> str:
    """The text with blanks where it says that it was forwarded or quoted."""
    pieces, done = [], 0
    for mark in _FORWARDED.finditer(half_width(text)):
        pieces += [text[done : mark.start()], " " * len(mark[0])]
        done = mark.end()
    return "".join(pieces) + text[done:]


def _groups(found: list[Value]) -> Iterator[list[Value]]:
    """One list of values an order: a new one begins where the kind of field that began the first comes again."""
    first = _begins_with(found)
    group: list[Value] = []
    for value in found:
        if value.field == first and any(v.field == first for v in group):
            yield group
            group = []
        group.append(value)
    if group:
        yield group


def _begins_with(found: list[Value]) -> str:
    repeated = [value.field for value in found if value.field in ("number", "caller", "phone")]
    # Two numbers are two orders, wherever else the fields stand.
    return found[0].field if found and found[0].field in repeated else "number"


def _order(group: list[Value], before: str) -> WorkOrder | None:
    reading = _Reading()
    reading.leave(before)
    for value in group:
        _READERS.get(value.field, _plain)(reading, value)
    _fill_gaps(reading, before)
    return _finished(reading) if _is_order(group, reading) else None


def _is_order(group: list[Value], reading: _Reading) -> bool:
    """A number says it; without one it takes two fields that only an order has, or a caller's data with words."""
    named = {value.field for value in group} & {"caller", "phone", "address", "demand", "category"}
    return bool(reading.found.get("number")) or (len(named) > 1 and len(reading.found) > 1)


def _read_number(reading: _Reading, value: Value) -> None:
    match = _NUMBER.match(half_width(value.text))
    short = match is not None and value.name in ("编号", "单号") and len(match[0]) < 6
    if match is None or short:  # 编号 12 is a case of ours
        _plain(reading, value)
        return
    reading.take("number", match[0].upper().rstrip("-_"))
    reading.leave(value.text[match.end() :])


def _read_caller(reading: _Reading, value: Value) -> None:
    end = _CALLER_ENDS.search(half_width(value.text))
    name = value.text[: end.start()] if end else value.text
    reading.take("caller", "" if _UNTOLD.fullmatch(name) else name)
    if end:
        _read_phone(reading, Value("phone", value.name, value.text[end.start() :]))


def _read_phone(reading: _Reading, value: Value) -> None:
    match = _PHONE.search(half_width(value.text))
    if match is None:
        reading.leave("" if _UNTOLD.fullmatch(value.text) else value.text)
        return
    reading.take("phone", _tidy_phone(match[0]))
    before = value.text[: match.start()].strip(_EDGES)
    if before and not reading.found.get("caller") and len(before) <= 8:
        reading.take("caller", before)
    else:
        reading.leave(before)
    reading.leave(value.text[match.end() :])


def _tidy_phone(written: str) -> str:
    """138 1234 5678 as 13812345678, (0531)82345678 as 0531-82345678."""
    digits = re.sub(r"[^0-9*]", "", written)
    if digits.startswith("86") and len(digits) == 13:
        digits = digits[2:]
    area = re.match("0(?:10|2[0-9]|[3-9][0-9]{2})(?=[2-8*])", digits)
    return f"{area[0]}-{digits[area.end() :]}" if area else digits


def _read_address(reading: _Reading, value: Value) -> None:
    """The first line or sentence, and the second line when it is a place and nothing else."""
    end = _ADDRESS_ENDS.search(value.text)
    address, rest = (value.text[: end.start()], value.text[end.start() :]) if end else (value.text, "")
    second = rest.strip("\n").partition("\n")[0].strip()
    if rest.startswith("\n") and is_only_place(half_width(second)):
        address, rest = address.strip() + second, rest.strip("\n").partition("\n")[2]
    reading.take("address", address.strip())
    reading.leave(rest)


def _read_demand(reading: _Reading, value: Value) -> None:
    """Two demands (a summary and the whole) are one text."""
    known = reading.found.get("demand", "")
    words = _said(_NEXT_IN_LIST.sub("", value.text).strip(EDGES + "」』"))
    if words and words not in known:
        reading.found["demand"] = f"{known}\n{words}" if known else words


def _plain(reading: _Reading, value: Value) -> None:
    words = _NEXT_IN_LIST.sub("", value.text)
    reading.leave(f"{value.name}:{words}" if words else "")


def _read_line(reading: _Reading, value: Value) -> None:
    """Category and times: their first line."""
    first, _, others = value.text.partition("\n")
    reading.take(value.field, _NEXT_IN_LIST.sub("", first).strip(_EDGES))
    reading.leave(others)


_READERS = {
    "number": _read_number,
    "caller": _read_caller,
    "phone": _read_phone,
    "address": _read_address,
    "demand": _read_demand,
    "category": _read_line,
    "received_at_text": _read_line,
    "due_text": _read_line,
    "title": _read_line,
}


def _fill_gaps(reading: _Reading, before: str) -> None:
    """A title, or words without a label, are the demand where nothing else is; a long number above is the order's."""
    long_number = _LONG_NUMBER.search(half_width(before))
    if long_number and not reading.found.get("number"):
        reading.found["number"] = long_number[0]
    if reading.found.get("demand"):
        return
    loose = [words for words in reading.rest if words != before.strip(_EDGES) and _says_something(words)]
    title = reading.found.get("title", "")
    words = title or max(loose, key=len, default="")
    if words:
        reading.found["demand"] = _said(words)
        reading.rest = [kept for kept in reading.rest if kept != words]


def _said(words: str) -> str:
    """The words without 反映 before them, which would stand before their place."""
    return re.sub(
        r"^(?:电话(?:保密|不详)[,，;；]\s{0,3})?(?:(?:来电|致电|市民)?反映)\s{0,3}[:：,，]?\s{0,3}", "", words
    )


def _says_something(words: str) -> bool:
    return len(re.findall("[\u4e00-\u9fa5]", words)) >= 4 and not re.match("[\u4e00-\u9fa5]{2,6}:", words)


def _finished(reading: _Reading) -> WorkOrder:
    title = reading.found.pop("title", "")
    if title and title != reading.found.get("demand"):
        reading.leave(f"标题:{title}")
    fields = {name: reading.found.get(name, "") for name in WorkOrder.__dataclass_fields__ if name != "raw_rest"}
    return WorkOrder(**fields, raw_rest="\n".join(reading.rest))


def _unlabelled(text: str) -> WorkOrder | None:
    """An order without a single label: a long number, a phone and words between spaces."""
    number = _LONG_NUMBER.search(text)
    words = f"{text[: number.start()]} {text[number.end() :]}" if number else ""
    phone = _PHONE.search(words)
    if number is None or phone is None:
        return None
    words = words.replace(phone[0], " ")
    pieces = [piece.strip(_EDGES) for piece in re.split(r"[\s,;]+", words) if piece.strip(_EDGES)]
    demand = max(pieces, key=len, default="")
    caller = next((piece for piece in pieces if _NAMED.fullmatch(piece)), "")
    rest = "\n".join(piece for piece in pieces if piece not in (demand, caller))
    return WorkOrder(number[0], caller, _tidy_phone(phone[0]), "", demand, "", "", rest)
