"""操作日志: everything is noted, and nothing that was noted can be changed without a trace."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import delete, select, text, update

from console.acting import DEEDS
from console.h5.reporter import ACTS
from console.premises import EXTENSION
from handlers.case_pages import Side
from models.journal import Act, JournalEntry, head, verify, write
from tests.console.browsers import Office
from tests.console.phones import Phone
from tests.stage import Stage


def written(stage: Stage, count: int = 5) -> list[str]:
    """So many entries; their digests."""
    with stage.installation.database.story() as session:
        return [write(session, stage.now, None, Act(f"test.{n}", f"case:{n}")).digest for n in range(count)]


def test_it_finds_nothing_wrong_with_what_nobody_touched(stage: Stage) -> None:
    digests = written(stage)

    with stage.installation.database.glance() as session:
        chain = verify(session, digests[2])

    assert (chain.entries, chain.broken, chain.head, chain.has_head) == (5, (), digests[-1], True)


CHANGES = {
    "another word": lambda: update(JournalEntry).where(JournalEntry.act == "test.2").values(words="没有的事"),
    "another person's": lambda: update(JournalEntry).where(JournalEntry.act == "test.2").values(subject="case:9"),
    "one left out": lambda: delete(JournalEntry).where(JournalEntry.act == "test.2"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_it_finds_what_was_changed(stage: Stage, change: str) -> None:
    written(stage)
    with stage.installation.database.story() as session:
        session.execute(CHANGES[change]())

    with stage.installation.database.glance() as session:
        assert len(verify(session).broken) == 1


def test_it_finds_what_was_cut_off_at_the_end_by_the_head_somebody_kept(stage: Stage) -> None:
    kept = written(stage)[-1]
    with stage.installation.database.story() as session:
        session.execute(delete(JournalEntry).where(JournalEntry.act.in_(("test.3", "test.4"))))

    with stage.installation.database.glance() as session:
        chain = verify(session, kept)

    assert (chain.broken, chain.has_head) == ((), False)


def test_it_keeps_one_chain_whoever_writes_at_once(stage: Stage) -> None:
    with ThreadPoolExecutor(8) as writers:
        list(writers.map(lambda _: written(stage, 3), range(8)))

    with stage.installation.database.glance() as session:
        chain = verify(session)
    assert (chain.entries, chain.broken) == (24, ())


def test_it_notes_a_deed_in_the_story_of_the_deed(office: Office, stage: Stage) -> None:
    officer = stage.officer()
    number = stage.reported_case()
    browser = office.browser(officer)

    browser.post(f"/cases/{number}/claim")
    browser.post(f"/cases/{number}/claim")  # which changes nothing

    with stage.installation.database.glance() as session:
        acts = session.query(JournalEntry).filter(JournalEntry.act == "case.claim").all()
    assert [(entry.subject, entry.person_id) for entry in acts] == [(f"case:{number}", browser.person_id)]


def test_it_is_for_admins_to_read(office: Office, stage: Stage) -> None:
    command = stage.dispatcher()
    digests = written(stage, 1)
    admin = stage.admin()

    assert office.browser(command).get("/journal").status_code == 403
    assert digests[0][:16] in office.browser(admin).text("/journal")


def test_it_tells_an_admin_not_who_reported(office: Office, stage: Stage) -> None:
    citizen, admin = stage.citizen(), stage.admin()
    stage.officer()
    number = stage.reported_case(citizen)
    phone = Phone(stage, office.app, citizen, number, Side.REPORTER)
    phone.does("add", "我是李群众，又满了")
    browser = office.browser(admin)

    told, asked = browser.text("/journal"), browser.text(f"/journal?person={phone.person_id}")

    assert "上报人 手机页补充 h5.add" in told
    assert "李群众" not in told
    assert "h5.add" not in asked
    stage.also_dispatcher(admin)
    assert "李群众" in browser.text("/journal")


def test_it_knows_every_act_of_a_reporter(office: Office, stage: Stage) -> None:
    citizen, officer, command = stage.citizen(), stage.officer(), stage.dispatcher()
    number = stage.reported_case(citizen)
    phone = Phone(stage, office.app, citizen, number, Side.REPORTER)
    phone.does("add", "又满了")
    stage.solve(number, officer)
    phone.does("rate-3", "没清")
    command.says(f"通过 {number} 现场已清")
    phone.does("reopen", "又满了")

    with stage.installation.database.glance() as session:
        acts = set(session.scalars(select(JournalEntry.act).where(JournalEntry.person_id == phone.person_id)))
    assert {"h5.add", "h5.rate-3", "h5.reopen"} <= acts
    assert acts <= ACTS


def test_it_says_in_words_whatever_can_be_done_to_a_case(office: Office) -> None:
    named = office.app.extensions[EXTENSION].texts.names

    assert {f"journal.case.{deed}" for deed in DEEDS} - named == set()
    assert {f"journal.{act}" for act in ACTS} - named == set()


def test_it_has_no_head_before_anything_was_noted(stage: Stage) -> None:
    with stage.installation.database.glance() as session:
        assert head(session) == ""
        assert session.execute(text("SELECT count(*) FROM journal")).scalar() == 0
