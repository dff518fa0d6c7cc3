"""试派: where would this go, by what is in use and by a draft beside it."""

from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

from routing.decision import Decision
from routing.finding import Finding
from routing.pack import Pack
from routing.router import Router
from routing.where.coordinates import gcj02_to_wgs84

_TEXT_AT_MOST = 2000
_HIGHEST, _WIDEST = 90, 180


class Unreadable(ValueError):
    """What was asked cannot be read; key: which words to say."""

    def __init__(self, key: str) -> None:
        """Keep the key of the words."""
        super().__init__(key)
        self.key = key


@dataclass(frozen=True, slots=True)
class Trial:
    """试派结果: a decision, and the pack its names come from."""

    decision: Decision
    pack: Pack
    goes_out: bool

    def unit(self, code: str | None) -> str:
        """A unit's name."""
        return self.pack.units[code].name if code and code in self.pack.units else ""

    def category(self, key: str | None) -> str:
        """A category's name."""
        return self.pack.categories[key].name if key and key in self.pack.categories else ""

    @property
    def rule(self) -> tuple[str, str]:
        """The deciding rule's file and line."""
        place, _, line = self.decision.rule.rpartition(":")
        return place.rpartition("/")[2], line


def read(form: MultiDict[str, str], now: datetime, zone: ZoneInfo) -> Finding | None:
    """What somebody wants to know; None where nothing was asked yet. Raises Unreadable."""
    text, point = form.get("text", "").strip()[:_TEXT_AT_MOST], form.get("point", "").strip()
    if not text and not point:
        return None
    lat, lon = _point(point, form.get("from", ""))
    at = now.astimezone(zone)
    clock = form.get("at", "").strip()
    return Finding(
        text=text,
        place=form.get("place", "").strip()[:_TEXT_AT_MOST],
        lat=lat,
        lon=lon,
        platform=form.get("platform", "citizen_photo"),
        at=datetime.combine(at.date(), _clock(clock), zone) if clock else at,
    )


def decide(router: Router, finding: Finding, sure_from: float) -> Trial:
    """Ask a router; nothing is opened by it."""
    decision = router.decide(finding)
    goes_out = decision.category is not None and decision.confidence >= sure_from
    return Trial(decision, router.pack, goes_out)


def _point(words: str, system: str) -> tuple[float | None, float | None]:
    if not words:
        return None, None
    try:
        lat, lon = (float(part) for part in words.replace("，", ",").split(","))
    except ValueError as error:
        raise Unreadable("rules.bad_point") from error
    if not (abs(lat) <= _HIGHEST and abs(lon) <= _WIDEST):
        raise Unreadable("rules.bad_point")
    return (lat, lon) if system == "wgs84" else gcj02_to_wgs84(lat, lon)


def _clock(words: str) -> time:
    try:
        return time.fromisoformat(words)
    except ValueError as error:
        raise Unreadable("rules.bad_clock") from error
