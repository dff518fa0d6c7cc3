"""图片命令 (`run.py photos compare | card | sheet`): the pictures people are sent, as files."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import picture_parcels
from bot.installation import Installation, installed, utc_now
from handlers import depicting, notices, sheets
from handlers.desk import Desk
from models.base import JsonDict
from models.case import Case
from models.photo import Fetch, Photo
from models.unit import Unit
from models.workflow import Status
from photos.contact_sheet import Entry, Words, as_pdf, pages
from photos.storage import Storage
from routing.platforms import PLATFORM_KEYS

_OUT = click.option("-o", "--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The file.")
_DAY = click.DateTime(["%Y-%m-%d"])
Depict = Callable[[Desk, Case, list[Photo], list[Photo]], JsonDict]


@click.command()
@click.argument("number", type=int)
@_OUT
def compare(number: int, out: Path) -> None:
    """Draw before and after of case NUMBER side by side, as JPEG."""
    _write(out, lambda: _drawn(installed(), number, depicting.comparison))


@click.command()
@click.argument("number", type=int)
@_OUT
def card(number: int, out: Path) -> None:
    """Draw the card of case NUMBER: place, unit, state, steps, before and after, as JPEG."""
    _write(out, lambda: _drawn(installed(), number, depicting.card))


@click.command()
@click.option("--unit", metavar="CODE", default="", help="A unit and everything below it.")
@click.option("--platform", type=click.Choice(PLATFORM_KEYS), default=None, help="Reported on this platform.")
@click.option("--since", type=_DAY, help="Reported on this day or later.")
@click.option("--until", type=_DAY, help="Reported on this day or before.")
@click.option("--status", type=click.Choice([s.value for s in Status]), multiple=True, help="May be given again.")
@click.option("--per-page", type=click.IntRange(1, 8), default=5, show_default=True)
@_OUT
def sheet(
    unit: str,
    platform: str | None,
    since: datetime | None,
    until: datetime | None,
    status: tuple[str, ...],
    per_page: int,
    out: Path,
) -> None:
    """Put the cases of a meeting on A4 pages with before and after, as PDF."""
    installation = installed()
    first, last = _local(installation, since), _local(installation, until)
    wanted = sheets.Wanted(
        unit=unit,
        platform=platform or "",
        since=first,
        until=last + timedelta(days=1) if last else None,
        statuses=tuple(Status(one) for one in status),
    )
    with installation.database.glance() as session:
        if unit and session.get(Unit, unit) is None:
            raise click.ClickException(f"no unit {unit}; the codes are in the data pack's units.yaml")
        desk = installation.desk(session, utc_now())
        numbers = sheets.numbers(desk, wanted)
        if not numbers:
            raise click.ClickException("no case fits")
        words = Words(**sheets.words(desk, wanted, len(numbers)))
        entries = _entries(installation.vault, session, sheets.entries(desk, numbers))
        _write(out, lambda: as_pdf(pages(entries, words, per_page)))
    click.echo(f"{len(numbers)} cases")


def _write(out: Path, draw: Callable[[], bytes]) -> None:
    try:
        out.write_bytes(draw())
    except OSError as error:  # of the photos' storage as well
        raise click.ClickException(f"{out} cannot be made: {error}") from error


def _local(installation: Installation, day: datetime | None) -> datetime | None:
    """The beginning of a day in the city."""
    return day.replace(tzinfo=installation.settings.timezone).astimezone(UTC) if day else None


def _drawn(installation: Installation, number: int, depict: Depict) -> bytes:
    with installation.database.glance() as session:
        case = session.get(Case, number)
        if case is None:
            raise click.ClickException(f"no case {number}")
        desk = installation.desk(session, utc_now())
        picture = depict(desk, case, notices.photos_before(desk, case), notices.photos_after(desk, case))
        try:
            return picture_parcels.draw(installation.vault, _with_hashes(session, picture))
        except ValueError as error:
            raise click.ClickException(f"case {number}: {error}") from error


def _with_hashes(session: Session, picture: JsonDict) -> JsonDict:
    ids = {photo for side in picture_parcels.SIDES for photo in picture[side]["photos"]}
    kept = select(Photo.id, Photo.sha256).where(Photo.id.in_(ids), Photo.state == Fetch.KEPT)
    return picture_parcels.with_hashes(picture, {row.id: row.sha256 for row in session.execute(kept)})


def _entries(vault: Storage, session: Session, wanted: Iterator[JsonDict]) -> Iterator[Entry]:
    for one in wanted:
        found = _with_hashes(session, one)
        before, after = (picture_parcels.side(vault, found[name], "thumb") for name in picture_parcels.SIDES)
        yield Entry(one["title"], tuple(one["lines"]), before, after, one["warning"])
