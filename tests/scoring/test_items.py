"""计分事项: a case's events → what counts for whom. A table of stories, and what must hold of any."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.workflow import Move, Part
from scoring.items import Facts, Happened, Item, Kind
from scoring.ledger import items_of

START = datetime(2026, 11, 2, 1, tzinfo=UTC)
FACTS = Facts(12, "cmd")
Told = tuple[float, Move, dict[str, Any]]


def assign(hour: float, unit: str = "A") -> Told:
    return hour, Move.ASSIGN, {"unit": unit}


def breach(hour: float, duty: str) -> Told:
    return hour, Move.BREACH, {"duty": duty, "deadline": 1}


def happened(*story: Told, part: Part = Part.SYSTEM) -> list[Happened]:
    parts = {Move.RATE: Part.REPORTER, Move.OBJECT: Part.REPORTER, Move.NOTE: Part.REPORTER}
    return [
        Happened(n, move, parts.get(move, part), START + timedelta(hours=hour), data)
        for n, (hour, move, data) in enumerate(story, start=1)
    ]


def counted(*story: Told, facts: Facts = FACTS, until: float = 1000) -> Counter[tuple[str, str, float]]:
    """unit, kind, value; without what everybody gets for having had the case."""
    items = items_of(happened(*story), facts, START + timedelta(hours=until))
    plain = [item for item in items if item.kind not in (Kind.FOUND_BY_OTHERS, Kind.FOUND_BY_SELF)]
    return Counter((item.unit, item.kind.value, round(item.value, 4)) for item in plain)


CLAIM, RECTIFY, PASS = (3.0, Move.CLAIM, {}), (9.0, Move.RECTIFY, {}), (12.0, Move.PASS, {})
FAIL = (12.0, Move.FAIL, {})
DONE = [("A", "claim", 1), ("A", "rectify", 1), ("A", "check", 1), ("A", "closed", 1)]

# what it shows | what happened | what counts
STORIES: dict[str, tuple[list[Told], list[tuple[str, str, float]]]] = {
    "all in time": ([assign(0), CLAIM, RECTIFY, PASS], DONE),
    "nothing is due yet": ([assign(0)], []),
    "nobody claims": (
        [assign(0), breach(12, "claim"), breach(36, "rectify")],
        [
            *(("A", "claim", 0), ("A", "overtime", round((1000 - 12) / 12, 4))),
            *(("A", "rectify", 0), ("A", "overtime", round((1000 - 36) / 24, 4)), ("A", "open_overdue", 1)),
        ],
    ),
    "claimed late, then fast": (
        [assign(0), breach(12, "claim"), (18, Move.CLAIM, {}), (19, Move.RECTIFY, {}), (20, Move.PASS, {})],
        [("A", "claim", 0), ("A", "overtime", 0.5), ("A", "rectify", 1), ("A", "check", 1), ("A", "closed", 1)],
    ),
    "put right, not accepted yet": ([assign(0), CLAIM, RECTIFY], [("A", "claim", 1)]),
    "done again": (
        [assign(0), CLAIM, RECTIFY, FAIL, (20, Move.RECTIFY, {}), (22, Move.PASS, {})],
        [*DONE[:2], ("A", "check", 0), ("A", "failed_check", 1), ("A", "closed", 1)],
    ),
    "a false photo": (
        [assign(0), CLAIM, RECTIFY, (12, Move.FAIL, {"fake": True})],
        [("A", "claim", 1), ("A", "check", 0), ("A", "failed_check", 1), ("A", "fake", 1)],
    ),
    "sent back and accepted": (
        [assign(0), (2, Move.SEND_BACK, {}), assign(4, "B"), (5, Move.CLAIM, {})],
        [("cmd", "wrong_dispatch", 1), ("B", "claim", 1)],
    ),
    "sent back and refused": ([assign(0), (2, Move.REFUSE, {"plea": "return"})], [("A", "shirked", 1)]),
    "another petition refused": ([assign(0), (2, Move.REFUSE, {"plea": "extension"})], []),
    "returned to the same unit buys nothing": (
        [assign(0), breach(12, "claim"), (13, Move.SEND_BACK, {}), assign(14), (15, Move.CLAIM, {})],
        [("A", "claim", 0), ("A", "overtime", 0.25), ("cmd", "wrong_dispatch", 1)],
    ),
    "put off with leave": (
        [assign(0), CLAIM, (5, Move.DEFER, {"until": ""}), (400, Move.RECTIFY, {}), (401, Move.PASS, {})],
        [("A", "claim", 1), ("A", "deferral", 1), ("A", "check", 1), ("A", "closed", 1)],
    ),
    "put off, and late all the same": (
        [assign(0), CLAIM, (5, Move.DEFER, {"until": ""}), breach(400, "rectify")],
        [
            *(("A", "claim", 1), ("A", "deferral", 1), ("A", "rectify", 0), ("A", "open_overdue", 1)),
            ("A", "overtime", round((1000 - 400) / 397, 4)),
        ],
    ),
    "the worst answer counts": (
        [assign(0), CLAIM, RECTIFY, (10, Move.OBJECT, {"score": 3}), (11, Move.NOTE, {"score": 1}), PASS],
        [*DONE, ("A", "rating", 3)],
    ),
    "what was said of the first try is over": (
        [
            assign(0),
            CLAIM,
            RECTIFY,
            (10, Move.OBJECT, {"score": 3}),
            FAIL,
            (20, Move.RECTIFY, {}),
            (22, Move.CONFIRM, {}),
        ],
        [*DONE[:2], ("A", "check", 0), ("A", "failed_check", 1), ("A", "closed", 1), ("A", "rating", 1)],
    ),
    "exposed before anybody had it": (
        [(0, Move.EXPOSE, {"nth": 2}), assign(1)],
        [("A", "exposure", 2)],
    ),
    "an appeal lifts the breach": (
        [assign(0), breach(12, "claim"), (18, Move.CLAIM, {}), (20, Move.UPHOLD, {"event": 2, "charge": "breach"})],
        [("A", "claim", 1)],
    ),
    "with the 返工 goes the 弄虚作假": (
        [
            assign(0),
            CLAIM,
            RECTIFY,
            (12, Move.FAIL, {"fake": True}),
            (20, Move.UPHOLD, {"event": 4, "charge": "rework"}),
        ],
        [("A", "claim", 1)],
    ),
}


@pytest.mark.parametrize("name", STORIES)
def test_it_counts(name: str) -> None:
    story, expected = STORIES[name]

    assert counted(*story) == Counter(expected)


def test_it_dates_a_breach_at_the_deadline_and_names_its_event() -> None:
    items = items_of(happened(assign(0), breach(12, "claim")), FACTS, START + timedelta(hours=13))

    late = next(item for item in items if item.kind is Kind.CLAIM)
    assert (late.at, late.event_id) == (START + timedelta(hours=12), 2)


def test_it_counts_a_recurrence_against_who_closed_it() -> None:
    back = START + timedelta(days=20)

    assert counted(assign(0), CLAIM, RECTIFY, PASS, facts=Facts(12, "cmd", back, 40))["A", "recurrence", 40] == 1


def test_it_tells_what_a_unit_found_itself() -> None:
    items = items_of(happened(assign(0)), Facts(12, "cmd", found_by_self=True), START)

    assert [item.kind for item in items] == [Kind.FOUND_BY_SELF]


MOVES = [
    *(assign(0, unit) for unit in "AB"),
    *((0, move, {}) for move in (Move.CLAIM, Move.RECTIFY, Move.PASS, Move.FAIL, Move.SEND_BACK, Move.REOPEN)),
    *(breach(0, duty) for duty in ("claim", "rectify", "verify")),
    (0, Move.JOIN, {}),
    (0, Move.DEFER, {}),
]
stories = st.lists(st.sampled_from(MOVES), max_size=12).map(
    lambda moves: [(float(n), move, data) for n, (_, move, data) in enumerate(moves)]
)


def made(story: list[Told]) -> list[Item]:
    return items_of(happened(*story), FACTS, START + timedelta(days=9))


@given(story=stories)
def test_it_does_not_matter_in_which_order_events_are_read(story: list[Told]) -> None:
    events = happened(*story)

    assert items_of(events, FACTS, START) == items_of(events[::-1], FACTS, START)


@given(story=stories)
def test_it_counts_each_duty_of_a_unit_once(story: list[Told]) -> None:
    counts = Counter((item.unit, item.kind) for item in made(story) if item.kind in (Kind.CLAIM, Kind.RECTIFY))

    assert all(count == 1 for count in counts.values())


@given(story=stories)
def test_it_never_helps_to_split_a_report(story: list[Told]) -> None:
    joined = [told for one in story for told in (one, (one[0], Move.JOIN, {}))]

    def plain(items: list[Item]) -> list[tuple[str, Kind, float]]:
        return sorted((item.unit, item.kind, item.value) for item in items)

    assert plain(made(story)) == plain(made(joined))


@given(story=stories, hours=st.integers(1, 11))
def test_it_never_buys_time_to_send_a_case_back(story: list[Told], hours: int) -> None:
    """Whoever gets a case back after its claim was late is late, however often it went to and fro."""
    back_and_forth = [assign(0), breach(12, "claim"), (13, Move.SEND_BACK, {}), assign(13 + hours), *story]

    late = [item for item in made(back_and_forth) if item.unit == "A" and item.kind is Kind.CLAIM]

    assert [item.value for item in late] == [0]
