"""公众号菜单: the data pack's menu, inside WeChat's limits, and every entry understood."""

import json
from pathlib import Path

import pytest

from bot.installation import ROOT
from bot.menu import WORK_FILE, BadMenu, read_menu
from handlers.message import Kind
from models.people import Role
from tests.bot.post_office import PostOffice
from tests.stage import Stage

JINAN = ROOT / "data" / "jinan"


def entries() -> set[str]:
    menus = read_menu(JINAN), read_menu(JINAN, WORK_FILE)
    return {below["key"] for menu in menus for button in menu["button"] for below in button["sub_button"]}


def test_it_is_taken_by_wechat(office: PostOffice) -> None:
    menu = read_menu(JINAN)

    office.installation.doors.official["jinan"].api.create_menu(menu)

    assert json.loads(json.dumps(office.simulator.world.menus["jinan"]))["button"] == menu["button"]


@pytest.mark.parametrize("key", sorted(entries()))
@pytest.mark.parametrize("role", [None, Role.OFFICER, Role.DISPATCHER])
def test_it_has_no_entry_that_begins_a_report_or_says_nothing(stage: Stage, key: str, role: Role | None) -> None:
    who = {None: stage.citizen, Role.OFFICER: stage.officer, Role.DISPATCHER: stage.dispatcher}[role]()

    answer = who.does(Kind.MENU, scene=key)

    assert answer
    assert stage.open_drafts() == []


@pytest.mark.parametrize(
    ("menu", "reason"),
    [
        ("- {name: 我要上报吗呢, below: [{name: 上报, say: 上报}]}", "0.name: String should have at most 5"),
        ("- {name: 上报, below: []}", "0.below: List should have at least 1"),
        ("- {name: 上报, below: [{name: 上报}]}", "0.below.0.say: Field required"),
        ("- {name: 上报, belov: []}", "0.belov: Extra inputs"),
        ("[]", "at least 1 item"),
        ("a: [", "menu.yaml: "),
    ],
)
def test_it_says_which_entry_is_wrong(tmp_path: Path, menu: str, reason: str) -> None:
    (tmp_path / "menu.yaml").write_text(menu, encoding="utf-8")

    with pytest.raises(BadMenu) as refused:
        read_menu(tmp_path)

    assert reason in str(refused.value)
    assert str(tmp_path / "menu.yaml") in str(refused.value)
