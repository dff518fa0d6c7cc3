"""12345 接口: JSON in, a number out, and outcomes to fetch; every mistake is named by its field."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from bot import hotline_keys
from bot.app import create_app
from bot.installation import Installation
from models.event import CaseEvent
from models.hotline import HotlineOrder
from models.report import Report
from tests.stage import DIANLIU, Stage

ORDERS = "/api/hotline/orders"
ORDER = {
    "number": "JN20261123000017",
    "demand": "甸柳新村小区门口垃圾桶满溢三天没人清",
    "address": "历下区甸柳新村街道第三小区北门",
    "caller": "王女士",
    "phone": "13812345678",
}
Call = Callable[..., Any]


@pytest.fixture
def key(installation: Installation) -> str:
    with installation.database.story() as session:
        return hotline_keys.issue(session, "12345热线系统", datetime.now(UTC))


@pytest.fixture
def call(installation: Installation, key: str) -> Call:
    """Ask the API as the hotline's system does; another header or none by `key`."""
    client = create_app(installation).test_client()

    def call(path: str, body: object = None, header: str = f"Bearer {key}") -> Any:
        headers = {"Authorization": header} if header else {}
        return client.post(path, json=body, headers=headers) if body else client.get(path, headers=headers)

    return call


def count(installation: Installation, table: type) -> int:
    with installation.database.glance() as session:
        return session.scalars(select(func.count()).select_from(table)).one()


def settle(installation: Installation) -> None:
    """Let the seconds pass that a change is held back."""
    with installation.database.story() as session:
        session.execute(update(CaseEvent).values(recorded_at=datetime.now(UTC) - timedelta(seconds=10)))


def test_it_takes_an_order_and_gives_the_case_s_number(call: Call, installation: Installation) -> None:
    answer = call(ORDERS, ORDER)

    assert (answer.status_code, answer.json) == (201, {"case": answer.json["case"], "new": True})
    with installation.database.glance() as session:
        order = session.scalars(select(HotlineOrder)).one()
        report = session.get_one(Report, order.report_id)
    assert (order.number, order.caller, order.phone) == ("JN20261123000017", "王女士", "13812345678")
    assert (report.case_id, report.channel) == (answer.json["case"], "hotline_12345")


def test_it_never_makes_two_cases_of_one_order(call: Call, installation: Installation) -> None:
    first = call(ORDERS, ORDER)
    again = call(ORDERS, ORDER | {"demand": "同一工单，补充：味道很大"})

    assert (again.status_code, again.json) == (200, {"case": first.json["case"], "new": False})
    assert count(installation, Report) == 1


def test_it_takes_the_same_order_once_when_it_comes_many_times_at_once(
    call: Call, installation: Installation
) -> None:
    with ThreadPoolExecutor(4) as senders:
        answers = list(senders.map(lambda _n: call(ORDERS, ORDER), range(8)))

    assert {answer.status_code for answer in answers} <= {200, 201}
    assert len({answer.json["case"] for answer in answers}) == 1
    assert count(installation, HotlineOrder) == 1


@pytest.mark.parametrize(
    ("change", "field", "problem"),
    [
        ({"number": None}, "number", "must be text"),
        ({"number": "12 34/5"}, "number", "4 to 40 letters, digits"),
        ({"number": "1"}, "number", "4 to 40 letters, digits"),
        ({"demand": ""}, "demand", "at least 2 characters"),
        ({"demand": "长" * 4001}, "demand", "at most 4000 characters"),
        ({"address": "长" * 129}, "address", "at most 128 characters"),
        ({"phone": 13812345678}, "phone", "must be text"),
        ({"adress": "x"}, "adress", "is no field of an order; there are number, demand, address"),
    ],
)
def test_it_names_the_field_that_is_wrong(
    call: Call, installation: Installation, change: dict[str, Any], field: str, problem: str
) -> None:
    answer = call(ORDERS, ORDER | change)

    (error,) = answer.json["errors"]
    assert answer.status_code == 400
    assert error["field"] == field
    assert problem in error["problem"]
    assert count(installation, Report) == 0


def test_it_names_every_field_that_is_missing_and_repeats_no_value(call: Call) -> None:
    answer = call(ORDERS, {"phone": "1" * 200, "caller": "王女士"})

    assert {error["field"] for error in answer.json["errors"]} == {"number", "demand", "address", "phone"}
    assert "王女士" not in answer.text
    assert "111" not in answer.text


@pytest.mark.parametrize("body", ["不是对象", ["数组"], 7])
def test_it_wants_an_object(call: Call, body: object) -> None:
    answer = call(ORDERS, body)

    assert answer.status_code == 400
    assert "must be a JSON object" in answer.json["errors"][0]["problem"]


def test_it_takes_endless_brackets_for_no_json(installation: Installation) -> None:
    client = create_app(installation).test_client()

    answer = client.post(ORDERS, data="[" * 50_000, content_type="application/json")

    assert answer.status_code == 401


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer wrong", "Basic {key}", "{key}"])
@pytest.mark.parametrize("path", [ORDERS, f"{ORDERS}/JN20261123000017", "/api/hotline/outcomes"])
def test_it_answers_nobody_without_a_key(
    call: Call, installation: Installation, key: str, path: str, header: str
) -> None:
    answer = call(path, ORDER if path == ORDERS else None, header.format(key=key))

    assert answer.status_code == 401
    assert count(installation, Report) == 0


def test_it_refuses_a_key_that_was_taken_back(call: Call, installation: Installation) -> None:
    with installation.database.story() as session:
        (known,) = hotline_keys.known(session)
        hotline_keys.revoke(session, known.id, datetime.now(UTC))

    assert call(ORDERS, ORDER).status_code == 401


def test_it_tells_where_an_order_stands_until_it_is_closed(call: Call, stage: Stage) -> None:
    officer, command = stage.officer(unit=DIANLIU), stage.dispatcher()
    number = call(ORDERS, ORDER).json["case"]
    stage.now = datetime.now(UTC)
    command.says(f"派单 {number} 甸柳新村街道")
    officer.says(f"认领 {number}")

    in_work = call(f"{ORDERS}/{ORDER['number']}").json
    officer.photo()
    officer.says(f"整改 {number} 已清运")
    command.says(f"通过 {number} 现场已清理")
    done = call(f"{ORDERS}/{ORDER['number']}").json

    assert (in_work["status"], in_work["status_words"], in_work["unit"]) == ("claimed", "整改中", "甸柳新村街道")
    assert (done["status"], done["reason"]) == ("closed", "现场已清理")
    assert done["closed_at"].endswith("+00:00")
    assert "王女士" not in str(done)


def test_it_gives_every_change_once_and_in_order(call: Call, installation: Installation) -> None:
    first, second = (call(ORDERS, ORDER | {"number": n, "demand": d}) for n, d in TWO)
    settle(installation)

    page = call("/api/hotline/outcomes").json
    rest = call(f"/api/hotline/outcomes?after={page['next']}").json

    assert [one["case"] for one in page["outcomes"]] == [first.json["case"], second.json["case"]]
    assert rest == {"outcomes": [], "next": page["next"]}


TWO = [("JN01", "甸柳新村街道垃圾桶满溢"), ("JN02", "姚家街道路灯不亮")]


def test_it_holds_a_change_back_until_none_before_it_can_still_come(call: Call) -> None:
    call(ORDERS, ORDER)

    assert call("/api/hotline/outcomes").json["outcomes"] == []


@pytest.mark.parametrize("after", ["x", "-1", "1.5", "9" * 30])
def test_it_says_what_after_must_be(call: Call, after: str) -> None:
    answer = call(f"/api/hotline/outcomes?after={after}")

    assert answer.status_code == 400
    assert answer.json["errors"][0]["field"] == "after"


def test_it_knows_nothing_of_an_order_nobody_sent(call: Call) -> None:
    assert call(f"{ORDERS}/JN99").status_code == 404


def test_it_tells_the_caller_s_data_to_nobody(call: Call, stage: Stage) -> None:
    stage.officer(unit=DIANLIU)
    stage.dispatcher()

    call(ORDERS, ORDER | {"demand": "甸柳新村垃圾成堆，我叫王女士，电话13812345678"})

    assert stage.all_said()
    assert not [words for words in stage.all_said() if "13812345678" in words or "王女士" in words]
