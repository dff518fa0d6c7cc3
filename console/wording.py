"""显示: how pages show times, lamps, states and units in words."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from flask import current_app, g

from console.premises import premises
from console.visitor import Right

HOME = "/console/"


class Lamp(StrEnum):
    """时限灯: how long there still is."""

    OVERDUE = "overdue"
    SOON = "2h"
    TODAY = "today"
    LATER = "later"
    NONE = "none"


SOON, TODAY = timedelta(hours=2), timedelta(hours=12)


def lamp(due_at: datetime | None, now: datetime) -> Lamp:
    """Which lamp a deadline has at a moment: 2h ahead, 12 h ahead, further, or nothing owed."""
    if due_at is None:
        return Lamp.NONE
    left = due_at - now
    if left <= timedelta(0):
        return Lamp.OVERDUE
    if left <= SOON:
        return Lamp.SOON
    return Lamp.TODAY if left <= TODAY else Lamp.LATER


def local(at: datetime | None, shape: str = "%m-%d %H:%M") -> str:
    """A moment on the city's clocks, "" for none."""
    return at.astimezone(premises().zone).strftime(shape) if at else ""


def span(length: timedelta) -> str:
    """3 小时 20 分, 2 天 4 小时: the two largest units."""
    texts, minutes = premises().texts, int(abs(length.total_seconds()) // 60)
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return texts("span.days", days=days, hours=hours)
    return texts("span.hours", hours=hours, minutes=minutes) if hours else texts("span.minutes", minutes=minutes)


def left(due_at: datetime | None, now: datetime) -> str:
    """剩 2 小时 5 分, 逾期 3 天."""
    if due_at is None:
        return ""
    key = "span.left" if due_at > now else "span.late"
    return premises().texts(key, span=span(due_at - now))


def words(key: str, **values: Any) -> str:
    """One of the console's texts, for templates."""
    return premises().texts(key, **values)


FILTERS: Mapping[str, Callable[..., Any]] = {"local": local, "lamp": lamp, "left": left, "span": span}


def context() -> dict[str, Any]:
    """What every template of the console can speak of."""
    here = premises()
    return {
        "visitor": g.get("visitor"),
        "Right": Right,
        "now": here.now(),
        "words": words,
        "is_demo": here.is_demo,
        "tiles": here.tiles,
        "pages": current_app.view_functions,
        "home": HOME,
    }
