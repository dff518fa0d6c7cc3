"""考核材料命令 (`run.py score paper | verify`): papers of a table as files, and whether a table is genuine."""

import json
from pathlib import Path
from typing import Any

import click

from bot.installation import installed, utc_now
from console.ranking_papers import KINDS, Order, paper_of
from models.score import Ranking
from scoring import tables
from scoring.notices import Edition
from scoring.published import NotATable, is_genuine, recomputed


@click.command()
@click.argument("number", type=int)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--inside", is_flag=True, help="For those who decide: with suggestions, and in Excel with the cases.")
@click.option("--red-head", default="", help="红头, such as 某某指挥部文件.")
@click.option("--reference", default="", help="文号.")
def paper(number: int, file: Path, inside: bool, red_head: str, reference: str) -> None:
    """Write a paper of a frozen table's period to FILE: .docx, .pdf, .xlsx, or the table's card as .jpg."""
    here, kind = installed(), file.suffix.removeprefix(".")
    if kind not in KINDS:
        raise click.ClickException(f"{file} must end in one of: {', '.join(KINDS)}")
    zone = here.settings.timezone
    order = Order(kind, Edition(red_head, reference, inside), utc_now().astimezone(zone).date())
    with here.database.glance() as session:
        found = session.get(Ranking, number)
        made = paper_of(session, found, order, zone) if found is not None else None
    if made is None:
        raise click.ClickException(f"there is no frozen table {number}; see `run.py score list`")
    file.write_bytes(made)
    click.echo(f"{file}: {len(made)} bytes")


@click.command()
@click.argument("what", metavar="ID|FILE")
def verify(what: str) -> None:
    """Prove that a table says what was frozen; exits 1 where it does not.

    ID: a table of this installation.  FILE: the JSON of a published one, wherever it comes from.
    """
    click.echo(_kept_here(int(what)) if what.isdigit() else _taken_along(Path(what)))


def _kept_here(number: int) -> str:
    with installed().database.glance() as session:
        found = session.get(Ranking, number)
        if found is None or not found.digest:
            raise click.ClickException(f"there is no frozen table {number}; see `run.py score list`")
        if not tables.is_whole(found):
            raise click.ClickException(f"table {number} is not what was frozen: {tables.fingerprint(found)}")
        return found.digest


def _taken_along(file: Path) -> str:
    kept = _read(file)
    try:
        if not is_genuine(kept):
            raise click.ClickException(f"{file} is not what was frozen: {recomputed(kept)}, it says {kept['digest']}")
    except NotATable as error:
        raise click.ClickException(f"{file} is not a published table") from error
    return str(kept["digest"])


def _read(file: Path) -> Any:
    try:
        return json.loads(file.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise click.ClickException(f"{file} cannot be read: {type(error).__name__}") from error
