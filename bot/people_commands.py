"""人员命令 (`run.py people …`): rosters in, and what changes about people afterwards."""

import csv
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import click
from sqlalchemy.orm import Session

from bot.command_line import Span
from bot.installation import Installation, installed, utc_now
from handlers.desk import Desk
from handlers.membership import register
from handlers.membership.intake import NoApp, take_in
from handlers.membership.register import Issued, Listed, NoSuchPerson
from handlers.membership.roster import Roster, RosterError, read_roster
from handlers.membership.spreadsheet import safe_cell
from handlers.people.contacting import OUT_OF_REACH, reach_in_words, way_in_words
from handlers.reachability import Contact, contacts

_DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def people() -> None:
    """Who holds which role: rosters, codes, leaving, moving, deputies, absences."""


@people.command(name="import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--dry-run", is_flag=True, help="Only say what is wrong with it.")
@click.option("--valid", type=Span(), default="7d", show_default=True, help="How long the codes can be used.")
@click.option("--out", type=click.Path(path_type=Path), help="Write names and codes into this CSV as well.")
def import_command(file: Path, dry_run: bool, valid: timedelta, out: Path | None) -> None:
    """Read a roster (Excel or CSV) and make a binding code for everybody on it; all of it or nothing."""
    here = installed()
    try:
        with here.database.glance() as session:
            roster = read_roster(file, here.routers.current(session, utc_now()).pack)
    except RosterError as error:
        raise click.ClickException(f"{file}: {error}") from error
    _refuse_problems(roster)
    if dry_run:
        click.echo(f"{len(roster.rows)} rows are good; nothing was imported (--dry-run)")
        return
    try:
        with here.database.story() as session:
            done = take_in(here.desk(session, utc_now()), roster, valid)
    except NoApp as error:
        raise click.ClickException(str(error)) from error
    for one in done.issued:
        click.echo(_issued(here, one))
    if out:
        _write_codes(out, here, done.issued)
    click.echo(f"{done.coded} codes; {done.known} were bound before; {done.enrolled} bound on 企业微信 now")


def _refuse_problems(roster: Roster) -> None:
    for problem in roster.problems:
        click.echo(f"第{problem.row_number}行 {problem.column}: {problem.words}", err=True)
    if roster.problems:
        raise click.ClickException(f"{len(roster.problems)} problem(s); nothing was imported")


def _issued(here: Installation, one: Issued) -> str:
    said = f"绑定 {one.code}" if one.code else "已绑定"
    return f"{one.row.name}\t{_role(here, one)}\t{_unit(here, one)}\t{said}"


def _role(here: Installation, one: Issued) -> str:
    return here.router.pack.roles[one.row.role].name


def _unit(here: Installation, one: Issued) -> str:
    return here.router.pack.units[one.row.unit].name if one.row.unit else ""


def _write_codes(file: Path, here: Installation, issued: Sequence[Issued]) -> None:
    """For a mail merge. Whoever has the file can take the roles, so that only its owner may read it."""
    file.touch(mode=0o600)
    with file.open("w", encoding="utf-8-sig", newline="") as rows:
        writer = csv.writer(rows)
        writer.writerow(["姓名", "角色", "单位", "绑定码"])
        cells = ([one.row.name, _role(here, one), _unit(here, one), one.code] for one in issued)
        writer.writerows([safe_cell(cell) for cell in row] for row in cells)


@people.command(name="list")
@click.option("--unit", help="Only this unit's (code).")
@click.option("--unreachable", is_flag=True, help="Only who cannot be reached now.")
def list_command(unit: str | None, unreachable: bool) -> None:
    """Everybody in office, with the number the other commands want, and how they can be reached."""
    here, now = installed(), utc_now()
    with here.database.glance() as session:
        desk = here.desk(session, now)
        listed = register.listed(session, now, unit)
        found = contacts(session, now, {held.person.id for held in listed}, desk.families)
        for held in listed:
            contact = found[held.person.id]
            if not unreachable or contact.reach(now) in OUT_OF_REACH:
                click.echo(f"{_line(here, held)}\t{_contact(desk, contact)}")


def _contact(desk: Desk, contact: Contact) -> str:
    """联络状态, and when and by which way the last word arrived."""
    reached = desk.clock_time(contact.reached_at) if contact.reached_at else ""
    way = way_in_words(desk, contact.way) if contact.reached_at else ""
    return " ".join(filter(None, (reach_in_words(desk, contact), reached, way)))


def _line(here: Installation, held: Listed) -> str:
    m, pack = held.membership, here.router.pack
    known = pack.units.get(m.unit_code or "")
    unit = known.name if known else (m.unit_code or "-")
    more = " ".join(filter(None, (m.post, m.shift, m.areas, m.outlet, m.deputy and f"代理人:{m.deputy}")))
    return f"{m.id}\t{held.person.name}\t{pack.roles[m.role.value].name}\t{unit}\t{more}"


@people.command()
@click.argument("number", type=int)
def leave(number: int) -> None:
    """离任: the role with this number ends now."""
    click.echo(f"{_change(lambda session: register.leave(session, number, utc_now()).name)} 已离任")


@people.command()
@click.argument("number", type=int)
@click.argument("unit")
def move(number: int, unit: str) -> None:
    """调动: the same role at another unit (code) from now on."""
    click.echo(f"{number} → {_change(lambda session: register.move(session, number, unit, utc_now()).id)}")


@people.command()
@click.argument("number", type=int)
@click.argument("deputy", type=int)
def deputy(number: int, deputy: int) -> None:
    """AB 岗: the second one hears instead of the first while that one is away."""

    def change(session: Session) -> str:
        holder, other = register.stand_in(session, number, deputy, utc_now())
        return f"{holder.name} 的代理人：{other.name}"

    click.echo(_change(change))


@people.command()
@click.argument("number", type=int)
@click.argument("first", type=_DAY)
@click.argument("last", type=_DAY)
def away(number: int, first: datetime, last: datetime) -> None:
    """请假: from the first to the last day (YYYY-MM-DD), both included, the deputy hears instead."""
    here = installed()
    zone = here.settings.timezone

    def moment(day: date) -> datetime:
        return datetime.combine(day, time.min, zone).astimezone(UTC)

    def change(session: Session) -> str:
        ends = moment(last.date() + timedelta(days=1))
        membership = register.away(session, number, moment(first.date()), ends, utc_now())
        return membership.deputy or "没有代理人，这段时间没有人收到通知"

    click.echo(_change(change))


def _change(change: Callable[[Session], object]) -> object:
    """One change, whole or not at all; what is wrong with it in one line."""
    try:
        with installed().database.story() as session:
            return change(session)
    except (NoSuchPerson, ValueError) as error:
        raise click.ClickException(str(error)) from error
