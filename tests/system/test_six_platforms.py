"""Each platform's story from its own first message to the closed case, over HTTP, on both databases."""

from pathlib import Path

import pytest

from demo.cast import CAST
from demo.config import ROOT, choose_places
from demo.smoke import tell
from demo.stories import CHAPTERS, STORIES
from demo.story import Story
from routing.pack import load as load_pack
from tests.system.house import House
from tests.system.proofs import prove

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("story", STORIES)
def test_it_leads_a_first_message_to_a_closed_case(
    house: House, story: str, capsys: pytest.CaptureFixture[str]
) -> None:
    house.tell(STORIES[story].name)
    told = Story(house.system.places, patience=20)

    held = tell(told, STORIES[story])

    printed = capsys.readouterr()
    assert held, printed.out + printed.err
    house.reported.update(told.reported)
    prove(house)


def test_it_has_a_story_and_somebody_to_play_for_every_platform_of_the_data_pack() -> None:
    pack = load_pack(ROOT / "data" / "jinan")

    played = {pack.roles[player.role.value].platform for player in CAST if player.role}

    assert list(CHAPTERS) == list(pack.platforms)
    assert played >= set(pack.platforms)


def test_it_says_so_when_a_story_breaks_off(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    nobody_there = Story(choose_places(tmp_path, 18900), patience=1)

    held = tell(nobody_there, CHAPTERS["citizen_photo"])

    assert not held
    assert "没有发生" in capsys.readouterr().err
