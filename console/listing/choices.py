"""可选条件: what the list's form offers to choose from."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from console.figures.choice import Grouping
from console.figures.wording import group_name
from console.listing.filter import FLAGS, OPEN, RATINGS, Filter, major_of
from console.listing.wording import TEXTS
from console.wording import Lamp
from handlers.desk import Desk
from models.clock import Duty
from models.workflow import Status
from routing.pack import Pack
from routing.units import Tier


class Choice(NamedTuple):
    """选项."""

    value: str
    name: str


class Group(NamedTuple):
    """一组选项, under a heading of its own."""

    name: str
    choices: Sequence[Choice]


@dataclass(frozen=True, slots=True)
class Choices:
    """表单: groups stand under headings, the others do not."""

    channel: Sequence[Choice]
    district: Sequence[Choice]
    street: Sequence[Group]
    unit: Sequence[Group]
    category: Sequence[Group]
    major: Sequence[Choice]
    campaign: Sequence[Choice]
    veto: Sequence[Choice]
    status: Sequence[Choice]
    owes: Sequence[Choice]
    lamp: Sequence[Choice]
    rating: Sequence[Choice]

    def said(self, filter_: Filter) -> list[tuple[str, str]]:
        """筛选条件 in words: what each is called, and what is asked of it."""
        return [
            (TEXTS(f"name.{name}"), self._name(name, value))
            for name, value in filter_.params().items()
            if name != "sort"
        ]

    def _name(self, field: str, value: str) -> str:
        offered = getattr(self, field, ())
        flat = [one for group in offered for one in (group.choices if isinstance(group, Group) else [group])]
        return next((one.name for one in flat if one.value == value), TEXTS("is_so") if field in FLAGS else value)


def choices(desk: Desk, filter_: Filter, seen: frozenset[str] | None) -> Choices:
    """What may be chosen. seen: the units the visitor may see. Streets are those of the district chosen."""
    pack, texts = desk.router.pack, desk.texts
    categories, units = pack.categories.values(), pack.units.values()
    districts = [unit for unit in units if unit.tier is Tier.DISTRICT]
    shown = [one for one in districts if not filter_.district or one.code == filter_.district]
    return Choices(
        channel=[Choice(one.key, one.name) for one in pack.platforms.values()],
        district=[Choice(one.code, one.short) for one in districts],
        street=[Group(one.short, _streets(pack, one.code)) for one in shown],
        unit=_units(pack, seen),
        category=_categories(pack),
        major=[
            Choice(key, group_name(Grouping.MAJOR, key, pack))
            for key in _once(major_of(one.key) for one in categories)
        ],
        campaign=_same(one.campaign for one in categories),
        veto=_same(one.veto for one in categories),
        status=[Choice(OPEN, TEXTS("status.open")), *(Choice(one, texts(f"status.{one}")) for one in Status)],
        owes=[Choice(one, TEXTS(f"owes.{one}")) for one in Duty],
        lamp=[Choice(one, TEXTS(f"lamp.{one}")) for one in Lamp],
        rating=[Choice(str(one), TEXTS(f"rating.{one}")) for one in RATINGS],
    )


def _once(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(value for value in values if value))


def _same(values: Iterable[str]) -> list[Choice]:
    return [Choice(value, value) for value in _once(values)]


def _streets(pack: Pack, district: str) -> list[Choice]:
    return [
        Choice(one.code, one.short)
        for one in pack.units.values()
        if one.tier is Tier.STREET and one.district == district
    ]


def _units(pack: Pack, seen: frozenset[str] | None) -> list[Group]:
    """市直部门 first, then each district with what is below it."""
    mine = [one for one in pack.units.values() if seen is None or one.code in seen]
    tops = {one.code: one for one in pack.units.values() if one.tier is Tier.DISTRICT}
    grouped: dict[str, list[Choice]] = defaultdict(list)
    for one in mine:
        top = tops.get(one.code) or tops.get(one.parent or "")
        grouped[top.short if top else group_name(Grouping.TIER, one.tier, pack)].append(Choice(one.code, one.short))
    return [Group(name, found) for name, found in grouped.items()]


def _categories(pack: Pack) -> list[Group]:
    grouped: dict[str, list[Choice]] = defaultdict(list)
    for one in pack.categories.values():
        grouped[major_of(one.key)].append(Choice(one.key, one.name))
    return [Group(group_name(Grouping.MAJOR, key, pack), found) for key, found in grouped.items()]
