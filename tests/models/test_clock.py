"""How long a duty lasts, when its words are due, and when nobody is woken."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from models.clock import Audience, Clocks, Duty, Hours, Policy, QuietHours, Step, ordered
from tests.models.life import hours

JINAN = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)

POLICY = Policy(
    within=hours(12),
    steps=(
        Step(hours(-6), (Audience.OFFICERS,)),
        Step(hours(-0.5), (Audience.OFFICERS, Audience.LEADER)),
        Step(hours(0), (Audience.OFFICERS, Audience.LEADER)),
        Step(hours(6), (Audience.LEADER, Audience.COMMAND)),
    ),
    repeat=hours(24),
)


@pytest.mark.parametrize(
    ("n", "offset", "tell"),
    [
        (0, -6, (Audience.OFFICERS,)),
        (1, -0.5, (Audience.OFFICERS, Audience.LEADER)),
        (2, 0, (Audience.OFFICERS, Audience.LEADER)),
        (3, 6, (Audience.LEADER, Audience.COMMAND)),
        (4, 30, (Audience.LEADER, Audience.COMMAND)),
        (10, 174, (Audience.LEADER, Audience.COMMAND)),
    ],
)
def test_it_repeats_the_last_word_to_the_last_audience(n: int, offset: float, tell: tuple[Audience, ...]) -> None:
    step = POLICY.step(n)

    assert (step.offset, step.tell) == (hours(offset), tell)


@pytest.mark.parametrize(
    ("within", "first"),
    [
        (12, 0),
        (6.1, 0),
        (6, 1),  # the word six hours before would be due at the very beginning
        (1, 1),
        (0.5, 2),
        (0.1, 2),  # the breach is always said
    ],
)
def test_it_skips_the_words_that_are_past_when_a_duty_begins(within: float, first: int) -> None:
    assert POLICY.first_after(START, START + hours(within)) == first


def test_it_keeps_a_policy_in_plain_values_and_finds_it_again() -> None:
    assert Policy.from_json(POLICY.as_json()) == POLICY


@pytest.mark.parametrize(("own", "within"), [(None, 12), (2.5, 2.5), (72, 72)])
def test_it_changes_only_the_length_for_a_category_of_its_own(own: float | None, within: float) -> None:
    changed = POLICY.lasting(own)

    assert (changed.within, changed.steps, changed.repeat) == (hours(within), POLICY.steps, POLICY.repeat)


def test_it_gives_an_assignment_the_claim_and_rectify_rules_with_the_category_s_hours() -> None:
    clocks = Clocks({Duty.CLAIM: POLICY, Duty.RECTIFY: POLICY}, rework=hours(24), extension=hours(24))

    kept = clocks.for_category(Hours(claim=1, rectify=None))

    assert {duty: Policy.from_json(rule).within for duty, rule in kept.items()} == {
        "claim": hours(1),
        "rectify": hours(12),
    }


def test_it_puts_words_into_the_order_of_time() -> None:
    shuffled = [POLICY.steps[n] for n in (2, 0, 3, 1)]

    assert ordered(shuffled) == POLICY.steps


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=JINAN).astimezone(UTC)


NIGHT = QuietHours(time(22, 0), time(7, 0), JINAN)
NOON = QuietHours(time(12, 0), time(14, 0), JINAN)
NEVER = QuietHours(time(0, 0), time(0, 0), JINAN)

# quiet hours | a word is due | no later than | it is said
QUIET = [
    (NIGHT, "2026-11-23 21:59", None, "2026-11-23 21:59"),  # Monday
    (NIGHT, "2026-11-23 22:00", None, "2026-11-24 07:00"),  # Monday → Tuesday
    (NIGHT, "2026-11-23 23:59", None, "2026-11-24 07:00"),  # Monday → Tuesday
    (NIGHT, "2026-11-24 00:00", None, "2026-11-24 07:00"),  # Tuesday
    (NIGHT, "2026-11-24 06:59", None, "2026-11-24 07:00"),  # Tuesday
    (NIGHT, "2026-11-24 07:00", None, "2026-11-24 07:00"),  # Tuesday: the quiet is over
    (NIGHT, "2026-11-28 23:00", None, "2026-11-29 07:00"),  # Saturday → Sunday
    (NIGHT, "2026-12-31 23:00", None, "2027-01-01 07:00"),  # Thursday → Friday, over the year's end
    (NIGHT, "2026-11-23 23:00", "2026-11-24 08:00", "2026-11-24 07:00"),  # there is still time in the morning
    (NIGHT, "2026-11-23 23:00", "2026-11-24 06:30", "2026-11-23 23:00"),  # the deadline is before the morning
    (NIGHT, "2026-11-23 23:00", "2026-11-24 07:00", "2026-11-23 23:00"),  # at the morning is too late as well
    (NIGHT, "2026-11-23 23:00", "2026-11-23 22:30", "2026-11-24 07:00"),  # past already: it can wait
    (NIGHT, "2026-11-23 23:00", "2026-11-23 23:00", "2026-11-24 07:00"),  # the breach itself can wait
    (NOON, "2026-11-25 11:59", None, "2026-11-25 11:59"),  # Wednesday
    (NOON, "2026-11-25 12:00", None, "2026-11-25 14:00"),  # Wednesday
    (NOON, "2026-11-25 14:00", None, "2026-11-25 14:00"),  # Wednesday
    (NOON, "2026-11-25 13:00", "2026-11-25 13:30", "2026-11-25 13:00"),  # Wednesday
    (NEVER, "2026-11-24 00:00", None, "2026-11-24 00:00"),  # begin == end: never quiet
    (NEVER, "2026-11-24 03:00", None, "2026-11-24 03:00"),
]


@pytest.mark.parametrize(("quiet", "due", "limit", "said"), QUIET)
def test_it_holds_what_can_wait_but_never_past_its_deadline(
    quiet: QuietHours, due: str, limit: str | None, said: str
) -> None:
    released = quiet.release(local(due), local(limit) if limit else None)

    assert released == local(said)
    assert released.utcoffset() == timedelta(0)
