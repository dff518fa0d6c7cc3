"""口径: every figure the command centre speaks of, with its formula. Nothing else computes a rate.

What is counted, and on which day, is written at the facts (console.figures.facts).
"""

from dataclasses import dataclass, fields
from typing import Self


@dataclass(frozen=True, slots=True)
class Share:
    """比率: a part of a whole. Of nothing there is no rate: neither 0 nor 100 per cent."""

    part: int
    whole: int

    @property
    def rate(self) -> float | None:
        return self.part / self.whole if self.whole else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """数字: what was counted of one group in one period. Groups add up."""

    reports: int = 0  # 上报
    accepted: int = 0  # 立案
    rejected: int = 0  # 不予立案
    undecided: int = 0  # 待研判
    opened: int = 0  # 新案件
    recurrences: int = 0  # 新案件中的反弹
    exposed: int = 0  # 新案件中媒体曝光的
    claim_met: int = 0  # 及时认领
    claim_late: int = 0  # 逾期认领, or overdue still
    claim_running: int = 0  # 认领时限未到
    rectify_met: int = 0  # 及时整改
    rectify_late: int = 0  # 逾期整改, or overdue still
    rectify_running: int = 0  # 整改时限未到
    passed: int = 0  # 核查通过, 上报人确认
    reworked: int = 0  # 核查不通过, 重办
    rated_1: int = 0  # 满意
    rated_2: int = 0  # 基本满意
    rated_3: int = 0  # 不满意
    closed: int = 0  # 办结
    came_back: int = 0  # 办结后又反弹
    extensions: int = 0  # 准予延期
    deferrals: int = 0  # 准予缓办
    returned: int = 0  # 准予退回

    def __add__(self, other: Self) -> Self:
        both = {one.name: getattr(self, one.name) + getattr(other, one.name) for one in fields(self)}
        return type(self)(**both)

    @property
    def accepting(self) -> Share:
        """立案率 = 立案的上报 ÷ (立案的上报 + 不予立案的上报). 待研判 is in neither and stands beside it."""
        return Share(self.accepted, self.accepted + self.rejected)

    @property
    def claiming(self) -> Share:
        """认领及时率 = 时限内认领 ÷ 认领时限在本期届满或已认领的. Open and overdue counts as late now."""
        return Share(self.claim_met, self.claim_met + self.claim_late)

    @property
    def rectifying(self) -> Share:
        """整改及时率 = 时限内整改 ÷ 整改时限在本期届满或已整改的. Open and overdue counts as late now.

        An approved 延期 or 缓办 puts the new deadline in the old one's place; how many there were stands beside it.
        """
        return Share(self.rectify_met, self.rectify_met + self.rectify_late)

    @property
    def reworking(self) -> Share:
        """返工率 = (核查不通过 + 办结后重办) ÷ (核查通过 + 上报人确认 + 核查不通过 + 办结后重办)."""
        return Share(self.reworked, self.passed + self.reworked)

    @property
    def content(self) -> Share:
        """满意率 = (满意 + 基本满意) ÷ 有评价的案件; of several answers about a case the worst counts."""
        happy = self.rated_1 + self.rated_2
        return Share(happy, happy + self.rated_3)

    @property
    def recurring(self) -> Share:
        """反弹率 = 本期办结、至今又反弹的案件 ÷ 本期办结的案件."""
        return Share(self.came_back, self.closed)

    @property
    def duties_met(self) -> int:
        """及时: 认领 and 整改 together, as the 日报 tells units apart by what they did."""
        return self.claim_met + self.rectify_met

    @property
    def duties_late(self) -> int:
        """逾期: 认领 and 整改 together."""
        return self.claim_late + self.rectify_late


# In the order in which they are shown; the name of the figure, and whether more of it is better.
RATES = {
    "accepting": True,
    "claiming": True,
    "rectifying": True,
    "reworking": False,
    "content": True,
    "recurring": False,
}
