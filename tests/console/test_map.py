"""地图: everybody finds on it what the list holds, and nobody what is not theirs."""

from datetime import timedelta
from typing import Any

import pytest

from models.workflow import Status
from routing.where.districts import METRES_PER_DEGREE
from tests.console.browsers import Browser, Office, said
from tests.console.pinned import HOME, Pins, around
from tests.stage import DIANLIU, YAOJIA, Stage

CITY = "35.9,116.2,37.6,118"
STREET = "36.65,117.05,36.67,117.08"


@pytest.fixture
def pins(stage: Stage) -> Pins:
    return Pins(stage.installation)


@pytest.fixture
def browser(office: Office, stage: Stage) -> Browser:
    return office.browser(stage.dispatcher())


def fetched(browser: Browser, source: str, **asked: object) -> Any:
    """What a source of the map's says of the whole city."""
    answer = browser.get(f"/map/{source}", query_string={"bbox": CITY, "zoom": 12, **asked})
    assert answer.status_code == 200, answer.text
    return answer.json


def points(browser: Browser, bbox: str = CITY, zoom: int = 12, since: str = "", **asked: str) -> Any:
    """since: the first day, whose name in addresses is no name in Python."""
    asked |= {"from": since} if since else {}
    return fetched(browser, "points.json", **{"bbox": bbox, "zoom": zoom, **asked})


def numbers(told: Any) -> set[int]:
    return {one["id"] for one in told["points"]}


def test_it_counts_together_what_lies_together(browser: Browser, pins: Pins) -> None:
    pins.put(due=-1)
    pins.many([(HOME[0] + 0.0001, HOME[1])] * 2, due=20)
    alone = pins.put(36.9, 117.3)

    told = points(browser)

    (cluster,) = told["clusters"]
    assert (cluster["n"], cluster["lamp"], cluster["of_worst"]) == (3, "overdue", 1)
    assert cluster["box"] == pytest.approx([HOME[0], HOME[1], HOME[0] + 0.0001, HOME[1]])
    assert numbers(told) == {alone}
    assert told["lamps"] == {"overdue": 1, "2h": 0, "today": 1, "later": 2, "none": 0}


def test_it_tells_cases_apart_as_one_comes_nearer(browser: Browser, pins: Pins) -> None:
    pins.many(list(around(20)))

    counted = [len(points(browser, STREET, zoom)["points"]) for zoom in (10, 14, 19)]

    assert counted == sorted(counted)
    assert (counted[0], counted[-1]) == (0, 20)


@pytest.mark.parametrize(
    ("due", "lamp"),
    [(-0.5, "overdue"), (0, "overdue"), (2, "2h"), (3, "today"), (12, "today"), (13, "later"), (None, "none")],
)
def test_it_shows_each_clock_as_lists_do(browser: Browser, pins: Pins, due: float | None, lamp: str) -> None:
    number = pins.put(due=due)

    assert [one["lamp"] for one in points(browser)["points"]] == [lamp]
    assert numbers(points(browser, lamp=lamp)) == {number}


def test_it_shows_what_is_open_unless_days_are_given(browser: Browser, pins: Pins, stage: Stage) -> None:
    open_one = pins.put()
    closed = pins.put(37.0, status=Status.CLOSED)
    long_ago = pins.put(37.4, status=Status.CLOSED, opened_at=stage.now - timedelta(days=40))
    today, month = "2026-11-23", "2026-10-01"

    assert numbers(points(browser)) == {open_one}
    assert numbers(points(browser, since=today, to=today)) == {open_one, closed}
    assert numbers(points(browser, since=month, status="closed")) == {closed, long_ago}
    assert numbers(points(browser, to=today)) == {open_one, closed}


def test_a_day_is_a_day_of_the_city(browser: Browser, pins: Pins, stage: Stage) -> None:
    # 00:30 on the 22nd in Jinan is still the 21st in UTC.
    early = pins.put(opened_at=stage.now - timedelta(hours=32, minutes=30))

    assert numbers(points(browser, since="2026-11-22", to="2026-11-22")) == {early}
    assert numbers(points(browser, since="2026-11-21", to="2026-11-21")) == set()


BAD = [
    {"bbox": ""},
    {"bbox": "1,2,3"},
    {"bbox": "a,b,c,d"},
    {"bbox": "nan,1,2,3"},
    {"bbox": "-inf,1,inf,3"},
    {"bbox": "37,117,36,118"},
    {"bbox": "36,118,37,117"},
    {"zoom": ""},
    {"zoom": "-1"},
    {"zoom": "20"},
    {"zoom": "1e1"},
    {"zoom": "²"},
    {"district": "nowhere"},
    {"lamp": "red"},
    {"status": "closed"},
    {"status": "lost"},
    {"from": "yesterday"},
    {"from": "2026-11-23", "to": "2026-11-22"},
    {"from": "2026-08-20", "to": "2026-11-22"},
    {"from": "2024-01-01"},
]


@pytest.mark.parametrize("asked", BAD)
@pytest.mark.parametrize("source", ["points.json", "heat.json", "recurrences.json", "list"])
def test_it_refuses_what_makes_no_sense(browser: Browser, source: str, asked: dict[str, str]) -> None:
    answer = browser.get(f"/map/{source}", query_string={"bbox": CITY, "zoom": "12", **asked})

    assert answer.status_code == 400


@pytest.mark.parametrize("asked", [{"layer": "street"}, {"lamp": "red"}, {"status": "closed"}])
def test_its_page_refuses_what_makes_no_sense(browser: Browser, asked: dict[str, str]) -> None:
    assert browser.get("/map", query_string=asked).status_code == 400


def test_it_survives_who_looks_at_the_whole_world(browser: Browser, pins: Pins) -> None:
    number = pins.put()

    for zoom in (0, 19):
        assert points(browser, "-90,-540,90,540", zoom)["total"] == 1
    assert numbers(points(browser, "-90,-540,90,540", 19)) == {number}


def test_an_answer_is_never_longer_than_a_screen_can_hold(browser: Browser, pins: Pins) -> None:
    pins.many(list(around(600)))

    told = points(browser, "36.6,117,36.9,117.2", 19)

    assert told["total"] == 600
    assert len(told["points"]) + len(told["clusters"]) <= 500


def test_units_find_nothing_but_their_own(office: Office, stage: Stage, pins: Pins) -> None:
    mine = stage.reported_case()
    theirs = pins.put(36.6586, unit_code=YAOJIA)
    nobodys = pins.put(36.66, unit_code="", status=Status.REPORTED)
    browser = office.browser(stage.officer())
    asked = {"bbox": CITY, "zoom": 19}

    listed = said(browser.get("/map/list", query_string=asked))
    heat = fetched(browser, "heat.json")
    near = fetched(browser, "near.json", case=mine)

    assert numbers(points(browser, zoom=19)) == {mine}
    assert f"#{mine}" in listed
    assert not {f"#{theirs}", f"#{nobodys}"} & set(listed.split())
    assert sum(spot[2] for spot in heat["spots"]) == 1
    assert near == {"cases": []}
    assert browser.get(f"/map/near.json?case={theirs}").status_code == 404
    assert browser.get(f"/map/card/{theirs}").status_code == 404
    assert points(browser, unit=YAOJIA)["total"] == 0


def test_nobody_sees_it_without_a_login(office: Office) -> None:
    for path in (
        "",
        "/points.json",
        "/heat.json",
        "/recurrences.json",
        "/list",
        "/near.json",
        "/ground.json",
        "/card/1",
    ):
        assert office.browser().get(f"/map{path}").status_code == 302


def test_it_lists_the_most_pressing_first_and_says_what_has_no_place(browser: Browser, pins: Pins) -> None:
    later, first = pins.put(due=9), pins.put(due=-2)
    pins.put(lat=None, lon=None)

    told = said(browser.get("/map/list", query_string={"bbox": CITY, "zoom": 12}))

    assert told.index(f"#{first}") < told.index(f"#{later}")
    assert "另有1件没有坐标" in told


def test_the_card_says_what_and_whose_and_shows_no_reporter(office: Office, stage: Stage) -> None:
    reporter = stage.citizen("胡某人")
    number = stage.reported_case(reporter)

    told = said(office.browser(stage.dispatcher()).get(f"/map/card/{number}"))

    assert f"#{number}" in told
    assert "甸柳新村第三小区" in told
    assert "胡某人" not in told
    assert reporter.openid not in told


def test_it_finds_where_problems_come_back(browser: Browser, pins: Pins) -> None:
    first = pins.put(status=Status.CLOSED)
    second = pins.put(36.6586, status=Status.CLOSED, recurrence_of=first)
    third = pins.put(36.6587, recurrence_of=second)
    pins.put(36.7)
    pins.put(36.6588, status=Status.REJECTED, recurrence_of=first)

    (place,) = fetched(browser, "recurrences.json")["places"]

    assert (place["first"], place["times"], place["at"]) == (first, 2, list(HOME))
    assert [number for number, *_ in place["again"]] == [third, second]


def test_a_recurrence_names_no_case_of_another_unit(office: Office, stage: Stage, pins: Pins) -> None:
    foreign = pins.put(status=Status.CLOSED, unit_code=YAOJIA)
    own = pins.put(status=Status.CLOSED, recurrence_of=foreign)
    pins.put(recurrence_of=own)
    browser = office.browser(stage.officer(unit=DIANLIU))

    places = fetched(browser, "recurrences.json")["places"]

    assert [(place["first"], place["times"]) for place in places] == [(own, 1)]


def test_it_knows_the_open_cases_within_two_hundred_metres(browser: Browser, pins: Pins) -> None:
    here = pins.put()
    near = pins.put(HOME[0] + 150 / METRES_PER_DEGREE)
    pins.put(HOME[0] + 205 / METRES_PER_DEGREE)
    pins.put(status=Status.CLOSED)

    told = fetched(browser, "near.json", case=here)["cases"]

    assert [(one["id"], one["metres"]) for one in told] == [(near, 150)]


def test_it_has_a_ground_of_its_own(browser: Browser) -> None:
    told = fetched(browser, "ground.json")

    assert [len(told[part]) for part in ("districts", "streets")] == [12, 146]
    assert len(browser.get("/map/ground.json").data) < 80_000
    assert {name for name, *_ in told["names"]} >= {"甸柳", "泉城广场"}


def test_its_address_holds_what_is_shown(browser: Browser) -> None:
    page = browser.get("/map?district=370102&lamp=2h&layer=heat&from=2026-11-01&q=垃圾&at=36.66,117.06,15").text

    assert '<option value="370102" selected>' in page
    assert 'name="lamp" value="2h"' in page
    assert 'data-layer="heat" aria-pressed="true"' in page
    assert 'name="from" value="2026-11-01"' in page


def test_it_begins_where_a_units_cases_are(office: Office, stage: Stage, pins: Pins) -> None:
    pins.many([HOME, (36.7, 117.1)])
    pins.put(36.1, unit_code=YAOJIA)

    page = office.browser(stage.officer()).get("/map").text

    assert f'data-extent="{HOME[0]},{HOME[1]},36.7,117.1"' in page
