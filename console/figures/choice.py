"""选择: which part of the city's figures is asked for, and by what they are told apart."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Subquery

from console.figures.period import Period


class Grouping(StrEnum):
    """分组: by what a table's rows are told apart."""

    PLATFORM = "platform"  # 督导平台
    TIER = "tier"  # 市直部门 / 区县 / 街道镇, of the charged unit
    UNIT = "unit"  # 责任单位
    DISTRICT = "district"  # 区县, where the place lies
    STREET = "street"  # 街道镇, where the place lies
    MAJOR = "major"  # 大类
    CATEGORY = "category"  # 小类
    CAMPAIGN = "campaign"  # 攻坚行动
    DAY = "day"  # 日, or 月 in a long period
    ALL = "all"  # 合计: one group of everything, with the key ""


COLUMNS = {
    Grouping.PLATFORM: "channel",
    Grouping.TIER: "unit",
    Grouping.UNIT: "unit",
    Grouping.DISTRICT: "district",
    Grouping.STREET: "street",
    Grouping.MAJOR: "category",
    Grouping.CATEGORY: "category",
    Grouping.CAMPAIGN: "category",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """选择: a period, what the visitor may see, and filters; "" and None stand for all.

    scope: the units the visitor may see, None for the whole city.  units: what is asked for besides, with
    everything below.  major: the beginning of a category's key, such as "event:06".
    """

    period: Period
    scope: frozenset[str] | None = None
    units: frozenset[str] | None = None
    channel: str = ""
    district: str = ""
    street: str = ""
    category: str = ""
    categories: frozenset[str] | None = None

    def during(self, period: Period) -> "Choice":
        """The same for another period."""
        return replace(self, period=period)

    def conditions(self, fact: Subquery) -> list[ColumnElement[bool]]:
        """What a fact's rows must fulfil."""
        told = fact.c
        one = {"channel": self.channel, "district": self.district, "street": self.street, "category": self.category}
        several = {"unit": self.scope, "category": self.categories}
        return [
            told.at >= self.period.since,
            told.at < self.period.until,
            *(told[name] == value for name, value in one.items() if value),
            *(told[name].in_(sorted(values)) for name, values in several.items() if values is not None),
            *([told.unit.in_(sorted(self.units))] if self.units is not None else []),
        ]


@dataclass(frozen=True, slots=True)
class Atlas:
    """归类: what the city's own tables say beyond the database: a unit's tier, a category's 大类 and 攻坚行动."""

    tiers: Mapping[str, str]
    majors: Mapping[str, str]
    campaigns: Mapping[str, str]

    @classmethod
    def of(cls, pack: Any) -> "Atlas":
        """As the data pack says (routing.pack.Pack)."""
        return cls(
            tiers={code: unit.tier.value for code, unit in pack.units.items()},
            majors={key: major_of(key) for key in pack.categories},
            campaigns={key: category.campaign for key, category in pack.categories.items()},
        )

    def folds(self, grouping: Grouping) -> Mapping[str, str] | None:
        """What turns a column's value into the group; None where the value is the group."""
        known = {Grouping.TIER: self.tiers, Grouping.MAJOR: self.majors, Grouping.CAMPAIGN: self.campaigns}
        return known.get(grouping)


# For groupings that need none of it.
NOWHERE = Atlas({}, {}, {})


def major_of(category: str) -> str:
    """大类: "event:06" of "event:06010"."""
    kind, _, code = category.partition(":")
    return f"{kind}:{code[:2]}" if code else ""
