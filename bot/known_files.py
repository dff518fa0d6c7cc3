"""应有文件: which files the tables know of, by hash, a few thousand at a time: there may be millions."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, and_, case, func, literal, select
from sqlalchemy.orm import Session

from bot.database import Database
from models.photo import Fetch, Photo
from models.publication import Publication
from photos.storage import Tree

_PAGE = 5000


@dataclass(frozen=True, slots=True)
class Known:
    """应有文件: what all rows of one hash say together.

    needed: the file must be there.  size: of the original in bytes, 0 where nobody noted it.
    since: when it was kept, or withdrawn; None for what was kept before copies were made with it.
    """

    sha256: str
    needed: bool
    size: int
    since: datetime | None


_IS_KEPT = Photo.state == Fetch.KEPT
_KEPT = select(
    Photo.sha256, func.max(case((_IS_KEPT, 1), else_=0)), func.max(Photo.size), func.max(Photo.kept_at)
).group_by(Photo.sha256)
# As handlers/publishing.py has it: a photo that was erased takes everything made of it along.
_IS_LIVE = and_(Publication.withdrawn_at.is_(None), _IS_KEPT)
_PUBLISHED = (
    select(
        Publication.sha256,
        func.max(case((_IS_LIVE, 1), else_=0)),
        func.max(literal(0)),
        func.max(func.coalesce(Publication.withdrawn_at, Photo.erased_at)),
    )
    .join(Photo, Photo.id == Publication.photo_id)
    .group_by(Publication.sha256)
)
_QUERIES = {
    Tree.ORIGINALS: (_KEPT, Photo.sha256),
    Tree.COPIES: (_KEPT, Photo.sha256),
    Tree.PUBLIC: (_PUBLISHED, Publication.sha256),
}


def known_files(database: Database, tree: Tree) -> Iterator[Known]:
    """Everything a tree should have, and what it should have no more, in the order of the hashes."""
    query, sha256 = _QUERIES[tree]
    last = ""
    while True:
        # A transaction for each page: one for all would keep the database from tidying up for minutes.
        with database.glance() as session:
            page = [_known(row) for row in session.execute(query.where(sha256 > last).order_by(sha256).limit(_PAGE))]
        yield from page
        if len(page) < _PAGE:
            return
        last = page[-1].sha256


def known_file(session: Session, tree: Tree, sha256: str) -> Known | None:
    """What is known of one hash at this moment."""
    query, column = _QUERIES[tree]
    row = session.execute(query.where(column == sha256)).first()
    return _known(row) if row else None


def _known(row: Row[str, int, int, datetime | None]) -> Known:
    sha256, needed, size, since = row
    return Known(sha256, bool(needed), size, since)
