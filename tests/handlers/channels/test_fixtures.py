"""What each platform's people really send, as WeChat posts it, from the push to the case."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.app import create_app
from bot.installation import ROOT, Installation, utc_now
from bot.wechat.push import read_fields
from handlers.membership.invitations import invite
from models.case import Case
from models.hotline import HotlineOrder
from models.outbound import OutboundMessage
from models.people import Identity, Role
from models.report import Report
from simulator.wire import read_answer
from tests.bot import pushes
from tests.bot.pushes import ACCOUNT, Postman
from tests.stage import Stage

FOLDERS = ROOT / "tests" / "fixtures"
TRAFFIC_POLICE = "dept-traffic"


@dataclass(frozen=True)
class Sender:
    """Whoever writes from one folder: the role, what a roster says of it, and what ends a report."""

    role: Role
    roster: dict[str, str]
    last_word: str = "完成"


SENDERS = {
    "citizen_patrol": Sender(Role.PATROL, {}),
    "hotline_12345": Sender(Role.OPERATOR, {}),
    "traffic_volunteer": Sender(Role.VOLUNTEER, {"post": "jingshi-lishan"}),
    "field_assessment": Sender(Role.ASSESSOR, {}, last_word="确认"),
    "media_supervision": Sender(Role.JOURNALIST, {"outlet": "济南时报"}),
}
PUSHES = [push for channel in SENDERS for push in sorted((FOLDERS / channel).glob("*.xml"))]
KINDS = {"tidy", "untidy", "wrong", "duplicate", "unknown"}
AT_LEAST = 12


@pytest.mark.parametrize("push", PUSHES, ids=lambda push: f"{push.parent.name}-{push.stem}")
def test_it_makes_of_a_push_what_its_sender_meant(installation: Installation, push: Path) -> None:
    expected = _expected(push)
    phone = _Phone(installation, push.parent.name)
    _bind_officers(installation, expected)
    for earlier in expected.get("after", []):
        phone.sends(push.with_name(f"{earlier}.xml"))

    answer = phone.sends(push)

    seen = "\n".join(phone.seen_by_others())
    assert expected["answer"] in answer
    assert phone.reports(like=expected["reports"]) == expected["reports"]
    assert phone.orders() == expected.get("orders", [])
    assert _count_cases(installation) == expected["cases"]
    assert [words for words in expected.get("hidden", []) if words in seen] == []


@pytest.mark.parametrize("channel", SENDERS)
def test_it_has_a_push_of_every_kind_for_every_platform(channel: str) -> None:
    pushes_there = [push.stem for push in PUSHES if push.parent.name == channel]
    expectations = [file.name.removesuffix(".expected.json") for file in (FOLDERS / channel).glob("*.expected.json")]

    kinds = {stem.split("_")[1] for stem in pushes_there}

    assert len(pushes_there) >= AT_LEAST
    assert kinds >= KINDS
    assert sorted(expectations) == pushes_there


@pytest.mark.parametrize("channel", SENDERS)
def test_it_repeats_one_message_of_every_platform_to_the_letter(channel: str) -> None:
    bodies = {push.stem: _body(push) for push in PUSHES if push.parent.name == channel}

    again = [stem for stem in bodies if stem.endswith("duplicate_same_number")]
    fields = [read_fields(body) for body in set(bodies.values())]

    assert len(again) == 1
    assert len({one["MsgId"] for one in fields}) == len(fields) == len(bodies) - 1
    assert len({one["FromUserName"] for one in fields}) == 1


class _Phone:
    """The phone of one folder's registered sender, whose every push goes through the webhook."""

    def __init__(self, installation: Installation, channel: str) -> None:
        self._installation = installation
        self._sender = SENDERS[channel]
        self._openid = str(read_fields(_body(next(p for p in PUSHES if p.parent.name == channel)))["FromUserName"])
        self._post = Postman(create_app(installation).test_client())
        self._says(f"绑定 {self._invitation()}")

    def sends(self, push: Path) -> str:
        """Send one push and end the report as people do; the answer to the push itself."""
        response = self._post.send(_body(push))
        answer = read_answer(ACCOUNT, self._openid, response.text) or {"Content": ""}
        for words in ("完成", self._sender.last_word):
            if Stage(self._installation).open_drafts():
                self._says(words)
        return str(answer["Content"])

    def reports(self, like: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Every report there is, in the words of an expectation; of its extra facts those that are pinned."""
        with self._installation.database.glance() as session:
            rows = session.execute(
                select(Report, Case).join(Case, Case.id == Report.case_id).order_by(Report.id)
            ).all()
        pinned = [one["extra"] for one in like] + [{}] * len(rows)
        return [
            {
                "category": case.category,
                "street": case.street,
                "place": case.place,
                "number": report.number,
                "extra": {key: _lasting(key, report.extra.get(key)) for key in keys},
            }
            for (report, case), keys in zip(rows, pinned, strict=False)
        ]

    def orders(self) -> list[dict[str, str]]:
        """Every work order, with the caller's data that nobody but the command centre may see."""
        with self._installation.database.glance() as session:
            orders = session.scalars(select(HotlineOrder).order_by(HotlineOrder.id)).all()
        return [{"number": order.number, "caller": order.caller, "phone": order.phone} for order in orders]

    def seen_by_others(self) -> Iterator[str]:
        """Every case's own words, and all that was said to anybody but the sender."""
        with self._installation.database.glance() as session:
            for case in session.scalars(select(Case)):
                yield f"{case.text}\n{case.place}\n{case.decision}"
            own = select(Identity.person_id).where(Identity.openid == self._openid)
            yield from session.scalars(select(OutboundMessage.text).where(OutboundMessage.person_id.not_in(own)))

    def _says(self, words: str) -> str:
        return self._post.hears(pushes.text(words, self._openid))

    def _invitation(self) -> str:
        with self._installation.database.story() as session:
            role, roster = self._sender.role, self._sender.roster
            return invite(session, role, None, "陈登记", utc_now(), timedelta(days=1), **roster).code


def _lasting(key: str, value: Any) -> Any:
    """A day without its year: "11月20日" is the last one there was, whenever the tests run."""
    return str(value)[5:] if key == "published_on" else value


def _expected(push: Path) -> dict[str, Any]:
    text = push.with_name(f"{push.stem}.expected.json").read_text(encoding="utf-8")
    expected: dict[str, Any] = json.loads(text)
    return expected


def _body(push: Path) -> str:
    return push.read_text(encoding="utf-8")


def _count_cases(installation: Installation) -> int:
    with installation.database.glance() as session:
        return session.scalars(select(func.count()).select_from(Case)).one()


def _bind_officers(installation: Installation, expected: dict[str, Any]) -> None:
    """Somebody hears what goes to the units and to the command centre."""
    stage = Stage(installation)
    stage.now = utc_now()
    stage.dispatcher()
    for unit in sorted({report["street"] for report in expected["reports"]} - {""} | {TRAFFIC_POLICE}):
        stage.officer(unit=unit)
