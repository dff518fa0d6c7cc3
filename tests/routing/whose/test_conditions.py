"""What a rule may ask about a finding, and what two rules' questions say about each other."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.whose.conditions import Condition, Facts, Window, day_of_year

NIGHT, MORNING, NOON = Window(22 * 60, 6 * 60), Window(7 * 60, 8 * 60 + 30), Window(11 * 60, 13 * 60)
HEATING, SUMMER = Window(1115, 316), Window(601, 901)
RUBBISH, STALLS = "event:06010", "event:09006"
LIXIA, LICHENG, ZONE = "370102", "370112", "370171"


def is_(*values: str) -> frozenset[str]:
    return frozenset(values)


ANY_SITE = is_("metro", "school")


def moment(text: str) -> datetime:
    """A local time such as "12-31 23:59" of the year 2026."""
    return datetime.fromisoformat(f"2026-{text}")


def moment_of_leap_year(minutes: int) -> datetime:
    return datetime.fromisoformat("2028-01-01") + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("condition", "yes", "no"),
    [
        (Condition(), Facts(), None),
        (Condition(category=is_(RUBBISH, STALLS)), Facts(category=STALLS), Facts(category="event:06042")),
        (Condition(category=is_(RUBBISH)), Facts(category=RUBBISH), Facts()),
        (Condition(district=is_(ZONE)), Facts(districts=is_(LICHENG, ZONE)), Facts(districts=is_(LICHENG))),
        (Condition(district=is_(ZONE)), Facts(districts=is_(ZONE)), Facts()),
        (Condition(street=is_("370102009")), Facts(street="370102009"), Facts(street="370102011")),
        (Condition(words=("小区", "物业")), Facts(text="找物业没人管"), Facts(text="路上没人管")),
        (Condition(platform=is_("hotline_12345")), Facts(platform="hotline_12345"), Facts(platform="citizen_photo")),
        (Condition(site=ANY_SITE), Facts(sites={"hall": None, "school": None}), Facts(sites={"hall": None})),
        (Condition(site=is_("metro")), Facts(sites={"metro": "firm-metro"}), Facts()),
        (Condition(hours=(MORNING,)), Facts(at=moment("09-16 07:00")), Facts(at=moment("09-16 06:59"))),
        (Condition(hours=(MORNING,)), Facts(at=moment("09-16 08:29")), Facts(at=moment("09-16 08:30"))),
        (Condition(hours=(MORNING, NOON)), Facts(at=moment("09-16 12:00")), Facts(at=moment("09-16 09:00"))),
        (Condition(hours=(NIGHT,)), Facts(at=moment("09-16 23:59")), Facts(at=moment("09-16 21:59"))),
        (Condition(hours=(NIGHT,)), Facts(at=moment("09-16 00:00")), Facts(at=moment("09-16 06:00"))),
        (Condition(hours=(NIGHT,)), Facts(at=moment("09-16 05:59")), Facts()),
        (Condition(dates=(SUMMER,)), Facts(at=moment("06-01 00:00")), Facts(at=moment("05-31 23:59"))),
        (Condition(dates=(SUMMER,)), Facts(at=moment("08-31 23:59")), Facts(at=moment("09-01 00:00"))),
        (Condition(dates=(HEATING,)), Facts(at=moment("12-31 23:59")), Facts(at=moment("11-14 23:59"))),
        (Condition(dates=(HEATING,)), Facts(at=moment("01-01 00:00")), Facts(at=moment("03-16 00:00"))),
        (Condition(dates=(HEATING,)), Facts(at=moment("03-15 23:59")), Facts()),
    ],
)  # fmt: skip
def test_it_holds_for_what_it_asks_and_for_nothing_else(condition: Condition, yes: Facts, no: Facts | None) -> None:
    assert condition.holds(yes)
    assert no is None or not condition.holds(no)


@pytest.mark.parametrize(
    "facts",
    [
        Facts(category=RUBBISH, text="小区", at=moment("12-01 12:00")),
        Facts(category=RUBBISH, text="路边", at=moment("12-01 23:00")),
        Facts(category=STALLS, text="小区", at=moment("12-01 23:00")),
        Facts(category=RUBBISH, text="小区", at=moment("07-01 23:00")),
    ],
    ids=["by day", "not the word", "another category", "in summer"],
)
def test_it_holds_only_when_every_part_does(facts: Facts) -> None:
    condition = Condition(category=is_(RUBBISH), words=("小区",), hours=(NIGHT,), dates=(HEATING,))

    assert condition.holds(Facts(category=RUBBISH, text="小区", at=moment("12-01 23:00")))
    assert not condition.holds(facts)


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [
        (Condition(), Condition(street=is_("370102009"))),
        (Condition(category=is_(RUBBISH, STALLS)), Condition(category=is_(RUBBISH), words=("小区",))),
        (Condition(words=("小区",)), Condition(words=("小区门口", "小区里"))),
        (Condition(hours=(NIGHT,)), Condition(hours=(Window(23 * 60, 5 * 60),))),
        (Condition(hours=(NIGHT,)), Condition(hours=(Window(0, 60), Window(22 * 60, 23 * 60)))),
        (Condition(hours=(Window(0, 400), Window(400, 800))), Condition(hours=(Window(300, 500),))),
        (Condition(dates=(HEATING,)), Condition(dates=(Window(1201, 216),))),
    ],
)
def test_it_sees_that_a_wider_question_leaves_nothing_for_a_narrower_one(wide: Condition, narrow: Condition) -> None:
    assert wide.covers(narrow)
    assert not narrow.covers(wide)


@pytest.mark.parametrize(
    ("one", "other", "part"),
    [
        (Condition(category=is_(RUBBISH)), Condition(category=is_(STALLS)), "category"),
        (Condition(street=is_("1")), Condition(street=is_("2")), "street"),
        (Condition(platform=is_("1")), Condition(platform=is_("2")), "platform"),
        (Condition(hours=(NIGHT,)), Condition(hours=(NOON, MORNING)), "hours"),
        (Condition(dates=(HEATING,)), Condition(dates=(SUMMER,)), "dates"),
        (Condition(dates=(HEATING,)), Condition(hours=(NIGHT,)), ""),
        (Condition(site=is_("metro")), Condition(site=is_("school")), ""),
        (Condition(words=("小区",)), Condition(words=("马路",)), ""),
        (Condition(hours=(NIGHT,)), Condition(hours=(Window(300, 500),)), ""),
    ],
)
def test_it_names_what_can_never_hold_together(one: Condition, other: Condition, part: str) -> None:
    assert (one.excludes(other), other.excludes(one)) == (part, part)


def test_it_knows_a_question_for_nothing_but_the_category() -> None:
    asked = [Condition(category=is_(RUBBISH)), Condition(), Condition(category=is_(RUBBISH), hours=(NIGHT,))]

    assert [one.asks_only_category() for one in asked] == [True, True, False]


FEW = st.sampled_from("abc")
PART = st.none() | st.frozensets(FEW, min_size=1)
WORDS = st.none() | st.lists(st.text("xyz", min_size=1, max_size=2), min_size=1, max_size=3).map(tuple)
DAY, YEAR = 24 * 60, 366
MINUTES = st.integers(0, DAY - 1)
HOURS = st.none() | st.lists(st.builds(Window, MINUTES, MINUTES), min_size=1, max_size=2).map(tuple)
MOMENTS = st.integers(0, YEAR * DAY - 1).map(moment_of_leap_year)
DAYS = MOMENTS.map(day_of_year)
WINDOWS_OF_DAYS = st.builds(Window, DAYS, DAYS.map(lambda day: day + 1))
DATES = st.none() | st.lists(WINDOWS_OF_DAYS, min_size=1, max_size=2).map(tuple)
PARTS = {"category": PART, "district": PART, "street": PART, "platform": PART, "site": PART}
CONDITIONS = st.builds(Condition, words=WORDS, hours=HOURS, dates=DATES, **PARTS)
# Of everything but sites a finding has one.
FACTS = st.builds(
    Facts,
    category=st.none() | FEW,
    districts=st.frozensets(FEW, max_size=1),
    street=st.none() | FEW,
    text=st.text("xyz", max_size=6),
    platform=FEW,
    sites=st.dictionaries(FEW, st.none()),
    at=st.none() | MOMENTS,
)


@given(condition=CONDITIONS)
def test_it_covers_itself(condition: Condition) -> None:
    assert condition.covers(condition)
    assert Condition().covers(condition)


@st.composite
def chains(draw: st.DrawFn) -> list[Condition]:
    """A condition, a narrower one, and one that is narrower still."""
    chain = [draw(CONDITIONS)]
    for _ in range(2):
        chain.append(draw(narrower(chain[-1])))
    return chain


@st.composite
def narrower(draw: st.DrawFn, wide: Condition) -> Condition:
    """Fewer values of each part, longer words, shorter hours; anything where nothing was asked."""
    sets = {name: draw(fewer(part) if part else PARTS[name]) for name, part in wide.sets().items()}
    words = draw(st.lists(longer(wide.words), min_size=1, max_size=3).map(tuple) if wide.words else WORDS)
    hours = draw(st.tuples(*map(shorter, wide.hours)) if wide.hours else HOURS)
    return Condition(words=words, hours=hours, dates=wide.dates or draw(DATES), **sets)


def fewer(values: frozenset[str]) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(sorted(values)), min_size=1)


@st.composite
def longer(draw: st.DrawFn, words: tuple[str, ...]) -> str:
    return draw(st.text("xyz", max_size=1)) + draw(st.sampled_from(words)) + draw(st.text("xyz", max_size=1))


@st.composite
def shorter(draw: st.DrawFn, window: Window) -> Window:
    length = (window.end - window.begin) % DAY
    begin = draw(st.integers(0, length))
    end = draw(st.integers(begin, length))
    return Window((window.begin + begin) % DAY, (window.begin + end) % DAY)


@given(chain=chains())
def test_it_covers_whatever_is_narrower_and_what_that_covers_too(chain: list[Condition]) -> None:
    first, second, third = chain

    assert first.covers(second)
    assert second.covers(third)
    assert first.covers(third)


@given(chain=chains(), facts=FACTS)
def test_it_holds_wherever_what_it_covers_holds(chain: list[Condition], facts: Facts) -> None:
    wide, narrow, _ = chain

    assert wide.holds(facts) or not narrow.holds(facts)


@given(one=CONDITIONS, other=CONDITIONS, facts=FACTS)
def test_it_covers_nothing_that_holds_without_it(one: Condition, other: Condition, facts: Facts) -> None:
    without = other.holds(facts) and not one.holds(facts)

    assert not (without and one.covers(other))


@given(one=CONDITIONS, other=CONDITIONS, facts=FACTS)
def test_it_never_holds_together_with_what_it_excludes(one: Condition, other: Condition, facts: Facts) -> None:
    together = one.holds(facts) and other.holds(facts)

    assert not (together and one.excludes(other))
    assert bool(one.excludes(other)) == bool(other.excludes(one))


def test_it_lets_a_zone_and_the_district_under_it_hold_together() -> None:
    in_the_zone = Facts(districts=is_(LICHENG, ZONE))
    zone, district = Condition(district=is_(ZONE)), Condition(district=is_(LICHENG))

    assert zone.holds(in_the_zone)
    assert district.holds(in_the_zone)
    assert zone.excludes(district) == ""
