"""督导考核: python -m benchmarks.scoring [--cases N]: a month of events replayed, and the three tables of it."""

import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import click
from sqlalchemy import func, select

from benchmarks.archive.filling import clocks_of_config, fill
from benchmarks.figures import show
from benchmarks.ground import ground
from bot.database import Database, open_engine
from bot.installation import ROOT
from models.event import CaseEvent
from models.score import ScoreItem
from routing.pack import load as load_pack
from scoring import projection, tables
from scoring.projection import ground_of
from scoring.rules import load_rules
from scoring.tallies import Period

_ZONE = ZoneInfo("Asia/Shanghai")
# What a month of 1,000,000 events is: five events a case.
_CASES = 200_000
_AIM_REBUILD, _AIM_TABLES = 60, 2


@click.command()
@click.option("--cases", default=_CASES, show_default=True)
@click.option("--kind", type=click.Choice(["sqlite", "postgresql"]), default="postgresql", show_default=True)
def main(cases: int, kind: str) -> None:
    """Fill a database, forget what counts, replay every event, and make the tables."""
    now = datetime.now(UTC)
    with ground() as place:
        url = place.database(kind)
        fill(url, cases, clocks_of_config(), now)
        engine = open_engine(url, timedelta(minutes=10))
        _measure(Database(engine, timedelta(minutes=10)), now)
        engine.dispose()
        place.drop(url)


def _measure(database: Database, now: datetime) -> None:
    folder = ROOT / "data" / "jinan"
    pack, rules = load_pack(folder), load_rules(folder)
    period = Period(date(now.year - 3, 1, 1), date(now.year + 1, 1, 1), _ZONE)
    with database.story() as session:
        begun = time.perf_counter()
        items = projection.rebuild(session, ground_of(pack), now)
        rebuilt = time.perf_counter() - begun
    with database.glance() as session:
        events = session.scalars(select(func.count()).select_from(CaseEvent)).one()
        kept = session.scalars(select(func.count()).select_from(ScoreItem)).one()
        begun = time.perf_counter()
        ranked = {tier: len(rows) for tier, rows in tables.compute_all(session, period, rules).items()}
        made = time.perf_counter() - begun
    click.echo(f"{events:,} events → {items:,} items ({kept:,} kept)")
    units = ", ".join(f"{count} {tier}s" for tier, count in ranked.items())
    rows = [
        ("replay", f"{rebuilt:.1f}", f"{_AIM_REBUILD}"),
        (f"three tables ({units})", f"{made:.2f}", f"{_AIM_TABLES}"),
    ]
    show("督导考核", ("what", "seconds", "aim"), rows)


if __name__ == "__main__":
    main()
