"""The draw is a function of seed and strata only; each stratum's count is met or told short; work is even."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.field.drawing import Pick, Stratum, draw, foci, share_out

KEYS = st.lists(st.text("abcdefg0123456789", min_size=1, max_size=6), max_size=12)
STRATA = st.dictionaries(
    st.sampled_from(["point/crossing", "point/community", "point/market", "case/370102/event:06042", "case/-"]),
    st.tuples(st.integers(-1, 8), KEYS),
    max_size=5,
).map(lambda rows: [Stratum(key, wanted, tuple(frame)) for key, (wanted, frame) in rows.items()])


@given(seed=st.text(max_size=8), strata=STRATA, mixed=st.randoms())
def test_it_draws_the_same_in_any_order(seed: str, strata: list[Stratum], mixed: Random) -> None:
    again = [Stratum(one.key, one.wanted, tuple(mixed.sample(one.frame, len(one.frame)))) for one in strata]
    mixed.shuffle(again)

    assert draw(seed, again) == draw(seed, strata)


@given(seed=st.text(max_size=8), strata=STRATA)
def test_it_meets_the_count_of_each_stratum_or_tells_how_many_are_short(seed: str, strata: list[Stratum]) -> None:
    picks = draw(seed, strata)

    for one in strata:
        drawn = [pick.key for pick in picks if pick.stratum == one.key]
        assert len(drawn) + one.short == max(0, one.wanted)
        assert len(set(drawn)) == len(drawn)
        assert set(drawn) <= set(one.frame)


@given(seed=st.text(max_size=8), strata=STRATA, other=KEYS)
def test_it_draws_from_one_stratum_whatever_stands_in_the_others(
    seed: str, strata: list[Stratum], other: list[str]
) -> None:
    more = [*strata, Stratum("point/added", 3, tuple(other))]

    assert {pick for pick in draw(seed, more) if pick.stratum != "point/added"} == set(draw(seed, strata))


def test_it_draws_what_it_drew_when_it_was_written() -> None:
    """A published draw must come out the same in every later version."""
    frame = tuple(f"p:{n}" for n in range(40))

    assert [pick.key for pick in draw("2026-11", [Stratum("point/crossing", 4, frame)])] == PUBLISHED


PUBLISHED = ["p:0", "p:4", "p:36", "p:35"]  # as sha256sum has it


def test_it_draws_otherwise_by_another_seed() -> None:
    strata = [Stratum("point/crossing", 10, tuple(map(str, range(1000))))]

    assert len(set(draw("one", strata)) & set(draw("two", strata))) < 5


@given(
    places=st.integers(0, 30),
    people=st.sets(st.integers(1, 9), max_size=6),
    barred=st.dictionaries(st.integers(0, 29), st.sets(st.integers(1, 9))),
)
@settings(max_examples=150)
def test_it_hands_out_evenly_and_never_to_whom_it_is_barred(
    places: int, people: set[int], barred: dict[int, set[int]]
) -> None:
    picks = [Pick("point/crossing", str(n)) for n in range(places)]
    not_to = {pick: barred.get(int(pick.key), set()) for pick in picks}

    shared = share_out("seed", picks, not_to, people)

    assert all(person in people and person not in not_to[pick] for pick, person in shared.items())
    assert {pick for pick in picks if people - not_to[pick]} == set(shared)
    if people and not any(not_to.values()):
        loads = [list(shared.values()).count(person) for person in people]
        assert max(loads) - min(loads) <= 1


@given(pool=st.sets(st.sampled_from("abcdefgh")), must=st.sampled_from(["", "a", "x"]))
def test_it_hides_a_case_s_own_kind_among_others(pool: set[str], must: str) -> None:
    found = foci("seed", Pick("case/-", "a:12"), pool, must)

    assert len(found) == len(set(found)) == min(3, len(pool | ({must} - {""})))
    assert must in found or not must
