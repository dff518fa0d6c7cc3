"""测评命令 (`run.py field …`): look at rounds, repeat a draw, and take in sheets and questionnaires from files."""

from pathlib import Path

import click
from sqlalchemy import func, select

from bot.installation import installed, utc_now
from handlers.field import frame, imported, rounds
from handlers.field.importing import ScoreFile, read_file
from handlers.membership.spreadsheet import RosterError
from models.journal import Act, write
from models.score import FieldRound, FieldVisit


@click.group()
def field() -> None:
    """实地测评: rounds of third-party assessment."""


@field.command(name="list")
def list_command() -> None:
    """The rounds, with how many of their visits have a result."""
    here = installed()
    done = func.count(FieldVisit.result)
    query = select(FieldRound, func.count(FieldVisit.id), done).outerjoin(FieldVisit).group_by(FieldRound.id)
    with here.database.glance() as session:
        for round_, count, results in session.execute(query.order_by(FieldRound.id)):
            state = "closed" if round_.closed_at else "open"
            click.echo(
                f"{round_.id}\t{round_.title}\t{round_.begins_on} – {round_.ends_on}\t{results}/{count}\t{state}"
            )


@field.command()
@click.argument("number", type=int)
def draw(number: int) -> None:
    """Draw round NUMBER again out of its seed and strata, and say whether its visits are what comes out."""
    here = installed()
    with here.database.glance() as session:
        round_ = session.get(FieldRound, number)
        if round_ is None:
            raise click.ClickException(f"no round {number}")
        click.echo(f"seed\t{round_.seed}")
        for row in round_.strata.get("strata", []):
            words = f"{row['wanted']} wanted, {row['drawn']} drawn of {len(row['frame'])}"
            click.echo(f"{row['key']}\t{frame.stratum_name(here.router.pack, row['key'])}\t{words}")
        if not rounds.is_as_drawn(here.desk(session, utc_now()), round_):
            raise click.ClickException("the visits are NOT what the seed draws")
    click.echo("the visits are what the seed draws")


@field.command(name="import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--round", "number", type=int, help="The round that results belong to; questionnaires need none.")
@click.option("--dry-run", is_flag=True, help="Only say what is wrong with it.")
def import_command(file: Path, number: int | None, dry_run: bool) -> None:
    """Take in results (点位, 单位, 得分, 问题) or questionnaires (单位, 分数, 份数); all of a file or nothing."""
    here = installed()
    try:
        read = read_file(file, here.router.pack)
    except RosterError as error:
        raise click.ClickException(f"{file}: {error}") from error
    now = utc_now()
    with here.database.story() as session:
        round_ = session.get(FieldRound, number) if number else None
        if number and round_ is None:
            raise click.ClickException(f"no round {number}")
        desk = here.desk(session, now)
        _refuse(
            read, [f"第{one.row_number}行 {one.column}: {one.words}" for one in imported.problems(desk, read, round_)]
        )
        if dry_run:
            click.echo(f"{len(read.lines)} rows are good; nothing was imported (--dry-run)")
            return
        count = imported.take_in(desk, read, round_, file.name, None)
        write(session, now, None, Act("field.import", f"round:{number or 0}", file.name, {"rows": count}))
    click.echo(f"{count} rows imported as {read.what.value}")


def _refuse(read: ScoreFile, problems: list[str]) -> None:
    for problem in problems:
        click.echo(problem, err=True)
    if problems:
        raise click.ClickException(f"{len(problems)} problem(s), {len(read.lines)} good rows; nothing was imported")
