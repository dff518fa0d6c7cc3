"""指挥部命令 (`run.py console …`): who may log in with a password, and the browsers that are in."""

import secrets

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.installation import installed, utc_now
from console import accounts
from models.journal import Act, write
from models.login import ConsoleSession, Login
from models.people import Membership, Person, Role
from models.unit import Unit

# Without what is easily mixed up when somebody reads it out.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_ROLES = [role.value for role in (Role.ADMIN, Role.DISPATCHER, Role.VERIFIER, Role.LEADER, Role.OFFICER)]


@click.group()
def console() -> None:
    """Logins of the command centre in the browser."""


@console.command()
@click.argument("username")
@click.option("--person", type=int, help="Somebody who is known already; see `run.py people list`.")
@click.option("--name", help="Otherwise the name of somebody new.")
@click.option("--role", type=click.Choice(_ROLES), help="A role to give them now.")
@click.option("--unit", help="Unit code of that role; not for the command centre's.")
def add(username: str, person: int | None, name: str | None, role: str | None, unit: str | None) -> None:
    """Let somebody log in. Prints a password that must be changed at the first login."""
    if (person is None) == (name is None):
        raise click.UsageError("say --person NUMBER for somebody known, or --name NAME for somebody new")
    word, now = _password(), utc_now()
    with installed().database.story() as session:
        found = session.get(Person, person) if person else Person(name=name or "", created_at=now)
        if found is None:
            raise click.ClickException(f"there is nobody with the number {person}")
        session.add(found)
        session.flush()
        if role:
            _give(session, found, Role(role), unit)
        _refuse_taken(session, username, found)
        accounts.create(session, now, found.id, username, word)
        write(session, now, None, Act("login.add", f"person:{found.id}", username))
    click.echo(f"{username}\t{word}")


def _give(session: Session, person: Person, role: Role, unit: str | None) -> None:
    needs_unit = role in (Role.LEADER, Role.OFFICER)
    if needs_unit != bool(unit) or (unit and session.get(Unit, unit) is None):
        raise click.ClickException("a leader or an officer needs --unit with a code that exists, the others none")
    session.add(Membership(person_id=person.id, role=role, unit_code=unit, since=utc_now()))


def _refuse_taken(session: Session, username: str, person: Person) -> None:
    taken = Login.username == username.strip().lower()
    if session.scalars(select(Login.id).where(taken | (Login.person_id == person.id))).first() is not None:
        raise click.ClickException("the user name is taken, or the person has one; see `run.py console list`")


@console.command()
@click.argument("username")
def reset(username: str) -> None:
    """A new password for somebody who forgot theirs; they are out everywhere until they use it."""
    word, now = _password(), utc_now()
    with installed().database.story() as session:
        login = _login(session, username)
        accounts.set_password(login, word, now, must_change=True)
        login.disabled_at = None
        accounts.end(session, now, ConsoleSession.person_id == login.person_id)
        write(session, now, None, Act("login.reset", f"person:{login.person_id}"))
    click.echo(f"{username}\t{word}")


@console.command()
@click.argument("username")
def disable(username: str) -> None:
    """Nobody gets in with it any more; `reset` lets them in again."""
    now = utc_now()
    with installed().database.story() as session:
        login = _login(session, username)
        login.disabled_at = now
        ended = accounts.end(session, now, ConsoleSession.person_id == login.person_id)
        write(session, now, None, Act("login.disable", f"person:{login.person_id}"))
    click.echo(f"disabled; {ended} browser(s) logged out")


@console.command(name="list")
def list_command() -> None:
    """Everybody who can log in with a password."""
    now = utc_now()
    with installed().database.glance() as session:
        query = select(Login, Person.name).join(Person, Person.id == Login.person_id).order_by(Login.username)
        for login, name in session.execute(query):
            locked = login.locked_until is not None and now < login.locked_until
            state = "disabled" if login.disabled_at else "locked" if locked else "ok"
            changed = "must change" if login.must_change or login.is_demo else "own password"
            click.echo(f"{login.username}\t{login.person_id}\t{name}\t{state}\t{changed}")


@console.command()
@click.argument("username", required=False)
def out(username: str | None) -> None:
    """Log somebody's browsers out, or everybody's."""
    now = utc_now()
    with installed().database.story() as session:
        whose = [ConsoleSession.person_id == _login(session, username).person_id] if username else []
        ended = accounts.end(session, now, *whose)
        write(session, now, None, Act("login.out", username or "everybody"))
    click.echo(f"{ended} browser(s) logged out")


def _login(session: Session, username: str) -> Login:
    login = accounts.find(session, username)
    if login is None:
        raise click.ClickException(f"no login {username!r}; see `run.py console list`")
    return login


def _password() -> str:
    """Four groups of four: 78 bits, to be read out once."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))
