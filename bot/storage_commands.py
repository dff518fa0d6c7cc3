"""存储命令 (`run.py photos verify|sweep|erase`): prove that all photos are there, and destroy what must not be."""

import sys
from datetime import datetime, timedelta

import click
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from bot.erasing import erase_due
from bot.expiry import due_messages, due_photos
from bot.installation import Installation, installed, utc_now
from bot.inventory import HALF_WRITTEN_FOR, SWEPT, Fault, Inventory
from bot.inventory import sweep as sweep_one

_FEW = 100


@click.command()
@click.option("--deep", is_flag=True, help="Also read every file and compare it with its hash.")
def verify(deep: bool) -> None:
    """Prove that every photo has its files and every file its photo; exits 1 where one has not."""
    inventory, found = Inventory(installed(), utc_now(), deep), 0
    try:
        for fault in inventory.faults():
            found += 1
            click.echo(_line(fault))
    except OSError as error:
        raise click.ClickException(f"{inventory.installation.vault.where}: {error}") from error
    for name, count in sorted(inventory.counted.items()):
        click.echo(f"{count:>14,} {name}")
    click.echo(f"{found:>14,} faults")
    sys.exit(1 if found else 0)


@click.command()
@click.option("--yes", is_flag=True, help="Destroy them; otherwise they are only shown.")
@click.option("--many", is_flag=True, help="Also where it is a tenth of all files or more.")
def sweep(yes: bool, many: bool) -> None:
    """Clear away files that no photo knows. Those of the last day stay: a file is written before its row."""
    inventory = Inventory(installed(), utc_now())
    vault = inventory.installation.vault
    try:
        faults = [fault for fault in inventory.faults() if fault.what in SWEPT]
        for fault in faults:
            click.echo(_line(fault))
        if yes:
            _refuse_many(inventory, len(faults), many)
            size = sum(sweep_one(inventory, fault) for fault in faults)
            halves = vault.sweep_halves(inventory.now - HALF_WRITTEN_FOR)
            click.echo(f"{len(faults):,} destroyed, {size:,} bytes; {halves:,} half-written files cleared away")
            return
    except OSError as error:
        raise click.ClickException(f"{vault.where}: {error}") from error
    size = sum(fault.size for fault in faults)
    click.echo(f"{len(faults):,} to destroy, {size:,} bytes: `run.py photos sweep --yes`")


def _refuse_many(inventory: Inventory, found: int, many: bool) -> None:
    """Another city's folder, or a database that was restored from too old a backup, must not cost all photos."""
    files = sum(count for name, count in inventory.counted.items() if name.endswith(" files"))
    if found > _FEW and found * 10 >= files and not many:
        raise click.ClickException(f"{found:,} of {files:,} files: is this the right database? then add --many")


@click.command()
@click.option("--yes", is_flag=True, help="Destroy it now instead of waiting for the worker.")
def erase(yes: bool) -> None:
    """What has been kept for as long as `retention` says: photos and raw messages. A worker does it every hour."""
    here, now = installed(), utc_now()
    if not yes:
        photos, messages = _due(here, now)
        click.echo(f"{photos:,} photos and {messages:,} messages are due: `run.py photos erase --yes`")
        return
    erased = erase_due(here, now, now + timedelta(days=1), utc_now)
    click.echo(f"{erased.done:,} destroyed, {erased.size:,} bytes, {erased.failed:,} failed")
    sys.exit(1 if erased.failed else 0)


def _due(here: Installation, now: datetime) -> tuple[int, int]:
    photos, messages = here.expiry.photos_before(now), here.expiry.messages_before(now)
    queries = due_photos(photos) if photos else None, due_messages(messages) if messages else None
    with here.database.glance() as session:
        return _counted(session, queries[0]), _counted(session, queries[1])


def _counted(session: Session, query: Select[int] | None) -> int:
    if query is None:
        return 0
    return session.scalars(select(func.count()).select_from(query.order_by(None).subquery())).one()


def _line(fault: Fault) -> str:
    # A stray file may have any bytes for a name, also some that no terminal can show.
    words = fault.words.encode(errors="backslashreplace").decode()
    return f"{fault.what}: {fault.tree} {fault.sha256}: {words}"
