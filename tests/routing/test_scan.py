"""Finding words, and pairs of words, in a text."""

import pytest

from routing.scan import Scanner, normalise
from routing.what.lexicon import Lexicon

WORDS = ["垃圾", "垃圾桶", "公交站台…破", "公交站台", "公益广告…破", "井盖…坏", "弱电井盖…坏", "店外经营", "经营占道"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("垃圾桶", ["垃圾桶"]),
        ("垃圾桶边有垃圾", ["垃圾桶", "垃圾"]),
        ("公交站台的玻璃破了", ["公交站台…破"]),
        ("公交站台公益广告破了", ["公交站台", "公益广告…破"]),
        ("弱电井盖坏了", ["弱电井盖…坏"]),
        ("公益广告很好。破的是别的", []),
        ("公益广告隔着一二三四五六七八九破", []),
        ("店外经营占道", ["店外经营", "经营占道"]),
        ("", []),
    ],
    ids=["longest", "each place", "a pair", "the nearer half", "the longer half", "two sentences", "too far",
         "overlapping", "nothing"],
)  # fmt: skip
def test_it_finds_the_words_that_are_meant(text: str, words: list[str]) -> None:
    hits = Scanner(WORDS).hits(normalise(text))

    assert [hit.word for hit in hits] == words


def test_it_reads_full_width_and_capitals_like_any_other() -> None:
    assert normalise("ＬＥＤ屏，Ａ座") == "led屏,a座"


def test_it_reads_only_the_beginning_of_an_endless_text() -> None:
    assert len(normalise("ﷺ" * 100_000)) == 3000


def test_it_counts_each_further_word_for_less() -> None:
    lexicon = Lexicon({"垃圾": {"event:06010": 4}, "脏": {"event:06010": 2}, "臭": {"event:06010": 2}}, (), ())

    (guess,) = lexicon.guesses("垃圾又脏又臭")

    assert guess.score == 4 + 2 / 2 + 2 / 4
