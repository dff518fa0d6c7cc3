"""A case's whole life (工单全程) in any order Hypothesis thinks of, with what must stay true after every step."""

from collections.abc import Callable, Container
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bot.installation import Installation
from models.all import Base
from models.case import Case
from models.petition import Petition, Plea, Ruling
from models.workflow import Status
from tests.handlers.truths import TRUTHS, record
from tests.stage import DIANLIU, YAOJIA, Actor, Stage

# Jobs that this machine does not run.
_OTHER_JOBS = {"outbound_stuck", "photo_stuck", "photos_not_judged"}
# What the auditor rightly says after the sweep has stood still.
_STANDSTILL = {"deadline_stuck", "reminder_missing"}

LIVES = 25  # every one is about fifty messages
UNITS = {DIANLIU: "甸柳新村街道", YAOJIA: "姚家街道"}
PLEAS = {
    Plea.RETURN: "退回",
    Plea.EXTENSION: "延期",
    Plea.DEFERRAL: "缓办",
    Plea.TRANSFER: "转办",
    Plea.REOPEN: "重办",
    Plea.APPEAL: "申诉",
}
# Where an accepted petition leads, by what it asks and where the case stands.
GRANTED: dict[Plea, dict[Status, Status]] = {
    Plea.RETURN: {Status.ASSIGNED: Status.REPORTED, Status.CLAIMED: Status.REPORTED},
    Plea.EXTENSION: {},
    Plea.DEFERRAL: {},
    Plea.APPEAL: {},
    Plea.TRANSFER: {Status.CLAIMED: Status.ASSIGNED},
    Plea.REOPEN: {Status.CLOSED: Status.CLAIMED, Status.REJECTED: Status.REPORTED},
}

IN_WORK = (Status.ASSIGNED, Status.CLAIMED)
OVER = (Status.CLOSED, Status.REJECTED)

# Of the unit that holds the case, mostly; a stranger is of the other one.
hands = st.sampled_from(["officer", "officer", "officer", "leader", "stranger"])
citizens = st.sampled_from(["first", "second"])
units = st.sampled_from(sorted(UNITS))
hours = st.sampled_from([0.05, 0.5, 2, 6, 11, 13, 25, 80])
# Everything that can be said of a case, whether or not it is the time for it.
words = st.sampled_from(
    [
        *("认领 {}", "整改 {} 已清运", "退回 {} 不归我们管", "延期 {} 等配件", "转办 {} 姚家街道", "完成", "取消"),
        *("派单 {} 姚家街道", "不予立案 {} 重复", "同意 {}", "驳回 {} 不行", "通过 {}", "不通过 {} 还有"),
        *("同意退回 {}", "同意延期 {}", "同意转办 {}", "同意重办 {}", "同意缓办 {}", "申诉成立 {}"),
        *(
            "缓办 {} 20天内 等施工",
            "缓办 {}",
            "申诉 {} 冤枉",
            "反馈 {} 已配合",
            "协办 {} 姚家街道",
            "取消协办 {} 姚家街道",
        ),
        *("补充 {} 又多了", "重办 {} 还在", "1", "3", "不满意", "查询 {}", "待办", "待派", "详情 {}", "理由 {}"),
    ]
)


def when(*statuses: Status) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """The rule is for a case in one of these states; what comes at the wrong time is `out_of_turn`."""
    return precondition(lambda machine: machine.case is not None and machine.case.status in statuses)


class CaseMachine(RuleBasedStateMachine):
    """One case, everybody who can speak of it, and the clock.

    Rules say where their words lead by a table of their own; from a state it does not name nothing may change.
    """

    def __init__(self, installation: Installation) -> None:
        super().__init__()
        _empty(installation)
        self.stage = stage = Stage(installation)
        self.people: dict[str, Actor] = {
            "first": stage.citizen("first"),
            "second": stage.citizen("second"),
            "officer of dianliu": stage.officer("officer of dianliu"),
            "leader of dianliu": stage.leader("leader of dianliu"),
            "officer of yaojia": stage.officer("officer of yaojia", YAOJIA),
            "leader of yaojia": stage.leader("leader of yaojia", YAOJIA),
            "command": stage.dispatcher("command"),
        }
        self.case: Case | None = None
        self.reports = 1
        self.asleep = self.stood_still = False

    @initialize(clear=st.booleans())
    def report(self, clear: bool) -> None:
        """The routing is sure of 垃圾桶满了, and asks a dispatcher about the other."""
        number = self.stage.reported_case(self.people["first"], "垃圾桶满了没人清" if clear else "这里很不好")
        self.case = self.stage.case(number)
        assert self.case.status is (Status.ASSIGNED if clear else Status.REPORTED)

    @when(Status.ASSIGNED)
    @rule(hand=hands)
    def claim(self, hand: str) -> None:
        self._say(self._name(hand), "认领 {}", {Status.ASSIGNED: Status.CLAIMED} if hand != "stranger" else {})

    @when(*IN_WORK)
    @rule(hand=hands, photo_first=st.booleans())
    def rectify(self, hand: str, photo_first: bool) -> None:
        """A rectification needs a photo, before its words or after them."""
        lands = dict.fromkeys(IN_WORK, Status.RECTIFIED) if hand != "stranger" else {}
        if photo_first:
            self.people[self._name(hand)].photo()
            self._say(self._name(hand), "整改 {} 已清运", lands)
        elif lands:
            self._say(
                self._name(hand), "整改 {} 已清运", {}, perhaps={Status.RECTIFIED}
            )  # a photo may be left from before
            self.people[self._name(hand)].photo()
            self._say(self._name(hand), "完成", lands)

    @when(*IN_WORK)
    @rule(hand=hands, plea=st.sampled_from([Plea.RETURN, Plea.EXTENSION]))
    def ask(self, hand: str, plea: Plea) -> None:
        self._say(self._name(hand), PLEAS[plea] + " {} 有困难", {})

    @when(*IN_WORK)
    @rule(hand=hands, days=st.sampled_from([1, 5, 20, 80, 200]))
    def ask_deferral(self, hand: str, days: int) -> None:
        self._say(self._name(hand), f"缓办 {{}} {days}天内 等管线单位施工", {})

    @rule(name=st.sampled_from(["officer of dianliu", "leader of yaojia"]), thing=st.sampled_from(["", "2", "返工 "]))
    def appeal(self, name: str, thing: str) -> None:
        """Whoever ever held it may ask, wherever it stands; of several things the menu's second is meant."""
        if thing == "2":
            self._say(name, "申诉 {}", {})
            self._say(name, thing, {})
        self._say(name, f"申诉 {{}} {thing}没有的事", {})

    @when(*IN_WORK)
    @rule(unit=units, stays=st.booleans())
    def call_in(self, unit: str, stays: bool) -> None:
        self._say("command", f"协办 {{}} {UNITS[unit]}", {})
        self._say(f"officer of {'yaojia' if unit == YAOJIA else 'dianliu'}", "反馈 {} 已配合", {})
        if not stays:
            self._say("command", f"取消协办 {{}} {UNITS[unit]}", {})

    @when(*IN_WORK)
    @rule(hand=hands, unit=units)
    def ask_transfer(self, hand: str, unit: str) -> None:
        self._say(self._name(hand), f"转办 {{}} {UNITS[unit]} 归他们管", {})

    @precondition(lambda machine: machine.pending())
    @rule(agreed=st.booleans(), data=st.data())
    def rule_on_it(self, agreed: bool, data: st.DataObject) -> None:
        petition = data.draw(st.sampled_from(self.pending()))
        name = PLEAS[petition.plea]
        if agreed:
            stays = petition.suggested_unit is not None and petition.suggested_unit == self._unit()
            self._say("command", f"同意{name} {{}}", {} if stays else GRANTED[petition.plea])
        else:
            self._say("command", f"驳回{name} {{}} 理由不足", {})
            assert petition.plea not in [waiting.plea for waiting in self.pending()]

    @when(Status.REPORTED, *IN_WORK)
    @rule(unit=units)
    def assign(self, unit: str) -> None:
        lands = {} if unit == self._unit() else dict.fromkeys((Status.REPORTED, *IN_WORK), Status.ASSIGNED)
        self._say("command", f"派单 {{}} {UNITS[unit]}", lands)
        assert self._unit() == unit

    @when(Status.REPORTED)
    @rule()
    def reject(self) -> None:
        self._say("command", "不予立案 {} 不属于本平台", {Status.REPORTED: Status.REJECTED})

    @when(Status.RECTIFIED)
    @rule(passed=st.booleans())
    def verify(self, passed: bool) -> None:
        if passed:
            self._say("command", "通过 {}", {Status.RECTIFIED: Status.CLOSED})
        else:
            self._say("command", "不通过 {} 还有垃圾", {Status.RECTIFIED: Status.CLAIMED})

    @when(Status.RECTIFIED, Status.CLOSED)
    @rule(citizen=citizens, score=st.sampled_from(["1", "2", "3"]))
    def rate(self, citizen: str, score: str) -> None:
        """Whether a good word closes the case depends on who was asked and what the others said."""
        may_close = score != "3" and self._status() is Status.RECTIFIED
        self._say(citizen, score, {}, perhaps={Status.CLOSED} if may_close else set())

    @when(Status.RECTIFIED, *OVER)
    @rule(citizen=citizens)
    def ask_reopen(self, citizen: str) -> None:
        self._say(citizen, "重办 {} 还没解决", {})

    @precondition(lambda machine: machine.reports < 3)
    @rule()
    def report_again(self) -> None:
        """The second citizen finds it too; a case that is over takes no more reports, and another is opened."""
        self._pass(timedelta(minutes=1))
        self.stage.reported_case(self.people["second"])
        self.reports += 1
        self._look(self._status())

    @rule(name=st.sampled_from(["first", "officer of dianliu", "leader of yaojia", "command"]), text=words)
    def out_of_turn(self, name: str, text: str) -> None:
        """Anybody may say anything at any time; that nothing breaks is seen from what must stay true."""
        self._say(name, text, {}, perhaps=set(Status))

    @rule(span=hours)
    def time_passes(self, span: float) -> None:
        self.asleep = False
        self._pass(timedelta(hours=span))
        self._look(self._status())

    @rule(span=hours)
    def sweep_stands_still(self, span: float) -> None:
        """Until time passes again: whoever acts meanwhile finds clocks that nobody has looked at."""
        self.asleep = self.stood_still = True
        self._pass(timedelta(hours=span))

    @precondition(lambda machine: machine.stage.open_drafts())
    @rule()
    def drafts_fall_quiet(self) -> None:
        self._pass(timedelta(minutes=3))
        self.stage.fall_quiet()
        self._look(self._status())

    @invariant()
    def everything_is_true(self) -> None:
        if self.case is not None:
            kept = record(self.stage, self.case.id)
            for truth in TRUTHS:
                truth(kept)

    @invariant()
    def the_auditor_has_nothing_to_say(self) -> None:
        allowed = _OTHER_JOBS | (_STANDSTILL if self.stood_still else set())
        found = [finding for finding in self.stage.findings() if finding.what not in allowed]
        assert found == []

    def pending(self) -> list[Petition]:
        waiting = self.case.petitions if self.case else []
        return [petition for petition in waiting if petition.state is Ruling.PENDING]

    def _pass(self, span: timedelta) -> None:
        self.stage.now += span
        if not self.asleep:
            self.stage.sweep()

    def _say(
        self, name: str, text: str, lands: dict[Status, Status], perhaps: Container[Status] = frozenset()
    ) -> None:
        """Say it a minute later. perhaps: where it may lead as well, by what the table does not know."""
        self._pass(timedelta(minutes=1))
        before = self._status()
        self.people[name].says(text.format(self._case().id))
        self._look(lands.get(before, before), perhaps)

    def _look(self, expected: Status, perhaps: Container[Status] = frozenset()) -> None:
        self.case = self.stage.case(self._case().id)
        assert self.case.status is expected or self.case.status in perhaps

    def _name(self, hand: str) -> str:
        """Who that is now."""
        at_yaojia = (self._unit() == YAOJIA) is not (hand == "stranger")
        return f"{'leader' if hand == 'leader' else 'officer'} of {'yaojia' if at_yaojia else 'dianliu'}"

    def _unit(self) -> str | None:
        lead = self._case().lead
        return lead.unit_code if lead else None

    def _status(self) -> Status:
        return self._case().status

    def _case(self) -> Case:
        assert self.case is not None
        return self.case


def _empty(installation: Installation) -> None:
    """Every life begins with nobody known; the units stay."""
    with installation.database.engine.begin() as connection:
        for table in reversed(Base.metadata.sorted_tables):
            if table.name != "units":
                connection.execute(table.delete())


@pytest.mark.parametrize("loaded_database", ["sqlite"], indirect=True, scope="session")
def test_it_stays_true_whatever_happens_to_a_case(installation: Installation) -> None:
    class Life(CaseMachine):
        def __init__(self) -> None:
            super().__init__(installation)

    # A failing life is printed as it was: making it shorter takes minutes, reading fifty lines does not.
    phases = (Phase.reuse, Phase.generate)
    lives = settings(
        max_examples=LIVES,
        stateful_step_count=50,
        deadline=None,
        phases=phases,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Life, settings=lives)
