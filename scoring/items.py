"""计分事项: what counts for and against units: its kinds, what it is read from, and what it says. Plain values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from models.workflow import Move, Part


class Kind(StrEnum):
    """事项类别. What its value means stands beside it; count is how many it stands for."""

    CLAIM = "claim"  # 认领: 1 in time, 0 late
    RECTIFY = "rectify"  # 整改: 1 in time, 0 late
    CHECK = "check"  # 核查: 1 passed at the first go, 0 after a 返工
    FAILED_CHECK = "failed_check"  # 核查不通过: value is the how-manieth on this case and unit
    FAKE = "fake"  # 弄虚作假
    SHIRKED = "shirked"  # 推诿: a 退回 that was refused
    RATING = "rating"  # 满意度: 1, 2 or 3; the worst counts
    OVERTIME = "overtime"  # 超时: (used − limit) ÷ limit, of a duty that was late
    EXPOSURE = "exposure"  # 媒体曝光: value is the how-manieth of the same problem
    RECURRENCE = "recurrence"  # 反弹: a closed case's problem came back
    CLOSED = "closed"  # 办结
    OPEN_OVERDUE = "open_overdue"  # 逾期未结: counts now, not when it is closed at last
    EXTENSION = "extension"  # 准予延期
    DEFERRAL = "deferral"  # 准予缓办: the case leaves the denominator of 整改
    WRONG_DISPATCH = "wrong_dispatch"  # 派单错误: a 退回 that was accepted, charged to who dispatched
    FOUND_BY_SELF = "found_by_self"  # 自查发现
    FOUND_BY_OTHERS = "found_by_others"  # 他人发现


class Happened(NamedTuple):
    """一条事件, in plain values; the columns of CaseEvent that count."""

    id: int
    move: Move
    part: Part
    at: datetime
    data: Mapping[str, Any]


class Facts(NamedTuple):
    """案件事实 that no event of its own tells.

    command: code of the command centre, which answers for wrong dispatching.
    came_back_at, came_back_as: when its problem came back after it was closed (反弹), and as which case.
    found_by_self: its first reporter belongs to the unit that got it, or to one below.
    """

    case_id: int
    command: str
    came_back_at: datetime | None = None
    came_back_as: int = 0
    found_by_self: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """计分事项: one thing for one unit. event_id: what tells of it, 0 for the case itself.  at: when it counts."""

    unit: str
    kind: Kind
    case_id: int
    event_id: int
    at: datetime
    value: float
    duty: str = ""
