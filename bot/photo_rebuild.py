"""重制照片副本 (`run.py photos rebuild`): copies, fingerprint and looks made again from the originals.

For photos kept before there were any, after a restore that lacks the copies, or where the way of making them changed.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import NamedTuple

import click
from sqlalchemy import func, select, update

from bot import photo_keeping
from bot.installation import Installation, installed, utc_now
from models.photo import Fetch, Photo
from photos.intake import COPIES, PhotoRefused
from photos.storage import PhotoMissing, Tree

_BATCH = 64
# One reads or writes while another decodes; how many decode at once is decided in photo_keeping.
_SIDE_BY_SIDE = 4


class _Kept(NamedTuple):
    """One photo as its first row has it."""

    row_id: int
    sha256: str
    is_known: bool


@click.command()
@click.option("--all/--missing", "everything", help="All photos, or those that lack something.  [default: --missing]")
@click.option("--after", type=int, default=0, metavar="ID", help="Go on behind this row, as an earlier run told.")
def rebuild(everything: bool, after: int) -> None:
    """Make copies, fingerprint and looks of the photos again, from their originals.

    May be stopped at any time and beside a running system. What is public stays as it is. Ends with 1 where a photo
    could not be made again.
    """
    here = installed()
    total, done, failed = _count(here, after), 0, 0
    with ThreadPoolExecutor(_SIDE_BY_SIDE) as pool:
        for batch in _batches(here, after):
            troubles = [trouble for trouble in pool.map(lambda one: _remake(here, one, everything), batch) if trouble]
            done, failed = done + len(batch), failed + len(troubles)
            for trouble in troubles:
                click.echo(trouble, err=True)
            click.echo(f"{done} of {total} photos, {failed} failed (go on with --after {batch[-1].row_id})")
    click.echo(f"{done} photos looked at, {failed} could not be made again")
    if failed:
        raise SystemExit(1)


def _count(here: Installation, after: int) -> int:
    with here.database.glance() as session:
        query = select(func.count(Photo.sha256.distinct())).where(Photo.state == Fetch.KEPT, Photo.id > after)
        return session.scalars(query).one()


def _batches(here: Installation, after: int) -> Iterator[list[_Kept]]:
    """Every photo that is kept, by its first row: the same picture may have been sent to several cases."""
    first = func.min(Photo.id)
    known = func.count(Photo.fingerprint) == func.count()
    photos = select(first, Photo.sha256, known).where(Photo.state == Fetch.KEPT).group_by(Photo.sha256)
    while True:
        with here.database.glance() as session:
            rows = session.execute(photos.having(first > after).order_by(first).limit(_BATCH)).all()
        if not rows:
            return
        batch = [_Kept(row_id, sha256, bool(is_known)) for row_id, sha256, is_known in rows]
        yield batch
        after = batch[-1].row_id


def _remake(here: Installation, one: _Kept, everything: bool) -> str:
    """Make what one photo lacks. Returns what went wrong, "" when nothing did."""
    try:
        if everything or not one.is_known or not all(here.vault.has(one.sha256, name) for name in COPIES):
            _make(here, one.sha256, utc_now())
    except (PhotoMissing, PhotoRefused, OSError) as error:
        return f"photo {one.row_id} ({one.sha256[:12]}…): {type(error).__name__} {error}"
    return ""


def _make(here: Installation, sha256: str, now: datetime) -> None:
    taken = photo_keeping.examined(here.vault.original(sha256))
    photo_keeping.keep_copies(here.vault, taken)
    # Only what has a time is taken up into the index of known pictures.
    kept_at = func.coalesce(Photo.kept_at, now)
    found = {"fingerprint": taken.fingerprint, "looks": taken.looks.as_json(), "kept_at": kept_at}
    with here.database.story() as session:
        still = update(Photo).where(Photo.sha256 == sha256, Photo.state == Fetch.KEPT)
        rows = session.scalars(still.values(found).returning(Photo.id)).all()
    # Its time may have been over while we were at it, and no copy outlives the original.
    if not rows:
        here.vault.remove(Tree.COPIES, sha256)
