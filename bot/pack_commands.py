"""规则命令 (`run.py pack …`): the editions of the data pack's files: which there are, which are in use, and back."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click
from sqlalchemy.orm import Session

from bot.installation import installed, utc_now
from bot.routers import LOOK_EVERY
from handlers import editions
from handlers.editions import SHIPPED, NoSuchEdition, NotEditable, Overtaken, Plan, Written
from models.edition import Edition, EditionState
from routing.pack import EDITABLE, Pack, PackError

T = TypeVar("T")
_NAME = click.Choice(EDITABLE)
_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.group()
def pack() -> None:
    """Rules edited while the program runs: check, put in use, go back."""


@pack.command(name="list")
@click.argument("name", type=_NAME, required=False)
def list_command(name: str | None) -> None:
    """What is in use for every file, and the editions there are. Number 0 is the file as it came."""
    with installed().database.glance() as session:
        used = editions.used_ids(session)
        for file in (name,) if name else EDITABLE:
            click.echo(f"{file}: {f'edition {used[file]}' if file in used else 'as it came'}")
            for edition in editions.history(session, file):
                click.echo(_line(edition))


def _line(edition: Edition) -> str:
    mark = "*" if edition.state is EditionState.USED else " "
    since = f" since {edition.used_from:%Y-%m-%d %H:%M}" if edition.used_from else ""
    return f"{mark} {edition.id}\t{edition.changed_at:%Y-%m-%d %H:%M}\t{edition.state.value}{since}\t{edition.note}"


@pack.command()
@click.argument("number", metavar="ID|NAME")
def show(number: str) -> None:
    """Print an edition, or what is in use of a file (routes.yaml …)."""
    here = installed()

    def text(session: Session) -> str:
        if not number.isdigit():
            return editions.text_in_use(session, here.settings.data, number)
        return _edition(session, int(number)).text

    click.echo(_look(text), nl=False)


@pack.command()
@click.argument("file", type=_FILE)
@click.option("--keep", metavar="NOTE", help="Keep it as a draft, which `use` can put in use.")
def check(file: Path, keep: str | None) -> None:
    """Check a FILE named like one of the pack's (routes.yaml …) together with all that is in use."""
    here = installed()
    text = editions.plain(file.read_text("utf-8"))
    found = _look(lambda session: editions.checked(session, here.settings.data, file.name, text))
    click.echo(f"{file} is good; with it the pack is version {found.version}")
    if keep is not None:
        click.echo(f"kept as edition {_change(lambda session: _kept(session, file.name, text, keep))}")


def _kept(session: Session, name: str, text: str, note: str) -> int:
    base = editions.digest(editions.text_in_use(session, installed().settings.data, name))
    return editions.keep(session, Written(name, text, note, base), None, utc_now()).id


@pack.command()
@click.argument("number", type=int, metavar="ID")
@click.option("--note", default="", help="Why; it stands in the journal.")
def use(number: int, note: str) -> None:
    """Put an edition in use, a draft or an earlier one."""
    file = _look(lambda session: _edition(session, number).file)
    _use(file, number, note)


@pack.command()
@click.argument("name", type=_NAME)
@click.option("--note", default="", help="Why; it stands in the journal.")
@click.option("--shipped", is_flag=True, help="Not to what was in use before, but to the file as it came.")
def back(name: str, note: str, shipped: bool) -> None:
    """Put in use again what was in use before."""
    _use(name, SHIPPED if shipped else _look(lambda session: editions.before(session, name)), note)


def _use(file: str, number: int, note: str) -> None:
    here = installed()
    plan: Plan = _look(lambda session: editions.plan(session, here.settings.data, file, number))
    _change(lambda session: editions.use(session, plan, here.settings.data, note, None, utc_now()))
    seconds = LOOK_EVERY.total_seconds()
    what = f"edition {number} of {file}" if number else f"{file} as it came"
    click.echo(f"{what} is in use; every process takes it up within {seconds:g} seconds{_still(plan.pack)}")


def _still(pack: Pack | None) -> str:
    return "" if pack else "; the pack is still broken, see `run.py check`"


def _edition(session: Session, number: int) -> Edition:
    found = session.get(Edition, number)
    if found is None:
        raise NoSuchEdition(f"there is no edition {number}; see `run.py pack list`")
    return found


def _look(ask: Callable[[Session], T]) -> T:
    with installed().database.glance() as session:
        return _told(ask, session)


def _change(act: Callable[[Session], T]) -> T:
    with installed().database.story() as session:
        return _told(act, session)


def _told(act: Callable[[Session], T], session: Session) -> T:
    """What goes wrong in one line."""
    try:
        return act(session)
    except (NoSuchEdition, NotEditable, Overtaken, PackError) as error:
        raise click.ClickException(str(error)) from error
