"""案件清单: the page, saved views, the Excel file."""

import re
from io import BytesIO

import pytest
from openpyxl import load_workbook  # type: ignore[import-untyped]
from sqlalchemy import select

from models.people import Role
from models.saved_view import SavedView
from tests.console.browsers import Browser, Office
from tests.stage import LIXIA, YAOJIA, Stage


@pytest.fixture
def dispatcher(office: Office) -> Browser:
    return office.browser(office.stage.dispatcher())


def test_it_lists_a_case_with_what_one_must_know_of_it(stage: Stage, dispatcher: Browser) -> None:
    stage.officer()
    case = stage.reported_case()

    shown = dispatcher.text("/cases?q=垃圾桶")

    assert re.search(rf"{case} 剩12小时0分 待认领 .*甸柳.*垃圾桶满了没人清 甸柳 市民拍客团", shown)
    assert "1 件 文字：垃圾桶" in shown


def test_it_says_what_it_did_not_understand(dispatcher: Browser) -> None:
    shown = dispatcher.text("/cases?lamp=red&at=nonsense&x=1")

    assert "不认识“时限：red”，没有按它筛选。" in shown


@pytest.mark.parametrize("address", ["?sort=due", "?unreached=1", "?on_site=1", "?q=%00", "?q=%27%5C%25_", "?from=0001-01-01"])  # fmt: skip  # noqa: E501
def test_it_answers_every_address(stage: Stage, dispatcher: Browser, address: str) -> None:
    stage.reported_case()

    assert dispatcher.get(f"/cases{address}").status_code == 200


def test_it_shows_nothing_of_other_units(stage: Stage, office: Office) -> None:
    stage.officer()
    case = stage.reported_case()
    other = office.browser(stage.leader("钱主任", YAOJIA))

    assert "没有符合条件的案件" in other.text(f"/cases?q={case}")
    assert "没有符合条件的案件" in other.text("/cases?q=垃圾桶")


def test_it_never_shows_markup_that_people_wrote(stage: Stage, dispatcher: Browser) -> None:
    stage.reported_case(words="<script>alert(1)</script>垃圾")

    assert "<script>alert" not in dispatcher.get("/cases").text


def test_it_keeps_a_view_and_forgets_it_again(office: Office, dispatcher: Browser) -> None:
    dispatcher.post("/cases/views", name="历下逾期", query=f"lamp=overdue&district={LIXIA}&evil=1", shared="1")
    page = dispatcher.get("/cases").text
    kept = re.search(r'href="[^"]*\?([^"]*)"[^>]*>历下逾期', page)
    number = re.search(r'name="view" value="(\d+)"', dispatcher.get(f"/cases?district={LIXIA}&lamp=overdue").text)
    someone = office.browser(office.stage.verifier()).text("/cases")
    assert number
    dispatcher.post("/cases/views/remove", view=number[1], query="")

    assert kept
    assert "evil" not in kept[1]
    assert "district=370102" in kept[1]
    assert "历下逾期" not in someone  # only an admin shares
    assert "历下逾期" not in dispatcher.text("/cases")


def test_it_shares_what_an_admin_shares(stage: Stage, office: Office, dispatcher: Browser) -> None:
    admin = stage.dispatcher("郝管理")
    stage.also(admin, Role.ADMIN)
    office.browser(admin).post("/cases/views", name="全市曝光", query="exposed=1", shared="1")
    with stage.installation.database.glance() as session:
        number = session.scalars(select(SavedView.id)).one()

    assert "全市曝光 共享" in dispatcher.text("/cases")
    dispatcher.post("/cases/views/remove", view=number, query="")
    assert "全市曝光" in dispatcher.text("/cases")


@pytest.mark.parametrize("name", ["", "名" * 21])
def test_it_refuses_a_view_without_a_usable_name(dispatcher: Browser, name: str) -> None:
    answer = dispatcher.post("/cases/views", name=name, query="exposed=1")

    assert answer.status_code == 400
    assert "请给视图起个名字" in answer.text


def test_it_exports_what_the_list_shows_and_nothing_that_calculates(stage: Stage, dispatcher: Browser) -> None:
    stage.officer()
    case = stage.reported_case(words="=HYPERLINK(1) 垃圾桶满了没人清")
    other = stage.reported_case(words="路灯不亮了，坏了好几天")

    answer = dispatcher.get("/cases.xlsx?q=垃圾桶")
    book = load_workbook(BytesIO(answer.data))
    rows = list(book.worksheets[0].iter_rows(values_only=True))

    assert [row[0] for row in rows[1:]] == [case]
    assert other not in [row[0] for row in rows]
    assert all(cell.data_type != "f" for row in book.worksheets[0].iter_rows() for cell in row)
    assert ("文字", "垃圾桶") in list(book.worksheets[1].iter_rows(values_only=True))
