"""自检: what stands between this installation and its first message, and what to do about it."""

from collections.abc import Callable, Iterator

import redis
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from bot import migration, routers
from bot.check_line import Line
from bot.installation import Installation
from bot.online_checks import check_online
from bot.wechat.reply import MAX_TEXT_BYTES
from handlers import editions
from models.people import Membership, Role
from models.unit import Unit


def check_installation(installation: Installation, online: bool) -> Iterator[Line]:
    """Everything that can be checked from here; settings, pack and texts were checked by starting at all."""
    yield Line(True, "settings", f"{len(installation.settings.accounts)} account(s)")
    yield Line(True, "data pack", f"version {installation.router.pack.version}")
    for check in _OFFLINE:
        yield from check(installation)
    if online:
        yield from check_online(installation)


def _database(installation: Installation) -> Iterator[Line]:
    try:
        differs = migration.differences(installation.database.engine)
        with installation.database.glance() as session:
            units = session.scalars(select(func.count()).select_from(Unit)).one()
            dispatchers = session.scalars(select(func.count()).where(Membership.role == Role.DISPATCHER)).one()
    except SQLAlchemyError as error:
        yield Line(False, "database", f"{type(error).__name__}: is it running, and was `run.py migrate` run?")
        return
    yield Line(not differs, "schema", "up to date" if not differs else "differs: run `run.py migrate`")
    yield Line(units > 0, "units", f"{units} loaded" if units else "none: run `run.py load`")
    nobody = "nobody hears what routing is unsure of: `run.py invite dispatcher`"
    yield Line(dispatchers > 0, "dispatchers", f"{dispatchers} bound" if dispatchers else nobody)


def _routing(installation: Installation) -> Iterator[Line]:
    try:
        with installation.database.glance() as session:
            version, trouble = routers.in_use(session), routers.readable(session)
            used, broken = editions.used_ids(session), editions.trouble(session, installation.settings.data)
    except SQLAlchemyError:
        return  # said already, about the database
    yield Line(not trouble, "routing", trouble or f"version {version}")
    rules = ", ".join(f"{file} edition {number}" for file, number in sorted(used.items())) or "the files as they came"
    mend = f"{broken}: the files are in use instead: see `run.py pack list`, `run.py pack back FILE`"
    yield Line(not broken, "rules", mend if broken else rules)


def _redis(installation: Installation) -> Iterator[Line]:
    try:
        installation.redis.ping()
    except redis.RedisError as error:
        yield Line(False, "redis", f"{type(error).__name__}: the clock does the jobs itself, a few seconds late")
        return
    yield Line(True, "redis", "answers")


def _photos(installation: Installation) -> Iterator[Line]:
    vault = installation.vault
    try:
        vault.try_out()
    except OSError as error:
        yield Line(False, "photos", f"{vault.where} cannot be written: {error}: see `photos` in the settings")
        return
    yield Line(True, "photos", f"{vault.where} can be written")


def _templates(installation: Installation) -> Iterator[Line]:
    """After 48 hours without a word from them, officers can be reached by templates, or on 企业微信."""
    company = "none: who is not on 企业微信 cannot be reached after 48 hours without a word from them"
    nobody = "none, and no 企业微信: after 48 hours without a word from them officers cannot be reached"
    for account in installation.settings.accounts:
        anything = account.template or account.subscription or account.once_template
        words = "set" if anything else company if installation.settings.wecom else nobody
        yield Line(bool(anything or installation.settings.wecom), f"templates of {account.key}", words)


def _texts(installation: Installation) -> Iterator[Line]:
    texts = installation.handler_texts
    long = [key for key in sorted(texts.names) if len(texts.raw(key).encode()) > MAX_TEXT_BYTES]
    yield Line(not long, "texts", f"too long for one message: {long}" if long else "fit into one message each")


_OFFLINE: tuple[Callable[[Installation], Iterator[Line]], ...] = (
    _database,
    _routing,
    _redis,
    _photos,
    _templates,
    _texts,
)
