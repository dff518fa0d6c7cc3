"""The chores: each does what is due, safely twice, and one poison row never stops the others."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import OperationalError

from bot import jobs
from bot.installation import Installation
from models.case import Case
from models.deadline import Deadline, Reminder
from models.draft import Draft, DraftState
from models.photo import Photo
from tests.bot.conftest import Build
from tests.bot.poison import spoil_deadlines, spoilt_draft
from tests.stage import Stage


def past(minutes: float = 1) -> datetime:
    return datetime.now(UTC) - timedelta(minutes=minutes)


@pytest.fixture
def live(stage: Stage) -> Stage:
    """The stage at the real time, which is what the chores go by."""
    stage.now = past(5)
    return stage


def make_quiet(installation: Installation) -> None:
    with installation.database.story() as session:
        session.execute(update(Draft).where(Draft.state == DraftState.OPEN).values(quiet_at=past()))


def make_due(installation: Installation, *cases: int) -> None:
    with installation.database.story() as session:
        due = update(Deadline).where(Deadline.case_id.in_(cases), Deadline.next_at.is_not(None))
        session.execute(due.values(next_at=past()))


def reported_cases(live: Stage, count: int) -> list[int]:
    """Cases far enough from each other not to be taken for one."""
    for n in range(count):
        citizen = live.citizen()
        citizen.photo()
        citizen.place(lat=36.6585 + n / 200)
        citizen.says("垃圾桶满了没人清")
        citizen.says("完成")
    cases = [case.id for case in live.cases()]
    assert len(cases) == count
    return cases


def reminded(installation: Installation) -> set[int]:
    with installation.database.glance() as session:
        query = select(Deadline.case_id).join(Reminder, Reminder.deadline_id == Deadline.id)
        return set(session.scalars(query))


def test_it_submits_a_draft_that_has_been_quiet(live: Stage) -> None:
    citizen = live.citizen()
    citizen.photo()
    citizen.place()
    make_quiet(live.installation)

    done = jobs.close_drafts(live.installation)

    assert done == 1
    assert len(live.cases()) == 1
    assert live.open_drafts() == []
    assert f"{live.cases()[0].id}" in citizen.hears()[-1]


def test_it_submits_a_draft_once_however_often_the_job_comes(live: Stage) -> None:
    citizen = live.citizen()
    citizen.photo()
    citizen.place()
    make_quiet(live.installation)

    for _ in range(3):
        jobs.close_drafts(live.installation)

    assert len(live.cases()) == 1


def test_it_closes_a_quiet_rectification(live: Stage) -> None:
    officer = live.officer()
    number = live.reported_case()
    officer.says(f"认领 {number}")
    officer.photo()
    before = len(officer.hears())
    make_quiet(live.installation)

    jobs.close_drafts(live.installation)

    assert len(officer.hears()) == before + 1


def test_it_leaves_a_draft_alone_whose_owner_is_just_speaking(live: Stage) -> None:
    citizen = live.citizen()
    citizen.photo()
    citizen.place()
    make_quiet(live.installation)
    if live.installation.database.engine.dialect.name == "sqlite":
        pytest.skip("one writer at a time: there is nobody to meet")
    with live.installation.database.engine.begin() as webhook:
        webhook.execute(text("SELECT 1 FROM identities FOR UPDATE"))
        jobs.close_drafts(live.installation)

    assert len(live.open_drafts()) == 1
    jobs.close_drafts(live.installation)
    assert live.open_drafts() == []


def test_it_sets_a_poison_draft_aside_and_closes_the_others(live: Stage) -> None:
    first, second = live.citizen(), live.citizen()
    first.says("帮助")
    poison = spoilt_draft(live.installation, first.openid)
    second.photo()
    second.place()
    make_quiet(live.installation)

    jobs.close_drafts(live.installation)

    (left,) = live.open_drafts()
    assert left.id == poison
    assert left.quiet_at is not None
    assert left.quiet_at > datetime.now(UTC)
    assert len(live.cases()) == 1


def test_it_takes_every_due_deadline(live: Stage) -> None:
    live.officer()
    cases = reported_cases(live, 3)
    make_due(live.installation, *cases)

    jobs.remind(live.installation)

    assert reminded(live.installation) == set(cases)


def test_it_takes_every_due_deadline_however_many_there_are(live: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    live.officer()
    cases = reported_cases(live, 5)
    make_due(live.installation, *cases)
    monkeypatch.setattr(jobs, "SWEEP_BATCH", 2)

    jobs.remind(live.installation)

    assert reminded(live.installation) == set(cases)


def test_it_sets_a_poison_deadline_aside_and_reminds_the_others(live: Stage) -> None:
    live.officer()
    poison, fine = reported_cases(live, 2)
    make_due(live.installation, fine)
    spoil_deadlines(live.installation, poison)

    jobs.remind(live.installation)

    assert reminded(live.installation) == {fine}
    with live.installation.database.glance() as session:
        failed = session.scalars(select(Deadline).where(Deadline.case_id == poison, Deadline.failures > 0)).one()
    assert failed.next_at is not None
    assert failed.next_at > datetime.now(UTC)


@pytest.mark.parametrize("chore", ["remind", "close_drafts"])
def test_it_blames_no_row_for_a_database_that_is_busy(build: Build, live: Stage, chore: str) -> None:
    number = live.reported_case()
    citizen = live.citizen()
    citizen.photo()
    citizen.place()
    make_quiet(live.installation)
    make_due(live.installation, number)
    busy = build(lock_patience="0.1s")

    with live.installation.database.engine.begin() as other:
        if other.dialect.name == "postgresql":
            other.execute(text("LOCK TABLE outbound_messages, cases, reminders"))
        with pytest.raises(OperationalError):
            jobs.CHORES[chore].work(busy)

    with live.installation.database.glance() as session:
        assert set(session.scalars(select(Deadline.failures))) == {0}
        assert all((draft.quiet_at or past(0)) < datetime.now(UTC) for draft in live.open_drafts())


def test_it_blames_no_row_for_a_lock_it_meets_while_looking_for_the_poison(build: Build, live: Stage) -> None:
    live.officer()
    poison, fine = reported_cases(live, 2)
    make_due(live.installation, fine)
    spoil_deadlines(live.installation, poison)
    busy = build(lock_patience="0.2s")
    if busy.database.engine.dialect.name == "sqlite":
        pytest.skip("its one lock is met before any row")

    with live.installation.database.engine.begin() as other:
        other.execute(text("LOCK TABLE reminders"))
        with pytest.raises(OperationalError):
            jobs.remind(busy)

    jobs.remind(live.installation)
    assert reminded(live.installation) == {fine}


def test_it_tries_every_photo_that_waits(live: Stage) -> None:
    citizen = live.citizen()
    for _ in range(10):
        citizen.photo()

    tried = jobs.fetch_photos(live.installation)

    with live.installation.database.glance() as session:
        assert [photo.attempts for photo in session.scalars(select(Photo))] == [1] * 10
    assert tried == 10
    assert jobs.fetch_photos(live.installation) == 0


def test_it_tells_since_when_each_chore_waits(live: Stage) -> None:
    with live.installation.database.glance() as session:
        before = {name: chore.due_since(live.installation, session) for name, chore in jobs.CHORES.items()}
    live.citizen().photo()
    with live.installation.database.glance() as session:
        after = {name: chore.due_since(live.installation, session) for name, chore in jobs.CHORES.items()}

    assert set(before.values()) == {None}
    assert after["fetch_photos"] == live.now
    assert after["close_drafts"] == live.now + timedelta(minutes=2)


def test_it_lets_a_claim_and_a_sweep_meet(live: Stage) -> None:
    """The claim holds its case and will end the deadline; the sweep must not hold the deadline and want the case."""
    live.officer()
    number = live.reported_case()
    make_due(live.installation, number)
    if live.installation.database.engine.dialect.name == "sqlite":
        pytest.skip("one writer at a time: there is nobody to meet")
    with live.installation.database.story() as claim:
        assert Case.locked(claim, number) is not None

        jobs.remind(live.installation)

        during = reminded(live.installation)
    jobs.remind(live.installation)
    assert (during, reminded(live.installation)) == (set(), {number})


def test_it_knows_no_other_chores() -> None:
    about_photos = {"fetch_photos", "judge_photos", "clear_withdrawn", "erase"}
    by_the_calendar = {"digests", "remind_assessors"}
    others = {"take_in", "remind", "close_drafts", "deliver", "change_cards"}
    assert set(jobs.CHORES) == others | by_the_calendar | about_photos
    with pytest.raises(KeyError):
        jobs.run_chore("format_disk")
