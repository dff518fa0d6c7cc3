"""派单版本: which rules and which trained version this process routes with, and the versions that are kept."""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from handlers import editions
from models.learning import TrainedModel
from routing.pack import Pack, PackError
from routing.router import Router
from routing.training import Trained
from routing.what.learned import Learned, ModelError

log = logging.getLogger(__name__)

# The words for the two versions that are not trained here.
STARTER, LEXICON = "starter", "lexicon"
# What another process has chosen is taken up this long after it at the latest.
LOOK_EVERY = timedelta(seconds=30)

_IN_USE = select(TrainedModel.version).where(TrainedModel.in_use)
_CONTENT = select(TrainedModel.content).where(TrainedModel.version == bindparam("version"))


class UnknownVersion(LookupError):
    """No trained version has that name."""


class CategoryNames(Mapping[str, str]):
    """类别名称 by key, as the pack in use has them at the moment."""

    def __init__(self, routers: "Routers") -> None:
        self._routers = routers

    def __getitem__(self, key: str) -> str:
        return self._routers.router.pack.categories[key].name

    def __iter__(self) -> Iterator[str]:
        return iter(self._routers.router.pack.categories)

    def __len__(self) -> int:
        return len(self._routers.router.pack.categories)


@dataclass
class Routers:
    """派单员们: the router in use, looked up anew now and then, so that a choice needs no restart.

    pack: as the files have it.  trouble: why this process does not go by the rules in use, "" where it does.
    """

    pack: Pack
    starter: Learned | None
    router: Router = field(init=False)
    trouble: str = field(init=False, default="")
    _version: str = field(init=False, default=STARTER)
    _edited: Pack = field(init=False, repr=False)
    _editions: Mapping[str, int] = field(init=False, default_factory=dict)
    _looked_at: datetime | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        """Begin with what the pack came with."""
        self.router, self._edited = Router(self.pack, self.starter), self.pack

    def current(self, session: Session, now: datetime) -> Router:
        """The router in use now. What cannot be read is told in the log, and what was before stays."""
        if self._looked_at is None or abs(now - self._looked_at) >= LOOK_EVERY:
            self._looked_at = now
            pack, version = self._pack(session), session.scalars(_IN_USE).one_or_none() or STARTER
            if version != self._version or pack is not self.router.pack:
                self._take(session, pack, version)
        return self.router

    def of(self, session: Session, version: str) -> Router:
        """A router with any version, by its name; raises UnknownVersion, and ModelError for a broken one."""
        return Router(self._pack(session), self._learned(session, version))

    def _pack(self, session: Session) -> Pack:
        """The pack with the editions in use; where they do not fit together, the one before, at first the files'."""
        used = editions.used_ids(session)
        if used != self._editions:
            self._editions = used
            try:
                self._edited = editions.packed(self.pack.folder, editions.used_texts(session)) if used else self.pack
            except PackError as error:
                self.trouble = str(error)
                log.exception("the rules in use cannot be read: routing goes on with %s", self._edited.version)
            else:
                self.trouble = ""
                log.info("routing by the pack %s", self._edited.version)
        return self._edited

    def _take(self, session: Session, pack: Pack, version: str) -> None:
        try:
            self.router = Router(pack, self._learned(session, version))
        except ModelError:
            log.exception("the trained version %s cannot be read: routing goes on with %s", version, self._version)
            self.router = Router(pack, self.router.learned)
        else:
            log.info("routing with the version %s", version)
            self._version = version

    def _learned(self, session: Session, version: str) -> Learned | None:
        if version in (STARTER, LEXICON):
            return self.starter if version == STARTER else None
        content = session.scalars(_CONTENT, {"version": version}).one_or_none()
        if content is None:
            raise UnknownVersion(f"there is no version '{version}'; see `run.py routing versions`")
        learned = Learned.from_bytes(content)
        if learned.version != version:
            raise ModelError(f"the stored bytes are those of another version, {learned.version}")
        return learned


def in_use(session: Session) -> str:
    """The name of the version in use."""
    return session.scalars(_IN_USE).one_or_none() or STARTER


def readable(session: Session) -> str:
    """What is wrong with the version in use, "" for nothing."""
    version = in_use(session)
    if version in (STARTER, LEXICON):
        return ""
    content = session.scalars(_CONTENT, {"version": version}).one()
    try:
        known = Learned.from_bytes(content).version
    except ModelError as error:
        return f"{version}: {error}"
    return "" if known == version else f"{version}: the stored bytes are those of another version, {known}"


def keep(session: Session, trained: Trained, pack: Pack, now: datetime) -> str:
    """Keep a trained version; the same one twice is one. Returns its name."""
    version = trained.learned.version
    if session.scalars(_CONTENT, {"version": version}).one_or_none() is None:
        session.add(
            TrainedModel(
                version=version,
                content=trained.learned.to_bytes(),
                measures=measures(trained),
                pack_version=pack.version,
                trained_at=now,
            )
        )
        session.flush()
    return version


def measures(trained: Trained) -> dict[str, Any]:
    """What a version was trained on, and how well it did, as plain values."""
    advised = trained.unseen.advised
    return {
        "sentences": trained.sentences,
        "reports": trained.reports,
        "units_right": round(trained.unseen.unit_accuracy, 4),
        "categories_right": round(trained.unseen.category_accuracy, 4),
        "units_right_by_lexicon": round(trained.lexicon.unit_accuracy, 4),
        "sure_from": advised.threshold if advised else None,
        "coverage": round(advised.coverage, 4) if advised else 0.0,
        "accuracy": round(advised.accuracy, 4) if advised else None,
    }


def use(session: Session, version: str, pack: Pack, now: datetime) -> None:
    """Route with a version from now on: a kept one, the pack's own, or the lexicon alone. Raises UnknownVersion."""
    if version == LEXICON:
        _keep_lexicon(session, pack, now)
    known = session.scalars(select(TrainedModel).where(TrainedModel.version == version)).one_or_none()
    if known is None and version != STARTER:
        raise UnknownVersion(f"there is no version '{version}'; see `run.py routing versions`")
    # Out first, then in: at most one may be in use at any moment.
    session.execute(update(TrainedModel).where(TrainedModel.in_use).values(in_use=False))
    if known is not None:
        session.flush()
        known.in_use, known.used_from = True, now


def _keep_lexicon(session: Session, pack: Pack, now: datetime) -> None:
    if session.scalars(_CONTENT, {"version": LEXICON}).one_or_none() is None:
        row = TrainedModel(version=LEXICON, content=b"", measures={}, pack_version=pack.version, trained_at=now)
        session.add(row)
        session.flush()


def kept(session: Session) -> list[TrainedModel]:
    """Every kept version, the newest first."""
    return list(session.scalars(select(TrainedModel).order_by(TrainedModel.id.desc())))
