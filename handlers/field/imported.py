"""导入的成绩: rows of a file as visits of a round or as questionnaires, once nothing is wrong with any of them."""

from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal

from sqlalchemy import select

from handlers.desk import Desk
from handlers.field import frame, results, rounds
from handlers.field.importing import COLUMNS, Line, ScoreFile, What
from handlers.field.wording import TEXTS
from handlers.membership.roster import Problem
from models.score import FieldRound, FieldVisit, Survey

_NOON = time(12)


def problems(desk: Desk, file: ScoreFile, round_: FieldRound | None) -> list[Problem]:
    """导入前核对: the file's own problems, and what is known already."""
    if file.what is What.SURVEY:
        return [*file.problems, *_known_surveys(desk, file.lines)]
    if round_ is None:
        return [*file.problems, Problem(1, COLUMNS["place"][0], TEXTS("import.no_round"))]
    return [*file.problems, *_outside(file.lines, round_), *_known_visits(desk, file.lines, round_)]


def _known_surveys(desk: Desk, lines: Sequence[Line]) -> list[Problem]:
    known = {(unit, on) for unit, on in desk.session.execute(select(Survey.unit_code, Survey.on))}
    return [
        _problem(
            line, "unit", "known_survey", unit=desk.unit_name(line.unit), day=rounds.day_in_words(_day(desk, line))
        )
        for line in lines
        if (line.unit, _day(desk, line)) in known
    ]


def _outside(lines: Sequence[Line], round_: FieldRound) -> list[Problem]:
    first, last = round_.begins_on, round_.ends_on
    days = {"first": rounds.day_in_words(first), "last": rounds.day_in_words(last)}
    return [
        _problem(line, "day", "outside", day=rounds.day_in_words(line.day), **days)
        for line in lines
        if line.day and not first <= line.day <= last
    ]


def _known_visits(desk: Desk, lines: Sequence[Line], round_: FieldRound) -> list[Problem]:
    in_already = FieldVisit.round_id == round_.id, FieldVisit.result.is_not(None)
    known = {
        (unit, place)
        for unit, place in desk.session.execute(select(FieldVisit.unit_code, FieldVisit.place).where(*in_already))
    }
    return [
        _problem(line, "place", "known_visit", place=line.place) for line in lines if (line.unit, line.place) in known
    ]


def _problem(line: Line, column: str, key: str, **values: str) -> Problem:
    return Problem(line.number, COLUMNS[column][0], TEXTS(f"import.{key}", **values))


def _day(desk: Desk, line: Line) -> date:
    return line.day or desk.now.astimezone(desk.zone).date()


def take_in(desk: Desk, file: ScoreFile, round_: FieldRound | None, source: str, person_id: int | None) -> int:
    """导入. Raises ValueError where `problems` has any. Returns how many rows went in."""
    if problems(desk, file, round_):
        raise ValueError("a file with problems does not go in")
    if file.what is What.SURVEY or round_ is None:
        desk.session.add_all(_survey(desk, line, source, person_id) for line in file.lines)
        return len(file.lines)
    waiting = _waiting(desk, round_)
    for line in file.lines:
        visit = waiting.pop((line.unit, line.place), None) or _new(desk, round_, line)
        results.record(desk, visit, Decimal(repr(line.score)), line.findings)
        visit.solved = results.is_solved(visit, bool(line.findings) or line.score < 100)
        if line.day:
            visit.assessed_at = datetime.combine(line.day, _NOON, desk.zone)
    desk.session.flush()
    return len(file.lines)


def _waiting(desk: Desk, round_: FieldRound) -> dict[tuple[str, str], FieldVisit]:
    """A firm may work on paper: what it was sent to see comes back as a row of its file."""
    query = select(FieldVisit).where(FieldVisit.round_id == round_.id, FieldVisit.result.is_(None))
    return {(visit.unit_code, visit.place): visit for visit in desk.session.scalars(query.order_by(FieldVisit.id))}


def _new(desk: Desk, round_: FieldRound, line: Line) -> FieldVisit:
    visit = FieldVisit(
        round_id=round_.id,
        number=rounds.next_number(desk),
        stratum=frame.IMPORTED,
        place=line.place,
        unit_code=line.unit,
    )
    desk.session.add(visit)
    desk.session.flush()
    return visit


def _survey(desk: Desk, line: Line, source: str, person_id: int | None) -> Survey:
    return Survey(
        unit_code=line.unit,
        on=_day(desk, line),
        value=line.score,
        answers=line.answers,
        source=source[:128],
        made_at=desk.now,
        person_id=person_id,
    )
