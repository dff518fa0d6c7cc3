"""案件页链接: what we signed opens, and nothing else does."""

from datetime import timedelta

import pytest

from bot.console_links import CaseLinks, purpose_key
from bot.settings import Settings
from handlers.case_pages import CaseGrant, Side
from tests.stage import MORNING

LINKS = CaseLinks(b"k" * 32, "https://city.example.cn/", timedelta(days=7))


@pytest.mark.parametrize("side", Side)
def test_it_opens_what_it_offered(side: Side) -> None:
    address = LINKS.address(MORNING, 12, 345, side)

    token = address.removeprefix("https://city.example.cn/h5/")
    assert LINKS.read(token, MORNING) == CaseGrant(12, 345, side, MORNING + timedelta(days=7))
    assert len(address) < 120  # of the 2048 bytes of a text


def test_it_opens_for_a_week() -> None:
    token = LINKS.sign(CaseGrant(12, 345, Side.OFFICER, MORNING + timedelta(days=7)))

    assert LINKS.read(token, MORNING + timedelta(days=7, seconds=-1)) is not None
    assert LINKS.read(token, MORNING + timedelta(days=7)) is None


def test_it_offers_nothing_where_nobody_can_reach_us() -> None:
    assert CaseLinks(b"k", "", timedelta(days=7)).address(MORNING, 12, 345, Side.OFFICER) == ""


def test_it_believes_nothing_that_was_changed() -> None:
    token = LINKS.sign(CaseGrant(12, 345, Side.REPORTER, MORNING + timedelta(days=7)))
    places = [(n, letter) for n in range(len(token)) for letter in "0f_or" if token[n] != letter]
    changed = {token[:n] + letter + token[n + 1 :] for n, letter in places}

    assert [other for other in changed if LINKS.read(other, MORNING)] == []
    assert LINKS.read(token.upper(), MORNING) is None
    assert LINKS.read(token + "\n", MORNING) is None
    assert LINKS.read("", MORNING) is None


def test_it_has_a_key_of_its_own(settings: Settings) -> None:
    keys = {purpose_key(settings, purpose) for purpose in ("case page", "publishing page", "case page act")}

    assert len(keys) == 3
    assert settings.accounts[0].token.get_secret_value().encode() not in keys
