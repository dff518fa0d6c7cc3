"""今日 and 大屏: what burns, for whom, and that only what changed is sent again."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import update

from console.accounts import BY_WALL
from models.case import Case
from models.outbound import Delivery, OutboundMessage
from models.workflow import Status
from tests.console.browsers import Browser, Office
from tests.stage import DIANLIU, YAOJIA, Stage


def tile(browser: Browser, key: str) -> str:
    """What one tile says."""
    html = browser.get("/").text
    found = re.search(rf'<section id="tile-{key}".*?</section>', html, re.DOTALL)
    assert found, f"no tile {key}"
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found[0])).strip()


def number(browser: Browser, key: str) -> str:
    """The large number of a tile."""
    return re.findall(rf'id="tile-{key}".*?<strong class="number">([\d,]+)', browser.get("/").text, re.DOTALL)[0]


@pytest.fixture
def dispatcher(office: Office) -> Browser:
    return office.browser(office.stage.dispatcher())


def test_it_moves_a_case_from_tile_to_tile_through_its_life(stage: Stage, office: Office) -> None:
    officer, boss = stage.officer(), stage.dispatcher()
    case = stage.reported_case()

    def shown() -> list[str]:
        """The tiles the case stands in; its dispatcher logs in anew each time, as days go by."""
        browser = office.browser(boss)
        return [key for key in ("unclaimed", "soon", "overdue", "verify") if f" {case} " in tile(browser, key)]

    places = [shown()]
    officer.says(f"认领 {case}")
    places.append(shown())
    for hours in (23, 2):
        stage.wait(hours=hours)
        places.append(shown())
    stage.solve(case, officer)

    assert [*places, shown()] == [["unclaimed"], [], ["soon"], ["overdue"], ["verify"]]


def test_it_counts_the_same_as_the_list_behind_it(stage: Stage, office: Office) -> None:
    officer, boss = stage.officer(), stage.dispatcher()
    first, _ = stage.reported_case(), stage.reported_case(words="路灯不亮了")
    officer.says(f"认领 {first}")
    officer.says(f"延期 {first} 等配件")
    stage.wait(hours=30)
    dispatcher = office.browser(boss)

    page = dispatcher.get("/").text
    links = dict(re.findall(r'<section id="tile-(\w+)".*?href="[^"]*/cases\?([^"]*)"', page, re.DOTALL))

    assert len(links) == 10
    for key, query in links.items():
        listed = re.findall(r"([\d,]+) 件", dispatcher.text(f"/cases?{query.replace('&amp;', '&')}"))
        assert listed[0] == number(dispatcher, key), key


def test_it_says_what_must_be_looked_at_first(stage: Stage, dispatcher: Browser) -> None:
    officer = stage.officer()
    first, second = stage.reported_case(), stage.reported_case(words="路灯不亮了，坏了好几天")
    for case in (first, second):
        stage.now += timedelta(minutes=1)
        lead = stage.case(case).lead
        if lead and lead.unit_code == DIANLIU:
            stage.solve(case, officer)
    with stage.installation.database.story() as session:
        rectified = session.get_one(Case, first)
        assert rectified.status is Status.RECTIFIED
        rectified.doubt(stage.now, "照片存疑")

    assert re.search(rf"{first} 须现场", tile(dispatcher, "verify"))


def test_it_names_whom_nobody_could_tell(stage: Stage, dispatcher: Browser) -> None:
    officer = stage.officer()
    case = stage.reported_case()
    reached = tile(dispatcher, "unreached")
    with stage.installation.database.story() as session:
        about = OutboundMessage.case_id == case, OutboundMessage.deadline_id.is_not(None)
        session.execute(update(OutboundMessage).where(*about).values(state=Delivery.DEAD))
    unreached = tile(dispatcher, "unreached")
    stage.leave(officer)

    assert str(case) not in reached
    assert str(case) in unreached
    assert str(case) in tile(dispatcher, "unreached")


def test_it_tells_of_dead_words(stage: Stage, dispatcher: Browser) -> None:
    stage.officer()
    stage.reported_case()
    with stage.installation.database.story() as session:
        session.execute(update(OutboundMessage).values(state=Delivery.DEAD))

    assert "通知没能送到任何人" in tile(dispatcher, "house")


def test_it_sends_only_what_has_changed(stage: Stage, dispatcher: Browser) -> None:
    stage.officer()
    has = re.findall(r'name="have" value="(\w+)"', dispatcher.get("/").text)
    address = "/today/live?" + "&".join(f"have={one}" for one in has)
    calm = dispatcher.get(address)
    stage.reported_case()
    changed = dispatcher.get(address)

    assert calm.status_code == 204
    assert 'id="tile-unclaimed"' in changed.text
    assert 'id="tile-rulings"' not in changed.text


def test_it_shows_a_leader_only_their_own(stage: Stage, office: Office) -> None:
    stage.officer()
    case = stage.reported_case()
    own, other = office.browser(stage.leader()), office.browser(stage.leader("钱主任", YAOJIA))

    assert str(case) in tile(own, "unclaimed")
    assert f'data-case="{case}"' not in other.get("/").text
    assert 'id="tile-triage"' not in own.get("/").text


def test_it_says_nothing_of_persons_on_the_wall(stage: Stage, office: Office) -> None:
    citizen, officer = stage.citizen("李群众"), stage.officer("张三")
    case = stage.reported_case(citizen, words="垃圾桶满了没人清，我住三单元")
    officer.says(f"认领 {case}")
    wall = office.browser(stage.dispatcher(), by=BY_WALL)

    shown = wall.text("/wall") + wall.text("/wall/live")

    assert "认领" in shown
    assert not any(secret in shown for secret in ("李群众", "张三", "三单元", "第三小区"))


def test_it_counts_on_the_wall_what_stands_where(stage: Stage, office: Office) -> None:
    stage.officer()
    stage.reported_case()
    stage.wait(hours=13)

    shown = office.browser(stage.dispatcher()).text("/wall/live")

    assert re.search(r"\b1 已逾期", shown)
    assert re.search(r"\b1 待认领", shown)
    assert re.search(r"历下 1 1\b", shown)
