"""Several messages become one report: in any order, with what is missing asked for, ended by a word or by quiet."""

from collections.abc import Callable
from datetime import timedelta
from itertools import permutations

import pytest

from handlers.message import Kind
from models.workflow import Status
from tests.stage import Actor, Stage

PIECES: dict[str, Callable[[Actor], str]] = {
    "photo": lambda who: who.photo(),
    "place": lambda who: who.place(),
    "words": lambda who: who.says("垃圾桶满了没人清"),
}
NAMES = {"photo": "照片", "place": "位置", "words": "一句话说明"}


@pytest.mark.parametrize("order", list(permutations(PIECES)), ids="-".join)
def test_it_takes_the_pieces_in_any_order_and_asks_for_the_rest(stage: Stage, order: tuple[str, ...]) -> None:
    citizen = stage.citizen()

    answers = [PIECES[piece](citizen) for piece in order]
    citizen.says("完成")

    for n, answer in enumerate(answers[:2], start=1):
        missing = answer.partition("还缺")[2]
        assert {piece for piece in PIECES if NAMES[piece] in missing} == set(order[n:])
    assert "材料齐了" in answers[2]
    assert [case.status for case in stage.cases()] == [Status.ASSIGNED]


def test_it_puts_several_photos_and_sentences_into_one_report(stage: Stage) -> None:
    citizen = stage.citizen()

    for _ in range(3):
        answer = citizen.photo()
    citizen.place()
    citizen.says("垃圾桶满了")
    citizen.says("好几天没人清")
    citizen.says("完成")

    assert "照片3张" in answer
    assert [case.text for case in stage.cases()] == ["垃圾桶满了\n好几天没人清"]


def test_it_takes_a_street_in_the_words_for_a_place(stage: Stage) -> None:
    citizen = stage.citizen()

    citizen.photo()
    answer = citizen.says("甸柳新村街道菜市场门口垃圾桶满了")

    assert "材料齐了" in answer


@pytest.mark.spelling
@pytest.mark.parametrize("word", ["完成", "完成。", "提交", "发完了", " 完成!"])
def test_it_knows_the_words_that_end_a_report(stage: Stage, word: str) -> None:
    citizen = stage.citizen()
    citizen.photo()
    citizen.place()

    answer = citizen.says(word)

    assert "已受理" in answer


def test_it_says_what_is_missing_at_the_first_finish_and_believes_the_second(stage: Stage) -> None:
    citizen = stage.citizen()
    citizen.photo()

    first = citizen.says("完成")
    second = citizen.says("完成")

    assert "还缺：位置" in first
    assert "已受理" in second
    assert [case.status for case in stage.cases()] == [Status.REPORTED]


def test_it_never_makes_a_case_of_nothing(stage: Stage) -> None:
    citizen = stage.citizen()
    citizen.place()

    answers = [citizen.says("完成") for _ in range(3)]

    assert all("还没有收到照片或说明" in answer for answer in answers)
    assert stage.cases() == []


def test_it_drops_a_report_that_is_cancelled(stage: Stage) -> None:
    citizen = stage.citizen()
    citizen.photo()
    citizen.place()

    answer = citizen.says("取消")
    nothing_left = citizen.says("完成")

    assert "已取消" in answer
    assert "没有正在填写的上报" in nothing_left
    assert stage.cases() == []


@pytest.mark.spelling
@pytest.mark.parametrize(
    "words",
    [
        "取消了垃圾桶，垃圾没处扔",
        "完成一半的工地扬尘很大",
        "提交材料的窗口没人",
        "我的小区门口垃圾成堆",
        "帮助老人过马路的灯坏了",
    ],
)
def test_it_takes_a_sentence_that_begins_like_a_command_for_a_report(stage: Stage, words: str) -> None:
    citizen = stage.citizen()
    citizen.photo()

    answer = citizen.says(words)

    assert answer.startswith("已收到照片1张")
    assert [draft.text for draft in stage.open_drafts()] == [words]


def test_it_submits_by_itself_what_is_enough_when_its_sender_falls_quiet(stage: Stage) -> None:
    citizen = stage.citizen()
    citizen.photo()
    citizen.place()

    stage.fall_quiet(minutes=1)
    too_early = stage.cases()
    stage.fall_quiet(minutes=1)

    assert too_early == []
    assert "已受理" in citizen.hears()[-1]
    assert len(stage.cases()) == 1


def test_it_starts_the_quiet_time_anew_with_every_piece(stage: Stage) -> None:
    citizen = stage.citizen()
    citizen.photo()
    citizen.place()

    stage.fall_quiet(minutes=1.5)
    citizen.says("垃圾桶满了")
    stage.fall_quiet(minutes=1.5)

    assert stage.cases() == []


def test_it_asks_once_for_what_is_missing_and_then_lets_a_person_look(stage: Stage) -> None:
    citizen, dispatcher = stage.citizen(), stage.dispatcher()
    citizen.photo()

    stage.fall_quiet(minutes=2)
    stage.fall_quiet(minutes=30)
    asked = citizen.hears()
    stage.fall_quiet(minutes=91)

    assert [words for words in asked if "还没提交，还缺：位置" in words] == asked[-1:]
    assert "已受理" in citizen.hears()[-1]
    assert "待派单" in dispatcher.hears()[-1]


def test_it_waits_again_when_something_comes_after_it_has_asked(stage: Stage) -> None:
    citizen = stage.citizen()
    citizen.photo()
    stage.fall_quiet(minutes=2)

    citizen.photo()
    stage.fall_quiet(minutes=3)
    waiting = stage.cases()
    citizen.place()
    stage.fall_quiet(minutes=2)

    assert waiting == []
    assert len(stage.cases()) == 1


def test_it_gives_a_report_up_that_never_said_anything(stage: Stage) -> None:
    citizen = stage.citizen()
    citizen.place()

    stage.fall_quiet(minutes=2)
    stage.fall_quiet(hours=2)

    assert "已自动取消" in citizen.hears()[-1]
    assert (stage.cases(), stage.open_drafts()) == ([], [])


def test_it_lets_a_finish_after_the_question_submit_at_once(stage: Stage) -> None:
    citizen = stage.citizen()
    citizen.photo()
    stage.fall_quiet(minutes=2)

    answer = citizen.says("完成")

    assert "已受理" in answer


@pytest.mark.parametrize(("seconds", "belongs"), [(0, True), (29, True), (30, True), (31, False), (600, False)])
def test_it_adds_a_photo_that_comes_seconds_after_the_finish(stage: Stage, seconds: int, belongs: bool) -> None:
    citizen = stage.citizen()
    stage.reported_case(citizen)
    stage.now += timedelta(seconds=seconds)

    answer = citizen.photo()

    assert ("已归入刚才的上报（共2张）" in answer) is belongs
    assert len(stage.open_drafts()) == (0 if belongs else 1)


def test_it_goes_by_when_a_photo_was_sent_and_not_by_when_it_arrived(stage: Stage) -> None:
    citizen = stage.citizen()
    stage.reported_case(citizen)
    finished = stage.now
    stage.now += timedelta(minutes=20)

    answer = citizen.photo(sent_at=finished - timedelta(seconds=5))

    assert "已归入刚才的上报" in answer


def test_it_never_mixes_what_two_people_send(stage: Stage) -> None:
    li, wang = stage.citizen("李群众"), stage.citizen("王大爷")

    li.photo()
    wang.photo()
    li.place()
    wang.says("井盖坏了")
    li.says("垃圾桶满了")
    li.says("完成")

    assert [case.text for case in stage.cases()] == ["垃圾桶满了"]
    assert [draft.text for draft in stage.open_drafts()] == ["井盖坏了"]


@pytest.mark.parametrize(
    ("kind", "says"),
    [(Kind.VOICE, "听不了语音"), (Kind.VIDEO, "收不了视频"), (Kind.UNKNOWN, "看不了")],
)
def test_it_answers_what_it_cannot_read_and_opens_no_report(stage: Stage, kind: Kind, says: str) -> None:
    answer = stage.citizen().does(kind)

    assert says in answer
    assert stage.open_drafts() == []


def test_it_takes_a_voice_that_came_with_its_words(stage: Stage) -> None:
    answer = stage.citizen().does(Kind.VOICE, text="垃圾桶满了")

    assert "还缺" in answer
    assert [draft.text for draft in stage.open_drafts()] == ["垃圾桶满了"]


@pytest.mark.spelling
@pytest.mark.parametrize("words", ["你好", "您好！", "在吗？", "谢谢", "好的。", "嗯嗯", "OK", "收到"])
def test_it_opens_no_report_for_a_courtesy(stage: Stage, words: str) -> None:
    answer = stage.citizen().says(words)

    assert "直接发照片、位置和一句话" in answer
    assert stage.open_drafts() == []


def test_it_says_again_what_is_missing_to_a_courtesy_in_the_middle_of_a_report(stage: Stage) -> None:
    citizen = stage.citizen()
    citizen.photo()

    answer = citizen.says("好的")

    assert answer.startswith("已收到照片1张。还缺")
    assert [draft.text for draft in stage.open_drafts()] == [""]


@pytest.mark.spelling
@pytest.mark.parametrize("words", ["上报", "我要上报", "上报。"])
def test_it_explains_how_to_report_to_somebody_who_asks(stage: Stage, words: str) -> None:
    answer = stage.citizen().says(words)

    assert "请发照片、位置和一句话" in answer
    assert [draft.text for draft in stage.open_drafts()] == [""]


def test_it_takes_the_words_beside_the_word_report(stage: Stage) -> None:
    stage.citizen().says("上报：3号楼前垃圾桶满了")

    assert [draft.text for draft in stage.open_drafts()] == ["3号楼前垃圾桶满了"]


def test_it_sends_what_is_unclear_to_the_dispatchers_with_suggestions(stage: Stage) -> None:
    dispatcher, citizen = stage.dispatcher(), stage.citizen()

    number = stage.reported_case(citizen, "这里不太对劲")

    asked = dispatcher.hears()[-1]
    assert stage.case(number).status is Status.REPORTED
    assert f"派单 {number} 1" in asked
    assert "1. " in asked
