"""python -m benchmarks.archive URL [--cases N]: two years of a city in an empty database (档案)."""

import time
from datetime import UTC, datetime

import click

from benchmarks.archive.filling import PATIENCE, clocks_of_config, fill
from bot import migration
from bot.database import Database, open_engine
from bot.installation import ROOT
from bot.registry import load_units
from routing.pack import load as load_pack


@click.command()
@click.argument("url")
@click.option("--cases", default=100_000, show_default=True)
def main(url: str, cases: int) -> None:
    """Migrate the empty database at URL and fill it."""
    engine = open_engine(url, PATIENCE)
    migration.upgrade(engine)
    with Database(engine).story() as session:
        load_units(session, load_pack(ROOT / "data" / "jinan"))
    engine.dispose()
    begun = time.perf_counter()
    fill(url, cases, clocks_of_config(), datetime.now(UTC))
    click.echo(f"{cases} cases in {time.perf_counter() - begun:.0f} s")


if __name__ == "__main__":
    main()
