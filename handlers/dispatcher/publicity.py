"""公开与撤回: which pictures of a case the public may see. The boxes are drawn in the browser, behind a link."""

from handlers import publishing
from handlers.desk import Desk
from handlers.people.caller import Caller
from handlers.words import bare_number
from models.case import Case

SHOWN = 5  # links of some 200 bytes each: a message has 2048
_MINUTES = int(publishing.LINK_GOOD_FOR.total_seconds() // 60)


def links(desk: Desk, caller: Caller, case: Case, rest: str) -> str:
    """公开 12 · 公开 12 2 (the next pictures): a link for each picture, good for this dispatcher only."""
    found = publishing.pictures(desk, case)
    if not found:
        return desk.texts("publish.no_pictures", number=case.id)
    page = bare_number(rest) or 1
    shown = found[(page - 1) * SHOWN :][:SHOWN] if page > 0 else []
    lines = [_line(desk, caller, case, picture) for picture in shown]
    if not all(lines):
        return desk.texts("publish.no_address")
    if not lines:
        return desk.texts("publish.no_more", number=case.id, count=len(found))
    left = len(found) - page * SHOWN
    more = desk.texts("publish.more", count=left, number=case.id, page=page + 1) if left > 0 else ""
    return desk.texts("publish.links", number=case.id, minutes=_MINUTES, lines="\n".join(lines), more=more)


def _line(desk: Desk, caller: Caller, case: Case, picture: publishing.Picture) -> str:
    """One picture's link, "" where there are no addresses."""
    link = desk.photo_pages.address(desk.now, case.id, picture.photo.id, caller.person.id)
    if not link:
        return ""
    when = desk.texts(f"publish.when.{picture.when}")
    state = desk.texts("publish.public") if publishing.live(desk.session, [picture.photo.id]) else ""
    return desk.texts("publish.line", link=link, when=when, n=picture.n, state=state)


def withdraw(desk: Desk, caller: Caller, case: Case, rest: str) -> str:
    """撤回公开 12 原因: nothing of the case is public from now on."""
    why = rest or desk.texts("publish.no_reason")
    count = publishing.withdraw_case(desk, case, caller.person.id, why)
    key = "publish.withdrawn" if count else "publish.nothing_public"
    return desk.texts(key, number=case.id, count=count)
