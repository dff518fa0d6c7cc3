"""Which platform a message belongs to (平台归属): role, scene QR, menu, the account's default — in this order."""

from datetime import time

from sqlalchemy import update

from handlers.channels import field_assessment
from handlers.channels.piece import Standing
from handlers.desk import Desk
from handlers.field.tasks import open_places
from handlers.people.caller import Caller, Held
from models.people import Identity
from routing.platforms import ANYONE, Platform
from routing.scan import normalise

SCENE = "platform:"  # what a scene QR carries before a platform's key


def allowed(desk: Desk, caller: Caller) -> list[Platform]:
    """The platforms the caller may report on, those of their registered roles first."""
    pack = desk.router.pack
    own = [platform for platform in pack.platforms.values() if _is_own(desk, caller, platform)]
    public = [platform for platform in pack.platforms.values() if ANYONE in platform.open_to]
    return list({platform.key: platform for platform in (*own, *public)}.values())


def _is_own(desk: Desk, caller: Caller, platform: Platform) -> bool:
    """Whether one of the caller's roles is for this platform, and it is open to that role."""
    mine = {m.role.value for m in caller.memberships if desk.router.pack.roles[m.role.value].platform == platform.key}
    return bool(mine) and platform.admits(mine)


def of(desk: Desk, caller: Caller, default: str) -> Platform | None:
    """The platform of what the caller says now, None when none is open to them.

    What the person chose themselves counts while it is allowed; else their role's, else the account's default.
    """
    may = allowed(desk, caller)
    chosen = next((platform for platform in may if platform.key == caller.chosen), None)
    own = next((platform for platform in may if _is_own(desk, caller, platform)), None)
    usual = next((platform for platform in may if platform.key == default), None)
    return chosen or own or usual or next(iter(may), None)


def scanned(desk: Desk, caller: Caller, key: str, default: str) -> str:
    """A platform's QR: chosen for whoever has no platform by role; others hear how to change theirs."""
    own = [platform.key for platform in allowed(desk, caller) if _is_own(desk, caller, platform)]
    if not own or key in own:
        return choose(desk, caller, key)
    return tell(desk, caller, default)


def choose(desk: Desk, caller: Caller, key: str) -> str:
    """Change the platform, by its key, its name or its number in the list; says what it is now."""
    may = allowed(desk, caller)
    by_number = {str(n): platform for n, platform in enumerate(may, start=1)}
    platform = by_number.get(key) or next((p for p in may if key == p.key or key in p.name), None)
    if platform is None:
        return desk.texts("platform.unknown", lines=_lines(may))
    desk.session.execute(update(Identity).where(Identity.id == caller.identity_id).values(platform=platform.key))
    return desk.texts("platform.now", platform=platform.name, welcome=platform.welcome)


def tell(desk: Desk, caller: Caller, default: str) -> str:
    """平台: which one it is, and which others there are."""
    current = of(desk, caller, default)
    if current is None:
        return desk.texts("platform.closed")
    return desk.texts("platform.list", platform=current.name, lines=_lines(allowed(desk, caller)))


def _lines(platforms: list[Platform]) -> str:
    return "\n".join(f"{n}. {platform.name}" for n, platform in enumerate(platforms, start=1))


def standing(desk: Desk, caller: Caller, platform: Platform) -> Standing:
    """What is known of the caller on this platform: their post at this hour, their outlet."""
    pack = desk.router.pack
    mine = [m for m in caller.memberships if pack.roles[m.role.value].platform == platform.key]
    posted = _on_shift([m for m in mine if m.post], desk.now.astimezone(desk.zone).time())
    return Standing(
        points=pack.points,
        units=pack.units,
        post=pack.points.post(posted.post) if posted else None,
        outlet=next((m.outlet for m in mine if m.outlet), ""),
        tasks=open_places(desk.session, caller.person.id) if platform.key == field_assessment.KEY else {},
        today=desk.now.astimezone(desk.zone).date(),
        names_problem=lambda words: bool(pack.lexicon.guesses(normalise(words))),
    )


def _on_shift(posted: list[Held], clock: time) -> Held | None:
    """班次: the post whose hours it is, else one for all day, else the first: people stay longer than planned."""
    now = [m for m in posted if m.shift and _within(m.shift, clock)]
    all_day = [m for m in posted if not m.shift]
    return next(iter((*now, *all_day, *posted)), None)


def _within(shift: str, clock: time) -> bool:
    """Whether a time of day lies in "07:00-09:00", as a roster keeps it."""
    begins, _, ends = shift.partition("-")
    return begins <= f"{clock:%H:%M}" < ends
