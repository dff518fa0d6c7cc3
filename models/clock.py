"""时限规则: how long a duty lasts, when its words are due and who hears them. Plain values."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any


class Duty(StrEnum):
    """时限类别: what is owed until a deadline."""

    TRIAGE = "triage"  # 立案派单, owed by the command centre
    CLAIM = "claim"  # 认领
    RECTIFY = "rectify"  # 整改
    VERIFY = "verify"  # 核查, owed by the command centre
    RULING = "ruling"  # 申请裁定, owed by the command centre


class Audience(StrEnum):
    """提醒对象: who hears a word about a duty."""

    OFFICERS = "officers"  # 经办人
    LEADER = "leader"  # 单位负责人
    PARENT = "parent"  # 上级单位
    COMMAND = "command"  # 指挥部 (督办)


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
    """时限总表: the policy of each duty, and what a 返工 or 延期 gives."""

    policies: dict[Duty, Policy]
    rework: timedelta
    extension: timedelta

    def of(self, duty: Duty, hours: float | None = None) -> Policy:
        """The policy of a duty, with the category's own length where it has one."""
        policy = self.policies[duty]
        return policy if hours is None else Policy(timedelta(hours=hours), policy.steps, policy.repeat)


def ordered(steps: Iterable[Step]) -> tuple[Step, ...]:
    return tuple(sorted(steps, key=lambda step: step.offset))
