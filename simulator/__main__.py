"""python -m simulator: start a local WeChat (启动模拟器)."""

from __future__ import annotations

import signal
from pathlib import Path

import click

from simulator.server import Simulator
from simulator.settings import load
from simulator.strict import SettingsError


@click.command()
@click.option("--settings", required=True, type=click.Path(dir_okay=False, path_type=Path), help="YAML file")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8089, show_default=True)
def main(settings: Path, host: str, port: int) -> None:
    """微信公众号模拟器: WeChat's API, its pushes, and a chat page at the same address."""
    try:
        simulator = Simulator(load(settings), host, port)
    except SettingsError as error:
        raise click.ClickException(str(error)) from error
    # Whoever started us as a child stops us with SIGTERM; the state has to be saved then too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    click.echo(f"微信模拟器: {simulator.url}/")
    try:
        simulator.serve()
    except KeyboardInterrupt:
        click.echo("再见")
    finally:
        simulator.close()


if __name__ == "__main__":
    main()
