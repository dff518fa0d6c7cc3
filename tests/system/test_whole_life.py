"""The life of a case that nobody claims: every word is said, and the auditor has nothing to add."""

import subprocess

import pytest

from demo.cast import DISPATCHER
from demo.config import ROOT
from demo.processes import ours
from tests.system.house import House, Story, until
from tests.system.proofs import prove

pytestmark = pytest.mark.slow


def test_it_says_every_word_about_a_case_nobody_claims(house: House, forgotten: Story) -> None:
    house.tell(f"waiting until case {forgotten.number} is six hours late")
    command = house.phone(DISPATCHER)

    until(lambda: forgotten.hours_left() < -7, "six hours after the deadline", 40)

    heard = "\n".join(line.text for line in forgotten.officer.lines() if line.sender == "account")
    assert "认领提醒" in heard
    # Where a fault before this test held up the clock past two steps, one word is said for both.
    assert "认领超时" in heard or "未认领，已超时" in heard
    assert any(f"编号 {forgotten.number} " in line.text for line in command.lines())
    prove(house)


def test_it_has_nothing_for_the_auditor(house: House, forgotten: Story) -> None:
    command = ours(house.system.places, "audit", "audit").command

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0
    assert "0 broken" in done.stdout
    assert done.stdout.strip().endswith("\n0 findings")
