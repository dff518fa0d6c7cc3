"""python -m benchmarks [webhook] [sweep] [outbox] [photos] [--quick] [--rounds N]: measure and print (测速)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import click

from benchmarks import outbox, photos, sweep, webhook
from benchmarks.ground import ground


@dataclass(frozen=True, slots=True)
class Benchmark:
    """测速项: what runs, and how large it is in earnest and in its quick form."""

    run: Callable[..., Any]
    full: Any
    quick: Any


BENCHMARKS = {
    "webhook": Benchmark(webhook.run, webhook.Size(), webhook.QUICK),
    "sweep": Benchmark(sweep.run, sweep.Size(), sweep.QUICK),
    "outbox": Benchmark(outbox.run, outbox.Size(), outbox.QUICK),
    "photos": Benchmark(photos.run, photos.Size(), photos.QUICK),
}


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(list(BENCHMARKS)))
@click.option("--quick", is_flag=True, help="A few seconds each; shows that it runs, its figures mean little.")
@click.option("--rounds", type=click.IntRange(min=1), help="How often each is repeated; the median counts.")
def main(names: tuple[str, ...], quick: bool, rounds: int | None) -> None:
    """Measure what is named, or everything."""
    with ground() as place:
        for name in names or BENCHMARKS:
            chosen = BENCHMARKS[name]
            size = chosen.quick if quick else chosen.full
            chosen.run(place, replace(size, rounds=rounds) if rounds else size)


if __name__ == "__main__":
    main()
