"""run.py import-chat: what was said in an ordinary group becomes cases, once somebody has said so."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import func, select

from bot.health import count_rows
from bot.installation import ROOT, Installation
from models.candidate import Candidate, CandidateState
from models.draft import Draft
from models.outbound import OutboundMessage
from models.people import Identity
from models.photo import Fetch, Photo
from routing.platforms import PLATFORM_KEYS
from tests.bot.test_run import one_line, run
from tests.stage import Stage

__all__ = ["run"]

Run = Callable[..., Result]
FOLDER = ROOT / "tests" / "fixtures" / "import_chat"
MAIL = FOLDER / "01_tidy_mail_new_phone"
TRAFFIC = "--platform", "traffic_volunteer"


def candidates(installation: Installation) -> list[Candidate]:
    with installation.database.glance() as session:
        found = list(session.scalars(select(Candidate).order_by(Candidate.id)))
        for one in found:
            _ = one.draft.photos
        return found


def imported(run: Run, file: Path, *options: str) -> Result:
    """An import that is kept; whatever is printed, it must have worked."""
    result = run("import-chat", str(file), *TRAFFIC, "--keep", *options)
    assert result.exit_code == 0, result.output
    return result


def pictures(installation: Installation) -> list[tuple[str, Fetch, str]]:
    with installation.database.glance() as session:
        return [(one.media_id, one.state, one.reason) for one in session.scalars(select(Photo).order_by(Photo.id))]


def write(folder: Path, text: str, name: str = "chat.txt") -> Path:
    file = folder / name
    file.write_text(f"—————  2026-11-23  —————\n\n{text}", encoding="utf-8")
    return file


def test_it_only_prints_what_it_would_make(run: Run, installation: Installation) -> None:
    result = run("import-chat", str(MAIL), *TRAFFIC)

    assert result.exit_code == 0, result.output
    assert candidates(installation) == []
    assert "陈志愿 (not registered) — new" in result.output
    assert "甸柳新村第三小区垃圾桶满了没人清\n   味道很大，麻烦尽快处理\n   pictures: 1 found" in result.output
    assert "→ " in result.output
    assert "甸柳新村街道" in result.output
    assert "nothing was stored" in result.output


def test_it_keeps_what_is_new_with_its_pictures(run: Run, installation: Installation) -> None:
    imported(run, MAIL)

    told = [(one.speaker, one.chat, one.registered, one.doubt) for one in candidates(installation)]
    photos = [photo for one in candidates(installation) for photo in one.draft.photos]
    assert told == [("陈志愿", "历下文明交通群", False, ""), ("赵大姐", "历下文明交通群", False, "")]
    assert candidates(installation)[0].said_at == datetime(2026, 11, 22, 23, 42, tzinfo=UTC)
    assert [photo.state for photo in photos] == [Fetch.KEPT, Fetch.KEPT]
    assert all(installation.vault.has(photo.sha256) for photo in photos)


@pytest.mark.parametrize("again", ["01_tidy_mail_new_phone", "13_tidy_zip.zip", "14_tidy_saved_mail.eml"])
def test_it_makes_nothing_new_of_the_same_conversation(run: Run, installation: Installation, again: str) -> None:
    imported(run, MAIL)

    result = imported(run, FOLDER / again)

    assert "2 candidates: 2 imported before" in result.output
    assert len(candidates(installation)) == 2


def test_it_takes_only_what_is_new_of_an_export_that_overlaps(
    run: Run, installation: Installation, tmp_path: Path
) -> None:
    first = "张三  08:10\n\n甸柳新村垃圾桶满了\n\n"
    second = "张三  08:12\n\n地上也有一堆垃圾\n\n李四  09:00\n\n经十路历山路口有电动车逆行\n"
    imported(run, write(tmp_path, first))

    result = imported(run, write(tmp_path, first + second))

    assert "1 new, 1 goes on with one that waits" in result.output
    assert [one.draft.text for one in candidates(installation)] == [
        "甸柳新村垃圾桶满了\n地上也有一堆垃圾",
        "经十路历山路口有电动车逆行",
    ]


def test_it_makes_another_candidate_of_what_follows_one_that_is_settled(
    run: Run, installation: Installation, tmp_path: Path
) -> None:
    first = "张三  08:10\n\n甸柳新村垃圾桶满了\n\n"
    imported(run, write(tmp_path, first))
    run("import-chat", "--ignore", str(candidates(installation)[0].id), "--because", "看过了")

    imported(run, write(tmp_path, f"{first}张三  08:12\n\n经十路历山路口有电动车逆行\n"))

    states = [(one.draft.text, one.state) for one in candidates(installation)]
    assert states == [
        ("甸柳新村垃圾桶满了", CandidateState.IGNORED),
        ("经十路历山路口有电动车逆行", CandidateState.WAITING),
    ]


def test_it_fills_in_pictures_that_come_along_later(run: Run, installation: Installation, tmp_path: Path) -> None:
    alone = tmp_path / "chat.txt"
    shutil.copy(MAIL / "聊天记录.txt", alone)
    imported(run, alone)
    before = [state for _, state, _ in pictures(installation)]

    result = imported(run, alone, "--pictures", str(MAIL))

    assert before == [Fetch.LOST, Fetch.LOST]
    assert [state for _, state, _ in pictures(installation)] == [Fetch.KEPT, Fetch.KEPT]
    assert "2 known, missing pictures found" in result.output


def test_it_does_not_ask_again_for_pictures_it_has(run: Run, installation: Installation, tmp_path: Path) -> None:
    imported(run, MAIL)
    alone = tmp_path / "chat.txt"
    shutil.copy(MAIL / "聊天记录.txt", alone)

    imported(run, alone)

    assert [state for _, state, _ in pictures(installation)] == [Fetch.KEPT, Fetch.KEPT]


def test_it_names_pictures_it_refuses_and_the_reason(run: Run, installation: Installation) -> None:
    result = imported(run, FOLDER / "24_untidy_some_pictures_bad")

    line = next(line for line in result.output.splitlines() if "pictures:" in line)
    assert "1 found, 1 missing (gone.jpg), 3 refused" in line
    assert "moving.gif: animated" in line
    assert sorted(reason for *_, reason in pictures(installation)) == [
        "", "animated", "missing", "not_an_image", "truncated",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["35_hostile_bomb.zip", "34_hostile_names_that_lead_away.zip"])
def test_it_survives_a_hostile_zip(run: Run, installation: Installation, name: str) -> None:
    imported(run, FOLDER / name)

    assert [one.speaker for one in candidates(installation)] == ["赵大姐"]


@pytest.mark.parametrize(
    "name", ["36_hostile_unseen_characters.jsonl", "38_hostile_endless_line.txt", "39_hostile_commands.txt"]
)
def test_it_stores_hostile_words_as_words(run: Run, installation: Installation, name: str) -> None:
    imported(run, FOLDER / name)

    assert candidates(installation)
    assert all(one.state is CandidateState.WAITING for one in candidates(installation))


def test_it_knows_a_member_by_the_name(run: Run, stage: Stage, installation: Installation) -> None:
    volunteer = stage.volunteer("陈志愿", post="jingshi-lishan")

    imported(run, MAIL)

    with installation.database.glance() as session:
        speaks = select(Identity.openid).join(Draft, Draft.person_id == Identity.person_id)
        openid = session.scalars(speaks.join(Candidate).where(Candidate.registered)).one()
    assert openid == volunteer.openid


def test_it_binds_nothing_to_one_of_two_with_the_same_name(
    run: Run, stage: Stage, installation: Installation
) -> None:
    stage.volunteer("陈志愿")
    stage.volunteer("陈志愿")

    imported(run, MAIL)

    assert not any(one.registered for one in candidates(installation))


def test_it_tells_dispatchers_once_that_something_waits(run: Run, stage: Stage) -> None:
    command = stage.dispatcher()

    imported(run, MAIL)
    imported(run, MAIL)

    assert [words for words in command.hears() if "群聊里新导入2条线索" in words] == command.hears()


def test_it_shows_a_dispatcher_what_waits(run: Run, stage: Stage, installation: Installation) -> None:
    imported(run, MAIL)
    command = stage.dispatcher()
    first, second = (one.id for one in candidates(installation))

    listed, detail = command.says("线索"), command.says(f"线索 {second}")

    assert f"{first}. 11月23日 07:42 群成员陈志愿" in listed
    assert "经十路历山路口有电动车逆行（照片1张）" in listed
    assert "味道很大，麻烦尽快处理" in detail
    assert [row.photo_id for row in stage.rows_to(command) if row.photo_id] != []


def test_it_makes_a_case_of_what_is_confirmed(run: Run, stage: Stage, installation: Installation) -> None:
    officer = stage.officer()
    imported(run, MAIL)
    number = candidates(installation)[1].id

    answer = stage.dispatcher().says(f"确认线索 {number}")

    (case,) = stage.cases()
    assert f"线索 {number} 已受理，案件编号 {case.id}" in answer
    assert "甸柳新村第三小区垃圾桶满了没人清" in case.text
    assert any("垃圾桶满了" in words for words in officer.hears())
    assert stage.pictures(case.id) == ["77aa0c.jpg"]
    assert stage.findings() == []


def test_it_never_tells_a_unit_who_spoke_in_the_group(
    run: Run, stage: Stage, installation: Installation, tmp_path: Path
) -> None:
    officer = stage.officer()
    imported(run, write(tmp_path, "赵大姐  08:10\n\n甸柳新村垃圾桶满了，我是赵大姐13800000001\n"))

    stage.dispatcher().says(f"确认线索 {candidates(installation)[0].id}")

    said = "\n".join(officer.hears())
    assert "垃圾桶满了" in said
    assert "赵大姐" not in said
    assert "13800000001" not in said


def test_it_confirms_several_at_once_and_joins_what_is_known(
    run: Run, stage: Stage, installation: Installation
) -> None:
    known = stage.reported_case(words="甸柳新村第三小区垃圾桶满了没人清")
    imported(run, MAIL)
    first, second = (one.id for one in candidates(installation))

    answer = stage.dispatcher().says(f"确认线索 {first}-{second}")

    assert f"线索 {second} 已受理，案件编号 {known}，其中1件已有人反映" in answer
    assert len(stage.reports(known)) == 2
    assert len(stage.cases()) == 2


def test_it_makes_several_cases_of_a_numbered_list(run: Run, stage: Stage, installation: Installation) -> None:
    result = run("import-chat", str(FOLDER / "18_untidy_numbered_list.txt"), "--platform", "citizen_patrol", "--keep")

    stage.dispatcher().says(f"确认线索 {candidates(installation)[0].id}")

    assert result.exit_code == 0
    assert len(stage.cases()) == 3


def test_it_tells_a_member_that_their_words_are_a_report_now(
    run: Run, stage: Stage, installation: Installation
) -> None:
    volunteer = stage.volunteer("陈志愿", post="jingshi-lishan")
    imported(run, MAIL)

    stage.dispatcher().says(f"确认线索 {candidates(installation)[0].id}")

    assert any("您在群里反映的情况已转为上报" in words for words in volunteer.hears())


def test_it_settles_a_candidate_once(run: Run, stage: Stage, installation: Installation) -> None:
    imported(run, MAIL)
    number = candidates(installation)[0].id
    command = stage.dispatcher()
    command.says(f"确认线索 {number}")

    again, ignored = command.says(f"确认线索{number}"), command.says(f"忽略线索 {number} 重复了")

    assert "已确认立案，不用再处理" in again
    assert "已确认立案，不用再处理" in ignored
    assert len(stage.cases()) == 1


def test_it_adds_what_a_dispatcher_knows_besides(
    run: Run, stage: Stage, installation: Installation, tmp_path: Path
) -> None:
    imported(run, write(tmp_path, "张三  08:10\n\n[图片]\n"))
    number = candidates(installation)[0].id

    stage.dispatcher().says(f"确认线索 {number} 甸柳新村第三小区垃圾桶满了")

    (case,) = stage.cases()
    assert case.text == "甸柳新村第三小区垃圾桶满了"


def test_it_wants_a_reason_for_ignoring(run: Run, stage: Stage, installation: Installation) -> None:
    imported(run, MAIL)
    number = candidates(installation)[0].id
    command = stage.dispatcher()

    without, with_reason = command.says(f"忽略线索 {number}"), command.says(f"忽略线索 {number} 不在本市")

    one = candidates(installation)[0]
    assert "序号和原因" in without
    assert with_reason == f"线索 {number} 已忽略：不在本市。"
    assert (one.state, one.reason) == (CandidateState.IGNORED, "不在本市")


@pytest.mark.parametrize("words", ["线索", "确认线索 1", "忽略线索 1 没用"])
def test_it_lets_only_dispatchers_decide(run: Run, stage: Stage, installation: Installation, words: str) -> None:
    imported(run, MAIL)

    answer = stage.citizen().says(words)

    assert "陈志愿" not in answer
    assert all(one.state is CandidateState.WAITING for one in candidates(installation))


def test_it_lets_nothing_wait_unseen(run: Run, stage: Stage, installation: Installation) -> None:
    imported(run, MAIL)
    command = stage.dispatcher()
    stage.now = datetime.now(UTC)

    fresh = command.says("待派")
    stage.wait(hours=25)
    late = command.says("待派")

    assert "群线索2条等确认，回复“线索”" in fresh
    assert "已超过一天" in late
    assert count_rows(installation)["candidates_waiting"] == 2


def test_it_settles_from_the_command_line_as_well(run: Run, installation: Installation, stage: Stage) -> None:
    imported(run, MAIL)
    first, second = (one.id for one in candidates(installation))

    waiting = run("import-chat")
    confirmed = run("import-chat", "--confirm", str(first))
    ignored = run("import-chat", "--ignore", str(second), "--because", "重复")

    assert f"{second}. " in waiting.output
    assert "已受理" in confirmed.output
    assert "已忽略：重复" in ignored.output
    assert len(stage.cases()) == 1
    assert run("import-chat").output == "nothing waits\n"


@pytest.mark.parametrize(
    "words",
    [
        (str(MAIL),),
        (str(MAIL), *TRAFFIC, "--confirm", "1"),
        ("--confirm", "一"),
        ("--ignore", "1"),
        (str(FOLDER / "30_broken_old_excel.xls"), *TRAFFIC),
        (str(FOLDER / "32_hostile_rubbish.txt"), *TRAFFIC),
    ],
)
def test_it_stops_with_one_line_that_says_what_to_do(run: Run, words: tuple[str, ...]) -> None:
    assert one_line(run("import-chat", *words))


def test_it_leaves_out_what_was_said_before(run: Run, installation: Installation) -> None:
    imported(run, MAIL, "--since", "2026-11-23 07:50")

    assert [one.speaker for one in candidates(installation)] == ["赵大姐"]


def test_it_makes_one_person_of_a_stranger_and_no_account(run: Run, installation: Installation) -> None:
    imported(run, FOLDER / "03_tidy_copied_on_a_computer.txt")

    with installation.database.glance() as session:
        people = {
            one.draft.person_id for one in session.scalars(select(Candidate).where(Candidate.speaker == "陈志愿"))
        }
        accounts = session.scalar(select(func.count()).select_from(Identity).where(Identity.person_id.in_(people)))
        words = session.scalar(select(func.count()).select_from(OutboundMessage))
    assert (len(people), accounts, words) == (1, 0, 0)


@pytest.mark.parametrize("platform", PLATFORM_KEYS)
def test_it_makes_cases_for_every_platform(run: Run, stage: Stage, installation: Installation, platform: str) -> None:
    run("import-chat", str(MAIL), "--platform", platform, "--keep")
    first, second = (one.id for one in candidates(installation))

    stage.dispatcher().says(f"确认线索 {first},{second}")

    assert [case.channel for case in stage.cases()] == [platform, platform]
    assert stage.findings() == []


def test_it_loses_no_picture_where_an_export_begins_between_two_of_one_minute(
    run: Run, installation: Installation, tmp_path: Path
) -> None:
    one, two, three = (
        "张三  08:10\n\n[图片: 1a.jpg]\n\n",
        "张三  08:10\n\n[图片: 2b.jpg]\n\n",
        "张三  08:10\n\n[图片: 3c.jpg]\n",
    )
    for name, source in (("1a", 1), ("2b", 2), ("3c", 3)):
        shutil.copy(FOLDER / "02_tidy_mail_old_phone" / f"图片{source}.jpg", tmp_path / f"{name}.jpg")
    imported(run, write(tmp_path, one + two))

    imported(run, write(tmp_path, two + three))

    assert [name for name, *_ in pictures(installation)] == ["1a.jpg", "2b.jpg", "3c.jpg"]
    assert len(candidates(installation)) == 1
