"""部署: everything one running installation holds, put together once per process from config.yaml."""

import logging
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from sqlalchemy.orm import Session

from bot.console_links import CaseLinks, case_links
from bot.console_logins import ConsoleLogins
from bot.database import Database, open_engine
from bot.doors import Doors, open_doors
from bot.expiry import Expiry
from bot.families import families
from bot.likeness_index import KnownPhotos
from bot.publishing_links import PublishingLinks, publishing_links
from bot.routers import CategoryNames, Routers
from bot.settings import Settings, load_settings
from bot.storage_settings import open_storage
from bot.subscribing import invitations
from handlers.desk import Desk, Links, Rules
from models.clock import Clocks, QuietHours
from models.wording import Texts
from photos.storage import Storage
from reminders.sweep import Bell
from routing.pack import load as load_pack
from routing.router import Router
from routing.what.learned import read_starter

ROOT = Path(__file__).resolve().parent.parent
CONFIG_VARIABLE = "SUPERVISION_CONFIG"


@dataclass(frozen=True, slots=True)
class Installation:
    """部署: built by `install`, shared by all threads of a process."""

    settings: Settings
    database: Database
    redis: redis.Redis
    doors: Doors
    routers: Routers
    clocks: Clocks
    rules: Rules
    quiet_hours: QuietHours | None
    handler_texts: Texts
    bell: Bell
    vault: Storage
    expiry: Expiry
    links: Links
    photo_pages: PublishingLinks
    case_pages: CaseLinks
    known_photos: KnownPhotos = field(default_factory=KnownPhotos)

    @property
    def router(self) -> Router:
        """The router this process used last."""
        return self.routers.router

    def desk(self, session: Session, now: datetime) -> Desk:
        """A desk for one story."""
        return Desk(
            session=session,
            now=now,
            router=self.routers.current(session, now),
            clocks=self.clocks,
            rules=self.rules,
            texts=self.handler_texts,
            zone=self.settings.timezone,
            quiet_hours=self.quiet_hours,
            links=self.links,
            photo_pages=self.photo_pages,
            case_pages=self.case_pages,
            console_logins=ConsoleLogins(self.redis),
            families=families(self.settings),
        )


def utc_now() -> datetime:
    """The moment a story begins; it is taken once and passed down."""
    return datetime.now(UTC)


def install(
    settings: Settings, router: Router | None = None, clock: Callable[[], datetime] = utc_now
) -> Installation:
    """Put an installation together. Raises PackError, ModelError or BadTexts when the data or the texts are broken.

    router: one made from the same data pack before, to spare reading it again.  clock: what access tokens age by.
    """
    logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    router = router or Router(load_pack(settings.data), read_starter(settings.data))
    quiet = settings.quiet_hours
    quiet_hours = QuietHours(quiet.begin, quiet.end, settings.timezone) if quiet else None
    routers = Routers(router.pack, router.learned)
    return Installation(
        settings=settings,
        database=Database(
            open_engine(settings.database.get_secret_value(), settings.lock_patience), settings.lock_patience
        ),
        redis=_redis(settings.redis.get_secret_value()),
        doors=open_doors(settings, clock),
        routers=routers,
        clocks=settings.clocks.clocks(),
        rules=_rules(settings),
        quiet_hours=quiet_hours,
        handler_texts=Texts(ROOT / "handlers" / "texts.yaml"),
        bell=Bell(Texts(ROOT / "reminders" / "texts.yaml"), settings.timezone, quiet_hours, CategoryNames(routers)),
        vault=open_storage(settings.photos),
        expiry=Expiry(settings.retention),
        links=invitations(settings),
        photo_pages=publishing_links(settings),
        case_pages=case_links(settings),
    )


@lru_cache(maxsize=1)
def installed() -> Installation:
    """This process's installation, from the file that SUPERVISION_CONFIG names (run.py sets it)."""
    return install(load_settings(Path(os.environ.get(CONFIG_VARIABLE, "config.yaml"))))


def _redis(url: str) -> redis.Redis:
    # Redis is only ever nudged: half a second is all a story may lose to it, and it never retries.
    return redis.Redis.from_url(
        url, socket_timeout=0.5, socket_connect_timeout=0.5, retry=Retry(NoBackoff(), 0), health_check_interval=0
    )


def _rules(settings: Settings) -> Rules:
    return Rules(
        sure_from=settings.sure_from,
        max_returns=settings.max_returns,
        reopen_within=settings.reopen_within,
        appeal_within=settings.appeal_within,
        quiet=settings.draft.quiet,
        grace=settings.draft.grace,
        give_up=settings.draft.give_up,
        near_metres=settings.duplicates.metres,
        near_within=settings.duplicates.within,
        recurs_within=settings.duplicates.recurs_within,
    )
