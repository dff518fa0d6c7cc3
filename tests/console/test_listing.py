"""Filters, paging and search of the case list, on both databases."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, text, update

from bot.installation import Installation
from console.listing.conditions import Looking, conditions
from console.listing.filter import Filter, Reader, Sort
from console.listing.paging import COUNTED_IN_SEARCH, Page, Seek, count, page
from models.case import Case
from models.case_words import CaseWords
from models.clock import Duty
from models.workflow import Status
from routing.router import Router
from tests.stage import DIANLIU, LIXIA, MORNING, YAOJIA, Stage


@contextmanager
def looking(installation: Installation, units: frozenset[str] | None = None) -> Iterator[Looking]:
    """Whoever looks at the list, at the stage's first morning."""
    with installation.database.glance() as session:
        yield Looking(session, installation.router.pack, installation.settings.timezone, MORNING, units)


def add(installation: Installation, *cases: dict[str, Any]) -> list[int]:
    """Rows as a list shows them; what is not said is as for a new report."""
    usual = {"status": Status.REPORTED, "channel": "citizen_photo", "text": "", "place": "", "opened_at": MORNING}
    with installation.database.story() as session:
        made = [Case(**(usual | facts)) for facts in cases]
        session.add_all(made)
        session.flush()
        return [case.id for case in made]


def shown(installation: Installation, units: frozenset[str] | None = None, **asked: Any) -> list[int]:
    """The numbers on the first page."""
    with looking(installation, units) as at:
        wanted = Filter(**asked)
        return [row.id for row in page(at.session, wanted, conditions(wanted, at)).rows]


@pytest.fixture(scope="module")
def reader(router: Router) -> Reader:
    return Reader(router.pack)


CHOICES = {
    "channel": ["citizen_photo", "hotline_12345"],
    "district": [LIXIA],
    "street": [DIANLIU, YAOJIA],
    "unit": [LIXIA, "dept-urban"],
    "category": ["event:06010"],
    "major": ["event:06", "part:01"],
    "campaign": ["城市环境面貌提升"],
    "veto": ["食品安全"],
    "status": ["reported", "closed", "open"],
    "owes": [str(duty) for duty in Duty],
    "lamp": ["overdue", "2h", "today", "later", "none"],
    "rating": [None, 1, 2, 3],
    "exposed": [False, True],
    "recurrence": [False, True],
    "on_site": [False, True],
    "by_closing": [False, True],
    "sort": list(Sort),
    "backwards": [False, True],
}
DAYS = st.none() | st.dates()
SAID = st.text(max_size=30).map(lambda said: " ".join(said.replace("\0", " ").split()))
FILTERS = st.fixed_dictionaries(
    {name: st.sampled_from(["", *values] if isinstance(values[0], str) and name != "sort" else values)
     for name, values in CHOICES.items()}
    | {"since": DAYS, "until": DAYS, "q": SAID}
).map(lambda values: Filter(**values))  # fmt: skip


@given(FILTERS)
@example(Filter(q="100% _垃圾_ \\ '"))
@example(Filter(since=date.max, until=date.min))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_it_reads_from_an_address_what_it_wrote_there(reader: Reader, wanted: Filter) -> None:
    read = reader.read(wanted.params())

    assert read.filter == wanted
    assert read.unknown == ()
    assert read.filter.query() == wanted.query()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("channel", "wechat"),
        ("unit", "370199"),
        ("status", "done"),
        ("lamp", "red"),
        ("rating", "4"),
        ("rating", "１"),
        ("from", "2026-13-01"),
        ("exposed", "yes"),
        ("sort", "--due"),
        ("sort", "text; DROP TABLE cases"),
    ],
)
def test_it_names_what_it_does_not_know_and_leaves_it_out(reader: Reader, name: str, value: str) -> None:
    read = reader.read({name: value, "district": LIXIA})

    assert [(one.name, one.value) for one in read.unknown] == [(name, value)]
    assert read.filter == Filter(district=LIXIA)


@given(st.dictionaries(st.sampled_from(["q", "sort", "from", "unit", "at", "x"]), st.text(max_size=200)))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_it_takes_any_address(reader: Reader, params: dict[str, str]) -> None:
    read = reader.read(params)

    assert reader.read(read.filter.params()).filter == read.filter


HOUR = timedelta(hours=1)
# What is asked for, and a case that has it; every one but these stays out.
CASES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "channel": ({"channel": "hotline_12345"}, {"channel": "hotline_12345"}),
    "district": ({"district": LIXIA}, {"district": LIXIA}),
    "street": ({"street": DIANLIU}, {"street": DIANLIU}),
    "unit itself": ({"unit": LIXIA}, {"unit_code": LIXIA}),
    "unit below": ({"unit": LIXIA}, {"unit_code": DIANLIU}),
    "category": ({"category": "event:06010"}, {"category": "event:06010"}),
    "major": ({"major": "event:06"}, {"category": "event:06042"}),
    "veto": ({"veto": "生态环保"}, {"category": "event:06026"}),
    "campaign": ({"campaign": "校园周边环境提升"}, {}),
    "status": ({"status": "rejected"}, {"status": Status.REJECTED, "closed_at": MORNING}),
    "open": ({"status": "open"}, {"status": Status.CLAIMED}),
    "overdue": ({"lamp": "overdue"}, {"due_at": MORNING}),
    "soon": ({"lamp": "2h"}, {"due_at": MORNING + 2 * HOUR}),
    "today": ({"lamp": "today"}, {"due_at": MORNING + 12 * HOUR}),
    "later": ({"lamp": "later"}, {"due_at": MORNING + 13 * HOUR}),
    "rating": ({"rating": 3}, {"rating": 3}),
    "exposed": ({"exposed": True}, {"exposed": True}),
    "opened": ({"since": date(2026, 11, 1), "until": date(2026, 11, 1)}, {"opened_at": MORNING - 22 * 24 * HOUR}),
    "closed": (
        {"since": date(2026, 11, 25), "by_closing": True},
        {"status": Status.CLOSED, "closed_at": MORNING + 48 * HOUR},
    ),
    "number": ({"q": "#{id}"}, {}),
    "words": ({"q": "阳光房 二楼"}, {"text": "二楼搭了阳光房", "place": "某小区"}),
    "a place": ({"q": "ABC大厦"}, {"place": "abc大厦门口"}),
}


@pytest.mark.parametrize("name", [name for name in CASES if name != "campaign"])
def test_it_finds_what_fits_and_nothing_else(installation: Installation, name: str) -> None:
    asked, facts = CASES[name]
    closed = {"status": Status.CLOSED, "closed_at": MORNING}
    other = closed if name == "open" else {}
    number, _ = add(installation, facts, other)
    asked = {key: value.format(id=number) if key == "q" else value for key, value in asked.items()}

    assert shown(installation, **asked) == [number]


def test_it_finds_what_came_back(installation: Installation) -> None:
    before = add(installation, {})[0]
    after = add(installation, {"recurrence_of": before})[0]

    assert shown(installation, recurrence=True) == [after]


def test_it_finds_what_must_be_looked_at_and_what_owes_a_ruling(stage: Stage) -> None:
    officer = stage.officer()
    stage.dispatcher()
    number, other = stage.reported_case(), stage.reported_case(words="路灯不亮了")
    officer.says(f"认领 {number}")
    officer.says(f"延期 {number} 等配件")

    assert shown(stage.installation, owes="ruling") == [number]
    assert other in shown(stage.installation)


def test_it_shows_a_unit_only_its_own(installation: Installation) -> None:
    own, _ = add(installation, {"unit_code": DIANLIU, "text": "垃圾"}, {"unit_code": YAOJIA, "text": "垃圾"})
    mine = frozenset({DIANLIU})

    assert shown(installation, mine) == [own]
    assert shown(installation, mine, q="垃圾") == [own]
    assert shown(installation, mine, unit=YAOJIA) == []
    assert shown(installation, frozenset()) == []


def test_it_does_not_find_another_units_case_by_its_number(installation: Installation) -> None:
    number = add(installation, {"unit_code": YAOJIA})[0]

    assert shown(installation, frozenset({DIANLIU}), q=str(number)) == []


# Characters with a meaning of their own somewhere between the address and the index.
@pytest.mark.parametrize(
    "said", ["%", "_", "\\", "'", "a'b", "100%", "&|!:*", "臭", "垃圾桶", "ab", "a&b", "<->", "()"]
)
def test_it_takes_every_character_as_it_is(installation: Installation, said: str) -> None:
    number, _ = add(installation, {"text": f"门口{said}很多"}, {"text": "别的问题", "place": "某路"})

    assert shown(installation, q=said) == [number]


@pytest.mark.parametrize("many", [1, 30])
def test_it_finds_rare_and_common_words_alike(installation: Installation, many: int) -> None:
    numbers = add(installation, *({"text": f"第{n}处垃圾", "opened_at": MORNING + n * HOUR} for n in range(many)))

    assert shown(installation, q="处垃圾") == numbers[::-1]


def test_it_finds_a_case_by_its_orders_number(stage: Stage) -> None:
    operator = stage.operator()
    operator.says("工单编号：JN20261123000187\n来电人：王先生\n反映内容：历下区甸柳新村第三小区垃圾桶满了没人清\n")
    operator.says("完成")

    assert shown(stage.installation, q="jn20261123000187") == [case.id for case in stage.cases()]


def test_it_keeps_the_words_of_whoever_writes_them(installation: Installation) -> None:
    number = add(installation, {"text": "原来的话"})[0]
    with installation.database.story() as session:
        session.execute(update(Case).where(Case.id == number).values(text="后来的话"))
    later = shown(installation, q="后来"), shown(installation, q="原来")
    with installation.database.story() as session:
        session.execute(delete(CaseWords))
        session.execute(text("UPDATE cases SET place = '甸柳' WHERE id = :id"), {"id": number})

    assert later == ([number], [])
    assert shown(installation, q="后来的话 甸柳") == [number]


def turned(installation: Installation, wanted: Filter, size: int, between: Any = None) -> list[int]:
    """Every number met by turning the pages to the end; `between` happens after the first."""
    numbers: list[int] = []
    seek: Seek | None = None
    while True:
        with looking(installation) as at:
            found = page(at.session, wanted, conditions(wanted, at), seek, size)
        numbers += [row.id for row in found.rows]
        if found.after is None:
            return numbers
        seek = Seek.read(str(found.after))
        if between:
            between()
            between = None


MOMENTS = st.integers(0, 3).map(lambda n: MORNING + n * HOUR)
TIMES = st.tuples(MOMENTS, st.none() | MOMENTS, st.none() | MOMENTS)


@given(
    st.lists(TIMES, max_size=14),
    st.lists(TIMES, max_size=4),
    st.sampled_from(list(Sort)),
    st.booleans(),
    st.integers(1, 6),
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_it_meets_every_case_once_whatever_comes_between(
    installation: Installation,
    cases: list[tuple[datetime, datetime | None, datetime | None]],
    newer: list[tuple[datetime, datetime | None, datetime | None]],
    sort: Sort,
    backwards: bool,
    size: int,
) -> None:
    def rows(times: list[tuple[datetime, datetime | None, datetime | None]]) -> list[int]:
        return add(installation, *({"opened_at": o, "due_at": d, "closed_at": c} for o, d, c in times))

    with installation.database.story() as session:
        session.execute(delete(Case))
    numbers = rows(cases)

    met = turned(installation, Filter(sort=sort, backwards=backwards), size, lambda: rows(newer))

    assert sorted(n for n in met if n in numbers) == sorted(numbers)
    assert len(met) == len(set(met))


@given(st.lists(TIMES, min_size=1, max_size=12), st.sampled_from(list(Sort)), st.booleans(), st.integers(1, 5))
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_it_turns_back_to_where_it_came_from(
    installation: Installation,
    cases: list[tuple[datetime, datetime | None, datetime | None]],
    sort: Sort,
    backwards: bool,
    size: int,
) -> None:
    with installation.database.story() as session:
        session.execute(delete(Case))
    add(installation, *({"opened_at": o, "due_at": d, "closed_at": c} for o, d, c in cases))
    wanted = Filter(sort=sort, backwards=backwards)

    with looking(installation) as at:
        asked = conditions(wanted, at)
        pages: list[Page] = [page(at.session, wanted, asked, None, size)]
        while pages[-1].after:
            pages.append(page(at.session, wanted, asked, pages[-1].after, size))
        back = [pages[-1]]
        while back[-1].before:
            back.append(page(at.session, wanted, asked, back[-1].before, size))

    assert [[row.id for row in one.rows] for one in back[::-1]] == [[row.id for row in one.rows] for one in pages]


ORDERS = [
    (Sort.OPENED, False, [2, 1, 0]),
    (Sort.OPENED, True, [0, 1, 2]),
    (Sort.DUE, False, [1, 0, 2]),
    (Sort.DUE, True, [0, 1, 2]),
    (Sort.CLOSED, False, [2, 0, 1]),
    (Sort.NUMBER, False, [2, 1, 0]),
]


@pytest.mark.parametrize(("sort", "backwards", "order"), ORDERS)
def test_it_sorts_what_has_no_time_behind_what_has_one(
    installation: Installation, sort: Sort, backwards: bool, order: list[int]
) -> None:
    cases = [
        {"opened_at": MORNING, "due_at": MORNING + 2 * HOUR, "closed_at": MORNING},
        {"opened_at": MORNING + HOUR, "due_at": MORNING + HOUR},
        {"opened_at": MORNING + 2 * HOUR, "closed_at": MORNING + HOUR},
    ]
    numbers = add(installation, *cases)

    assert shown(installation, sort=sort, backwards=backwards) == [numbers[n] for n in order]


@pytest.mark.parametrize(
    "said", ["", "x", "0.0.5", "0.0.5.x", "9.0.5.f", "0.-1.5.f", "0.0.99999999999999999999.f", "٣.0.5.f"]
)
def test_it_takes_no_place_that_is_none(said: str) -> None:
    assert Seek.read(said) is None


def test_it_counts_no_further_than_anybody_reads(installation: Installation) -> None:
    add(installation, *({"text": "垃圾"} for _ in range(COUNTED_IN_SEARCH + 2)))

    with looking(installation) as at:
        every, said = Filter(), Filter(q="垃圾")
        assert count(at.session, every, conditions(every, at)) == (COUNTED_IN_SEARCH + 2, False)
        assert count(at.session, said, conditions(said, at)) == (COUNTED_IN_SEARCH, True)
