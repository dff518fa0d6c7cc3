"""案件页链接 on its way to people: in words, on cards, behind templates, and to nobody but its reader."""

from collections.abc import Callable

import pytest

from bot.bundling import Contents, bundle
from handlers.case_pages import Side
from models.people import Way
from tests.bot.company_office import SEND, CompanyOffice
from tests.bot.conftest import Build
from tests.bot.post_office import PostOffice
from tests.stage import Actor, Stage

CITY = "https://city.example.cn/"
WEB = {"web": {"public_url": CITY}}
LINK = f"{CITY}h5/1_2_o_3_{'a' * 32}"
Open = Callable[..., CompanyOffice]


@pytest.fixture
def reached(build: Build) -> Stage:
    """A stage that people can reach from outside."""
    return Stage(build(**WEB))


def grants(stage: Stage, texts: list[str]) -> list[tuple[Side, int]]:
    """What the links in these texts open, and for whom."""
    tokens = [text.split(f"{CITY}h5/")[1].split('"')[0] for text in texts if CITY in text]
    found = [stage.installation.case_pages.read(token, stage.now) for token in tokens]
    return [(grant.side, grant.person_id) for grant in found if grant is not None]


def person(stage: Stage, who: Actor) -> int:
    return stage.rows_to(who)[0].person_id


def test_it_offers_each_their_own_side_of_the_case(reached: Stage) -> None:
    officer, citizen = reached.officer(), reached.citizen()
    citizen.photo()
    citizen.place()
    citizen.says("垃圾桶满了没人清")
    receipt = citizen.says("完成")
    number = reached.cases()[-1].id
    answers = [receipt, officer.says(f"详情 {number}"), citizen.says(f"查询 {number}")]
    officer.says(f"认领 {number}")

    sides = grants(reached, answers)

    mine, theirs = (Side.REPORTER, person(reached, citizen)), (Side.OFFICER, person(reached, officer))
    assert sides == [mine, theirs, mine]
    assert all(len(answer.encode()) < 1500 for answer in answers)


def test_it_keeps_the_link_beside_the_words_of_a_notice(reached: Stage) -> None:
    officer, deputy = reached.officer("张三"), reached.officer("李四")
    reached.reported_case()

    rows = [reached.rows_to(who)[0] for who in (officer, deputy)]

    assert rows[0].text == rows[1].text  # equal words still go out in one call
    assert grants(reached, [row.short["page"] for row in rows]) == [(Side.OFFICER, row.person_id) for row in rows]


def test_it_offers_nothing_where_nobody_can_reach_us(stage: Stage) -> None:
    officer = stage.officer()
    number = stage.reported_case()

    assert "h5/" not in officer.says(f"详情 {number}")
    assert [row.short.get("page") for row in stage.rows_to(officer)] == [None] * len(stage.rows_to(officer))


def test_it_puts_the_link_behind_the_words(office: PostOffice) -> None:
    who = office.person()
    office.say(who, "【新案件】请认领", short={"page": LINK})
    office.drain()

    assert office.read_by(who) == [f'【新案件】请认领\n<a href="{LINK}">打开案件页</a>']


def test_it_cuts_the_words_and_never_the_link(office: PostOffice) -> None:
    who = office.person()
    office.say(who, "长" * 1000, short={"page": LINK})
    office.drain()

    (text,) = office.read_by(who)
    assert text.endswith(f'…\n<a href="{LINK}">打开案件页</a>')
    assert len(text.encode()) <= 2048


def test_it_leads_from_a_template_to_the_page(open_post_office: Callable[..., PostOffice]) -> None:
    office = open_post_office()
    who = office.person(spoke=False)
    office.buys(who, Way.ONCE, "1")
    office.say(who, "【新案件】请认领", short={"page": LINK})
    office.drain()

    (line,) = office.simulator.world.conversations.of(("jinan", who.openid))
    assert LINK in str(line.as_json())


def test_it_gives_no_link_of_one_word_to_several(office: PostOffice) -> None:
    who = office.person()
    office.say(who, "第一", "第二", short={"page": LINK}, may_bundle=True)
    office.drain()

    (text,) = office.read_by(who)
    assert LINK not in text
    rows = office.rows()
    assert [part.page for part in bundle(who.person_id, rows, Contents())[0].parts] == [LINK, LINK]


def test_it_tells_members_of_a_company_their_own_link_each(company: CompanyOffice) -> None:
    first, second = company.member(), company.member()
    for who, link in ((first, LINK), (second, LINK.replace("_2_", "_3_"))):
        company.say(who, "【补充情况】又多了两袋", short={"page": link})
    company.drain()

    texts = [company.seen_by(who)[0][1] for who in (first, second)]
    assert [LINK in text for text in texts] == [True, False]
    assert "_3_" in texts[1]


def test_it_lets_one_readers_card_lead_to_their_page(company: CompanyOffice) -> None:
    (officer,) = company.officers(1)
    company.asks_to_claim([officer], short={"number": "1", "page": LINK})
    company.drain()

    assert [card["url"] for card in company.cards_of(officer)] == [LINK]


def test_it_lets_a_card_for_several_lead_to_nobodys_page(company: CompanyOffice) -> None:
    officers = company.officers(2)
    company.asks_to_claim(officers, short={"number": "1", "page": LINK})
    company.drain()

    assert len(company.calls(SEND)) == 1
    assert [card["url"] for officer in officers for card in company.cards_of(officer)] == ["", ""]


def test_it_leads_everybody_to_their_own_where_wecom_tells_who_taps(open_company: Open) -> None:
    company = open_company(**WEB)
    settings = company.installation.settings
    app = settings.wecom[0].model_copy(update={"oauth": True})
    door = company.installation.doors.work["work"]
    object.__setattr__(door, "app", app)
    officers = company.officers(2)
    company.asks_to_claim(officers, short={"number": "1", "page": LINK})
    company.drain()

    (card, _) = [card for officer in officers for card in company.cards_of(officer)]
    assert card["url"] == f"{CITY}h5/open/work/{company.task_cards()[0].case_id}"
