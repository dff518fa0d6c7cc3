"""名单: a roster file read into plain rows, with what is wrong with each bad one and what to do about it."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from handlers.membership.cells import Unreadable, quoted, read_day, read_member, read_name, read_phone, read_shift
from handlers.membership.choices import outlet_choices, post_choices, role_choices, unit_choices
from handlers.membership.spreadsheet import RosterError, Row, is_formula, read_rows
from handlers.membership.wording import TEXTS
from routing.pack import Pack

__all__ = ["Problem", "Roster", "RosterError", "RosterRow", "read_roster"]

T = TypeVar("T")
# Each column's name in problems first, then what else a header may say.
COLUMNS = {
    "name": ("姓名", "名字", "name"),
    "role": ("角色", "身份", "role"),
    "unit": ("单位", "单位名称", "单位代码", "责任单位", "所属单位", "unit"),
    "post": ("岗位", "路口", "岗位/路口", "岗位路口", "post"),
    "shift": ("班次", "时段", "值班时间", "上岗时间", "shift"),
    "area": ("负责区域", "责任区域", "区域", "area", "areas"),
    "outlet": ("媒体", "媒体名称", "所属媒体", "outlet", "media"),
    "phone": ("手机", "手机号", "手机号码", "电话", "联系电话", "联系方式", "phone", "mobile"),
    "deputy": ("代理人", "AB岗", "代理人(AB岗)", "AB角", "deputy"),
    "member": ("企业微信账号", "企业微信", "企业微信ID", "成员账号", "userid"),
    "expires": ("有效期", "有效期至", "有效期限", "到期日", "到期日期", "expires", "valid until"),
}
# In nearly every list, and nothing to us.
PASSED_OVER = ("序号", "编号", "备注", "no", "no.", "remark", "remarks", "note")
# A title or a note often stands above the header.
HEADER_WITHIN = 5
PLACEHOLDERS = ("-", "--", "—", "——", "/", "\\", "无", "暂无", "空", "n/a")
AREA_ENDS = re.compile(r"[、，,;；/\s]+")


@dataclass(frozen=True, slots=True)
class RosterRow:
    """名单中的一人. `number` is the file's row; `role`, `unit` and `areas` are keys of the pack.

    `post` and `outlet` are names of the pack, "" for none, as are `phone` (11 digits) and `deputy` (a
    person's name, who need not be in the same file); `shift` is hours of the day, "07:00-09:00", "" for
    all day; `member` is a userid of 企业微信 in small letters; `expires` is the last day.
    """

    number: int
    name: str
    role: str
    unit: str | None = None
    post: str = ""
    shift: str = ""
    areas: tuple[str, ...] = ()
    outlet: str = ""
    phone: str = ""
    deputy: str = ""
    member: str = ""
    expires: date | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """名单问题: row and column of the file, and in Chinese what is wrong and what to do."""

    row_number: int
    column: str
    words: str


@dataclass(frozen=True, slots=True)
class Roster:
    """名单: the good rows and the problems of the bad ones, both in the order of the file."""

    rows: tuple[RosterRow, ...]
    problems: tuple[Problem, ...]


def read_roster(source: Path | bytes, pack: Pack) -> Roster:
    """Read a CSV or .xlsx roster, by its path or as bytes; raises RosterError where it cannot be read at all."""
    header, body = _split(read_rows(source))
    columns, problems = _columns(header)
    if problems:
        # Under a misunderstood header every row would be misunderstood too.
        return Roster((), tuple(problems))
    reader = _RowReader(pack)
    found = [reader.read(number, _cells(columns, texts)) for number, texts in body]
    problems = [*_headless(header[1], body), *reader.problems]
    bad = {problem.row_number for problem in problems}
    rows, repeated = _without_repeats([row for row in found if row.number not in bad])
    return Roster(tuple(rows), tuple(sorted([*problems, *repeated], key=lambda problem: problem.row_number)))


def _split(rows: list[Row]) -> tuple[Row, list[Row]]:
    """The header and the rows below it; the header is the first row that has a column for names."""
    if not rows:
        raise RosterError(TEXTS("file.empty"))
    for at, (_, texts) in enumerate(rows[:HEADER_WITHIN]):
        if any(_column(text) == "name" for text in texts):
            return rows[at], rows[at + 1 :]
    name, role = _title("name"), _title("role")
    raise RosterError(TEXTS("file.no_header", rows=HEADER_WITHIN, name=name, role=role))


def _title(column: str) -> str:
    """What a column is called in problems."""
    return COLUMNS[column][0]


def _nth(at: int) -> str:
    """What a column without a known header is called in problems."""
    return TEXTS("header.nth", number=at + 1)


def _column(header: str) -> str:
    """The column a header stands for, "" for an unknown one."""
    plain = _plain(header)
    known = {_plain(name): column for column, names in COLUMNS.items() for name in names}
    # 姓名（必填） means 姓名, but 代理人（AB岗） is a name of its own.
    return known.get(plain) or known.get(plain.partition("(")[0], "")


def _plain(header: str) -> str:
    return unicodedata.normalize("NFKC", header).lower().replace(" ", "").strip("*:")


def _columns(header: Row) -> tuple[dict[int, str], list[Problem]]:
    """Which column stands where, and what is wrong with the header."""
    number, texts = header
    columns: dict[int, str] = {}
    problems: list[Problem] = []
    for at, text in enumerate(texts):
        column = _column(text)
        if column and column not in columns.values():
            columns[at] = column
        elif column:
            title = _title(column)
            problems.append(Problem(number, title, TEXTS("header.twice", column=title)))
        elif text and _plain(text) not in PASSED_OVER:
            known = "、".join(map(_title, COLUMNS))
            problems.append(Problem(number, _nth(at), TEXTS("header.unknown", cell=quoted(text), known=known)))
    if "role" not in columns.values():
        title = _title("role")
        problems.append(Problem(number, title, TEXTS("header.missing", column=title)))
    return columns, problems


def _cells(columns: Mapping[int, str], texts: tuple[str, ...]) -> dict[str, str]:
    """A row's texts by column; what only says that there is nothing counts as nothing."""
    cells = {columns[at]: text for at, text in enumerate(texts) if at in columns}
    return {column: text for column, text in cells.items() if text and text.lower() not in PLACEHOLDERS}


def _headless(header: tuple[str, ...], body: Iterable[Row]) -> Iterable[Problem]:
    """Texts under no header: a value slipped out of its column would be lost without a word."""
    for number, texts in body:
        for at, text in enumerate(texts):
            if text and not (at < len(header) and header[at]):
                yield Problem(number, _nth(at), TEXTS("header.none_above", cell=quoted(text)))


class _RowReader:
    """Reads rows one after another and keeps what is wrong with them."""

    def __init__(self, pack: Pack) -> None:
        self.problems: list[Problem] = []
        self._roles = pack.roles
        self._role, self._unit = role_choices(pack), unit_choices(pack)
        self._post, self._outlet = post_choices(pack), outlet_choices(pack)
        self._number = 0
        self._cells: Mapping[str, str] = {}

    def read(self, number: int, cells: Mapping[str, str]) -> RosterRow:
        """One row; where it has problems, they are noted and its values mean nothing."""
        self._number, self._cells = number, cells
        row = RosterRow(
            number=number,
            name=self._take("name", read_name, ""),
            role=self._take("role", self._role.key, ""),
            unit=self._take("unit", self._unit.key, None),
            post=self._take("post", self._post.key, ""),
            shift=self._take("shift", read_shift, ""),
            areas=self._take("area", self._areas, ()),
            outlet=self._take("outlet", self._outlet.key, ""),
            phone=self._take("phone", read_phone, ""),
            deputy=self._take("deputy", read_name, ""),
            member=self._take("member", read_member, ""),
            expires=self._take("expires", read_day, None),
        )
        self._check(row)
        return row

    def _take(self, column: str, convert: Callable[[str], T], absent: T) -> T:
        text = self._cells.get(column, "")
        if not text:
            return absent
        try:
            # A phone may begin with +86; nothing else a roster holds begins like a formula.
            if is_formula(text) and column != "phone":
                raise Unreadable(TEXTS("cell.formula", cell=quoted(text)))
            return convert(text)
        except Unreadable as error:
            self._note(column, str(error))
            return absent

    def _check(self, row: RosterRow) -> None:
        for column in ("name", "role"):
            if column not in self._cells:
                self._note(column, TEXTS("row.missing", column=_title(column)))
        for column in self._roles[row.role].needs if row.role else ():
            if column not in self._cells:
                role = self._roles[row.role].name
                self._note(column, TEXTS("row.needed", role=role, column=_title(column)))
        if row.deputy and row.deputy == row.name:
            self._note("deputy", TEXTS("row.own_deputy"))

    def _note(self, column: str, words: str) -> None:
        self.problems.append(Problem(self._number, _title(column), words))

    def _areas(self, text: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self._unit.key(part) for part in AREA_ENDS.split(text) if part))


def _without_repeats(rows: Iterable[RosterRow]) -> tuple[list[RosterRow], list[Problem]]:
    """The rows without those that say again, or otherwise, what an earlier one said."""
    kept: list[RosterRow] = []
    problems: list[Problem] = []
    by_phone: dict[str, RosterRow] = {}
    by_place: dict[tuple[str | None, ...], list[RosterRow]] = {}
    for row in rows:
        owner = by_phone.setdefault(row.phone, row) if row.phone else row
        # A volunteer may have one post in the morning and another in the evening.
        alike = by_place.setdefault((row.name, row.role, row.unit, row.post, row.shift), [])
        # Two people of one unit may share a name, but then each has a phone of their own.
        same = next((one for one in alike if not (one.phone and row.phone) or one.phone == row.phone), None)
        if owner.name != row.name:
            words = TEXTS("row.same_phone", number=owner.number, name=owner.name)
            problems.append(Problem(row.number, _title("phone"), words))
        elif same:
            words = TEXTS("row.repeated", number=same.number)
            problems.append(Problem(row.number, _title("name"), words))
        else:
            kept.append(row)
        # Also of one that was refused: a third row must differ from both.
        alike.append(row)
    return kept, problems
