"""The desk (办公桌): what every handler needs at hand, passed down instead of looked up."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from handlers.case_pages import CasePages, Side
from handlers.console_logins import ConsoleLogins
from handlers.reachability import Family
from models.base import JsonDict
from models.case import Case
from models.clock import Clocks, QuietHours
from models.deadline import Deadline
from models.outbound import OutboundMessage
from models.photo import Photo
from models.unit import Unit
from models.wording import Texts
from routing.router import Router


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """业务规则: the values of config.yaml that handlers go by.

    sure_from: confidence from which a case goes out without a dispatcher.  max_returns: 首接负责.
    appeal_within: how long a unit may 申诉 against what was counted against it.
    quiet, grace, give_up: a draft's waiting times.  near_metres, near_within: what counts as the same problem.
    """

    sure_from: float
    max_returns: int
    reopen_within: timedelta
    appeal_within: timedelta
    quiet: timedelta
    grace: timedelta
    give_up: timedelta
    near_metres: float
    near_within: timedelta
    recurs_within: timedelta


class Links(Protocol):
    """链接: the addresses a word may offer to tap."""

    def reminder(self, session: Session, now: datetime, account: str, identity_id: int, number: int) -> str:
        """订阅提醒: buys one reminder about a case at WeChat; "" where there is none to buy, or no need."""


class PhotoPages(Protocol):
    """照片公开页: the addresses where a dispatcher decides what of a picture the public may see."""

    def address(self, now: datetime, case_id: int, photo_id: int, person_id: int) -> str:
        """For this person and this photo, for a while; "" where nobody can reach us."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """办公桌: one transaction, one moment, and the rules in force. families: what kind each account is, by key."""

    session: Session
    now: datetime
    router: Router
    clocks: Clocks
    rules: Rules
    texts: Texts
    zone: ZoneInfo
    links: Links
    photo_pages: PhotoPages
    case_pages: CasePages
    console_logins: ConsoleLogins
    quiet_hours: QuietHours | None = None
    families: Mapping[str, Family] = field(default_factory=dict)

    def say(
        self,
        person_id: int,
        key: str,
        text: str,
        *,
        case: Case | None = None,
        deadline: Deadline | None = None,
        photo: Photo | None = None,
        picture: JsonDict | None = None,
        can_wait: bool = False,
        chat: str = "",
        instead_of: int | None = None,
        side: Side | None = None,
    ) -> None:
        """Put a word on its way, in this transaction. can_wait: quiet hours may hold it and bundle it.

        instead_of: the id of the word nobody could be given that this one passes on.
        picture: what is drawn around the photo, see handlers/depicting.py.
        side: of the case's page, which its reader is offered where there is room for a link.
        """
        limit = deadline.due_at if deadline else None
        hold = can_wait and self.quiet_hours is not None
        ready = self.quiet_hours.release(self.now, limit) if hold and self.quiet_hours else self.now
        self.session.add(
            OutboundMessage(
                key=f"{key}:{person_id}",
                person_id=person_id,
                text=text,
                short=self.short(case, deadline) | self._page(case, person_id, side) if case else {},
                photo_id=photo.id if photo else None,
                picture=picture or {},
                case_id=case.id if case else None,
                deadline_id=deadline.id if deadline else None,
                instead_of=instead_of,
                may_bundle=can_wait,
                chat=chat,
                created_at=self.now,
                next_try_at=ready,
            )
        )

    def page_link(self, case: Case, person_id: int, side: Side) -> str:
        """案件页: one more line of an answer; "" where nobody can reach us."""
        address = self.case_pages.address(self.now, case.id, person_id, side)
        return "\n" + self.texts(f"page.{side}", link=address) if address else ""

    def _page(self, case: Case, person_id: int, side: Side | None) -> dict[str, str]:
        """Kept apart from the words, so that what is equal for several people stays equal."""
        address = self.case_pages.address(self.now, case.id, person_id, side) if side else ""
        return {"page": address} if address else {}

    def short(self, case: Case, deadline: Deadline | None) -> dict[str, str]:
        """The values a template's 20-character fields can hold."""
        lead = case.lead
        return {
            "number": str(case.id),
            "title": self.category_name(case)[:20],
            "place": (case.place or self.unit_name(case.street) or self.texts("short.place"))[:20],
            "unit": (self.unit_name(lead.unit_code) if lead else self.texts("short.command"))[:20],
            "due": self.full_time(deadline.due_at) if deadline else "",
            "remark": self.texts("short.remark"),
        }

    def unit_name(self, code: str) -> str:
        """A unit's name as people say it, "" for no unit."""
        unit = self.session.get(Unit, code) if code else None
        return unit.name if unit else code

    def category_name(self, case: Case) -> str:
        """What kind of problem it is, in words."""
        category = self.router.pack.categories.get(case.category)
        return category.name if category else self.texts("case.unknown_category")

    def full_time(self, at: datetime) -> str:
        """2026年11月23日 14:05, as a template's field of the kind time wants it."""
        return f"{at.astimezone(self.zone).year}年{self.clock_time(at)}"

    def clock_time(self, at: datetime) -> str:
        """11月23日 14:05, in the city's time."""
        local = at.astimezone(self.zone)
        return f"{local.month}月{local.day}日 {local:%H:%M}"
