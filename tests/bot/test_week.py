"""A small city lives through a week of its own time: what the large one proves (python -m benchmarks.week)."""

from datetime import timedelta
from pathlib import Path

from benchmarks.week.report import Plan, failures, live
from bot.installation import Installation
from models.outbound import Delivery
from models.people import Way
from routing.router import Router

LIXIA_AND_TWO_OFFICES = ("370102", "dept-urban", "dept-traffic")


def test_it_tells_or_escalates_every_duty_of_a_week(
    installation: Installation, loaded_database: str, router: Router, tmp_path: Path
) -> None:
    plan = Plan(cases=60, units=LIXIA_AND_TWO_OFFICES, grain=timedelta(minutes=10))
    with live(tmp_path, loaded_database, plan, router) as week:
        against = failures(week)
        sent = {word.way for word in week.words.values() if word.state is Delivery.SENT}
        passed_on = [word for word in week.words.values() if word.instead_of]

    assert {name: found for name, found in against.items() if found} == {}
    assert sent >= {Way.CARD, Way.WORK, Way.CUSTOM, Way.TEMPLATE}
    assert passed_on
