"""12345 接口命令 (`run.py hotline …`): keys for the hotline's own system."""

import click

from bot import hotline_keys
from bot.installation import installed, utc_now


@click.group()
def hotline() -> None:
    """Keys for the hotline's own system (POST /api/hotline/orders)."""


@hotline.command()
@click.argument("name")
def key(name: str) -> None:
    """Issue a key; NAME says who has it. It is shown once, only a digest is kept."""
    with installed().database.story() as session:
        issued = hotline_keys.issue(session, name, utc_now())
    click.echo(issued)


@hotline.command()
def keys() -> None:
    """Every key there is, without its secret."""
    with installed().database.glance() as session:
        for one in hotline_keys.known(session):
            used = f"last used {one.used_at:%Y-%m-%d %H:%M}" if one.used_at else "never used"
            click.echo(f"{one.id}\t{one.name}\t{'revoked' if one.revoked_at else used}")


@hotline.command()
@click.argument("number", type=int)
def revoke(number: int) -> None:
    """Refuse a key from now on."""
    with installed().database.story() as session:
        if not hotline_keys.revoke(session, number, utc_now()):
            raise click.ClickException(f"no key {number} is in force; see `run.py hotline keys`")
    click.echo("revoked")
