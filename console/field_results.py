"""测评得分: a round's results by unit, with the questionnaires of its days, as the published mix has it."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.score import FieldRound, FieldVisit, Survey
from models.unit import Unit
from scoring.composite import field_index
from scoring.rules import ScoreRules


@dataclass(frozen=True, slots=True)
class Result:
    """单位测评得分. visits, done: sent out and back.  site, survey: means, None where there are none."""

    unit: str
    name: str
    tier: str
    visits: int
    done: int
    site: float | None
    survey: float | None
    answers: int
    index: float | None


def by_unit(session: Session, round_: FieldRound, rules: ScoreRules) -> list[Result]:
    """各单位, 区县 with their streets' visits among their own, as the rankings count them; the best first."""
    units = {unit.code: unit for unit in session.scalars(select(Unit))}
    visits = defaultdict[str, list[float | None]](list)
    rows = session.execute(select(FieldVisit.unit_code, FieldVisit.result).where(FieldVisit.round_id == round_.id))
    for code, result in rows:
        for one in _answering(units, code):
            visits[one].append(result)
    surveys = defaultdict[str, list[Survey]](list)
    on = Survey.on >= round_.begins_on, Survey.on <= round_.ends_on
    for survey in session.scalars(select(Survey).where(*on)):
        for one in _answering(units, survey.unit_code):
            surveys[one].append(survey)
    found = [
        _result(units[code], visits[code], surveys[code], rules) for code in {*visits, *surveys} if code in units
    ]
    return sorted(found, key=lambda one: (one.tier, one.index is None, -(one.index or 0), one.unit))


def _answering(units: dict[str, Unit], code: str) -> list[str]:
    unit = units.get(code)
    if unit is not None and unit.tier == "street" and unit.parent_code:
        return [code, unit.parent_code]
    return [code]


def _result(unit: Unit, visits: list[float | None], surveys: list[Survey], rules: ScoreRules) -> Result:
    done = [value for value in visits if value is not None]
    site, survey = _mean(done), _mean([one.value for one in surveys])
    return Result(
        unit=unit.code,
        name=unit.name,
        tier=unit.tier,
        visits=len(visits),
        done=len(done),
        site=site,
        survey=survey,
        answers=sum(one.answers for one in surveys),
        index=field_index(site, survey, rules),
    )


def _mean(values: list[float]) -> float | None:
    return sum(values) / len(values) if values else None
