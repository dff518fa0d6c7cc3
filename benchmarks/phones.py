"""The phones (手机): the simulator with thousands of people who have just spoken, and with slow calls.

`python -m benchmarks.phones SETTINGS PORT PEOPLE MILLISECONDS` serves it. It keeps nothing on disk, unlike the
demo's, which would write all these people down every second.
"""

import signal
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.city import openid
from demo.cast import ACCOUNT
from simulator.people import Person
from simulator.server import Simulator
from simulator.settings import load


def main(settings: Path, port: int, people: int, milliseconds: int) -> None:
    """Serve until SIGTERM."""
    simulator = Simulator(replace(load(settings), data=None), port=port)
    world = simulator.world
    for n in range(1, people + 1):
        world.people.add(Person(ACCOUNT, openid(n), openid(n))).spoke(datetime.now(UTC), world.limits)
    world.faults.add("slow_api", value=milliseconds)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        simulator.serve()
    except KeyboardInterrupt:
        simulator.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(int, sys.argv[2:]))
