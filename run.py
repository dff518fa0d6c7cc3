"""The one door (入口): demo, web, worker, migrate, load, invite, people, photos, menu, hotline, check, …"""

import json
import os
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import click
from alembic.util import CommandError
from sqlalchemy.exc import SQLAlchemyError

from bot import migration
from bot.audit_command import audit
from bot.checks import check_installation
from bot.command_line import Span
from bot.console_commands import console
from bot.database import open_engine
from bot.field_commands import field
from bot.hotline_commands import hotline
from bot.import_commands import import_chat
from bot.installation import CONFIG_VARIABLE, installed, utc_now
from bot.menu import FILE, WORK_FILE, BadMenu, read_menu
from bot.pack_commands import pack
from bot.people_commands import people
from bot.photo_commands import photos
from bot.registry import UnknownAccount, load_units, put_menu, qr_address
from bot.route_command import route
from bot.routing_commands import routing
from bot.score_commands import score
from bot.settings import BadSettings, Settings, load_settings
from bot.web import serve
from bot.wechat.errors import SendError
from bot.worker import run_worker
from demo.smoke import run_smoke
from demo.stories import STORIES
from demo.system import run_demo
from handlers.membership.invitations import UnknownUnit, invite
from handlers.platforms import SCENE
from models.people import Role
from models.wording import BadTexts
from routing.pack import PackError
from routing.pack import load as load_pack
from routing.platforms import PLATFORM_KEYS
from routing.what.learned import ModelError
from simulator.__main__ import main as simulate


class _Stopped(click.ClickException):
    """What stops a command is one readable line, not a traceback."""

    exit_code = 2


class _Commands(click.Group):
    def invoke(self, context: click.Context) -> Any:
        """Run a command, and tell what people can put right in one line."""
        try:
            return super().invoke(context)
        except (BadSettings, PackError, ModelError, BadTexts, CommandError) as error:
            raise _Stopped(str(error)) from error
        except SQLAlchemyError as error:
            told = str(getattr(error, "orig", None) or type(error).__name__).splitlines()[0]
            raise _Stopped(f"database: {told}: is it running, and was `run.py migrate` run?") from error


@click.group(cls=_Commands)
@click.option("--config", type=click.Path(path_type=Path), default="config.yaml", show_default=True)
@click.pass_context
def cli(context: click.Context, config: Path) -> None:
    """创城督导机器人: a WeChat bot that runs a city's street-level supervision."""
    context.obj = config
    os.environ[CONFIG_VARIABLE] = str(config)


def _settings() -> Settings:
    return load_settings(Path(os.environ[CONFIG_VARIABLE]))


@cli.command()
@click.option("--hour", type=Span(), default="1m", show_default=True, help="How long an hour lasts in the demo.")
@click.option("--port", default=8000, show_default=True)
@click.option("--folder", type=click.Path(path_type=Path), default="var/demo", show_default=True)
def demo(hour: timedelta, port: int, folder: Path) -> None:
    """Everything on this machine, with a simulated WeChat. Ctrl-C stops it; a second start keeps the data."""
    run_demo(folder, hour, port)


@cli.command()
def web() -> None:
    """Serve the webhook and the health pages."""
    settings = _settings()
    load_pack(settings.data)  # each process loads its own, but a broken one must be told once, here
    serve(settings)


@cli.command()
def worker() -> None:
    """Do the jobs and watch the clock. Start as many as you like, on as many machines."""
    run_worker()


@cli.command()
@click.argument("revision", default="head")
@click.option("--down", is_flag=True, help="Go down to the revision (base: nothing is left).")
@click.option("--write", metavar="MESSAGE", help="For developers: write a migration from the models.")
def migrate(revision: str, down: bool, write: str | None) -> None:
    """Bring the database's schema up to date."""
    engine = open_engine(_settings().database.get_secret_value(), timedelta(minutes=10))
    try:
        if write:
            migration.write(engine, write)
        elif down:
            migration.downgrade(engine, revision)
        else:
            migration.upgrade(engine, revision)
        differs = migration.differences(engine)
    finally:
        engine.dispose()
    click.echo(
        f"the schema has {len(differs)} difference(s) from the models" if differs else "the schema is up to date"
    )


@cli.command()
def load() -> None:
    """Load the data pack's units into the database."""
    installation = installed()
    with installation.database.story() as session:
        count = load_units(session, installation.router.pack)
    click.echo(f"{count} units loaded, pack version {installation.router.pack.version}")


@cli.command(name="invite")
@click.argument("role", type=click.Choice([role.value for role in Role]))
@click.option("--unit", help="Unit code from the data pack; not for dispatchers.")
@click.option("--name", default="", help="The person's name, shown to colleagues.")
@click.option("--valid", type=Span(), default="7d", show_default=True)
@click.option("--uses", type=click.IntRange(min=1), default=1, show_default=True)
@click.option("--qr", metavar="ACCOUNT", help="Also ask WeChat for a QR code that carries it, for this account.")
def invite_command(role: str, unit: str | None, name: str, valid: timedelta, uses: int, qr: str | None) -> None:
    """Make a binding code (绑定码). Its bearer sends 绑定 CODE to the account, or scans it as a QR scene."""
    try:
        with installed().database.story() as session:
            code = invite(session, Role(role), unit, name, utc_now(), valid, uses).code
        click.echo(f"绑定 {code}")
        if qr:
            click.echo(qr_address(installed(), qr, code, valid))
    except (UnknownUnit, UnknownAccount, SendError) as error:
        raise click.ClickException(str(error)) from error


cli.add_command(people)
cli.add_command(score)
cli.add_command(console)
cli.add_command(field)
cli.add_command(audit)
cli.add_command(hotline)
cli.add_command(photos)
cli.add_command(routing)
cli.add_command(route)
cli.add_command(pack)
cli.add_command(import_chat)


@cli.command()
@click.argument("account")
@click.option("--show", is_flag=True, help="Only show what would be sent.")
def menu(account: str, show: bool) -> None:
    """Put the data pack's menu.yaml into an account's menu bar, or menu_work.yaml into an app of 企业微信."""
    settings = _settings()
    file = WORK_FILE if account in {app.key for app in settings.wecom} else FILE
    try:
        body = read_menu(settings.data, file)
        if show:
            click.echo(json.dumps(body, ensure_ascii=False, indent=2))
            return
        put_menu(installed(), account, body)
    except (BadMenu, UnknownAccount, SendError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{len(body['button'])} buttons are in the menu of {account}; phones show them within 24 hours")


@cli.command()
@click.argument("account")
@click.argument("platform", type=click.Choice(PLATFORM_KEYS))
@click.option("--valid", type=Span(), default="30d", show_default=True)
def qr(account: str, platform: str, valid: timedelta) -> None:
    """A scene QR for a poster: who scans it reports on this platform."""
    try:
        click.echo(qr_address(installed(), account, f"{SCENE}{platform}", valid))
    except (UnknownAccount, SendError) as error:
        raise click.ClickException(str(error)) from error


@cli.command()
@click.option("--online", is_flag=True, help="Also ask WeChat, and push to ourselves as it would.")
def check(online: bool) -> None:
    """Check settings, data pack, texts, database and Redis, and say what to do about each problem."""
    failed = False
    for line in check_installation(installed(), online):
        click.echo(f"{'ok ' if line.ok else 'BAD'} {line.what}: {line.words}")
        failed = failed or not line.ok
    sys.exit(1 if failed else 0)


@cli.command(name="simulate", context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def simulate_command(arguments: tuple[str, ...]) -> None:
    """Run the simulated WeChat alone (see `python -m simulator --help`)."""
    simulate(list(arguments))


@cli.command()
@click.option("--running", is_flag=True, help="Play against the demo that runs now instead of a system of its own.")
@click.option("--folder", type=click.Path(path_type=Path), default="var/demo", show_default=True)
@click.option("--only", type=click.Choice(list(STORIES)), help="Play one story.")
def smoke(running: bool, folder: Path, only: str | None) -> None:
    """Play eight stories over real HTTP: one per platform, one by cards on WeCom, one in a group."""
    sys.exit(0 if run_smoke(folder if running else None, only) else 1)


if __name__ == "__main__":
    cli()
