"""Categories people say in the same words: the words that tell them apart, and who is kin to whom."""

import pytest

from routing.finding import Finding
from routing.pack import Pack
from routing.router import Router
from routing.what.confusions import Confusion, kin
from routing.what.lexicon import Lexicon

STALL, SHOP, BURN, NOISE = "event:stall", "event:shop", "event:burn", "event:noise"
WORDS = {"占道": {STALL: 3}, "摆摊": {STALL: 3}, "店外": {SHOP: 3}, "冒烟": {BURN: 3}, "吵": {NOISE: 2}}
# A shop's own goods outside its door are the shop's, even where the words speak of stalls.
STREET_TRADE = Confusion(frozenset({STALL, SHOP}), {SHOP: ("店门口", "门头外"), STALL: ("推车", "店门口的推车")})


def lexicon(*confusions: Confusion) -> Lexicon:
    return Lexicon(WORDS, denials_before=("没有",), denials_after=("已清理",), confusions=confusions)


def first(known: Lexicon, text: str) -> str:
    return known.guesses(text)[0].category


@pytest.mark.parametrize(
    ("text", "alone", "told"),
    [
        ("店门口占道摆摊", STALL, SHOP),
        ("门头外占道", STALL, SHOP),
        ("推车在店外", SHOP, STALL),
        ("占道摆摊", STALL, STALL),
        ("店外占地方", SHOP, SHOP),
    ],
    ids=["told", "told by another word", "told the other way", "nothing tells", "nothing to tell"],
)
def test_it_lets_a_telling_word_decide_within_a_group(text: str, alone: str, told: str) -> None:
    assert first(lexicon(), text) == alone
    assert first(lexicon(STREET_TRADE), text) == told


def test_it_gives_the_telling_word_as_a_reason() -> None:
    best = lexicon(STREET_TRADE).guesses("店门口占道摆摊")[0]

    assert best.words == ("店门口",)
    assert 0.5 < best.chance < 1


def test_it_keeps_the_other_category_of_the_group_in_sight() -> None:
    guesses = lexicon(STREET_TRADE).guesses("店门口占道摆摊")

    assert [guess.category for guess in guesses] == [SHOP, STALL]


def test_it_follows_the_order_of_precedence_where_several_words_tell() -> None:
    stalls_first = Confusion(STREET_TRADE.among, {STALL: ("推车",), SHOP: ("店门口",)})

    by_order = [first(lexicon(order), "店门口的推车占道") for order in (STREET_TRADE, stalls_first)]

    assert by_order == [SHOP, STALL]


@pytest.mark.parametrize("text", ["店门口很吵", "推车冒烟", "店门口"])
def test_it_tells_nothing_apart_where_nothing_of_the_group_was_said(text: str) -> None:
    plain, told = lexicon().guesses(text), lexicon(STREET_TRADE).guesses(text)

    assert told == plain


def test_it_changes_nothing_for_whom_the_words_decide_already() -> None:
    one = Confusion(STREET_TRADE.among, {STALL: ("推车",)})

    plain, told = lexicon().guesses("占道摆摊推车"), lexicon(one).guesses("占道摆摊推车")

    assert [guess.category for guess in told] == [guess.category for guess in plain] == [STALL]


def test_it_does_not_lead_a_group_by_a_denied_word() -> None:
    assert lexicon(STREET_TRADE).guesses("店门口没有占道") == []


@pytest.mark.parametrize(
    ("category", "relatives"),
    [(STALL, {STALL, SHOP, BURN}), (SHOP, {STALL, SHOP}), (BURN, {STALL, BURN}), (NOISE, {NOISE})],
)
def test_it_takes_for_kin_what_shares_a_group(category: str, relatives: set[str]) -> None:
    groups = (STREET_TRADE, Confusion(frozenset({STALL, BURN}), {}))

    assert kin(groups, category) == relatives


@pytest.mark.parametrize(
    "pair",
    [("event:06010", "event:06042"), ("event:06010", "event:06011"), ("event:09005", "event:09006"),
     ("event:07001", "event:07003"), ("event:09009", "event:09012"), ("event:09010", "event:09011")],
    ids=["rubbish, bins", "rubbish, rubble", "shop, street", "bills, boards", "cars, fire lanes",
         "bikes, shared ones"],
)  # fmt: skip
def test_it_knows_jinan_s_confusable_pairs(jinan: Pack, pair: tuple[str, str]) -> None:
    one, other = pair

    assert other in jinan.lexicon.kin(one)
    assert one in jinan.lexicon.kin(other)


@pytest.mark.parametrize("text", ["没有垃圾", "没有垃圾，也没有违停", "垃圾已清理", "路灯修好了", "没发现小广告"])
def test_it_hears_no_problem_in_a_denial(jinan: Pack, text: str) -> None:
    assert jinan.lexicon.guesses(text) == []


def test_it_does_not_take_a_missing_bin_for_rubbish(router: Router, jinan: Pack) -> None:
    decision = router.decide(Finding(text="这条街上没有垃圾桶"))

    assert decision.category == "part:03005"
    assert jinan.categories["part:03005"].name == "垃圾箱"
    assert decision.further == ()
