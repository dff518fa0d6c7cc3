"""Each platform's story from its own first message to the closed case, over HTTP, on both databases."""

import pytest

from demo.smoke import tell
from demo.stories import CHAPTERS
from demo.story import Story
from tests.system.house import House
from tests.system.proofs import prove

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("platform", CHAPTERS)
def test_it_leads_the_platforms_own_message_to_a_closed_case(
    house: House, platform: str, capsys: pytest.CaptureFixture[str]
) -> None:
    house.tell(CHAPTERS[platform].name)
    story = Story(house.system.places, patience=20)

    held = tell(story, CHAPTERS[platform])

    printed = capsys.readouterr()
    assert held, printed.out + printed.err
    house.reported.update(story.reported)
    prove(house)
