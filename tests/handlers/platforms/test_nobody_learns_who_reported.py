"""All six platforms played to the end; then everything that units and other reporters ever read is searched."""

import json
from dataclasses import dataclass, field

import pytest
from sqlalchemy import select

from models.case import Case
from models.event import CaseEvent
from models.outbound import OutboundMessage
from models.people import Identity
from models.workflow import Part
from tests.stage import LIXIA, Actor, Stage

PLACE = "甸柳新村街道甸柳新村第三小区"
PHONE, PLATE, CALLER, CALLERS_PHONE = "13812345678", "鲁A12345", "王小明", "13987654321"

# Each signs, as people do; what each says has its own kind, so that each makes a case of its own.
SAID = {
    "citizen_photo": PLACE + "垃圾桶满了没人清，我是{name}，电话" + PHONE,
    "citizen_patrol": PLACE + "：\n1. 有人占道经营，{name}\n2. 小广告贴得到处都是\n巡访员：{name} " + PHONE,
    "hotline_12345": "【工单编号】JN20261123000123【来电人】" + CALLER + "【联系电话】" + CALLERS_PHONE
    + "【地址】历下区" + PLACE + "【诉求】" + CALLER + "反映楼前道路积水，可拨打" + CALLERS_PHONE + "（{name}转）",
    "traffic_volunteer": PLACE + "门口" + PLATE + "小轿车不礼让斑马线，志愿者{name}",
    "field_assessment": "点位：" + PLACE + "\n1. F02 井盖破损 扣1，{name}记\n2. H08 水面有漂浮物 扣0.5",
    "media_supervision": PLACE + "路灯不亮，本报记者{name}（" + PHONE + "）",
}  # fmt: skip
# What betrays that somebody assessed, and who wrote the article; that a medium did they may know.
BETRAYING = ("测评", "复查", "扣1", "F02", "坐席", "工单")


@dataclass
class Play:
    """Six reporters, a unit's people, and what the unit was answered."""

    stage: Stage
    reporters: dict[str, Actor]
    officer: Actor
    unit: list[Actor]
    command: Actor
    answers: list[str] = field(default_factory=list)

    def asks(self, words: str) -> None:
        self.answers.append(self.officer.says(words))

    def life(self, case: Case) -> None:
        """From 派单 to a second 办结, with all that reporters may add on the way."""
        number, who = case.id, self.reporters[case.channel]
        self.command.says(f"派单 {number} 甸柳新村街道")
        for words in ("待办", "详情 {}", "认领 {}", "承诺 {} 李主任负责，11月25日前整改完"):
            self.asks(words.format(number))
        who.says(f"补充 {number} 我是{who.name}，{PHONE}，车号{PLATE}")
        self.officer.photo()
        self.asks(f"整改 {number} 已处理")
        self.reporters["field_assessment"].says(f"复查 {number} 未整改 {who.name}说还在")
        who.says(f"3 还没解决，{who.name} {PHONE}")
        self.command.says(f"通过 {number}")
        who.says(f"重办 {number} {who.name}又看到了，电话{PHONE}")
        self.command.says(f"同意重办 {number}")
        self.stage.wait(minutes=5)
        self.asks(f"详情 {number}")
        self.stage.wait(hours=26)

    def secrets(self) -> list[str]:
        people = [secret for who in self.reporters.values() for secret in (who.name, who.openid)]
        return [*people, PHONE, PLATE, CALLER, CALLERS_PHONE]


@pytest.fixture
def play(stage: Stage) -> Play:
    """Everything that can happen has happened."""
    people = {
        "citizen_photo": stage.photographer("郑拍客"),
        "citizen_patrol": stage.patrol("王巡访"),
        "hotline_12345": stage.operator("冯坐席"),
        "traffic_volunteer": stage.volunteer("陈志愿", post="解放桥"),
        "field_assessment": stage.assessor("褚测评"),
        "media_supervision": stage.journalist("卫记者"),
    }
    officer, leader, above = stage.officer(), stage.leader(), stage.leader("吕区长", LIXIA)
    play = Play(stage, people, officer, [officer, leader, above], stage.dispatcher())
    for key, who in people.items():
        who.reports(SAID[key].format(name=who.name), photos=1)
        stage.wait(minutes=5)
    for case in stage.cases():
        play.life(case)
    return play


def read_by(stage: Stage, who: Actor) -> str:
    """All the words that went to somebody, long and short."""
    return "\n".join(f"{row.text} {json.dumps(row.short, ensure_ascii=False)}" for row in stage.rows_to(who))


def found(secrets: list[str], text: str) -> list[str]:
    return [secret for secret in secrets if secret in text]


def test_it_tells_the_people_of_a_unit_nothing_about_who_reported(play: Play) -> None:
    seen = "\n".join([*(read_by(play.stage, who) for who in play.unit), *play.answers])

    assert len(play.stage.cases()) == 8
    assert all(f"编号 {case.id}" in seen for case in play.stage.cases())
    assert found(play.secrets(), seen) == []


def test_it_does_not_betray_to_a_unit_that_somebody_assessed_it_or_called(play: Play) -> None:
    seen = "\n".join([*(read_by(play.stage, who) for who in play.unit), *play.answers])

    assert "媒体曝光" in seen
    assert found(list(BETRAYING), seen) == []


def test_it_tells_no_reporter_about_another(play: Play) -> None:
    for who in play.reporters.values():
        others = [secret for secret in play.secrets() if secret not in (who.name, who.openid, PHONE, PLATE)]

        assert found(others, read_by(play.stage, who)) == []


def test_it_keeps_no_reporter_in_what_a_case_says_of_itself(play: Play) -> None:
    for case in play.stage.cases():
        told = json.dumps([case.text, case.place, case.decision], ensure_ascii=False)

        assert found(play.secrets(), told) == []


def test_it_writes_no_reporter_into_what_the_system_and_the_unit_did(play: Play) -> None:
    """Words of reporters and of the command centre are kept as they were said; nobody else reads those."""
    with play.stage.installation.database.glance() as session:
        events = session.scalars(select(CaseEvent).where(CaseEvent.part.in_((Part.SYSTEM, Part.OFFICER)))).all()
        told = json.dumps([[event.why, event.data] for event in events], ensure_ascii=False)

    assert found(play.secrets(), told) == []


def test_it_names_reporters_to_nobody_but_the_command_centre(play: Play) -> None:
    """Whatever else was said to anybody: only who must rule and verify may read a reporter's own words."""
    with play.stage.installation.database.glance() as session:
        query = select(Identity.openid, OutboundMessage.text).join(
            Identity, Identity.person_id == OutboundMessage.person_id
        )
        told = {openid for openid, text in session.execute(query) if found([CALLER, CALLERS_PHONE, PLATE], text)}

    assert told <= {play.command.openid}
