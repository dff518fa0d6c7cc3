"""考核命令 (`run.py score …`): rebuild what counts, look at tables, and bring one from draft to publication."""

from collections.abc import Callable
from datetime import date, datetime

import click
from sqlalchemy.orm import Session

from bot.installation import ROOT, Installation, installed, utc_now
from bot.score_papers import paper, verify
from models.journal import Act, write
from models.score import Ranking
from models.wording import Texts
from scoring import explain, projection, tables
from scoring.projection import ground_of
from scoring.ranking import Row
from scoring.rules import TIERS, ScoreRules, load_rules
from scoring.snapshot import rows_as_json
from scoring.tables import NotNow, Wanted
from scoring.tallies import Period

WORDS = Texts(ROOT / "scoring" / "texts.yaml")
_MONTH = click.DateTime(["%Y-%m"])
_TIER = click.Choice(TIERS)


@click.group()
def score() -> None:
    """督导考核: the three rankings."""


def month_of(here: Installation, month: datetime) -> Period:
    """The whole month, in the city's days."""
    begins = date(month.year, month.month, 1)
    ends = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return Period(begins, ends, here.settings.timezone)


def rules_of(here: Installation) -> ScoreRules:
    """评分规则 in force."""
    return load_rules(here.settings.data)


@score.command()
@click.option("--all", "everything", is_flag=True, help="Forget all items and replay every event.")
def rebuild(everything: bool) -> None:
    """Bring the items up to date with the events; --all replays them all, and gives the same."""
    here = installed()
    work = projection.rebuild if everything else projection.refresh
    with here.database.story() as session:
        made = work(session, ground_of(here.router.pack), utc_now())
    click.echo(f"{made} items made")


@score.command()
@click.argument("tier", type=_TIER)
@click.argument("month", type=_MONTH)
def table(tier: str, month: datetime) -> None:
    """The table of a tier and month as it is now; nothing is kept."""
    for row in _computed(tier, month):
        rank = str(row["rank"]) if row["rank"] is not None else WORDS("few")
        click.echo(f"{rank}\t{row['name']}\t{row['score']}\t{row['cases']:g}")


@score.command()
@click.argument("tier", type=_TIER)
@click.argument("month", type=_MONTH)
@click.argument("unit")
@click.option("--figure", type=click.Choice(sorted(explain.SOURCES)), help="List the cases behind one figure.")
def why(tier: str, month: datetime, unit: str, figure: str | None) -> None:
    """Why a unit's score is so, in words; --figure lists what it was counted from."""
    here = installed()
    row = next((row for row in _computed(tier, month) if row["unit"] == unit), None)
    if row is None:
        raise click.ClickException(f"there is no unit {unit!r} on the tier {tier}")
    if figure is None:
        click.echo("\n".join(explain.explained(row, rules_of(here).as_json(), WORDS)))
        return
    with here.database.glance() as session:
        for one in explain.behind(session, unit, figure, month_of(here, month), tier == "district"):
            sign = "+" if one.speaks else "-"
            at = one.at.astimezone(here.settings.timezone)
            click.echo(f"{sign} {one.case_id}\t{WORDS(f'kind.{one.kind}')}\t{at:%Y-%m-%d %H:%M}\t{one.value:g}")


def _computed(tier: str, month: datetime) -> list[dict[str, object]]:
    here = installed()
    rules = rules_of(here)
    with here.database.story() as session:
        projection.refresh(session, ground_of(here.router.pack), utc_now())
        made = tables.compute(session, tier, month_of(here, month), rules)
        return _plain(here, made, rules)


def _plain(here: Installation, rows: list[Row], rules: ScoreRules) -> list[dict[str, object]]:
    names = {code: unit.name for code, unit in here.router.pack.units.items()}
    found: list[dict[str, object]] = rows_as_json(rows, names, rules)["rows"]
    return found


@score.command()
@click.argument("tier", type=_TIER)
@click.argument("month", type=_MONTH)
def draft(tier: str, month: datetime) -> None:
    """Keep a draft of the table; its number is what the other commands want."""
    here, now = installed(), utc_now()
    period = month_of(here, month)
    title = WORDS("title", year=period.begins_on.year, month=period.begins_on.month, tier=WORDS(f"tier.{tier}"))
    with here.database.story() as session:
        projection.refresh(session, ground_of(here.router.pack), now)
        made = tables.make(session, Wanted(tier, title, period, rules_of(here)), now)
        session.flush()
        write(session, now, None, Act("ranking.draft", f"ranking:{made.id}", title))
        click.echo(f"{made.id}\t{title}")


@score.command(name="list")
def list_command() -> None:
    """Every table there is."""
    with installed().database.glance() as session:
        for one in session.query(Ranking).order_by(Ranking.id):
            click.echo(
                f"{one.id}\t{one.title}\t{WORDS(f'state.{one.state}')}\t{one.rules_version}\t{one.digest[:16]}"
            )


def _step(number: int, act: str, do: Callable[[Session, Ranking, datetime], None]) -> None:
    """One step in a table's life, in one story, noted."""
    here, now = installed(), utc_now()
    try:
        with here.database.story() as session:
            found = session.get(Ranking, number, with_for_update=True)
            if found is None:
                raise click.ClickException(f"there is no table {number}; see `run.py score list`")
            do(session, found, now)
            write(session, now, None, Act(f"ranking.{act}", f"ranking:{number}", found.title))
            click.echo(f"{found.title}: {WORDS(f'state.{found.state}')}")
    except NotNow as problem:
        raise click.ClickException(WORDS(f"problem.{problem.key}")) from problem


@score.command()
@click.argument("number", type=int)
def appeals(number: int) -> None:
    """Open a draft for the units to see their rows and object."""
    _step(number, "appeals", lambda _, found, now: tables.open_appeals(found, now))


@score.command()
@click.argument("number", type=int)
def freeze(number: int) -> None:
    """Compute once more, hash, and change it never again."""
    here = installed()

    def frozen(session: Session, found: Ranking, now: datetime) -> None:
        projection.refresh(session, ground_of(here.router.pack), now)
        tables.freeze(session, found, here.settings.timezone, now)

    _step(number, "freeze", frozen)


@score.command()
@click.argument("number", type=int)
def publish(number: int) -> None:
    """Let everybody see a frozen table."""
    _step(number, "publish", lambda _, found, now: tables.publish(found, None, now))


score.add_command(paper)
score.add_command(verify)
