"""时限规则: how long a duty lasts, when its words are due and who hears them. Plain values."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo


class Duty(StrEnum):
    """时限类别: what is owed until a deadline."""

    TRIAGE = "triage"  # 立案派单, owed by the command centre
    CLAIM = "claim"  # 认领
    RECTIFY = "rectify"  # 整改
    VERIFY = "verify"  # 核查, owed by the command centre
    RULING = "ruling"  # 申请裁定, owed by the command centre
    PLEDGE = "pledge"  # 整改承诺, owed by the unit of an exposed case


class Audience(StrEnum):
    """提醒对象: who hears a word about a duty."""

    OFFICERS = "officers"  # 经办人
    LEADER = "leader"  # 单位负责人
    PARENT = "parent"  # 上级单位
    COMMAND = "command"  # 指挥部 (督办)
    VERIFIERS = "verifiers"  # 核查员, the command centre where there are none


@dataclass(frozen=True, slots=True)
class Step:
    """提醒节点: a word due at an offset from the deadline (negative: before it)."""

    offset: timedelta
    tell: tuple[Audience, ...]

    @property
    def is_breach(self) -> bool:
        return self.offset == timedelta(0)


@dataclass(frozen=True, slots=True)
class Policy:
    """时限规则: copied into each Deadline when it is made, so that a later change never rewrites the past.

    within: how long the duty lasts.  steps: the words, in order of time; one of them is at the deadline.
    repeat: after the last step the last audience hears again, each so often, until it is done.
    """

    within: timedelta
    steps: tuple[Step, ...]
    repeat: timedelta

    def step(self, n: int) -> Step:
        """The nth word (from 0); past the list it is the last one, repeated."""
        if n < len(self.steps):
            return self.steps[n]
        last = self.steps[-1]
        return Step(last.offset + self.repeat * (n - len(self.steps) + 1), last.tell)

    def first_after(self, starts_at: datetime, due_at: datetime) -> int:
        """The first word that is not already past when the duty begins."""
        n = 0
        while due_at + self.step(n).offset <= starts_at and not self.step(n).is_breach:
            n += 1
        return n

    def lasting(self, hours: float | None) -> "Policy":
        """The same rule with another length."""
        return self if hours is None else Policy(timedelta(hours=hours), self.steps, self.repeat)

    def as_json(self) -> dict[str, Any]:
        return {
            "within": self.within.total_seconds(),
            "repeat": self.repeat.total_seconds(),
            "steps": [[step.offset.total_seconds(), [a.value for a in step.tell]] for step in self.steps],
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Policy":
        return cls(
            timedelta(seconds=kept["within"]),
            tuple(Step(timedelta(seconds=s), tuple(map(Audience, tell))) for s, tell in kept["steps"]),
            timedelta(seconds=kept["repeat"]),
        )


@dataclass(frozen=True, slots=True)
class Clocks:
    """时限总表: the policy of each duty, what a 返工 or 延期 gives, and how far ahead a 缓办 may reach."""

    policies: dict[Duty, Policy]
    rework: timedelta
    extension: timedelta
    longest_deferral: timedelta = timedelta(days=90)

    def of(self, duty: Duty) -> Policy:
        return self.policies[duty]

    def for_category(self, own: "Hours") -> dict[str, Any]:
        """The claim and rectify rules as an Assignment keeps them, with the category's own lengths."""
        lengths = {Duty.CLAIM: own.claim, Duty.RECTIFY: own.rectify}
        return {duty.value: self.policies[duty].lasting(hours).as_json() for duty, hours in lengths.items()}


@dataclass(frozen=True, slots=True)
class Hours:
    """A category's own 认领 and 整改 hours; None where the settings' rule holds."""

    claim: float | None = None
    rectify: float | None = None


def ordered(steps: Iterable[Step]) -> tuple[Step, ...]:
    return tuple(sorted(steps, key=lambda step: step.offset))


@dataclass(frozen=True, slots=True)
class QuietHours:
    """免打扰: local times between which nothing is said that can wait. begin == end means never quiet."""

    begin: time
    end: time
    zone: ZoneInfo

    def release(self, at: datetime, no_later_than: datetime | None = None) -> datetime:
        """When a word due at `at` may be said: at once, or when the quiet ends if that is not too late for it."""
        local = at.astimezone(self.zone)
        if not self._is_quiet(local.time()):
            return at
        wake = local.replace(hour=self.end.hour, minute=self.end.minute, second=0, microsecond=0)
        if wake <= local:
            wake += timedelta(days=1)
        too_late = no_later_than is not None and at < no_later_than <= wake
        return at if too_late else wake.astimezone(UTC)

    def _is_quiet(self, clock: time) -> bool:
        if self.begin <= self.end:
            return self.begin <= clock < self.end
        return clock >= self.begin or clock < self.end
