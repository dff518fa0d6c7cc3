"""Each benchmark runs, in a form so small that its figures mean nothing, and checks what it has measured."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from benchmarks import outbox, sweep, webhook
from benchmarks.ground import DATABASES, Ground, ground

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def place() -> Iterator[Ground]:
    with ground() as place:
        yield place


def test_it_measures_the_webhook_beside_the_echoes(place: Ground, capsys: pytest.CaptureFixture[str]) -> None:
    figures = webhook.run(place, webhook.Size(messages=40, rounds=1, processes=(2,)))

    ours = [found for (name, _), found in figures.items() if name.startswith("ours")]
    assert [found.per_second[0] > 0 for found in ours] == [True, True]
    assert "| ours, PostgreSQL" in capsys.readouterr().out


def test_it_measures_the_sweep(place: Ground, capsys: pytest.CaptureFixture[str]) -> None:
    figures = sweep.run(place, sweep.Size(deadlines=500, due=20, rounds=1))

    words = {key: found.words for key, found in figures.items()}
    assert {key: n for key, n in words.items() if key[1] == "one warning each"} == {
        (kind, "one warning each"): 20 for kind in DATABASES
    }
    assert all(len(found.find) == len(found.take) == 1 for found in figures.values())
    assert "20 due among 500 open deadlines" in capsys.readouterr().out


def test_it_measures_the_outbox(place: Ground, capsys: pytest.CaptureFixture[str]) -> None:
    figures = outbox.run(place, outbox.Size(reminders=20, lead=timedelta(seconds=1), rounds=1))

    assert all(found.all_sent[0] >= found.all_written[0] for found in figures.values())
    assert "20 reminders due at once" in capsys.readouterr().out
