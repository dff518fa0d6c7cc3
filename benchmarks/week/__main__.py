"""python -m benchmarks.week [--cases N] [--seed N] [--database KIND]: play a week, prove what must be true of it."""

import sys

import click

from benchmarks.ground import DATABASES, ground
from benchmarks.week.report import Plan, live, show_figures, show_proofs


@click.command()
@click.option("--cases", default=20_000, show_default=True, help="How many come in within the seven days.")
@click.option("--seed", default=1, show_default=True, help="The same seed, the same people and cases.")
@click.option("--database", type=click.Choice(DATABASES), default="sqlite", show_default=True)
def main(cases: int, seed: int, database: str) -> None:
    """Exits with 1 when a proof fails."""
    with ground() as place, live(place.folder, place.database(database), Plan(cases, seed)) as evidence:
        show_figures(evidence)
        sys.exit(0 if show_proofs(evidence) else 1)


if __name__ == "__main__":
    main()
