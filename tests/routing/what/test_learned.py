"""A trained version beside the lexicon: how far each is believed, and how little its bytes are trusted."""

import json
import struct
import zlib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.confidence import Curve
from routing.what.learned import NO_PROBLEM, STARTER, WORTH_SAYING, Learned, ModelError, read_starter
from routing.what.learner import train
from routing.what.lexicon import Guess, weighed

RUBBISH, BIKES, LIGHT = "event:06010", "event:09011", "part:01037"
SENTENCES = [
    ("小区门口垃圾堆成山好几天没人清运", RUBBISH),
    ("楼下垃圾桶满了往外冒味道很大", RUBBISH),
    ("河边一堆生活垃圾没人收", RUBBISH),
    ("菜市场后墙根垃圾成堆苍蝇乱飞", RUBBISH),
    ("地铁口小黄车乱停盲道都堵了", BIKES),
    ("公交站旁边小黄车倒了一大片", BIKES),
    ("校门口小黄车堆得人没法走", BIKES),
    ("巷子里路灯坏了三盏晚上一片黑", LIGHT),
    ("广场北侧的路灯整夜不亮", LIGHT),
    ("桥上路灯忽明忽暗", LIGHT),
    ("谢谢你们已经处理好了", NO_PROBLEM),
    ("请问上班时间是几点", NO_PROBLEM),
    ("谢谢师傅辛苦了", NO_PROBLEM),
]
BENT = Curve(((0.0, 0.1), (0.5, 0.4), (1.0, 0.9)))
HEAD = struct.Struct("<4sII")
SURE_OF_RUBBISH = weighed([Guess(RUBBISH, 4.0, ("垃圾",))])


@pytest.fixture(scope="module")
def half() -> Learned:
    return Learned(train(SENTENCES), 0.5, BENT)


@pytest.fixture(scope="module")
def whole(half: Learned) -> Learned:
    return replace(half, weight=1.0)


def chances(guesses: list[Guess]) -> dict[str, float]:
    return {guess.category: guess.chance for guess in guesses}


def test_it_believes_the_model_alone_where_that_has_all_the_weight(whole: Learned) -> None:
    text = "小黄车倒在盲道上"

    blended = chances(whole.blend(SURE_OF_RUBBISH, text))

    model = {label: share for label, share in whole.model.probabilities(text) if label != NO_PROBLEM}
    assert max(blended, key=lambda category: blended[category]) == BIKES
    assert blended == pytest.approx({label: model[label] for label in blended})


def test_it_gives_each_its_half_where_both_are_sure(half: Learned) -> None:
    text = "小黄车倒在盲道上"

    blended = chances(half.blend(SURE_OF_RUBBISH, text))

    model = dict(half.model.probabilities(text))
    assert blended[RUBBISH] == pytest.approx(0.5 + 0.5 * model[RUBBISH], abs=WORTH_SAYING)
    assert blended[BIKES] == pytest.approx(0.5 * model[BIKES])


@pytest.mark.parametrize("weight", [0.2, 0.5, 1.0])
def test_it_believes_the_model_wholly_where_the_lexicon_is_silent(half: Learned, weight: float) -> None:
    text = "小黄车倒在盲道上"

    best = replace(half, weight=weight).blend([], text)[0]

    assert (best.category, best.words) == (BIKES, ())
    assert best.chance == pytest.approx(dict(half.model.probabilities(text))[BIKES])


def test_it_believes_a_hint_of_the_lexicon_less_than_clear_words(half: Learned) -> None:
    hint, clear = (weighed([Guess(LIGHT, score, ("灯",))]) for score in (1.0, 3.0))

    by_hint, by_words = (chances(half.blend(guesses, "小黄车倒在盲道上"))[LIGHT] for guesses in (hint, clear))

    assert by_hint == pytest.approx(0.25, abs=WORTH_SAYING)
    assert by_words == pytest.approx(0.5, abs=WORTH_SAYING)


@pytest.mark.parametrize("guesses", [[], SURE_OF_RUBBISH], ids=["silent", "sure"])
def test_it_never_guesses_that_there_is_no_problem_but_doubts_the_others(half: Learned, guesses: list[Guess]) -> None:
    thanks = half.blend(guesses, "谢谢，已经处理好了")

    assert NO_PROBLEM not in chances(thanks)
    assert sum(guess.chance for guess in thanks) < 0.5 + 0.5 * bool(guesses)


def test_it_lets_no_problem_outweigh_a_hint(whole: Learned) -> None:
    assert dict(whole.model.probabilities("谢谢师傅辛苦了"))[NO_PROBLEM] > 0.5
    assert all(guess.chance < 0.5 for guess in whole.blend([], "谢谢师傅辛苦了"))


@given(text=st.text() | st.lists(st.sampled_from([*"垃圾单车路灯谢，。 "])).map("".join), weight=st.floats(0.01, 1))
def test_it_shares_out_no_more_than_one_and_ranks_by_it(half: Learned, text: str, weight: float) -> None:
    blended = replace(half, weight=weight).blend(SURE_OF_RUBBISH, text)

    shares = [guess.chance for guess in blended]
    assert shares == sorted(shares, reverse=True)
    assert all(share > 0 for share in shares)
    assert sum(shares) <= 1 + 1e-6


def test_it_tells_what_was_learned_from_what_stands_in_the_lexicon(half: Learned) -> None:
    best = half.blend([], "地铁口小黄车乱停")[0]

    explained = half.reasons(best, "地铁口小黄车乱停")

    assert explained.words == ()
    assert any("黄车" in stretch for stretch in explained.learned)


def test_it_is_the_same_after_being_kept(half: Learned) -> None:
    kept = Learned.from_bytes(half.to_bytes())

    assert (kept.weight, kept.curve, kept.version) == (0.5, BENT, half.version)
    assert kept.blend(SURE_OF_RUBBISH, "桥上路灯不亮") == half.blend(SURE_OF_RUBBISH, "桥上路灯不亮")


def test_it_has_a_name_of_its_own_for_every_weight_curve_and_model(half: Learned) -> None:
    others = [replace(half, weight=0.6), replace(half, curve=Curve()), replace(half, model=train(SENTENCES[:-1]))]

    names = {half.version, *(other.version for other in others)}

    assert len(names) == 4
    assert all(len(name) == 12 for name in names)


def sealed(settings: object, model: bytes, size: int | None = None) -> bytes:
    """A version with these settings and model, as a stranger could write it."""
    words = settings if isinstance(settings, bytes) else json.dumps(settings).encode()
    return HEAD.pack(b"LRN1", len(words), len(model) if size is None else size) + words + zlib.compress(model)


GOOD_CORNERS = [[0, 0], [1, 1]]


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"corners": GOOD_CORNERS}, "settings are broken"),
        ({"weight": 0.5}, "settings are broken"),
        ({"weight": "half", "corners": GOOD_CORNERS}, "settings are broken"),
        ({"weight": None, "corners": GOOD_CORNERS}, "settings are broken"),
        ({"weight": 0.5, "corners": [[0, 0, 0], [1, 1]]}, "settings are broken"),
        ({"weight": 0.5, "corners": 7}, "settings are broken"),
        ({"weight": 0, "corners": GOOD_CORNERS}, "make no sense"),
        ({"weight": 1.5, "corners": GOOD_CORNERS}, "make no sense"),
        ({"weight": float("nan"), "corners": GOOD_CORNERS}, "make no sense"),
        ({"weight": 0.5, "corners": [[0, 0]]}, "make no sense"),
        (["weight"], "cut off"),
        (b"{", "broken"),
        (b"\xff\xfe", "broken"),
    ],
)
def test_it_refuses_settings_that_cannot_be(half: Learned, settings: object, said: str) -> None:
    with pytest.raises(ModelError, match=said):
        Learned.from_bytes(sealed(settings, half.model.to_bytes()))


@pytest.mark.parametrize("corners", [[[0, 0.9], [1, 0.1]], [[0, 0], [1, 7]], [[1, 0], [0, 1]], [[0, 0], [0, 1]]])
def test_it_refuses_a_curve_no_pack_could_have(half: Learned, corners: list[list[float]]) -> None:
    with pytest.raises(ModelError):
        Learned.from_bytes(sealed({"weight": 0.5, "corners": corners}, half.model.to_bytes()))


@given(junk=st.binary(max_size=300) | st.binary(max_size=300).map(lambda tail: b"LRN1" + tail))
def test_it_refuses_bytes_that_are_no_version(junk: bytes) -> None:
    with pytest.raises(ModelError):
        Learned.from_bytes(junk)


@given(junk=st.binary(max_size=300))
def test_it_refuses_a_version_around_no_model(junk: bytes) -> None:
    with pytest.raises(ModelError):
        Learned.from_bytes(sealed({"weight": 0.5, "corners": GOOD_CORNERS}, junk))


@given(data=st.data())
def test_it_reads_or_refuses_a_version_with_one_byte_changed(half: Learned, data: st.DataObject) -> None:
    changed = bytearray(half.to_bytes())
    changed[data.draw(st.integers(0, len(changed) - 1))] ^= data.draw(st.integers(1, 255))

    try:
        blended = Learned.from_bytes(bytes(changed)).blend([], "小黄车乱停")
    except ModelError:
        return
    assert all(0 < guess.chance <= 1 for guess in blended)


@given(data=st.data())
def test_it_refuses_a_version_that_was_cut(half: Learned, data: st.DataObject) -> None:
    whole = half.to_bytes()
    # The last bytes only seal the packing: what is cut there is still whole.
    cut = data.draw(st.integers(0, len(whole) - 6))

    with pytest.raises(ModelError):
        Learned.from_bytes(whole[:cut])


@pytest.mark.parametrize("claimed", [10, 64 * 1024 * 1024, 2**32 - 1], ids=["little", "the most", "absurdly much"])
def test_it_unpacks_no_more_than_was_claimed(claimed: int) -> None:
    bomb = sealed({"weight": 0.5, "corners": GOOD_CORNERS}, bytes(80 * 1024 * 1024), claimed)

    with pytest.raises(ModelError):
        Learned.from_bytes(bomb)


def test_it_has_no_version_where_a_pack_comes_without_one(tmp_path: Path) -> None:
    assert read_starter(tmp_path) is None


def test_it_reads_the_version_a_pack_comes_with(half: Learned, tmp_path: Path) -> None:
    (tmp_path / STARTER).write_bytes(half.to_bytes())

    starter = read_starter(tmp_path)

    assert starter is not None
    assert starter.version == half.version


def test_it_names_the_file_of_a_broken_version(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "town"
    folder.mkdir(parents=True)
    (folder / STARTER).write_bytes(b"no version at all")

    with pytest.raises(ModelError, match=r"^data/town/starter\.model: these bytes are no trained version$"):
        read_starter(folder)
