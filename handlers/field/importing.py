"""导入测评: sheets of results and of questionnaires that came as Excel or CSV; all of a file goes in, or nothing."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from handlers.field.wording import TEXTS
from handlers.membership.cells import Unreadable, quoted, read_day
from handlers.membership.choices import unit_choices
from handlers.membership.roster import Problem
from handlers.membership.spreadsheet import RosterError, Row, is_formula, read_rows
from routing.pack import Pack

T = TypeVar("T")
HEADER_WITHIN = 5
COLUMNS = {
    "place": ("点位", "点位名称", "测评点位", "地点"),
    "unit": ("单位", "责任单位", "单位名称", "单位代码", "被测评单位"),
    "score": ("得分", "测评得分", "实地得分"),
    "findings": ("问题", "存在问题", "扣分原因", "问题描述"),
    "value": ("分数", "问卷得分", "问卷分数", "满意度"),
    "answers": ("份数", "有效份数", "问卷份数", "样本量"),
    "day": ("日期", "测评日期", "调查日期"),
}
PASSED_OVER = ("序号", "编号", "备注", "类型", "点位类型")
_NUMBER = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,4})?分?")


class What(StrEnum):
    """表的种类."""

    VISITS = "visits"  # 测评成绩
    SURVEY = "survey"  # 问卷


NEEDED = {What.VISITS: ("place", "unit", "score"), What.SURVEY: ("unit", "value", "answers")}


@dataclass(frozen=True, slots=True)
class Line:
    """一行成绩. score: of a visit or of a questionnaire.  day: None where the file says none."""

    number: int
    unit: str
    score: float
    place: str = ""
    findings: str = ""
    answers: int = 0
    day: date | None = None


@dataclass(frozen=True, slots=True)
class ScoreFile:
    """成绩表: what it is, its good rows, and the problems of the bad ones by row."""

    what: What
    lines: tuple[Line, ...]
    problems: tuple[Problem, ...]


def read_file(source: Path | bytes, pack: Pack) -> ScoreFile:
    """Read a file of results or of questionnaires, by its path or as bytes; raises RosterError for no such file."""
    what, (_, titles), body = _split(read_rows(source))
    columns, problems = _columns(titles)
    if problems:
        return ScoreFile(what, (), tuple(problems))
    reader = _Reader(what, pack)
    lines = [
        reader.read(number, {columns[at]: text for at, text in enumerate(texts) if at in columns and text})
        for number, texts in body
    ]
    bad = {problem.row_number for problem in reader.problems}
    good, repeated = _without_repeats(line for line in lines if line.number not in bad)
    return ScoreFile(what, tuple(good), tuple(sorted([*reader.problems, *repeated], key=lambda one: one.row_number)))


def _split(rows: list[Row]) -> tuple[What, Row, list[Row]]:
    """What the file is, by its header; a title may stand above that."""
    for at, (_, texts) in enumerate(rows[:HEADER_WITHIN]):
        found = {_column(text) for text in texts}
        for what, needed in NEEDED.items():
            if found.issuperset(needed):
                return what, rows[at], rows[at + 1 :]
    raise RosterError(TEXTS("import.no_header", rows=HEADER_WITHIN))


def _column(title: str) -> str:
    """The column a title stands for, "" for an unknown one; 得分（满分100） means 得分."""
    plain = unicodedata.normalize("NFKC", title).replace(" ", "").partition("(")[0].lower()
    return next((column for column, names in COLUMNS.items() if plain in names), "")


def _columns(titles: tuple[str, ...]) -> tuple[dict[int, str], list[Problem]]:
    columns: dict[int, str] = {}
    problems = []
    for at, title in enumerate(titles):
        column = _column(title)
        if column and column in columns.values():
            problems.append(Problem(1, title, TEXTS("import.twice", column=COLUMNS[column][0])))
        elif column:
            columns[at] = column
        elif title and title not in PASSED_OVER:
            known = "、".join(names[0] for names in COLUMNS.values())
            problems.append(Problem(1, title, TEXTS("import.unknown", cell=quoted(title), known=known)))
    return columns, problems


class _Reader:
    """Reads rows one after another and keeps what is wrong with them."""

    def __init__(self, what: What, pack: Pack) -> None:
        self.problems: list[Problem] = []
        self._what, self._unit = what, unit_choices(pack)
        self._number = 0
        self._cells: Mapping[str, str] = {}

    def read(self, number: int, cells: Mapping[str, str]) -> Line:
        """One row; where it has problems, they are noted and its values mean nothing."""
        self._number, self._cells = number, cells
        for column in NEEDED[self._what]:
            if column not in cells:
                self._note(column, TEXTS("import.missing", column=COLUMNS[column][0]))
        return Line(
            number,
            unit=self._take("unit", self._unit.key, ""),
            score=self._take("score" if self._what is What.VISITS else "value", _points, 0.0),
            place=self._take("place", lambda text: text[:128], ""),
            findings=cells.get("findings", ""),
            answers=self._take("answers", _whole, 0),
            day=self._take("day", read_day, None),
        )

    def _take(self, column: str, convert: Callable[[str], T], absent: T) -> T:
        text = self._cells.get(column, "")
        if not text:
            return absent
        try:
            if is_formula(text):
                raise Unreadable(TEXTS("import.formula", cell=quoted(text)))
            return convert(text)
        except Unreadable as error:
            self._note(column, str(error))
            return absent

    def _note(self, column: str, words: str) -> None:
        self.problems.append(Problem(self._number, COLUMNS[column][0], words))


def _points(text: str) -> float:
    plain = unicodedata.normalize("NFKC", text).replace(" ", "")
    value = float(plain.removesuffix("分")) if _NUMBER.fullmatch(plain) else -1.0
    if not 0 <= value <= 100:
        raise Unreadable(TEXTS("import.score", cell=quoted(text)))
    return value


def _whole(text: str) -> int:
    plain = unicodedata.normalize("NFKC", text).replace(" ", "").removesuffix("份")
    if not re.fullmatch(r"[0-9]{1,7}", plain):
        raise Unreadable(TEXTS("import.answers", cell=quoted(text)))
    return int(plain)


def _without_repeats(lines: Iterable[Line]) -> tuple[list[Line], list[Problem]]:
    """One point has one result and one unit one questionnaire on one day."""
    first: dict[tuple[object, ...], Line] = {}
    problems = []
    for line in lines:
        same = first.setdefault((line.unit, line.place, line.day), line)
        if same is not line:
            problems.append(Problem(line.number, COLUMNS["unit"][0], TEXTS("import.repeated", number=same.number)))
    return list(first.values()), problems
