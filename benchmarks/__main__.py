"""python -m benchmarks [webhook] [sweep] [outbox] [--quick]: measure and print (测速)."""

import click

from benchmarks import webhook
from benchmarks.ground import ground


@click.command()
@click.argument("names", nargs=-1)
@click.option("--quick", is_flag=True)
@click.option("--rounds", type=int)
def main(names: tuple[str, ...], quick: bool, rounds: int | None) -> None:
    from dataclasses import replace
    size = webhook.QUICK if quick else webhook.Size()
    if rounds: size = replace(size, rounds=rounds)
    with ground() as place:
        webhook.run(place, size)


if __name__ == "__main__":
    main()
