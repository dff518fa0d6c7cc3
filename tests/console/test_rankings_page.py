"""考核页: from draft to publication in the browser, and what each visitor sees of it."""

from datetime import timedelta

import pytest

from models.score import Ranking, RankingState
from tests.console.browsers import Browser, Office, said
from tests.scoring.test_tables import a_month
from tests.stage import DIANLIU, YAOJIA, Stage


@pytest.fixture
def admin(office: Office, stage: Stage) -> Browser:
    return office.browser(stage.admin())


def drafted(admin: Browser, stage: Stage, tier: str = "street") -> int:
    fresh(admin, stage)
    admin.post("/rankings", tier=tier, month="2026-11")
    with stage.installation.database.glance() as session:
        return max(one.id for one in session.query(Ranking))


def published(admin: Browser, stage: Stage) -> int:
    number = drafted(admin, stage)
    admin.post(f"/rankings/{number}/appeals")
    stage.now += timedelta(days=3)
    fresh(admin, stage)
    admin.post(f"/rankings/{number}/freeze")
    admin.post(f"/rankings/{number}/publish")
    return number


def fresh(browser: Browser, stage: Stage) -> None:
    """Logged in again: what happens here takes longer than a login lasts."""
    again = Office(stage).again(browser.person_id)
    browser.client, browser.csrf = again.client, again.csrf


def state(stage: Stage, number: int) -> RankingState:
    with stage.installation.database.glance() as session:
        return session.get_one(Ranking, number).state


def test_it_goes_from_draft_to_publication(admin: Browser, stage: Stage) -> None:
    a_month(stage)

    number = published(admin, stage)

    assert state(stage, number) is RankingState.PUBLISHED
    assert "与内容一致" in admin.text(f"/rankings/{number}")


def test_it_says_why_a_score_is_so_and_leads_to_the_cases(admin: Browser, stage: Stage) -> None:
    a_month(stage)
    number = drafted(admin, stage)

    told = admin.text(f"/rankings/{number}/{YAOJIA}?figure=claim")

    assert "认领及时：0/3＝0.0%" in told
    assert "超时扣" in told
    assert told.count("计差") == 3


def test_it_shows_a_unit_its_own_row_before_and_everybody_after_publication(
    admin: Browser, office: Office, stage: Stage
) -> None:
    leader = stage.leader()
    a_month(stage)
    number = drafted(admin, stage)

    draft = office.browser(leader).get(f"/rankings/{number}").status_code
    admin.post(f"/rankings/{number}/appeals")
    during = office.browser(leader)

    assert draft == 404
    assert "甸柳新村街道" in during.text(f"/rankings/{number}")
    assert "姚家街道" not in during.text(f"/rankings/{number}")
    assert during.get(f"/rankings/{number}/{YAOJIA}").status_code == 404


def test_it_takes_an_objection_from_the_units_leader_and_a_ruling(
    admin: Browser, office: Office, stage: Stage
) -> None:
    leader, officer = stage.leader(), stage.officer("王五")
    a_month(stage)
    number = drafted(admin, stage)
    admin.post(f"/rankings/{number}/appeals")

    office.browser(leader).post(f"/rankings/{number}/{DIANLIU}/objection", words="编号1那天停电")
    refused = office.browser(officer).post(f"/rankings/{number}/{DIANLIU}/objection", words="我也要")
    foreign = office.browser(leader).post(f"/rankings/{number}/{YAOJIA}/objection", words="替人说话")
    told = said(admin.post(f"/rankings/{number}/freeze"))

    assert (refused.status_code, foreign.status_code) == (403, 403)
    assert "申诉期还没有结束" in told
    with stage.installation.database.glance() as session:
        assert [one.words for one in session.get_one(Ranking, number).objections] == ["编号1那天停电"]


def test_it_vetoes_with_evidence_and_lifts_it_again(admin: Browser, stage: Stage) -> None:
    a_month(stage)
    fresh(admin, stage)
    facts = {"unit": DIANLIU, "veto": "fake", "on": "2026-11-20", "why": "照片造假", "evidence": "督查〔2026〕7号"}

    without = admin.post("/rankings/given/veto", **{**facts, "evidence": ""})
    admin.post("/rankings/given/veto", **facts)
    last = admin.text(f"/rankings/{drafted(admin, stage)}/{DIANLIU}")
    admin.post("/rankings/given/veto/1/lift", why="申诉成立")

    assert without.status_code == 400
    assert "一票否决：虚假整改" in last


def test_it_is_not_a_dispatchers_to_publish(admin: Browser, office: Office, stage: Stage) -> None:
    command = stage.dispatcher()
    a_month(stage)
    number = drafted(admin, stage)

    assert office.browser(command).post(f"/rankings/{number}/appeals").status_code == 403
    assert office.browser(command).get(f"/rankings/{number}").status_code == 200
