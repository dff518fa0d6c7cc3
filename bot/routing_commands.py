"""派单命令 (`run.py routing …`): how good routing is, what it learns, and which version it uses."""

from collections.abc import Sequence
from pathlib import Path

import click

from bot import routers
from bot.installation import installed, utc_now
from bot.routing_ground import Ground, ground
from handlers import rerouting
from handlers.labelling import labelled
from routing.confidence import Curve
from routing.evaluation import WANTED, Evaluation, evaluate
from routing.pack import Pack
from routing.table import Example, read_examples
from routing.training import (
    CALIBRATION,
    HELD_OUT,
    OWN_AT_LEAST,
    NothingLearned,
    Trained,
    fit_lexicon,
    read_reports,
    read_sentences,
    train_version,
)
from routing.what.learned import STARTER, read_starter

SHOWN = 10
# The thresholds are tried in small steps; of the table these many are enough to read.
EVERY = 5
_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
_CURVE = """\
# 校准曲线: "raw right" corners. Decisions whose parts were worth `raw` together are right this often, without any
# trained version. Written by `run.py routing train --starter` from reports/calibration.tsv; straight between corners.
corners:
{corners}
"""


@click.group()
def routing() -> None:
    """How good routing is, what it has learnt, and which trained version it uses."""


@routing.command(name="evaluate")
@click.option("--table", type=_FILE, help="A TSV of labelled reports; default: the pack's held_out.tsv.")
@click.option("--cases", is_flag=True, help="Judge by what dispatchers said and by closed cases instead.")
@click.option("--version", "name", default="", help="A kept one, 'starter' or 'lexicon'; default: the one in use.")
def evaluate_command(table: Path | None, cases: bool, name: str) -> None:
    """Coverage against accuracy: how many cases could go out by themselves, and how many of those rightly."""
    try:
        here = ground(name)
    except routers.UnknownVersion as error:
        raise click.ClickException(str(error)) from error
    pack = here.router.pack
    examples = _own() if cases else _table(here, table)
    if not examples:
        raise click.ClickException("no dispatcher has said anything about a case yet: try --table FILE")
    click.echo(f"{len(examples)} reports, pack {pack.version}, version {here.router.version or routers.LEXICON}")
    _show(evaluate(here.router, examples), pack)


def _own() -> list[Example]:
    """What dispatchers said, and closed cases."""
    here = installed()
    with here.database.glance() as session:
        return labelled(session, here.settings.timezone)


def _table(here: Ground, table: Path | None) -> list[Example]:
    pack = here.router.pack
    return read_examples(table, pack) if table else read_reports(here.folder, pack, HELD_OUT)


def _show(result: Evaluation, pack: Pack) -> None:
    click.echo(
        f"right: category {result.category_accuracy:.1%} · street {result.street_accuracy:.1%} · "
        f"district {result.district_accuracy:.1%} · unit {result.unit_accuracy:.1%} · "
        f"calibration error {result.miscalibration:.1%}"
    )
    click.echo("confidence from   goes out by itself   of these the right unit")
    for step in result.steps[::EVERY]:
        click.echo(f"{step.threshold:15.2f} {step.coverage:20.1%} {step.accuracy:25.1%}")
    advised = result.advised
    click.echo(
        f"sure_from: {advised.threshold:g}   # {advised.coverage:.1%} go out, {advised.accuracy:.1%} of them rightly"
        if advised
        else f"no threshold sends anything with {WANTED:.0%} right: leave it all to dispatchers"
    )
    for (right, taken), count in result.confusions(SHOWN):
        click.echo(f"taken for another {count} times: {_category(pack, right)} → {_category(pack, taken)}")
    for rule, count in result.doubtful_rules(SHOWN):
        click.echo(f"right category, wrong unit {count} times: {rule}")


def _category(pack: Pack, key: str) -> str:
    return f"{pack.categories[key].name} ({key})" if key else "–"


@routing.command()
@click.option("--starter", is_flag=True, help="For whoever edits the pack: write its own version and calibration.")
@click.option("--use", "use_it", is_flag=True, help="Route with it at once.")
def train(starter: bool, use_it: bool) -> None:
    """Learn from what dispatchers said and from closed cases, and keep the version. Takes a minute or so."""
    here = ground()
    pack, folder = here.router.pack, here.folder
    sentences, reports = read_sentences(folder, pack), read_reports(folder, pack, CALIBRATION)
    if not starter:
        reports = _with_own(reports)
    try:
        trained = train_version(pack, sentences, reports, lambda words: click.echo(words, err=True))
    except NothingLearned as error:
        raise click.ClickException(str(error)) from error
    _show(trained.unseen, pack)
    if starter:
        (folder / STARTER).write_bytes(trained.learned.to_bytes())
        _write_curve(folder, fit_lexicon(pack, reports))
        click.echo(f"{STARTER} {trained.learned.version} and confidence.yaml were written into {folder}")
        return
    version = _keep(trained, pack, use_it)
    click.echo(f"{version} {'is in use' if use_it else f'is kept; `run.py routing use {version}` routes with it'}")


def _keep(trained: Trained, pack: Pack, use_it: bool) -> str:
    with installed().database.story() as session:
        version = routers.keep(session, trained, pack, utc_now())
        if use_it:
            routers.use(session, version, pack, utc_now())
    return version


def _with_own(reports: Sequence[Example]) -> list[Example]:
    """The city's own labelled cases, with the pack's reports beside them; too few are not worth a version."""
    own = _own()
    if len(own) < OWN_AT_LEAST:
        words = f"{len(own)} cases are closed or labelled by dispatchers; {OWN_AT_LEAST} are the least to learn from"
        raise click.ClickException(words)
    return [*reports, *own]


def _write_curve(folder: Path, curve: Curve) -> None:
    corners = "\n".join(f'  - "{raw:g} {right:g}"' for raw, right in curve.corners)
    (folder / "confidence.yaml").write_text(_CURVE.format(corners=corners), "utf-8")


@routing.command()
@click.argument("version")
def use(version: str) -> None:
    """Route with VERSION from now on: a kept one, 'starter' (the pack's own) or 'lexicon'. No restart is needed."""
    here = installed()
    try:
        with here.database.story() as session:
            routers.use(session, version, here.router.pack, utc_now())
    except routers.UnknownVersion as error:
        raise click.ClickException(str(error)) from error
    seconds = routers.LOOK_EVERY.total_seconds()
    click.echo(f"{version} is in use; every process takes it up within {seconds:g} seconds")


@routing.command()
def versions() -> None:
    """Every kept version, with what it was trained on and how well it did."""
    here = installed()
    with here.database.glance() as session:
        chosen = routers.in_use(session)
        rows = routers.kept(session)
    starter = read_starter(here.settings.data)
    click.echo(f"{_mark(chosen, routers.STARTER)} starter\t{starter.version if starter else 'this pack has none'}")
    for row in rows:
        said = " ".join(f"{key}={value}" for key, value in row.measures.items())
        click.echo(f"{_mark(chosen, row.version)} {row.version}\t{row.trained_at:%Y-%m-%d %H:%M}\t{said}")


def _mark(chosen: str, version: str) -> str:
    return "*" if chosen == version else " "


@routing.command()
def rerun() -> None:
    """Suggest anew for the cases that wait for a dispatcher, never against what a dispatcher has said."""
    here = installed()
    with here.database.story() as session:
        looked, changed = rerouting.rerun(here.desk(session, utc_now()))
    click.echo(f"{looked} cases wait for a dispatcher; {changed} have other suggestions now")
