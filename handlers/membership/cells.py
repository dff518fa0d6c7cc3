"""单元格: a cell's text understood as a name, a phone number, a day or a shift, or refused with what to write."""

import re
import unicodedata
from datetime import date

from handlers.membership.wording import TEXTS

SHOWN_AT_MOST = 24
NO_END = ("长期", "长期有效", "永久", "不限")
# A title in brackets or a second person would end up in every message to them.
NAME = re.compile(r"[^\W\d_][\w·•.\- ]{0,31}")
# A landline reaches an office, not a person.
MOBILE = re.compile(r"(?:\+?86)?(1[3-9][0-9]{9})")
# As WeCom's own directory allows them.
MEMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}")
DAY = re.compile(
    r"([0-9]{4})(?:\s*[-/.年]\s*([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})\s*日?|([0-9]{2})([0-9]{2}))(?:\s[0-9: ]*)?"
)
# Excel makes 1900 of an empty or broken date.
YEARS = range(2000, 2100)
# A bare 7-9 is left out: a table program takes it for a day of July.
CLOCK = r"([0-9]{1,2})(?::([0-5][0-9])|[点时](?:([0-5]?[0-9])分?|(半)|整)?)"
SHIFT = re.compile(rf"{CLOCK}(?:[-~〜–—−]+|至|到){CLOCK}")
MINUTES_OF_DAY = 24 * 60


class Unreadable(ValueError):
    """A cell that cannot be understood; says in Chinese what to do."""


def quoted(text: str) -> str:
    """A cell's text as it may stand in a report: short, and never at its beginning."""
    return f"“{text[:SHOWN_AT_MOST]}{'…' if len(text) > SHOWN_AT_MOST else ''}”"


def read_name(text: str) -> str:
    """姓名 of one person; raises Unreadable."""
    if not NAME.fullmatch(text):
        raise Unreadable(TEXTS("cell.name", cell=quoted(text)))
    return text


def read_phone(text: str) -> str:
    """手机号 as 11 digits; raises Unreadable."""
    digits = re.sub(r"[\s()-]", "", unicodedata.normalize("NFKC", text))
    found = MOBILE.fullmatch(digits)
    if not found:
        raise Unreadable(TEXTS("cell.phone", cell=quoted(text)))
    return found[1]


def read_member(text: str) -> str:
    """企业微信账号 (userid), in small letters because WeCom takes all for the same; raises Unreadable."""
    if not MEMBER.fullmatch(text):
        raise Unreadable(TEXTS("cell.member", cell=quoted(text)))
    return text.lower()


def read_day(text: str) -> date | None:
    """有效期, None for no end; raises Unreadable."""
    plain = unicodedata.normalize("NFKC", text)
    if plain in NO_END:
        return None
    found = DAY.fullmatch(plain)
    parts = [int(part) for part in found.groups() if part] if found else [0, 0, 0]
    try:
        if parts[0] in YEARS:
            return date(*parts)
    except ValueError:
        # The 31st of a short month is refused below like any other non-date.
        pass
    raise Unreadable(TEXTS("cell.day", cell=quoted(text)))


def read_shift(text: str) -> str:
    """班次 as "07:00-09:00", local time, 24:00 for the end of the day; raises Unreadable."""
    found = SHIFT.fullmatch(unicodedata.normalize("NFKC", text).replace(" ", ""))
    if not found:
        raise Unreadable(TEXTS("cell.shift", cell=quoted(text)))
    begins, ends = _minutes(*found.groups()[:4]), _minutes(*found.groups()[4:])
    if max(begins, ends) > MINUTES_OF_DAY:
        raise Unreadable(TEXTS("cell.shift", cell=quoted(text)))
    if ends <= begins:
        raise Unreadable(TEXTS("cell.shift_backwards", cell=quoted(text)))
    return f"{_clock(begins)}-{_clock(ends)}"


def _minutes(hour: str, minute: str | None, spoken: str | None, half: str | None) -> int:
    return int(hour) * 60 + (30 if half else int(minute or spoken or 0))


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
