"""照片清单: which cases a meeting looks at, and what is said of each."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from handlers import sheets
from handlers.sheets import Wanted
from models.workflow import Status
from tests.stage import DIANLIU, LIXIA, YAOJIA, Stage


def found(stage: Stage, **wanted: Any) -> list[int]:
    with stage.installation.database.glance() as session:
        return sheets.numbers(stage.installation.desk(session, stage.now), Wanted(**wanted))


def entries(stage: Stage) -> list[dict[str, Any]]:
    with stage.installation.database.glance() as session:
        desk = stage.installation.desk(session, stage.now)
        return list(sheets.entries(desk, sheets.numbers(desk, Wanted())))


@pytest.fixture
def three(stage: Stage) -> list[int]:
    """One closed at 甸柳新村, one in work there an hour later, one that went to 姚家, each a day apart."""
    officer, command = stage.officer(), stage.dispatcher()
    numbers = [stage.reported_case()]
    stage.close(numbers[0], officer, command)
    for words in ("路灯不亮", "井盖坏了"):
        stage.wait(days=1)
        numbers.append(stage.reported_case(words=words))
        command.says(f"派单 {numbers[-1]} 甸柳新村街道")
    command.says(f"派单 {numbers[2]} 姚家街道")
    return numbers


@pytest.mark.parametrize(
    ("wanted", "those"),
    [
        (lambda now: {}, [0, 1, 2]),
        (lambda now: {"unit": DIANLIU}, [0, 1]),
        (lambda now: {"unit": YAOJIA}, [2]),
        (lambda now: {"unit": LIXIA}, [0, 1, 2]),
        (lambda now: {"platform": "citizen_photo"}, [0, 1, 2]),
        (lambda now: {"platform": "hotline_12345"}, []),
        (lambda now: {"statuses": (Status.CLOSED,)}, [0]),
        (lambda now: {"statuses": (Status.CLOSED, Status.ASSIGNED)}, [0, 1, 2]),
        (lambda now: {"since": now - timedelta(days=1, hours=1)}, [1, 2]),
        (lambda now: {"until": now - timedelta(hours=1)}, [0, 1]),
        (lambda now: {"since": now - timedelta(days=1), "until": now, "unit": DIANLIU}, [1]),
    ],
)
def test_it_finds_the_cases_that_are_wanted(
    stage: Stage, three: list[int], wanted: Callable[[Any], dict[str, Any]], those: list[int]
) -> None:
    assert found(stage, **wanted(stage.now)) == [three[n] for n in those]


def test_it_tells_of_each_case_where_it_is_and_what_is_late(stage: Stage) -> None:
    stage.officer()
    number = stage.reported_case()
    stage.wait(hours=12, minutes=20)

    (entry,) = entries(stage)

    assert entry["title"] == f"编号 {number} · 垃圾站(箱)满溢"
    assert entry["lines"][:3] == ["状态：待认领 · 已超时", "地点：甸柳新村第三小区", "单位：甸柳新村街道"]
    assert entry["lines"][-1] == "垃圾桶满了没人清"
    assert entry["warning"] == "认领 逾期0小时20分"
    assert len(entry["before"]["photos"]) == 1


def test_it_says_on_the_page_what_was_chosen(stage: Stage, three: list[int]) -> None:
    since, until = (
        stage.now.replace(hour=0) - timedelta(days=7, hours=8),
        stage.now.replace(hour=0) - timedelta(hours=8),
    )
    chosen = Wanted(unit=DIANLIU, platform="citizen_photo", since=since, until=until, statuses=(Status.CLOSED,))

    with stage.installation.database.glance() as session:
        words = sheets.words(stage.installation.desk(session, stage.now), chosen, 7)

    assert words["subtitle"] == "甸柳新村街道 · 市民拍客团 · 11月18日至11月24日 · 已办结 · 共7件"
    assert words["page"].format(page=2) == "第 2 页"
