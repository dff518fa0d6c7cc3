"""规则页: rules read, tried, edited as drafts, put in use and gone back from."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from bot.installation import ROOT
from bot.routers import LOOK_EVERY
from models.edition import Edition, EditionState
from models.journal import JournalEntry
from models.people import Role
from routing.pack import CATEGORIES, EDITABLE, LEXICON, ROUTES, shipped
from tests.console.browsers import Browser, Office, said
from tests.stage import Stage

FOLDER = ROOT / "data" / "jinan"
WORDS = "甸柳新村街道一堆垃圾没人管"
RENAMED = shipped(FOLDER, CATEGORIES).replace("name: 暴露垃圾,", "name: 露天垃圾,")
BROKEN = shipped(FOLDER, CATEGORIES).replace("name: 暴露垃圾,", "name: 暴露垃圾, lead: nobody,")


@pytest.fixture
def admin(office: Office, stage: Stage) -> Browser:
    return office.browser(stage._bound("郑管理", Role.ADMIN, None))


@pytest.fixture
def officer(office: Office, stage: Stage) -> Browser:
    return office.browser(stage.officer())


def base(browser: Browser, file: str = CATEGORIES) -> str:
    page = browser.get(f"/rules/files/{file}/edit").text
    return page.partition('name="base" value="')[2].partition('"')[0]


def keep(browser: Browser, text: str = RENAMED, file: str = CATEGORIES, note: str = "改个名") -> int:
    answer = browser.post(f"/rules/files/{file}/edit", text=text, note=note, base=base(browser, file))
    assert answer.status_code == 200, answer.text
    return int(answer.request.path.rpartition("/")[2])


def use(browser: Browser, number: int, note: str = "指挥部定的") -> str:
    return said(browser.post(f"/rules/editions/{number}/use", note=note))


def states(stage: Stage) -> list[EditionState]:
    with stage.installation.database.glance() as session:
        return list(session.scalars(select(Edition.state).order_by(Edition.id)))


def test_it_tells_every_rule_in_plain_words_with_its_line(officer: Browser) -> None:
    text = officer.text("/rules")

    assert "类别是 机动车乱停放" in text
    assert "说到 小区里、小区内、家属院" in text
    assert "时间在 07:00–08:30、11:20–12:20、16:00–18:30" in text
    assert "主办 所在街道" in text
    assert "routes.yaml:" in text


def test_it_finds_rules_and_shows_what_they_stand_under(officer: Browser) -> None:
    text = officer.text("/rules?q=家属院")

    assert "说到 小区里" in text
    assert "类别是 机动车乱停放" in text
    assert "共享单车" not in text
    assert "没有这样的规则" in officer.text("/rules?q=火星")


def test_it_shows_every_category_with_who_and_when(officer: Browser) -> None:
    everything, some = officer.text("/rules/categories"), officer.text("/rules/categories?veto=生态环保&q=河道")

    assert "event:06010" in everything
    assert "河道污染" in some
    assert "暴露垃圾" not in some


def test_it_says_where_something_would_go_and_why(officer: Browser) -> None:
    text = officer.text(f"/rules/try?text={WORDS}")

    assert "甸柳新村街道 把握" in text
    assert "是「暴露垃圾」" in text
    assert "备选 历下区" in text
    assert "routes.yaml:" in text


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("point=这里", "坐标请写成"),
        ("point=91,117", "坐标请写成"),
        ("text=垃圾&at=25:00", "时间请写成"),
        ("", "试一试"),
    ],
)
def test_it_says_what_it_cannot_read(officer: Browser, asked: str, told: str) -> None:
    assert told in officer.text(f"/rules/try?{asked}")


@pytest.mark.parametrize("file", [*EDITABLE, "units.yaml"])
def test_it_shows_a_file_line_by_line(officer: Browser, file: str) -> None:
    page = officer.get(f"/rules/files/{file}").text

    assert f'id="L{len(shipped(FOLDER, file).splitlines())}"' in page
    assert officer.get("/rules/files/config.yaml").status_code == 404


def test_it_keeps_a_draft_and_shows_what_it_changes(admin: Browser, stage: Stage) -> None:
    number = keep(admin)

    text = admin.text(f"/rules/editions/{number}")

    assert "增1行，删1行" in text
    assert "露天垃圾" in text
    assert states(stage) == [EditionState.DRAFT]


def test_it_marks_what_is_wrong_at_its_line(admin: Browser) -> None:
    line = next(n for n, one in enumerate(BROKEN.splitlines(), start=1) if "nobody" in one)
    number = keep(admin, BROKEN)

    page, editor = admin.text(f"/rules/editions/{number}"), admin.get(f"/rules/editions/{number}/edit").text

    assert f"categories.yaml 第{line}行：unknown lead 'nobody'" in page
    assert f'data-wrong="{line}"' in editor
    assert "检查没有通过" in use(admin, number)


def test_it_says_when_the_trouble_lies_in_another_file(admin: Browser) -> None:
    row = '  - {code: "06001", name: 私搭乱建, campaign: 社区文明创建提升}\n'
    number = keep(admin, shipped(FOLDER, CATEGORIES).replace(row, ""))

    assert "这一处不在本文件里" in admin.text(f"/rules/editions/{number}")


def test_it_tries_a_draft_beside_what_is_in_use(admin: Browser) -> None:
    number = keep(admin)

    text = admin.text(f"/rules/try?draft={number}&text={WORDS}")

    assert "按正在使用的规则：甸柳新村街道" in text
    assert "按草稿：甸柳新村街道" in text
    assert "「暴露垃圾」" in text
    assert "「露天垃圾」" in text


def test_it_weighs_a_draft_on_labelled_reports(admin: Browser) -> None:
    row = "name: 暴露垃圾, plain: 卫生脏乱, campaign: 城市环境面貌提升"
    worse = shipped(FOLDER, CATEGORIES).replace(row, f"{row}, department: dept-traffic, lead: department")
    number = keep(admin, worse)

    text = said(admin.get(f"/rules/editions/{number}/effect"))

    assert "单位派对" in text
    assert "条变错" in text
    assert "市公安局交警支队" in text


def test_it_puts_a_draft_in_use_and_goes_back(admin: Browser, stage: Stage) -> None:
    number = keep(admin)
    told = use(admin, number)
    stage.now += LOOK_EVERY
    renamed = admin.text(f"/rules/try?text={WORDS}")

    admin.post(f"/rules/files/{CATEGORIES}/shipped", note="改回来")
    stage.now += LOOK_EVERY

    assert "已启用" in told
    assert "「露天垃圾」" in renamed
    assert "「暴露垃圾」" in admin.text(f"/rules/try?text={WORDS}")
    history = admin.text(f"/rules/files/{CATEGORIES}/history")
    assert "郑管理" in history
    assert "指挥部定的" in history
    assert "改回来" in history


def test_it_puts_an_earlier_edition_in_use_again(admin: Browser, stage: Stage) -> None:
    first = keep(admin)
    use(admin, first)
    second = keep(admin, RENAMED.replace("露天垃圾", "垃圾乱扔"))
    use(admin, second)

    use(admin, first, "还是第一版好")

    assert states(stage) == [EditionState.USED, EditionState.PAST]


def test_it_wants_to_know_why(admin: Browser, stage: Stage) -> None:
    number = keep(admin)

    assert "请写明为什么" in use(admin, number, " ")
    assert states(stage) == [EditionState.DRAFT]


def test_it_tells_the_second_admin_who_was_first(admin: Browser, office: Office, stage: Stage) -> None:
    other = office.browser(stage._bound("王管理", Role.ADMIN, None))
    mine, theirs = keep(admin), keep(other, RENAMED.replace("露天垃圾", "垃圾乱扔"))
    warned = other.text(f"/rules/files/{CATEGORIES}/edit")
    use(admin, mine)

    told, page = use(other, theirs), other.text(f"/rules/editions/{theirs}")

    assert "郑管理 有一份 草稿" in warned
    assert "没有启用：郑管理已在11月23日 09:00换了categories.yaml" in told
    assert "起草以后，正在使用的文件已经变了" in page
    other.post(f"/rules/editions/{theirs}/rebase")
    assert "已启用" in use(other, theirs)


def test_it_loses_nothing_when_two_edit_one_draft(admin: Browser, office: Office, stage: Stage) -> None:
    other = office.browser(stage._bound("王管理", Role.ADMIN, None))
    number = keep(admin)
    seen = other.get(f"/rules/editions/{number}/edit").text.partition('name="seen" value="')[2].partition('"')[0]
    admin.post(f"/rules/editions/{number}/edit", text=RENAMED + "# 我\n", note="", seen=seen)

    answer = other.post(f"/rules/editions/{number}/edit", text=RENAMED + "# 你\n", note="", seen=seen)

    assert answer.status_code == 409
    assert "别人已经改过这份草稿" in said(answer)
    assert "# 你" in answer.text


def test_it_gives_a_draft_up(admin: Browser, stage: Stage) -> None:
    number = keep(admin)
    admin.post(f"/rules/editions/{number}/drop")

    assert states(stage) == [EditionState.DROPPED]
    assert admin.post(f"/rules/editions/{number}/use", note="x").status_code == 409


WRITES: list[tuple[str, Callable[[int], str]]] = [
    ("keep", lambda number: f"/rules/files/{ROUTES}/edit"),
    ("change", lambda number: f"/rules/editions/{number}/edit"),
    ("use", lambda number: f"/rules/editions/{number}/use"),
    ("shipped", lambda number: f"/rules/files/{ROUTES}/shipped"),
    ("rebase", lambda number: f"/rules/editions/{number}/rebase"),
    ("drop", lambda number: f"/rules/editions/{number}/drop"),
]


@pytest.mark.parametrize("address", [address for _, address in WRITES], ids=[name for name, _ in WRITES])
def test_it_lets_only_admins_edit(
    office: Office, stage: Stage, admin: Browser, address: Callable[[int], str]
) -> None:
    number = keep(admin)

    for who in (stage.dispatcher(), stage.verifier(), stage.leader(), stage.officer()):
        assert office.browser(who).post(address(number), text="a: 1\n", note="x").status_code == 403
    assert admin.client.post(f"/console{address(number)}", data={"text": "a: 1\n"}).status_code == 400
    assert states(stage) == [EditionState.DRAFT]


def test_it_takes_the_longest_file_and_no_endless_one(admin: Browser) -> None:
    assert keep(admin, shipped(FOLDER, LEXICON) + "# 完\n" * 10_000, LEXICON)
    answer = admin.post(f"/rules/files/{LEXICON}/edit", text="#" * 2_000_000, base="")

    assert answer.status_code == 413


def test_it_writes_down_who_did_what(admin: Browser, stage: Stage) -> None:
    use(admin, keep(admin))

    with stage.installation.database.glance() as session:
        rows = list(session.scalars(select(JournalEntry).where(JournalEntry.act.startswith("pack."))))
    assert [(row.act, row.subject, row.person_id) for row in rows] == [
        ("pack.draft", "pack:categories.yaml", admin.person_id),
        ("pack.use", "pack:categories.yaml", admin.person_id),
    ]
