"""公开命令 (`run.py photos publish|withdraw|list`): what the page does, for whoever runs the installation."""

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import publishing
from bot.installation import Installation, installed, utc_now
from handlers.publishing import NotPublishable, cases_of, live
from models.case import Case
from models.draft import Draft, DraftState
from models.photo import Photo
from models.publication import Publication
from models.report import Report
from photos.redact import BadBoxes, Box, boxes_of
from photos.refusal import PhotoRefused
from photos.storage import PhotoMissing


class _BoxText(click.ParamType[Box]):
    """遮挡框: "0.1,0.2,0.3,0.25", left, top, width and height as fractions of the upright picture."""

    name = "x,y,width,height"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> Box:
        try:
            (box,) = boxes_of([[float(part) for part in value.split(",")]])
        except ValueError as error:
            self.fail(f"{value!r}: {error}", param, ctx)
        return box


@click.command()
@click.argument("photo_id", type=int)
@click.option("--box", "boxes", type=_BoxText(), multiple=True, help="What to hide; may be given several times.")
@click.option("--nothing-to-hide", is_flag=True, help="Somebody looked, and there is no face and no plate in it.")
@click.option("--case", "number", type=int, help="Which case, where the photo belongs to several.")
def publish(photo_id: int, boxes: tuple[Box, ...], nothing_to_hide: bool, number: int | None) -> None:
    """Publish a photo with every box made unreadable, and show its public address."""
    if bool(boxes) is nothing_to_hide:
        raise click.UsageError("give --box for what must not be seen, or --nothing-to-hide, and not both")
    here = installed()
    try:
        wanted = publishing.Wanted(number or _case_of(here, photo_id), photo_id, None, boxes)
        sha256 = publishing.publish(here, utc_now(), wanted)
    except (NotPublishable, BadBoxes, PhotoMissing, PhotoRefused, OSError) as error:
        raise click.ClickException(f"photo {photo_id}: {type(error).__name__}: {error}") from error
    click.echo(publishing.address(here, sha256))


@click.command()
@click.argument("photo_id", type=int)
@click.option("--because", "why", required=True, help="Why; it is kept with the publication.")
def withdraw(photo_id: int, why: str) -> None:
    """Take a photo back: its address shows nothing from now on."""
    here, now = installed(), utc_now()
    if not publishing.withdraw(here, now, photo_id, None, why):
        raise click.ClickException(f"photo {photo_id} is not public")
    publishing.clear_due(here, now)
    click.echo("withdrawn")


@click.command(name="list")
@click.argument("number", type=int)
def list_photos(number: int) -> None:
    """The photos of a case: id, before or after, state, and the address of what is public."""
    here = installed()
    with here.database.glance() as session:
        if session.get(Case, number) is None:
            raise click.ClickException(f"no case {number}")
        for photo, when in _photos(session, number):
            public = live(session, [photo.id])
            shown = publishing.address(here, public[0].sha256) if public else _past(session, photo)
            click.echo(f"{photo.id}\t{when}\t{photo.state}\t{shown}")


def _case_of(here: Installation, photo_id: int) -> int:
    with here.database.glance() as session:
        photo = session.get(Photo, photo_id)
        cases = cases_of(session, photo) if photo else []
    if len(cases) > 1:
        raise click.UsageError(f"photo {photo_id} belongs to {', '.join(map(str, cases))}: say which with --case")
    if not cases:
        raise click.ClickException(f"there is no photo {photo_id} of any case")
    return cases[0]


def _photos(session: Session, number: int) -> list[tuple[Photo, str]]:
    """All of them, also those of earlier rectifications and those that did not come through."""
    before = select(Report.draft_id).where(Report.case_id == number)
    after = select(Draft.id).where(Draft.case_id == number, Draft.state == DraftState.SUBMITTED)
    found = [
        (photo, when)
        for when, drafts in (("before", before), ("after", after))
        for photo in session.scalars(select(Photo).where(Photo.draft_id.in_(drafts)).order_by(Photo.id))
    ]
    return [(photo, when) for photo, when in found if number in cases_of(session, photo)]


def _past(session: Session, photo: Photo) -> str:
    query = select(Publication).where(Publication.photo_id == photo.id).order_by(Publication.id.desc()).limit(1)
    last = session.scalars(query).first()
    return f"withdrawn {last.withdrawn_at:%Y-%m-%d %H:%M}: {last.why}" if last and last.withdrawn_at else "not public"
