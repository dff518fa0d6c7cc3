"""Messages of all platforms in any order, some of them twice, some late: nothing is lost, nothing is made twice."""

import json
import re
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from itertools import count

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot import intake
from bot.installation import Installation
from models.all import Base
from models.case import Case
from models.draft import Draft, DraftState
from models.event import CaseEvent
from models.photo import Photo
from models.report import Report
from models.workflow import Move
from tests.bot import pushes
from tests.bot.pushes import Fields
from tests.stage import Actor, Stage

MIXTURES = 20
PLACE = "甸柳新村街道甸柳新村第三小区"
# Every finding carries a mark of its own, by which it is found again in drafts and reports.
MARK = re.compile(r"zq[g-w]+z")
_PEOPLE = {"units", "persons", "identities", "memberships", "invitations"}
_OTHER_JOBS = ("outbound_stuck", "photo_stuck", "inbound_stuck", "photos_not_judged")

# What each says when it is their turn; {0} and {1} are marks, {n} one of three order numbers.
SAYS: dict[str, list[str]] = {
    "citizen": ["垃圾桶满了没人清{0}", "photo", "place"],
    "patrol": [PLACE + "：\n1. 垃圾桶满了没人清{0}\n2. 小广告满墙{1}", PLACE + "有人占道经营{0}", "photo", "1:1"],
    "other patrol": [PLACE + "：\n1、垃圾桶满了没人清{0}；\n2、垃圾桶满了没人清{1}", "photo", "1：1，2：1"],
    "operator": ["【工单编号】JN2026112300{n}【来电人】王小明【地址】" + PLACE + "【诉求】垃圾桶满了没人清{0}"],
    "other operator": [
        "工单编号：JN2026112300{n}\n地址：" + PLACE + "\n诉求：楼前积水{0}",
        "工单编号：JN202611230011\n地址：" + PLACE + "\n诉求：路灯不亮{0}\n"
        "工单编号：JN202611230012\n地址：" + PLACE + "\n诉求：井盖破损{1}",
    ],
    "volunteer": ["有电动车逆行{0}", "小轿车不礼让斑马线{0}", "photo"],
    "assessor": ["点位：" + PLACE + "\n1. H03 垃圾桶满了没人清{0} 扣0.5\n2. H05 小广告{1} 扣1", "photo", "确认"],
    "journalist": ["link"],
}  # fmt: skip
ALL_SAY = ["完成", "完成", "取消"]
TURNS = [(who, words) for who, all_words in SAYS.items() for words in [*all_words, *all_words, *ALL_SAY]]

_serial = count(1)


@dataclass(frozen=True)
class Delivery:
    """One push; late: kept now, understood only by the job that comes after everything."""

    push: Fields
    late: bool


@dataclass(frozen=True)
class Kept:
    """What is in the database afterwards."""

    drafts: list[Draft]
    reports: list[Report]
    cases: list[Case]
    events: list[CaseEvent]
    photos: int


def mark() -> str:
    """Letters only, so that no reader takes them for a number, a plate or a code."""
    digits = str(next(_serial))
    return "zq" + "".join("ghijkmnpqr"[int(digit)] for digit in digits) + "z"


def push(sender: str, words: str, number: int) -> Fields:
    """A message as WeChat sends it."""
    if words == "photo":
        return pushes.photo(sender, media_id=f"media-{next(_serial)}")
    if words == "place":
        return pushes.place(sender)
    if words == "link":
        article = {"Title": f"{PLACE}垃圾成堆{mark()}", "Description": "", "Url": "https://e23.cn/1.html"}
        return pushes.message("link", sender, **article)
    return pushes.text(words.format(mark(), mark(), n=10 + number), sender)


def cast(stage: Stage) -> dict[str, Actor]:
    return {
        "citizen": stage.citizen(),
        "patrol": stage.patrol(),
        "other patrol": stage.patrol("李巡访"),
        "operator": stage.operator(),
        "other operator": stage.operator("李坐席"),
        "volunteer": stage.volunteer(post="解放桥"),
        "assessor": stage.assessor(),
        "journalist": stage.journalist(),
    }


@st.composite
def mixtures(draw: st.DrawFn, openids: dict[str, str]) -> list[Delivery]:
    """Up to forty messages of everybody, in any order; some come again, at once or much later."""
    turns = draw(st.lists(st.tuples(st.sampled_from(TURNS), st.integers(0, 2)), min_size=8, max_size=40))
    made = [push(openids[who], words, number) for (who, words), number in turns]
    late = draw(st.lists(st.booleans(), min_size=len(made), max_size=len(made)))
    again = draw(st.lists(st.tuples(st.integers(0, len(made) - 1), st.integers(0, len(made))), max_size=10))
    deliveries = [Delivery(one, tardy and one["MsgType"] != "event") for one, tardy in zip(made, late, strict=True)]
    for which, where in again:
        deliveries.insert(where, Delivery(made[which], False))
    return deliveries


def deliver(stage: Stage, deliveries: list[Delivery]) -> None:
    """As the webhook does: keep, and take in what is new; the job does the rest."""
    waiting: list[int] = []
    for one in deliveries:
        stage.now += timedelta(seconds=20)
        kept = intake.keep(stage.installation, "jinan", json.dumps(one.push), one.push, stage.now)
        if one.late and kept.fresh:
            waiting.append(kept.id)
        elif kept.fresh or kept.id not in waiting:
            intake.take_in(stage.installation, kept.id, stage.now, lambda: True)
    for inbound_id in waiting:
        intake.take_in(stage.installation, inbound_id, stage.now, lambda: False)


def finish(stage: Stage, people: dict[str, Actor]) -> None:
    """Everybody ends what they have begun: the second 完成 is always believed, 取消 ends what is empty."""
    for who in people.values():
        for words in ("完成", "完成", "取消"):
            stage.now += timedelta(minutes=1)
            who.says(words)


def read(stage: Stage) -> Kept:
    with stage.installation.database.glance() as session:
        return Kept(
            list(session.scalars(select(Draft))),
            list(session.scalars(select(Report).order_by(Report.id))),
            list(session.scalars(select(Case))),
            list(session.scalars(select(CaseEvent))),
            len(list(session.scalars(select(Photo.id)))),
        )


def empty(installation: Installation) -> None:
    """The people stay; what they said is forgotten."""
    with installation.database.engine.begin() as connection:
        for table in reversed(Base.metadata.sorted_tables):
            if table.name not in _PEOPLE:
                connection.execute(table.delete())


def marks(texts: list[str]) -> Counter[str]:
    return Counter(found for text in texts for found in MARK.findall(text))


def said(deliveries: list[Delivery]) -> dict[str, Fields]:
    """Every mark, with the message it was in; each message counts once."""
    words = [(one.push, f"{one.push.get('Content', '')}{one.push.get('Title', '')}") for one in deliveries]
    return {found: fields for fields, text in words for found in MARK.findall(text)}


def every_message_is_in_one_draft(kept: Kept, deliveries: list[Delivery], assessor: str) -> None:
    in_drafts = marks([draft.text for draft in kept.drafts])
    for found, fields in said(deliveries).items():
        # A sheet sent again takes the place of the one before.
        least = 0 if fields["FromUserName"] == assessor else 1
        assert least <= in_drafts[found] <= 1, (found, fields)
    sent = {one.push["MsgId"] for one in deliveries if one.push["MsgType"] == "image"}
    assert kept.photos == len(sent)


def every_submitted_finding_is_one_report(kept: Kept) -> None:
    in_reports = marks([report.text for report in kept.reports])
    numbers = {report.number for report in kept.reports if report.number}
    for draft in kept.drafts:
        for found in marks([draft.text]):
            if draft.state is not DraftState.SUBMITTED:
                assert in_reports[found] == 0
            elif "JN2026" in draft.text:  # an order that was there before is written down once
                assert in_reports[found] <= 1
                assert set(re.findall("JN2026[0-9]+", draft.text)) <= numbers
            else:
                assert in_reports[found] == 1, draft.text


def every_case_comes_from_its_reports(kept: Kept) -> None:
    of_case = Counter(report.case_id for report in kept.reports)
    joined = Counter(event.case_id for event in kept.events if event.move is Move.JOIN)
    assert set(of_case) == {case.id for case in kept.cases}
    assert all(reports == 1 + joined[case] for case, reports in of_case.items())


def no_message_and_no_order_makes_two(kept: Kept) -> None:
    numbers = Counter(report.number for report in kept.reports if report.number)
    assert set(numbers.values()) <= {1}
    pairs = Counter((report.draft_id, report.case_id) for report in kept.reports)
    assert set(pairs.values()) <= {1}  # two entries of one message are two cases


def test_it_loses_nothing_and_makes_nothing_twice_in_any_order(installation: Installation) -> None:
    stage = Stage(installation)
    people = cast(stage)
    openids = {name: who.openid for name, who in people.items()}
    people["citizen"].says("你好")

    @settings(
        max_examples=MIXTURES,
        deadline=None,
        phases=(Phase.reuse, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    @given(deliveries=mixtures(openids))
    def mix(deliveries: list[Delivery]) -> None:
        empty(installation)

        deliver(stage, deliveries)
        finish(stage, people)
        kept = read(stage)

        assert stage.open_drafts() == []
        every_message_is_in_one_draft(kept, deliveries, openids["assessor"])
        every_submitted_finding_is_one_report(kept)
        every_case_comes_from_its_reports(kept)
        no_message_and_no_order_makes_two(kept)
        assert [found for found in stage.findings() if found.what not in _OTHER_JOBS] == []

    mix()
