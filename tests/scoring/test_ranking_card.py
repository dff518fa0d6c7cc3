"""排名图: what stands on the card for WeChat."""

from io import BytesIO

from PIL import Image

from photos.ranking_card import draw
from scoring.notice import table_of
from scoring.papers.card import card, card_of
from tests.scoring.made_tables import CORRECTION, kept, row

STREETS = table_of(kept("street", 8, corrections=[CORRECTION]))


def ranks(number: int) -> list[str]:
    return [place.rank for place in card_of(STREETS, "市", "", 10, 5).sections[number].places]


def test_it_names_the_first_ten_and_the_last_five() -> None:
    assert ranks(0) == ["1", "2", "2", "4", "5", "6", "7", "8", "9", "10"]
    assert ranks(1) == ["35", "36", "37", "38", "39"]


def test_a_short_table_is_shown_whole() -> None:
    made = card_of(table_of(kept("district")), "市", "", 10, 5)

    assert [len(section.places) for section in made.sections] == [7]


def test_who_shares_the_last_place_shown_is_shown() -> None:
    rows = [row(n, f"第{n}街道", rank, "90.00") for n, rank in enumerate([*range(1, 10), *[10] * 4, *range(14, 30)])]
    table = kept("street")
    table["rows"]["rows"] = rows

    assert [one.rank for one in card_of(table_of(table), "市", "", 10, 5).sections[0].places][-4:] == ["10"] * 4


def test_it_says_veto_correction_digest_and_where_the_rest_is() -> None:
    made = card_of(STREETS, "市创城指挥部", "https://x.example/ranking/8", 10, 5)

    assert made.sections[1].places[-1].note == "虚假整改"
    assert any("1处更正" in words for words in made.words)
    assert any(STREETS.digest in words for words in made.seal)
    assert any("https://x.example/ranking/8" in words for words in made.seal)


def test_it_is_as_wide_as_a_phone_and_the_same_again() -> None:
    data = card(STREETS, "市")
    with Image.open(BytesIO(data)) as picture:
        assert picture.width == 1080
        assert not picture.getexif()

    assert data == draw(card_of(STREETS, "市", "", 10, 5))
