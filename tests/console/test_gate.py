"""门禁: every view says whom it is for, and every answer tells the browser what it may do."""

import pytest
from werkzeug.routing import Rule

from models.people import Role
from tests.console.browsers import Office
from tests.stage import Actor, Stage

# What one needs no right for: coming in, going out, and a password of one's own.
OPEN = {"login.enter", "login.check", "login.leave", "login.password", "login.password_set", "static", "missing"}


def views(office: Office) -> list[Rule]:
    rules = [rule for rule in office.app.url_map.iter_rules() if rule.endpoint.startswith("console.")]
    return [rule for rule in rules if rule.endpoint.removeprefix("console.") not in OPEN]


def test_it_asks_for_a_right_at_every_view(office: Office) -> None:
    views_without = {
        rule.endpoint
        for rule in views(office)
        if not hasattr(office.app.view_functions[rule.endpoint], "needs") and ".scan." not in rule.endpoint
    }

    assert views_without == set()


def test_it_shows_no_page_to_a_stranger(office: Office) -> None:
    browser = office.browser()
    shown = []
    for rule in views(office):
        if ".scan." in rule.endpoint or "GET" not in (rule.methods or ()):
            continue
        values = dict.fromkeys(rule.arguments, 1 if "int:" in rule.rule else "x")
        with office.app.test_request_context():
            address = office.app.url_map.bind("localhost").build(rule.endpoint, values)
        if browser.client.get(address).status_code not in (302, 401, 404):
            shown.append(rule.endpoint)

    assert shown == []


@pytest.mark.parametrize("address", ["/login", "/journal", "/no-such-page", "/static/console.css"])
def test_it_tells_the_browser_what_it_may_do(office: Office, stage: Stage, address: str) -> None:
    answer = office.browser(stage.admin()).get(address)
    answer.close()

    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert ("immutable" in answer.headers["Cache-Control"]) == ("static" in address)


def people(stage: Stage) -> dict[Role, Actor]:
    return {
        Role.DISPATCHER: stage.dispatcher(),
        Role.VERIFIER: stage.verifier(),
        Role.ADMIN: stage.admin(),
        Role.LEADER: stage.leader(),
        Role.OFFICER: stage.officer(),
    }


# who | what opens, what does not
DOORS = [
    (Role.DISPATCHER, ["/triage", "/people", "/statistics"], ["/journal"]),
    (Role.VERIFIER, ["/triage", "/cases"], ["/journal", "/people"]),
    (Role.ADMIN, ["/journal", "/people", "/rules"], ["/triage"]),
    (Role.LEADER, ["/cases", "/statistics"], ["/triage", "/journal"]),
    (Role.OFFICER, ["/cases"], ["/triage", "/journal", "/statistics"]),
]


@pytest.mark.parametrize(("role", "opens", "stays_shut"), DOORS)
def test_it_opens_to_each_role_its_own_doors(
    office: Office, stage: Stage, role: Role, opens: list[str], stays_shut: list[str]
) -> None:
    browser = office.browser(people(stage)[role])

    assert {address: browser.get(address).status_code for address in opens} == dict.fromkeys(opens, 200)
    assert {address: browser.get(address).status_code for address in stays_shut} == dict.fromkeys(stays_shut, 403)


HUGE = 10**25
ODD = [
    f"/cases/{HUGE}",
    f"/photo/{HUGE}/thumb.jpg",
    f"/triage?case={HUGE}",
    f"/journal?person={HUGE}",
    f"/rules/try?draft={HUGE}&text=x",
    "/people?unit=%00",
    "/journal?act=%00",
    "/units/%00",
]


@pytest.mark.parametrize("address", ODD)
def test_it_breaks_down_over_no_address(office: Office, stage: Stage, address: str) -> None:
    admin = stage.admin()
    stage.also_dispatcher(admin)

    assert office.browser(admin).get(address).status_code < 500


def test_it_breaks_down_over_no_name_a_stranger_types(office: Office) -> None:
    answer = office.browser().client.post("/console/login", data={"username": "a\0b", "password": "x"})

    assert answer.status_code in (400, 403)
