"""重新研判: waiting cases get fresh suggestions, and nothing a dispatcher has said is undone by it."""

import pytest

from bot import routers
from handlers import rerouting
from models.event import CaseEvent
from models.workflow import Move, Status
from tests.learnt import LIGHT, ODD_WORDS, RUBBISH, small_training
from tests.stage import DIANLIU, YAOJIA, Actor, Stage


def rerun(stage: Stage) -> tuple[int, int]:
    with stage.installation.database.story() as session:
        return rerouting.rerun(stage.installation.desk(session, stage.now))


def use(stage: Stage, version: str) -> None:
    """Route with a version; the installation has taken it up when this is over."""
    with stage.installation.database.story() as session:
        routers.use(session, version, stage.installation.router.pack, stage.now)
    stage.now += routers.LOOK_EVERY


@pytest.fixture(autouse=True)
def _lexicon_alone(stage: Stage) -> None:
    """Begin with the lexicon alone, whatever the pack has learnt: it hears nothing in the odd words."""
    use(stage, routers.LEXICON)


def learn(stage: Stage) -> str:
    """Route with a version that has learnt what the odd words mean; returns its name."""
    with stage.installation.database.story() as session:
        version = routers.keep(session, small_training(), stage.installation.router.pack, stage.now)
    use(stage, version)
    return version


def reported_without_place(stage: Stage, words: str = ODD_WORDS) -> int:
    citizen = stage.citizen()
    citizen.photo()
    return citizen.reports(words)[0].id


def reviews(stage: Stage, number: int) -> list[CaseEvent]:
    return [event for event in stage.events(number) if event.move is Move.REVIEW]


def test_it_changes_nothing_while_routing_is_as_it_was(stage: Stage) -> None:
    number = stage.reported_case(words=ODD_WORDS)
    before = stage.case(number).decision

    assert rerun(stage) == (1, 0)
    assert stage.case(number).decision == before
    assert reviews(stage, number) == []


def test_it_suggests_anew_when_something_was_learnt(stage: Stage) -> None:
    number = stage.reported_case(words=ODD_WORDS)
    before = stage.case(number).category
    version = learn(stage)

    counts = rerun(stage)

    case = stage.case(number)
    assert counts == (1, 1)
    assert (before, case.category, case.status) == ("", RUBBISH, Status.REPORTED)
    assert (case.decision["unit"], case.decision["model"]) == (DIANLIU, version)
    assert stage.findings() == []


def test_it_writes_down_that_it_looked_again(stage: Stage) -> None:
    number = stage.reported_case(words=ODD_WORDS)
    version = learn(stage)

    rerun(stage)

    (event,) = reviews(stage, number)
    assert (event.before, event.now, event.at) == (Status.REPORTED, Status.REPORTED, stage.now)
    assert event.data == {"unit": DIANLIU, "model": version}


def test_it_tells_nobody_and_shows_the_dispatcher_what_is_new(stage: Stage) -> None:
    dispatcher = stage.dispatcher()
    number = stage.reported_case(words=ODD_WORDS)
    learn(stage)
    said = stage.all_said()

    rerun(stage)

    assert stage.all_said() == said
    assert "是「暴露垃圾」" in dispatcher.says(f"理由 {number}")


def test_it_has_nothing_new_to_say_the_second_time(stage: Stage) -> None:
    number = stage.reported_case(words=ODD_WORDS)
    learn(stage)

    assert [rerun(stage), rerun(stage)] == [(1, 1), (1, 0)]
    assert len(reviews(stage, number)) == 1


def test_it_counts_only_the_cases_that_changed(stage: Stage) -> None:
    dispatcher = stage.dispatcher()
    odd, known = stage.reported_case(words=ODD_WORDS), reported_without_place(stage)
    corrects_category(dispatcher, known)
    learn(stage)

    assert rerun(stage) == (2, 1)
    assert [len(reviews(stage, number)) for number in (odd, known)] == [1, 0]


def test_it_goes_back_with_the_version(stage: Stage) -> None:
    number = stage.reported_case(words=ODD_WORDS)
    before = stage.case(number).decision
    learn(stage)
    rerun(stage)
    use(stage, routers.LEXICON)

    counts = rerun(stage)

    assert counts == (1, 1)
    assert stage.case(number).category == ""
    assert stage.case(number).decision == before


def corrects_category(dispatcher: Actor, number: int) -> None:
    dispatcher.says(f"类别 {number} 路灯")


def corrects_place(dispatcher: Actor, number: int) -> None:
    dispatcher.says(f"地点 {number} 姚家街道")


def test_it_never_undoes_a_category_a_dispatcher_gave(stage: Stage) -> None:
    dispatcher = stage.dispatcher()
    number = stage.reported_case(words=ODD_WORDS)
    corrects_category(dispatcher, number)
    learn(stage)

    rerun(stage)

    case = stage.case(number)
    assert (case.category, case.decision["category"], case.decision["unit"]) == (LIGHT, LIGHT, "dept-urban")


@pytest.mark.parametrize("pinned", [True, False], ids=["against its pin", "where nothing told it"])
def test_it_never_undoes_a_place_a_dispatcher_gave(stage: Stage, pinned: bool) -> None:
    dispatcher = stage.dispatcher()
    number = stage.reported_case(words=ODD_WORDS) if pinned else reported_without_place(stage)
    corrects_place(dispatcher, number)
    learn(stage)

    counts = rerun(stage)

    case = stage.case(number)
    assert counts == (1, 1)
    assert (case.category, case.street, case.district) == (RUBBISH, YAOJIA, "370102")
    assert case.decision["unit"] == YAOJIA


def test_it_keeps_both_through_many_versions(stage: Stage) -> None:
    dispatcher = stage.dispatcher()
    number = reported_without_place(stage)
    corrects_place(dispatcher, number)
    corrects_category(dispatcher, number)
    version = learn(stage)

    for name in (routers.LEXICON, version, routers.STARTER):
        use(stage, name)
        rerun(stage)

    case = stage.case(number)
    assert (case.category, case.street, case.place) == (LIGHT, YAOJIA, "姚家街道")


@pytest.mark.parametrize("corrected", [False, True], ids=["sent by itself", "corrected while held"])
def test_it_leaves_what_a_unit_holds_alone(stage: Stage, corrected: bool) -> None:
    dispatcher = stage.dispatcher()
    number = stage.reported_case()
    if corrected:
        dispatcher.says(f"类别 {number} 暴露垃圾")
    held = stage.case(number)
    learn(stage)

    counts = rerun(stage)

    case = stage.case(number)
    assert counts == (0, 0)
    assert (case.category, case.decision) == (held.category, held.decision)
    assert reviews(stage, number) == []


def test_it_leaves_what_was_rejected_alone(stage: Stage) -> None:
    dispatcher = stage.dispatcher()
    number = stage.reported_case(words=ODD_WORDS)
    dispatcher.says(f"不予立案 {number} 不属于创城范围")
    learn(stage)

    assert rerun(stage) == (0, 0)
    assert (stage.case(number).status, stage.case(number).category) == (Status.REJECTED, "")


def test_it_can_be_assigned_by_the_new_suggestion(stage: Stage) -> None:
    dispatcher = stage.dispatcher()
    number = stage.reported_case(words=ODD_WORDS)
    learn(stage)
    rerun(stage)

    dispatcher.says(f"派单 {number} 1")

    case = stage.case(number)
    assert (case.status, case.lead.unit_code if case.lead else "") == (Status.ASSIGNED, DIANLIU)


def test_it_does_not_offer_again_what_was_split_off(stage: Stage) -> None:
    dispatcher = stage.dispatcher()
    number = stage.reported_case(words="路灯不亮，墙上贴满小广告")
    dispatcher.says(f"拆分 {number}")

    corrects_place(dispatcher, number)

    assert stage.case(number).decision["further"] == []
    assert "没有可拆分的" in dispatcher.says(f"拆分 {number}")
