"""What a learner must do with a handful of a city's own reports."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.what.learner import Model, ModelError, TooLittle, train

GARBAGE, BIKES, STALLS, LIGHTS, ROADS, TREES = "垃圾", "共享单车", "占道经营", "路灯", "路面破损", "绿化"
REPORTS = [
    ("小区门口垃圾堆成山好几天没人清运", GARBAGE),
    ("楼下垃圾桶满了往外冒，味道很大", GARBAGE),
    ("河边一堆生活垃圾没人收", GARBAGE),
    ("菜市场后墙根垃圾成堆，苍蝇乱飞", GARBAGE),
    ("地铁口共享单车乱停，盲道都堵了", BIKES),
    ("公交站旁边共享单车倒了一大片", BIKES),
    ("校门口单车堆得人没法走，盲道全占了", BIKES),
    ("小黄车小蓝车乱停在人行道上", BIKES),
    ("夜市摆摊把整条路都占了", STALLS),
    ("流动摊贩占着人行道卖水果", STALLS),
    ("烧烤店把桌子摆到马路上占道经营", STALLS),
    ("学校东门一到放学就有小贩占道摆摊", STALLS),
    ("巷子里路灯坏了三盏，晚上一片黑", LIGHTS),
    ("广场北侧的路灯整夜不亮", LIGHTS),
    ("路灯白天一直亮着没人管", LIGHTS),
    ("桥上路灯忽明忽暗", LIGHTS),
    ("路面有个大坑，车开过去咣当响", ROADS),
    ("人行道地砖松动，下雨天踩一脚水", ROADS),
    ("马路塌陷了一块，很危险", ROADS),
    ("井盖旁边路面裂了好几道缝", ROADS),
    ("行道树枯死了两棵没人补", TREES),
]
UNSEEN = [("单元楼后面又堆满垃圾了", GARBAGE), ("共享单车把盲道堵了", BIKES), ("这条路的路灯不亮", LIGHTS)]
# A long report's middle says little; what it is about stands first.
LONG = "共享单车乱停" + "，我每天从这里上班，请有关部门来看一看，谢谢" * 4


@pytest.fixture(scope="module")
def model() -> Model:
    return train(REPORTS)


@pytest.mark.parametrize(("text", "label"), [*UNSEEN, (LONG, BIKES)])
def test_it_labels_a_report_it_has_never_seen(model: Model, text: str, label: str) -> None:
    assert model.probabilities(text)[0][0] == label


@pytest.mark.parametrize("text", ["共享单车　堵了盲道", "共享 单车 堵 盲道", "共享单车!!!堵了盲道"])
def test_it_reads_words_with_blanks_and_signs_of_any_width_alike(model: Model, text: str) -> None:
    assert model.probabilities(text)[0][0] == BIKES


def test_it_learns_a_label_from_one_example(model: Model) -> None:
    assert model.labels == tuple(sorted({GARBAGE, BIKES, STALLS, LIGHTS, ROADS, TREES}))
    assert model.probabilities("行道树枯死了")[0][0] == TREES


def test_it_makes_the_same_model_whatever_the_order_of_the_examples() -> None:
    shuffled = random.Random(3).sample(REPORTS, len(REPORTS))

    assert train(shuffled).to_bytes() == train(REPORTS).to_bytes()


def test_it_makes_another_version_of_other_examples(model: Model) -> None:
    other = train(REPORTS[:-1])

    assert (len(model.version), len(other.version)) == (12, 12)
    assert model.version != other.version


def test_it_answers_alike_after_being_kept(model: Model) -> None:
    kept = Model.from_bytes(model.to_bytes())

    assert kept.version == model.version
    assert kept.probabilities(LONG) == model.probabilities(LONG)
    assert kept.reasons(LONG, BIKES, 3) == model.reasons(LONG, BIKES, 3)


@pytest.mark.parametrize("examples", [[], [("路灯不亮", LIGHTS)], [("路灯不亮", LIGHTS), ("路灯坏了", LIGHTS)]])
def test_it_says_when_there_is_too_little_to_learn_from(examples: list[tuple[str, str]]) -> None:
    with pytest.raises(TooLittle, match="at least two labels"):
        train(examples)


@pytest.mark.parametrize("texts", [("路灯不亮", "垃圾成堆"), ("", ""), ("？！", "　"), ("一样", "一样")])
def test_it_makes_a_model_of_the_least_there_can_be(texts: tuple[str, str]) -> None:
    model = train([(texts[0], LIGHTS), (texts[1], GARBAGE)])

    assert dict(Model.from_bytes(model.to_bytes()).probabilities("路灯")).keys() == {LIGHTS, GARBAGE}


def test_it_is_unsure_of_what_it_cannot_know(model: Model) -> None:
    known, unknown = model.probabilities("共享单车乱停，盲道都堵了"), model.probabilities("xyz")

    assert unknown[0][1] < 0.5 < known[0][1]


def test_it_names_the_words_that_spoke_for_a_label(model: Model) -> None:
    reasons = model.reasons("您好，学校东门共享单车乱停", BIKES, 2)

    assert any("单车" in reason for reason in reasons)
    assert not any("您好" in reason for reason in reasons)


def test_it_gives_no_reason_for_a_label_it_does_not_know(model: Model) -> None:
    with pytest.raises(KeyError):
        model.reasons("路灯不亮", "噪音", 3)


@given(text=st.text() | st.lists(st.sampled_from([*"垃圾单车路灯，。 \n１a"])).map("".join))
def test_it_gives_every_label_a_share_of_one_for_any_text(model: Model, text: str) -> None:
    shares = model.probabilities(text)

    assert sorted(label for label, _ in shares) == list(model.labels)
    assert sum(share for _, share in shares) == pytest.approx(1)
    assert [share for _, share in shares] == sorted((share for _, share in shares), reverse=True)


@given(text=st.text(alphabet="垃圾堆单车路灯，。 １a"), count=st.integers(-1, 5))
def test_it_gives_few_reasons_none_inside_another(model: Model, text: str, count: int) -> None:
    reasons = model.reasons(text, GARBAGE, count)

    assert len(reasons) <= max(count, 0)
    assert not any(one != other and one in other for one in reasons for other in reasons)
    assert len(set(reasons)) == len(reasons)


@given(data=st.data())
@settings(max_examples=60)
def test_it_refuses_a_model_that_was_cut_or_lengthened(model: Model, data: st.DataObject) -> None:
    whole = model.to_bytes()
    cut = data.draw(st.integers(0, len(whole) - 1))

    for broken in (whole[:cut], whole + whole[: cut + 1]):
        with pytest.raises(ModelError):
            Model.from_bytes(broken)


@given(data=st.data())
@settings(max_examples=60)
def test_it_reads_or_refuses_a_model_with_one_byte_changed(model: Model, data: st.DataObject) -> None:
    whole = bytearray(model.to_bytes())
    whole[data.draw(st.integers(0, len(whole) - 1))] ^= data.draw(st.integers(1, 255))

    try:
        shares = Model.from_bytes(bytes(whole)).probabilities("共享单车乱停")
    except ModelError:
        return
    assert sum(share for _, share in shares) == pytest.approx(1)


@given(junk=st.binary(max_size=200))
def test_it_refuses_bytes_that_are_no_model(junk: bytes) -> None:
    with pytest.raises(ModelError):
        Model.from_bytes(junk)


@pytest.mark.parametrize(
    ("at", "size", "said"),
    [(4, 2, "format"), (6, 4, "absurd"), (10, 4, "absurd"), (14, 4, "absurd"), (18, 4, "absurd")],
)
def test_it_refuses_an_unknown_format_and_absurd_sizes(model: Model, at: int, size: int, said: str) -> None:
    claimed = bytearray(model.to_bytes())
    claimed[at : at + size] = b"\xff" * size

    with pytest.raises(ModelError, match=said):
        Model.from_bytes(bytes(claimed))
