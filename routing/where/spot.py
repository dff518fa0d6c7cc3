"""地点: what routing knows about a finding's place, as plain values."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Site:
    """点位: a place of a known kind at or near the finding.

    `kind` is a site type's key; `name` is empty where only the kind was said ("公园", "地铁口");
    `owner` is the code of the unit that runs it, when that is not the territory's; `metres` is the
    distance from the pin, None for a site that was named.
    """

    kind: str
    name: str
    owner: str | None = None
    metres: float | None = None


@dataclass(frozen=True, slots=True)
class Spot:
    """地点: units' codes, how sure they are (0..1), and why.

    `district` is the unit that acts there; `territories` all districts and zones the place may be
    said to lie in; `others` further streets the text named; `candidates` the streets to ask about
    where `street` is None; `sites` what kinds of place it is at or near.
    """

    street: str | None
    district: str | None
    territories: frozenset[str]
    sureness: float
    why: tuple[str, ...]
    others: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()
    sites: tuple[Site, ...] = ()
