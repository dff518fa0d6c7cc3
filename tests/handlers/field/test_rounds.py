"""Rounds: drawn on both databases alike, handed out, told in blind sheets, reminded of, closed."""

from datetime import timedelta

import pytest

from handlers.field import rounds, tasks
from handlers.field.frame import By, Days
from handlers.field.rounds import BadPlan
from models.people import Role
from models.score import FieldRound
from tests.handlers.field.rounds_played import LAST, TODAY, at_desk, closed_case, made, person_of, plan, visits
from tests.stage import Stage


def test_it_draws_the_same_points_on_both_databases(stage: Stage) -> None:
    stage.assessor()

    made(stage, points_by=(By.KIND, By.DISTRICT), points_each=1, closed=None, counts={"point/crossing/370102": 2})

    drawn = [visit.point_key for visit in visits(stage) if visit.stratum == "point/crossing/370102"]
    assert sorted(drawn) == ["p:jiefang-shanda", "p:jingshi-shunhua"]


def test_it_keeps_what_anybody_needs_to_repeat_the_draw(stage: Stage) -> None:
    closed_case(stage, stage.officer(), stage.dispatcher())
    stage.assessor()

    round_ = made(stage, points_each=1)

    assert at_desk(stage, lambda desk: rounds.is_as_drawn(desk, desk.session.get_one(FieldRound, round_.id)))
    assert len(rounds.repeated(round_)) == len(visits(stage)) > 10


def test_it_sees_a_visit_that_was_not_drawn(stage: Stage) -> None:
    stage.assessor()
    round_ = made(stage, points_each=1)

    def exchange(desk: rounds.Desk) -> bool:
        visit = desk.session.merge(visits(stage)[0])
        visit.point_key = "p:quancheng-square" if visit.point_key != "p:quancheng-square" else "p:dianliu"
        desk.session.flush()
        return rounds.is_as_drawn(desk, desk.session.get_one(FieldRound, round_.id))

    assert not at_desk(stage, exchange)


def test_it_tells_which_strata_are_short(stage: Stage) -> None:
    closed_case(stage, stage.officer(), stage.dispatcher())

    drawn = at_desk(stage, lambda desk: rounds.drawn(desk, plan(cases_each=3)))

    assert [(one.key, one.short) for one in drawn.short] == [("case/370102/event:06042", 2)]
    assert len(drawn.picks) == 1


def test_it_writes_nothing_for_a_preview(stage: Stage) -> None:
    chu = stage.assessor()

    at_desk(stage, lambda desk: rounds.drawn(desk, plan(points_each=1)))

    assert (list(visits(stage)), chu.hears()) == ([], [])


def test_it_shares_the_visits_out_evenly(stage: Stage) -> None:
    people = [person_of(stage, stage.assessor(name)) for name in ("褚测评", "魏测评", "蒋测评")]

    made(stage, points_each=1, closed=None)

    loads = [sum(visit.person_id == person for visit in visits(stage)) for person in people]
    assert sum(loads) == len(visits(stage))
    assert max(loads) - min(loads) <= 1


def test_it_sends_nobody_near_their_own_area(stage: Stage) -> None:
    near, far = stage.assessor("褚测评"), stage.assessor("魏测评")
    stage.also(near, Role.PHOTOGRAPHER, areas="370102009")

    made(stage, points_by=(By.DISTRICT,), points_each=3, closed=None)

    units = {visit.unit_code[:6] for visit in visits(stage) if visit.person_id == person_of(stage, near)}
    assert units
    assert "370102" not in units
    assert "370102" in {visit.unit_code[:6] for visit in visits(stage) if visit.person_id == person_of(stage, far)}


def test_it_sends_nobody_to_what_they_reported_themselves(stage: Stage) -> None:
    officer, command, chu = stage.officer(), stage.dispatcher(), stage.assessor()
    found = chu.reports("点位：甸柳新村第三小区（社区）\n1. H03 垃圾桶满了没人清 扣0.5")[0]
    command.says(f"派单 {found.id} 甸柳新村街道")
    stage.close(found.id, officer, command)

    made(stage)

    assert [visit.person_id for visit in visits(stage)] == [None]


def test_it_draws_no_case_that_is_about_to_be_looked_at(stage: Stage) -> None:
    closed_case(stage, stage.officer(), stage.dispatcher())
    stage.assessor()
    made(stage)

    with pytest.raises(BadPlan):
        made(stage)


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"seed": ""},
        {"days": Days(LAST, TODAY)},
        {"closed": Days(LAST, TODAY)},
        {"cases_each": 0},
        {"points_by": tuple(By(one) for one in ("kind", "district")), "points_each": 5000},
    ],
)
def test_it_refuses_a_plan_that_cannot_be_meant(stage: Stage, wrong: dict[str, object]) -> None:
    with pytest.raises(BadPlan):
        made(stage, **wrong)


def test_it_lists_an_assessor_s_open_visits_as_blind_sheets(stage: Stage) -> None:
    number = closed_case(stage, stage.officer(), stage.dispatcher())
    chu = stage.assessor()
    made(stage, points_each=1, counts={"point/community": 2})

    told, listed = chu.hears()[-1], chu.says("测评任务")

    covert = visits(stage, only_cases=True)[0]
    assert f"{len(visits(stage))}个新的实地测评任务" in told
    assert f"还有{len(visits(stage)) - 10}个" in listed
    sheet = chu.says(f"任务 {covert.number}")
    assert f"任务 {covert.number}：历下 甸柳新村第三小区\n重点看：" in sheet
    assert not [word for word in ("街道", "案件", "编号 ", "整改", "张三", "已办结", f"号{number}") if word in sheet]


def test_it_gives_a_covert_sheet_the_form_of_every_other(stage: Stage) -> None:
    closed_case(stage, stage.officer(), stage.dispatcher())
    chu = stage.assessor()
    made(stage, points_each=1)

    def form(number: int) -> tuple[int, int, str]:
        lines = chu.says(f"任务 {number}").split("\n")
        chu.says("取消")
        return len(lines), lines[1].count("、"), lines[2]

    assert len({form(visit.number) for visit in visits(stage)}) == 1


def test_it_shows_nobody_else_s_visits(stage: Stage) -> None:
    chu, wei = stage.assessor("褚测评"), stage.assessor("魏测评")
    made(stage, points_each=1)
    hers = next(visit for visit in visits(stage) if visit.person_id == person_of(stage, chu))

    assert "没有编号为" in wei.says(f"任务 {hers.number}")
    assert hers.place in chu.says(f"任务 {hers.number}")


def test_it_has_no_list_for_anybody_else(stage: Stage) -> None:
    officer, verifier, citizen = stage.officer(), stage.verifier(), stage.citizen()
    stage.assessor()
    made(stage, points_each=1)

    places = [visit.place for visit in visits(stage)]
    for who in (officer, verifier, citizen):
        said = who.says("测评任务") + "".join(who.hears())
        assert not [place for place in places if place in said]


def test_it_reminds_before_the_end_and_on_the_last_day_each_once(stage: Stage) -> None:
    chu = stage.assessor()
    made(stage, points_each=1)
    said = []

    for days in range(6):
        moment = stage.now + timedelta(days=days)
        with stage.installation.database.story() as session:
            desk = stage.installation.desk(session, moment)
            waits = tasks.waiting_since(session, moment, desk.zone)
            said.append((tasks.remind(desk), tasks.remind(desk), waits is not None))

    assert said == [(0, 0, False), (0, 0, False), (1, 0, True), (0, 0, False), (1, 0, True), (0, 0, False)]
    assert "11月27日截止" in chu.hears()[-1]


def test_it_reminds_nobody_who_has_finished(stage: Stage) -> None:
    stage.assessor()
    round_ = made(stage, points_each=1)

    at_desk(stage, lambda desk: rounds.close(desk, desk.session.get_one(FieldRound, round_.id)))

    stage.now += timedelta(days=4)
    assert at_desk(stage, tasks.remind) == 0


def test_it_numbers_visits_on_from_round_to_round(stage: Stage) -> None:
    stage.assessor()
    made(stage, points_each=1)
    first = len(visits(stage))

    made(stage, points_each=1)

    assert [visit.number for visit in visits(stage)] == list(range(1, 2 * first + 1))
