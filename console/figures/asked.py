"""所问: the figures an address asks for; the names of its parameters are those of the case list."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from console.figures.choice import Choice, Grouping
from console.figures.period import BadPeriod, Period, Span, named
from console.figures.wording import TEXTS, group_name
from console.listing.filter import Reader
from console.visitor import with_below
from routing.pack import Pack

USUAL_SPAN, USUAL_GROUP = Span.MONTH, Grouping.UNIT
GROUPINGS = tuple(by for by in Grouping if by is not Grouping.ALL)
# What narrows figures; the list has more, which says how cases stand now.
_SHARED = ("channel", "district", "street", "unit", "category", "major", "campaign", "veto")
# Of this unit or tier alone, as a table's row is; `unit` takes along everything below it.
_OWN = ("charged", "tier")
_ROW_FILTERS = {
    Grouping.PLATFORM: "channel",
    Grouping.TIER: "tier",
    Grouping.UNIT: "charged",
    Grouping.DISTRICT: "district",
    Grouping.STREET: "street",
    Grouping.MAJOR: "major",
    Grouping.CATEGORY: "category",
    Grouping.CAMPAIGN: "campaign",
}
_NAMED_AS = {
    "channel": Grouping.PLATFORM,
    "district": Grouping.DISTRICT,
    "street": Grouping.STREET,
    "unit": Grouping.UNIT,
    "charged": Grouping.UNIT,
    "tier": Grouping.TIER,
    "category": Grouping.CATEGORY,
    "major": Grouping.MAJOR,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """所问. filters: parameter → value, only those that were understood; wrong: the names of the others."""

    period: Period
    group: Grouping
    filters: Mapping[str, str]
    wrong: tuple[str, ...] = ()

    def params(self, **other: str) -> dict[str, str]:
        """The same as an address says it, but for what is said otherwise here."""
        days = {"from": self.period.first.isoformat(), "to": self.period.last.isoformat()}
        said = {**days, "group": self.group.value, **self.filters, **other}
        return {name: value for name, value in said.items() if value}

    def row_params(self, key: str) -> dict[str, str] | None:
        """The same for one row of the table; None where no address can say it."""
        if not key:
            return None
        if self.group is not Grouping.DAY:
            return self.params(**{_ROW_FILTERS[self.group]: key})
        bucket = next((one for one in self.period.buckets() if one.key == key), None)
        if bucket is None:
            return None
        first, until = (moment.astimezone(self.period.zone).date() for moment in (bucket.since, bucket.until))
        return self.params(**{"from": first.isoformat(), "to": date.fromordinal(until.toordinal() - 1).isoformat()})

    def list_params(self) -> dict[str, str]:
        """As the case list would be asked: cases opened in the period."""
        shared = {name: value for name, value in self.filters.items() if name in _SHARED}
        own = {"unit": self.filters["charged"]} if "charged" in self.filters else {}
        days = {"from": self.period.first.isoformat(), "to": self.period.last.isoformat()}
        return {**days, **shared, **own}

    def choice(self, pack: Pack, scope: frozenset[str] | None) -> Choice:
        """What the figures are asked for, within what the visitor may see."""
        said = self.filters
        return Choice(
            period=self.period,
            scope=scope,
            units=_units(said, pack),
            channel=said.get("channel", ""),
            district=said.get("district", ""),
            street=said.get("street", ""),
            category=said.get("category", ""),
            categories=_categories(said, pack),
        )

    def named(self, pack: Pack) -> list[tuple[str, str]]:
        """The filters in words."""
        return [
            (TEXTS(f"filter.{name}"), group_name(_NAMED_AS[name], value, pack) if name in _NAMED_AS else value)
            for name, value in self.filters.items()
        ]


def read(params: Mapping[str, str], pack: Pack, now: datetime, zone: ZoneInfo) -> Asked:
    """The figures an address asks for. What means nothing is named and left out, never an error."""
    parsed = Reader(pack).read({name: value for name, value in params.items() if name in _SHARED})
    said = {name: value for name, value in parsed.filter.params().items() if name in _SHARED}
    wrong = [one.name for one in parsed.unknown]
    for name, known in zip(_OWN, (pack.units, {unit.tier.value for unit in pack.units.values()}), strict=True):
        value = params.get(name, "")
        if value in known:
            said[name] = value
        elif value:
            wrong.append(name)
    period = _period(params, now, zone)
    group = params.get("group") or USUAL_GROUP.value
    if group not in [one.value for one in GROUPINGS]:
        group = USUAL_GROUP.value
        wrong.append("group")
    return Asked(
        period or named(USUAL_SPAN, now, zone), Grouping(group), said, (*wrong, *([] if period else ["from"]))
    )


def _period(params: Mapping[str, str], now: datetime, zone: ZoneInfo) -> Period | None:
    """By its name, or by its days; None for days that are none."""
    first, last = params.get("from", ""), params.get("to", "")
    if not first and not last:
        known = params.get("span", "")
        return named(Span(known) if known in [one.value for one in Span] else USUAL_SPAN, now, zone)
    today = now.astimezone(zone).date()
    try:
        end = date.fromisoformat(last) if last else today
        return Period(date.fromisoformat(first) if first else end, end, zone)
    except (BadPeriod, ValueError, OverflowError):
        return None


def _units(said: Mapping[str, str], pack: Pack) -> frozenset[str] | None:
    """The units all that is said of them leaves; None where nothing is said."""
    sets = []
    if "unit" in said:
        sets.append(with_below(pack, [said["unit"]]))
    if "charged" in said:
        sets.append(frozenset({said["charged"]}))
    if "tier" in said:
        sets.append(frozenset(code for code, unit in pack.units.items() if unit.tier.value == said["tier"]))
    return frozenset.intersection(*sets) if sets else None


def _categories(said: Mapping[str, str], pack: Pack) -> frozenset[str] | None:
    if not any(name in said for name in ("major", "campaign", "veto")):
        return None
    return frozenset(
        one.key
        for one in pack.categories.values()
        if one.key.startswith(said.get("major", ""))
        and said.get("campaign", one.campaign) == one.campaign
        and said.get("veto", one.veto) == one.veto
    )
