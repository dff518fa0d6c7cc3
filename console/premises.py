"""场所: what the program that runs the console gives it. Nothing here reads settings or speaks WeChat."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy.orm import Session

from console.authorizing import Authorization, Logins
from handlers.desk import Desk
from models.wording import Texts
from photos.intake import Taken
from scoring.projection import Ground
from scoring.rules import ScoreRules

EXTENSION = "premises"


@dataclass(frozen=True, slots=True, kw_only=True)
class Premises:
    """场所: one installation, as the console needs it.

    story: a session that commits at its end.  glance: one that only reads.  now: the moment, aware UTC.
    shown: a photo's copy, by hash and name (thumb, screen, print); raises PhotoMissing, PhotoRefused.
    keep_photo: takes an uploaded file into the vault; raises PhotoRefused, OSError.
    qr_address: what a QR with this scene value holds, None where WeChat gives none.
    logins: browsers that wait for a word in WeChat.
    health: what is stuck, in words; lags by chore, in seconds.
    key: what the small values are sealed with that browsers keep for us.
    authorizations: of the accounts and apps where WeChat tells who opens a page, by key.
    score_texts, score_rules, ground: the words, the rules in force and the data of the 督导考核.
    tiles: address of map tiles with {z}, {x}, {y}; "" for our own shapes alone.
    idle, session: how long a login lasts without a word, and at most.
    """

    story: Callable[[], AbstractContextManager[Session]]
    glance: Callable[[], AbstractContextManager[Session]]
    desk: Callable[[Session, datetime], Desk]
    now: Callable[[], datetime]
    shown: Callable[[str, str], bytes]
    keep_photo: Callable[[bytes], Taken]
    qr_address: Callable[[str], str | None]
    logins: Logins
    health: Callable[[], tuple[Mapping[str, float], list[str]]]
    texts: Texts
    score_texts: Texts
    score_rules: Callable[[], ScoreRules]
    ground: Callable[[], Ground]
    zone: ZoneInfo
    key: bytes = field(default=b"", repr=False)
    authorizations: Mapping[str, Authorization] = field(default_factory=dict)
    public_url: str = ""
    tiles: str = ""
    is_demo: bool = False
    idle: timedelta = timedelta(hours=8)
    session: timedelta = timedelta(hours=12)


def premises() -> Premises:
    """The premises of the app that serves this request."""
    found: Premises = current_app.extensions[EXTENSION]
    return found
