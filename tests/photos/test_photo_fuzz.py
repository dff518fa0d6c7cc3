"""Nothing a sender can send crashes a worker, holds it up, fills the memory or leaks metadata.

`PHOTO_FUZZ=50000 pytest tests/photos/test_photo_fuzz.py` looks longer.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from photos.intake import PhotoRefused
from tests.photos.mutations import PLANTED, leaks, mutated, seeds

HOUSE = Path(__file__).parents[2]
EXAMPLES = int(os.environ.get("PHOTO_FUZZ", "600"))


@pytest.fixture(scope="module")
def outcome() -> dict[str, Any]:
    """In a process of its own: a crash is seen, and the peak of memory is its own."""
    command = [sys.executable, "-m", "tests.photos.mutations", str(EXAMPLES), "1"]
    run = subprocess.run(command, cwd=HOUSE, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr[-2000:]
    told: dict[str, Any] = json.loads(run.stdout)
    return told


def test_it_gives_clean_copies_or_a_refusal_and_nothing_else(outcome: dict[str, Any]) -> None:
    assert outcome["faults"] == []


def test_it_takes_and_refuses_a_good_part_each_or_it_tried_nothing(outcome: dict[str, Any]) -> None:
    taken = outcome["outcomes"]["taken"]

    assert EXAMPLES // 20 < taken < EXAMPLES * 19 // 20
    assert len(outcome["outcomes"]) >= 5


def test_it_needs_less_than_two_seconds_and_300_megabytes_for_any(outcome: dict[str, Any]) -> None:
    assert outcome["slowest"] < 2
    assert outcome["megabytes"] < 300


def test_the_seeds_hold_what_is_looked_for() -> None:
    assert [secret for secret in PLANTED if not any(secret in data for data in seeds().values())] == []


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.randoms(use_true_random=False))
def test_it_leaks_nothing_of_a_damaged_picture(random: Random) -> None:
    data = mutated(random)

    try:
        found = leaks(data)
    except PhotoRefused:
        found = []

    assert found == []
