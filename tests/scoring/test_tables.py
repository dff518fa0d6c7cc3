"""排名表: from the chat to the published table, on both databases; and a rebuild that gives the same."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from bot.score_commands import rules_of
from models.case import Case
from models.score import Ranking, RankingState, ScoreItem
from scoring import projection, tables
from scoring.explain import behind
from scoring.projection import ground_of
from scoring.tables import NotNow, Wanted
from scoring.tallies import Period
from tests.stage import DIANLIU, LIXIA, YAOJIA, Stage

NOVEMBER = (date(2026, 11, 1), date(2026, 12, 1))


def period(stage: Stage) -> Period:
    return Period(*NOVEMBER, stage.installation.settings.timezone)


def refreshed(stage: Stage, everything: bool = False) -> list[tuple[object, ...]]:
    """What counts, as the items say it."""
    with stage.installation.database.story() as session:
        work = projection.rebuild if everything else projection.refresh
        work(session, ground_of(stage.installation.router.pack), stage.now)
        query = select(
            *(ScoreItem.unit_code, ScoreItem.kind, ScoreItem.case_id, ScoreItem.event_id),
            *(ScoreItem.at, ScoreItem.value, ScoreItem.weight),
        )
        return sorted(tuple(row) for row in session.execute(query))


def drafted(stage: Stage, tier: str = "street") -> int:
    refreshed(stage)
    wanted = Wanted(tier, "十一月", period(stage), rules_of(stage.installation))
    with stage.installation.database.story() as session:
        table = tables.make(session, wanted, stage.now)
        session.flush()
        return table.id


def a_month(stage: Stage) -> None:
    """Two streets: one does what it should, the other does not."""
    command, good, bad = stage.dispatcher(), stage.officer(), stage.officer("马六", YAOJIA)
    for _ in range(3):
        number = stage.reported_case()
        stage.wait(hours=1)
        stage.close(number, good, command)
        stage.wait(hours=1)
        number = stage.reported_case(words="姚家街道有人乱倒垃圾")
        command.says(f"派单 {number} 姚家街道")
        stage.wait(hours=14)
        stage.close(number, bad, command)


def freeze(stage: Stage, table: int) -> None:
    """Once the days for objections are over."""
    with stage.installation.database.story() as session:
        tables.open_appeals(session.get_one(Ranking, table), stage.now)
    stage.now += timedelta(days=3)
    with stage.installation.database.story() as session:
        tables.freeze(session, session.get_one(Ranking, table), stage.installation.settings.timezone, stage.now)


def row(stage: Stage, table: int, unit: str) -> dict[str, object]:
    with stage.installation.database.glance() as session:
        rows = session.get_one(Ranking, table).rows["rows"]
    return next(one for one in rows if one["unit"] == unit)


def test_it_tells_a_street_that_does_what_it_should_from_one_that_does_not(stage: Stage) -> None:
    a_month(stage)

    table = drafted(stage)

    good, bad = row(stage, table, DIANLIU), row(stage, table, YAOJIA)
    assert good["parts"]["claim"]["rate"] == 1
    assert bad["parts"]["claim"]["rate"] == 0
    assert float(good["score"]) > float(bad["score"])


def test_it_gives_the_same_from_the_beginning_as_step_by_step(stage: Stage) -> None:
    command, officer = stage.dispatcher(), stage.officer()
    number = stage.reported_case()
    refreshed(stage)
    stage.wait(hours=13)
    refreshed(stage)
    stage.solve(number, officer)
    refreshed(stage)
    command.says(f"不通过 {number} 还有一袋")
    stage.wait(hours=30)

    step_by_step = refreshed(stage)

    assert refreshed(stage, everything=True) == step_by_step


def test_it_lets_a_district_answer_for_its_streets(stage: Stage) -> None:
    a_month(stage)

    table = drafted(stage, "district")

    assert row(stage, table, LIXIA)["parts"]["claim"]["all"] == 6


def test_it_leads_to_the_cases_behind_each_figure(stage: Stage) -> None:
    a_month(stage)
    refreshed(stage)

    with stage.installation.database.glance() as session:
        found = behind(session, YAOJIA, "claim", period(stage), with_below=False)
        held = set(session.scalars(select(Case.id).where(Case.unit_code == YAOJIA)))

    assert {one.case_id for one in found} == held
    assert not any(one.speaks for one in found)


def test_it_goes_from_draft_to_publication_and_changes_no_more(stage: Stage) -> None:
    a_month(stage)
    number = drafted(stage)
    freeze(stage, number)
    with stage.installation.database.story() as session:
        table = session.get_one(Ranking, number)
        tables.publish(table, None, stage.now)
        frozen = dict(table.rows)

    a_month(stage)
    refreshed(stage)

    with stage.installation.database.glance() as session:
        table = session.get_one(Ranking, number)
        assert table.rows == frozen
        assert tables.is_whole(table)


def test_it_does_not_publish_what_somebody_changed_after_the_freezing(stage: Stage) -> None:
    a_month(stage)
    number = drafted(stage)
    freeze(stage, number)
    with stage.installation.database.story() as session:
        table = session.get_one(Ranking, number)
        better = {**table.rows, "rows": [{**one, "score": "99.99"} for one in table.rows["rows"]]}
    with stage.installation.database.story() as session:
        session.execute(update(Ranking).values(rows=better))

    with stage.installation.database.story() as session, pytest.raises(NotNow, match="changed"):
        tables.publish(session.get_one(Ranking, number), None, stage.now)


def test_it_freezes_nothing_that_is_still_open_for_objections(stage: Stage) -> None:
    officer = stage.officer()
    number = drafted(stage)
    with stage.installation.database.story() as session:
        table = session.get_one(Ranking, number)
        tables.open_appeals(table, stage.now)
        person = stage.membership(officer).person_id
        objection = tables.contest(table, DIANLIU, person, "那天停电", stage.now)
        session.flush()
        ident = objection.id
    zone = stage.installation.settings.timezone

    with stage.installation.database.story() as session, pytest.raises(NotNow, match="still_open"):
        tables.freeze(session, session.get_one(Ranking, number), zone, stage.now)
    stage.now += timedelta(days=3)
    with stage.installation.database.story() as session, pytest.raises(NotNow, match="unruled"):
        tables.freeze(session, session.get_one(Ranking, number), zone, stage.now)
    with stage.installation.database.story() as session:
        table = session.get_one(Ranking, number)
        tables.settle(next(one for one in table.objections if one.id == ident), False, "有记录", None, stage.now)
        tables.freeze(session, table, zone, stage.now)
        assert table.state is RankingState.FROZEN


def test_it_puts_a_correction_beside_the_table(stage: Stage) -> None:
    number = drafted(stage)
    freeze(stage, number)
    with stage.installation.database.story() as session:
        table = session.get_one(Ranking, number)
        tables.publish(table, None, stage.now)
        tables.correct(table, DIANLIU, "一件误派", {"score": "91.00"}, None, stage.now)
        assert tables.is_whole(table)
        assert table.corrections[0].before["score"] == row(stage, number, DIANLIU)["score"]
