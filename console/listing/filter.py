"""筛选: what of all cases a list shows, as its address says it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from enum import StrEnum
from typing import Any
from urllib.parse import parse_qsl, urlencode

from console.wording import Lamp
from models.clock import Duty
from models.workflow import Status
from routing.pack import Pack

# Any of the four in which a case is not over.
OPEN = "open"
RATINGS = (1, 2, 3)
WORDS_AT_MOST = 100
_YES = "1"
FLAGS = ("exposed", "recurrence", "on_site", "unreached", "by")
_FIELDS_AT_MOST = 100


class Sort(StrEnum):
    """排序: by what, each in the direction one looks for first; "-" before it turns it round."""

    OPENED = "opened"  # 最新的在前
    DUE = "due"  # 最急的在前
    CLOSED = "closed"
    NUMBER = "number"

    @property
    def rises(self) -> bool:
        """Whether the smallest comes first."""
        return self is Sort.DUE


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """筛选: every field narrows the list, "" and None and False leave it as it is.

    unit: with everything below it.  major: 大类, the beginning of a category's key, as "event:06".
    owes: the duty that runs.  on_site: 须现场核查.  unreached: nobody of its unit could be told what it owes.
    since, until: days, both included, on which a case was opened, or closed where by_closing.  q: words its text or
    place must hold, or a number.
    """

    channel: str = ""
    district: str = ""
    street: str = ""
    unit: str = ""
    category: str = ""
    major: str = ""
    campaign: str = ""
    veto: str = ""
    status: str = ""
    owes: str = ""
    lamp: str = ""
    rating: int | None = None
    exposed: bool = False
    recurrence: bool = False
    on_site: bool = False
    unreached: bool = False
    q: str = ""
    since: date | None = None
    until: date | None = None
    by_closing: bool = False
    sort: Sort = Sort.OPENED
    backwards: bool = False

    def params(self) -> dict[str, str]:
        """The same as an address says it; only what is asked for."""
        values = {_ADDRESS.get(one.name, one.name): _said(getattr(self, one.name)) for one in fields(self)}
        del values["backwards"]
        order = f"-{self.sort}" if self.backwards else str(self.sort)
        values["sort"] = "" if order == Sort.OPENED else order
        return {name: value for name, value in values.items() if value}

    def query(self, **more: str) -> str:
        """What stands behind the question mark. more: parameters of the page, not of the filter."""
        return urlencode({**self.params(), **{name: value for name, value in more.items() if value}})

    def but(self, **changes: Any) -> "Filter":
        """The same with something else asked for."""
        return replace(self, **changes)

    @property
    def narrows(self) -> bool:
        """Whether anything is asked for but an order."""
        return bool(set(self.params()) - {"sort", "by"})


_ADDRESS = {"since": "from", "until": "to", "by_closing": "by"}


def _said(value: Any) -> str:
    if value is None or value is False:
        return ""
    return _YES if value is True else str(value)


@dataclass(frozen=True, slots=True)
class Unknown:
    """不认识的条件: a parameter whose value means nothing here; it was left out."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Parsed:
    """读到的筛选."""

    filter: Filter
    unknown: tuple[Unknown, ...]


class Reader:
    """读地址: knows what may be asked for, which the data pack says."""

    def __init__(self, pack: Pack) -> None:
        categories = pack.categories.values()
        units = pack.units.values()
        known: dict[str, Iterable[Any]] = {
            "channel": pack.platforms,
            "district": [unit.code for unit in units if unit.tier == "district"],
            "street": [unit.code for unit in units if unit.tier == "street"],
            "unit": pack.units,
            "category": pack.categories,
            "major": {major_of(one.key) for one in categories},
            "campaign": {one.campaign for one in categories},
            "veto": {one.veto for one in categories},
            "status": (*Status, OPEN),
            "owes": Duty,
            "lamp": Lamp,
        }
        self._chosen = {name: frozenset(map(str, values)) - {""} for name, values in known.items()}

    def read(self, params: Mapping[str, str]) -> Parsed:
        """The filter an address asks for; what it does not know is named, never an error."""
        values: dict[str, Any] = {}
        unknown: list[Unknown] = []
        for name, value in params.items():
            reading = self._reading(name)
            if reading is None or not value.strip():
                continue
            try:
                values |= reading(value.strip())
            except ValueError:
                unknown.append(Unknown(name, value.strip()[:WORDS_AT_MOST]))
        return Parsed(Filter(**values), tuple(unknown))

    def read_query(self, said: str) -> Parsed:
        """The same of what stands behind a question mark."""
        try:
            return self.read(dict(parse_qsl(said, max_num_fields=_FIELDS_AT_MOST)))
        except ValueError:  # more fields than a list has
            return Parsed(Filter(), ())

    def _reading(self, name: str) -> "Callable[[str], dict[str, Any]] | None":
        if name in self._chosen:
            return lambda value: {name: _one_of(self._chosen[name], value)}
        return _READINGS.get(name)


def major_of(category: str) -> str:
    """大类 of a category's key: "event:06" of "event:06010"."""
    return category[:-3]


def _one_of(known: frozenset[str], value: str) -> str:
    if value not in known:
        raise ValueError(value)
    return value


def _yes(name: str) -> Callable[[str], dict[str, Any]]:
    return lambda value: {name: _one_of(frozenset({_YES}), value) == _YES}


def _day(name: str) -> Callable[[str], dict[str, Any]]:
    return lambda value: {name: date.fromisoformat(value)}


def _rating(value: str) -> dict[str, Any]:
    return {"rating": int(_one_of(frozenset(map(str, RATINGS)), value))}


def _sort(value: str) -> dict[str, Any]:
    return {"sort": Sort(value.removeprefix("-")), "backwards": value.startswith("-")}


def _words(value: str) -> dict[str, Any]:
    # PostgreSQL keeps no NUL, and nobody can type one.
    return {"q": " ".join(value.replace("\0", " ").split())[:WORDS_AT_MOST].strip()}


_READINGS: Mapping[str, Callable[[str], dict[str, Any]]] = {
    "rating": _rating,
    "exposed": _yes("exposed"),
    "recurrence": _yes("recurrence"),
    "on_site": _yes("on_site"),
    "unreached": _yes("unreached"),
    "by": _yes("by_closing"),
    "q": _words,
    "from": _day("since"),
    "to": _day("until"),
    "sort": _sort,
}
