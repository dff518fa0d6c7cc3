"""流程: the only table of legal moves. Who may do what to a case in which state, and where it leads."""

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """案件状态: where a case stands."""

    REPORTED = "reported"  # 待立案
    ASSIGNED = "assigned"  # 待认领
    CLAIMED = "claimed"  # 整改中
    RECTIFIED = "rectified"  # 待核查
    CLOSED = "closed"  # 已办结
    REJECTED = "rejected"  # 不予立案


OPEN_STATUSES = (Status.REPORTED, Status.ASSIGNED, Status.CLAIMED, Status.RECTIFIED)


class Part(StrEnum):
    """角色: the part somebody plays towards one case."""

    SYSTEM = "system"
    REPORTER = "reporter"  # 上报人
    OFFICER = "officer"  # 经办人 of the unit that holds the case, or held it
    LEADER = "leader"  # 单位负责人
    HELPER = "helper"  # whoever acts for a 协办 unit
    DISPATCHER = "dispatcher"  # 调度员
    VERIFIER = "verifier"  # 核查员
    ASSESSOR = "assessor"  # 测评员, re-checking a case without being its reporter


class Move(StrEnum):
    """动作: everything that can happen to a case."""

    OPEN = "open"  # 受理
    JOIN = "join"  # 并案: one more report of the same problem
    NOTE = "note"  # 补充
    CORRECT = "correct"  # 更正类别或地点
    SPLIT = "split"  # 拆分: one of its problems became a case of its own
    REVIEW = "review"  # 重新研判: routing looked again, and suggests otherwise
    ASSIGN = "assign"  # 立案派单, 转办
    ENLIST = "enlist"  # 指定协办
    DISMISS = "dismiss"  # 取消协办
    FEED_BACK = "feed_back"  # 协办反馈
    REJECT = "reject"  # 不予立案
    CLAIM = "claim"  # 认领
    RECTIFY = "rectify"  # 整改完成
    PASS = "pass"  # noqa: S105  核查通过
    FAIL = "fail"  # 核查不通过, 返工
    CONFIRM = "confirm"  # 上报人满意
    OBJECT = "object"  # 上报人不满意, before the 核查
    RATE = "rate"  # 评价, after the case was closed
    ASK_RETURN = "ask_return"  # 申请退回
    ASK_EXTENSION = "ask_extension"  # 申请延期
    ASK_DEFERRAL = "ask_deferral"  # 申请缓办
    ASK_TRANSFER = "ask_transfer"  # 建议转办
    ASK_REOPEN = "ask_reopen"  # 申请重办
    ASK_APPEAL = "ask_appeal"  # 申诉
    SEND_BACK = "send_back"  # 同意退回
    EXTEND = "extend"  # 同意延期
    DEFER = "defer"  # 同意缓办
    UPHOLD = "uphold"  # 申诉成立: its data names what no longer counts
    REFUSE = "refuse"  # 驳回申请
    REOPEN = "reopen"  # 同意重办
    DOUBT = "doubt"  # 照片存疑: somebody must look on site
    CLEAR = "clear"  # 疑点消除: better photos came
    EXPOSE = "expose"  # 媒体曝光
    PLEDGE = "pledge"  # 整改承诺
    BREACH = "breach"  # 逾期
    UNREACHED = "unreached"  # 未送达


class IllegalMove(Exception):
    """A move the table does not allow. Raised by Case.move, turned into words by handlers."""

    def __init__(self, status: Status | None, move: Move, part: Part) -> None:
        super().__init__(f"{part.value} may not {move.value} a case that is {status.value if status else 'new'}")
        self.status, self.move, self.part = status, move, part


class OutOfTime(Exception):
    """Something that may only be done before a deadline came after it. Raised by Case.extend and Case.defer."""


@dataclass(frozen=True, slots=True)
class Edge:
    """One row of the table: to None means the case stays where it is."""

    by: frozenset[Part]
    to: Status | None = None


def _edge(*by: Part, to: Status | None = None) -> Edge:
    return Edge(frozenset(by), to)


_UNIT = (Part.OFFICER, Part.LEADER)
_IN_WORK = (Status.ASSIGNED, Status.CLAIMED)
_LOOKED_AT = (Move.DOUBT, Move.CLEAR)
_PEOPLE = (Part.REPORTER, *_UNIT, Part.DISPATCHER, Part.VERIFIER, Part.ASSESSOR)

EDGES: dict[tuple[Status | None, Move], Edge] = {
    (None, Move.OPEN): _edge(Part.SYSTEM, to=Status.REPORTED),
    # 立案与派单: the system assigns only what nobody has touched; people may move it on later (转办).
    (Status.REPORTED, Move.ASSIGN): _edge(Part.SYSTEM, Part.DISPATCHER, to=Status.ASSIGNED),
    (Status.ASSIGNED, Move.ASSIGN): _edge(Part.DISPATCHER, to=Status.ASSIGNED),
    (Status.CLAIMED, Move.ASSIGN): _edge(Part.DISPATCHER, to=Status.ASSIGNED),
    (Status.REPORTED, Move.REJECT): _edge(Part.DISPATCHER, to=Status.REJECTED),
    **{(status, Move.CORRECT): _edge(Part.DISPATCHER) for status in OPEN_STATUSES},
    **{(status, Move.SPLIT): _edge(Part.DISPATCHER) for status in OPEN_STATUSES},
    (Status.REPORTED, Move.REVIEW): _edge(Part.SYSTEM),
    # 协办 ends by itself with the case and with the lead's part in it.
    **{(status, Move.ENLIST): _edge(Part.SYSTEM, Part.DISPATCHER) for status in _IN_WORK},
    **{(status, Move.DISMISS): _edge(Part.DISPATCHER) for status in (*_IN_WORK, Status.RECTIFIED)},
    **{(status, Move.FEED_BACK): _edge(Part.HELPER) for status in (*_IN_WORK, Status.RECTIFIED)},
    (Status.ASSIGNED, Move.CLAIM): _edge(*_UNIT, to=Status.CLAIMED),
    (Status.CLAIMED, Move.RECTIFY): _edge(*_UNIT, to=Status.RECTIFIED),
    # 核查: the unit that is accused never closes its own case.
    (Status.RECTIFIED, Move.PASS): _edge(Part.DISPATCHER, Part.VERIFIER, to=Status.CLOSED),
    (Status.RECTIFIED, Move.FAIL): _edge(Part.DISPATCHER, Part.VERIFIER, to=Status.CLAIMED),
    (Status.RECTIFIED, Move.CONFIRM): _edge(Part.REPORTER, to=Status.CLOSED),
    (Status.RECTIFIED, Move.OBJECT): _edge(Part.REPORTER, Part.ASSESSOR),
    (Status.CLOSED, Move.RATE): _edge(Part.REPORTER),
    # A reporter may have been content before the photos were looked at.
    **{(status, move): _edge(Part.SYSTEM) for status in (Status.RECTIFIED, Status.CLOSED) for move in _LOOKED_AT},
    # 申请与裁定: a request changes nothing by itself; the ruling does.
    (Status.ASSIGNED, Move.SEND_BACK): _edge(Part.DISPATCHER, to=Status.REPORTED),
    (Status.CLAIMED, Move.SEND_BACK): _edge(Part.DISPATCHER, to=Status.REPORTED),
    (Status.CLAIMED, Move.EXTEND): _edge(Part.DISPATCHER),
    (Status.CLAIMED, Move.DEFER): _edge(Part.DISPATCHER),
    (Status.CLOSED, Move.ASK_REOPEN): _edge(Part.REPORTER, Part.ASSESSOR),
    (Status.REJECTED, Move.ASK_REOPEN): _edge(Part.REPORTER),
    (Status.CLOSED, Move.REOPEN): _edge(Part.DISPATCHER, to=Status.CLAIMED),
    (Status.REJECTED, Move.REOPEN): _edge(Part.DISPATCHER, to=Status.REPORTED),
    **{(status, move): _edge(*_UNIT) for status in _IN_WORK for move in (Move.ASK_RETURN, Move.ASK_TRANSFER)},
    (Status.CLAIMED, Move.ASK_EXTENSION): _edge(*_UNIT),
    (Status.CLAIMED, Move.ASK_DEFERRAL): _edge(*_UNIT),
    # 申诉 is about what has happened, so it does not matter where the case stands by now.
    **{(status, Move.ASK_APPEAL): _edge(*_UNIT) for status in Status},
    **{(status, Move.UPHOLD): _edge(Part.DISPATCHER) for status in Status},
    **{(status, Move.EXPOSE): _edge(Part.SYSTEM) for status in Status},
    (Status.ASSIGNED, Move.PLEDGE): _edge(*_UNIT),
    (Status.CLAIMED, Move.PLEDGE): _edge(*_UNIT),
    **{(status, Move.JOIN): _edge(Part.SYSTEM, Part.DISPATCHER) for status in OPEN_STATUSES},
    **{(status, Move.NOTE): _edge(*_PEOPLE) for status in Status},
    # A closed case can be overdue as well: the command centre owes an answer to who asks for 重办.
    **{(status, Move.BREACH): _edge(Part.SYSTEM) for status in Status},
    # A ruling may come after the case has moved on; it is kept all the same.
    **{(status, Move.REFUSE): _edge(Part.DISPATCHER, Part.SYSTEM) for status in Status},
    **{(status, Move.UNREACHED): _edge(Part.SYSTEM) for status in Status},
}


def after(status: Status | None, move: Move, part: Part) -> Status:
    """The state a move leads to. Raises IllegalMove for everything the table does not list."""
    edge = EDGES.get((status, move))
    if edge is None or part not in edge.by:
        raise IllegalMove(status, move, part)
    landing = edge.to or status
    if landing is None:
        raise IllegalMove(status, move, part)
    return landing
