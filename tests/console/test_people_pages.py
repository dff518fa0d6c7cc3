"""人员、单位、绑定码: who is in office, how they can be reached, and who may see and change it."""

from dataclasses import replace
from datetime import timedelta
from html import unescape
from io import BytesIO
from re import findall
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from sqlalchemy import select

from console.premises import EXTENSION
from models.absence import Absence
from models.journal import JournalEntry
from models.outbound import OutboundMessage
from models.people import Identity, Invitation, Membership, Person, Role
from tests.console.browsers import Browser, Office, said
from tests.stage import DIANLIU, LIXIA, YAOJIA, Actor, Stage

ASKED = {"role": "officer", "unit": "甸柳新村街道", "name": "张三", "days": "7", "uses": "1"}
GOOD = "姓名,角色,单位,代理人\n张三,经办人,甸柳新村街道,李四\n李四,经办人,甸柳新村街道,\n周调度,调度员,,\n"


@pytest.fixture
def admin(office: Office, stage: Stage) -> Browser:
    return office.browser(stage._bound("郑管理", Role.ADMIN, None))


def number(stage: Stage, who: Actor) -> int:
    with stage.installation.database.glance() as session:
        return session.scalars(select(Identity.person_id).where(Identity.openid == who.openid)).one()


def acts(stage: Stage) -> list[str]:
    with stage.installation.database.glance() as session:
        return list(session.scalars(select(JournalEntry.act).order_by(JournalEntry.id)))


def codes(stage: Stage) -> list[Invitation]:
    with stage.installation.database.glance() as session:
        return list(session.scalars(select(Invitation).where(Invitation.uses_left > 0).order_by(Invitation.id)))


def test_it_shows_who_is_in_office_and_how_they_were_reached(admin: Browser, stage: Stage) -> None:
    stage.officer("张三")
    stage.assessor("褚测评")

    text = admin.text("/people")

    assert "张三 经办人 甸柳新村街道" in text
    assert "褚测评 测评员" in text
    assert "可达" in text


def test_it_finds_people_by_name_unit_role_and_reach(admin: Browser, stage: Stage) -> None:
    stage.officer("张三")
    wang = stage.officer("王五", YAOJIA)
    with stage.installation.database.story() as session:
        session.query(Identity).filter_by(openid=wang.openid).update({"follows": False})

    found = {
        asked: admin.text(f"/people?{asked}") for asked in ("q=张", f"unit={YAOJIA}", "role=officer", "reach=out")
    }

    shown = {asked: ("张三" in text, "王五" in text) for asked, text in found.items()}
    assert shown == {
        "q=张": (True, False),
        f"unit={YAOJIA}": (False, True),
        "role=officer": (True, True),
        "reach=out": (False, True),
    }


def test_it_notes_who_looked_through_the_people(admin: Browser, stage: Stage) -> None:
    stage.officer("张三")

    admin.text("/people?q=张三")
    admin.text(f"/units/{DIANLIU}")

    with stage.installation.database.glance() as session:
        looks = session.scalars(select(JournalEntry).where(JournalEntry.act == "look.people")).all()
    assert [(look.person_id, look.subject, look.words) for look in looks] == [
        (admin.person_id, "people", "张三"),
        (admin.person_id, f"unit:{DIANLIU}", ""),
    ]


def test_it_leads_from_a_unit_to_just_the_cases_it_counts(office: Office, stage: Stage) -> None:
    command, officer = stage.dispatcher(), stage.officer("张三")
    stage.close(stage.reported_case(), officer, command)
    stage.wait(hours=1)
    stage.reported_case()
    browser = office.browser(command)

    unit = browser.get(f"/units/{LIXIA}").text
    there = unescape(findall(r'href="/console(/cases[?][^"]+)"', unit)[0])

    assert "在办1件（含下级）" in unit
    assert "1 件 责任单位：" in browser.text(there)


def test_it_shows_a_person_without_the_ids_of_their_accounts(admin: Browser, stage: Stage) -> None:
    zhang = stage.officer("张三")

    page = admin.get(f"/people/{number(stage, zhang)}")

    assert "经办人" in said(page)
    assert "公众号" in said(page)
    assert zhang.openid not in page.text
    assert acts(stage)[-1] == "look.person"


def test_it_shows_a_leader_the_people_of_their_own_units_only(office: Office, stage: Stage) -> None:
    mine, theirs, assessor = stage.officer("张三"), stage.officer("王五", YAOJIA), stage.assessor()
    browser = office.browser(stage.leader())

    text = browser.text("/people")

    assert "张三" in text
    assert "王五" not in text
    assert "褚测评" not in text
    seen = [browser.get(f"/people/{number(stage, who)}").status_code for who in (mine, theirs, assessor)]
    assert seen == [200, 404, 404]
    assert browser.get(f"/people?unit={YAOJIA}").text.count("王五") == 0
    assert [browser.get(f"/units/{code}").status_code for code in (DIANLIU, YAOJIA, LIXIA)] == [200, 404, 404]
    assert "姚家街道" not in browser.text("/units")
    assert "离任" not in browser.text(f"/people/{number(stage, mine)}")


def test_it_shows_a_district_s_leader_its_streets(office: Office, stage: Stage) -> None:
    stage.officer("张三")
    browser = office.browser(stage.leader("赵区长", LIXIA))

    assert "张三" in browser.text("/people")
    assert "甸柳新村街道" in browser.text("/units")
    assert browser.get("/units/370103").status_code == 404


def test_it_forgets_for_a_leader_who_has_left(office: Office, stage: Stage) -> None:
    zhang = stage.officer("张三")
    browser = office.browser(stage.leader())
    stage.leave(zhang)

    assert browser.get(f"/people/{number(stage, zhang)}").status_code == 404


def test_it_shows_nothing_to_officers_and_verifiers(office: Office, stage: Stage) -> None:
    for who in (stage.officer(), stage.verifier()):
        browser = office.browser(who)
        addresses = ("/people", "/units", f"/people/{browser.person_id}", "/invitations", "/people/import")
        assert {browser.get(address).status_code for address in addresses} == {403}


WRITES = ["leave", "move", "deputy", "away", "back"]


@pytest.mark.parametrize("act", WRITES)
def test_it_lets_only_admins_change_people(office: Office, stage: Stage, act: str) -> None:
    held = stage.membership(stage.officer("张三"))

    for who in (stage.leader(), stage.dispatcher()):
        assert office.browser(who).post(f"/people/roles/{held.id}/{act}", unit="姚家街道").status_code == 403
    with stage.installation.database.glance() as session:
        assert session.get_one(Membership, held.id).until is None


@pytest.mark.parametrize(
    "address", ["/invitations", "/invitations/1/withdraw", "/people/import", "/people/import/check"]
)
def test_it_lets_only_admins_give_roles(office: Office, stage: Stage, address: str) -> None:
    for who in (stage.leader(), stage.dispatcher()):
        assert office.browser(who).post(address, role="admin", days=7, uses=1).status_code == 403


def test_it_ends_a_role_moves_it_and_notes_both(admin: Browser, stage: Stage) -> None:
    zhang, li = stage.officer("张三"), stage.officer("李四")

    left = said(admin.post(f"/people/roles/{stage.membership(zhang).id}/leave"))
    moved = said(admin.post(f"/people/roles/{stage.membership(li).id}/move", unit="姚家街道"))

    assert "现在没有身份" in left
    assert "经办人， 姚家街道" in moved
    assert [act for act in acts(stage) if act.startswith("people.")] == ["people.leave", "people.move"]


@pytest.mark.parametrize(
    ("act", "form", "told"),
    [
        ("move", {"unit": "火星街道"}, "不认识的单位"),
        ("deputy", {"deputy": "999"}, "没有设成"),
        ("away", {"first": "2026-11-25", "last": "2026-11-24"}, "没有请假"),
        ("away", {"first": "明天", "last": "后天"}, "没有请假"),
        ("away", {"first": "2026-11-25", "last": "9999-12-31"}, "没有请假"),
    ],
)
def test_it_says_what_could_not_be_done(
    admin: Browser, stage: Stage, act: str, form: dict[str, str], told: str
) -> None:
    held = stage.membership(stage.officer("张三"))

    answer = admin.post(f"/people/roles/{held.id}/{act}", **form)

    assert answer.status_code == 409
    assert told in said(answer)


def test_it_sets_a_deputy_who_hears_while_the_other_is_away(admin: Browser, stage: Stage) -> None:
    zhang, li = stage.officer("张三"), stage.officer("李四")
    held = stage.membership(zhang)

    admin.post(f"/people/roles/{held.id}/deputy", deputy=stage.membership(li).id)
    told = said(admin.post(f"/people/roles/{held.id}/away", first="2026-11-23", last="2026-11-25"))
    case = stage.reported_case()

    assert "代理人（AB 岗）：李四" in told
    assert "请假中" in told
    with stage.installation.database.glance() as session:
        about = select(OutboundMessage.person_id).where(OutboundMessage.case_id == case)
        hearers = set(session.scalars(about))
    assert number(stage, li) in hearers
    assert number(stage, zhang) not in hearers
    admin.post(f"/people/roles/{held.id}/back")
    with stage.installation.database.glance() as session:
        assert session.scalars(select(Absence.ends_at)).all() == [stage.now]


def test_it_keeps_an_admin_from_locking_themselves_out(admin: Browser, stage: Stage) -> None:
    with stage.installation.database.glance() as session:
        held = session.scalars(select(Membership).where(Membership.role == Role.ADMIN)).one()

    assert "请另一位管理员来办" in said(admin.post(f"/people/roles/{held.id}/leave"))


def test_it_counts_what_units_hold_and_who_is_mute(office: Office, stage: Stage) -> None:
    number_ = stage.reported_case()
    stage.officer("张三")
    stage.officer("王五", YAOJIA)
    stage.wait(hours=13)
    admin = office.browser(stage.dispatcher())

    text, unit = admin.text("/units"), admin.text(f"/units/{DIANLIU}")

    assert stage.case(number_).unit_code == DIANLIU
    assert "甸柳新村街道 1 1 1" in text
    assert "姚家街道 1 " in text
    assert "没有经办人" in text
    assert "在办1件，逾期1件" in unit
    assert "张三 经办人" in unit
    assert "济南高新" not in admin.text("/units?q=甸柳")


def test_it_makes_a_code_that_binds(admin: Browser, stage: Stage) -> None:
    told = said(admin.post("/invitations", **ASKED))
    (made,) = codes(stage)
    stage.citizen("张三").says(f"绑定 {made.code}")

    assert f"已发码： {made.code}" in told
    assert (made.unit_code, made.expires_at) == (DIANLIU, stage.now + timedelta(days=7))
    assert "张三 经办人" in admin.text(f"/units/{DIANLIU}")
    assert "people.invite" in acts(stage)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"role": "emperor"}, "请选身份"),
        ({"unit": ""}, "请写单位的全称"),
        ({"unit": "火星"}, "不认识的单位"),
        ({"days": "0"}, "有效期请写1到90天"),
        ({"days": "9999"}, "有效期请写1到90天"),
        ({"uses": "100000"}, "次数请写1到500次"),
        ({"name": "=1+1"}, "不像姓名"),
        ({"name": "<script>"}, "不像姓名"),
    ],
)
def test_it_makes_no_code_of_what_makes_no_sense(
    admin: Browser, stage: Stage, wrong: dict[str, str], told: str
) -> None:
    answer = admin.post("/invitations", **{**ASKED, **wrong})

    assert answer.status_code == 400
    assert told in said(answer)
    assert codes(stage) == []


def test_it_withdraws_a_code_once(admin: Browser, stage: Stage) -> None:
    code = stage.code(Role.OFFICER, DIANLIU, "张三")
    (made,) = codes(stage)

    admin.post(f"/invitations/{made.id}/withdraw")
    again = said(admin.post(f"/invitations/{made.id}/withdraw"))

    assert "已经用完、过期或收回" in again
    assert code not in admin.text("/invitations")
    stage.citizen("张三").says(f"绑定 {code}")
    assert "张三" not in admin.text(f"/units/{DIANLIU}")


def test_it_prints_codes_with_a_qr_and_in_letters(admin: Browser, stage: Stage) -> None:
    code = stage.code(Role.OFFICER, DIANLIU, "张三", days=7)
    (made,) = codes(stage)

    page = admin.get(f"/invitations/sheet?id={made.id}")

    assert "<svg" in page.text
    assert "style=" not in page.text
    assert f"绑定 {code}" in said(page)
    assert "2026年11月30日 09:00前有效" in said(page)
    assert "people.print" in acts(stage)


@pytest.mark.parametrize(("says", "asked"), [("http://weixin.qq.com/q/1", 3), (None, 1)])
def test_it_prints_what_wechat_says_a_qr_must_hold(
    office: Office, stage: Stage, says: str | None, asked: int
) -> None:
    """A line to WeChat that is dead is tried once for a sheet, not once for a code."""
    tried: list[str] = []

    def qr_address(code: str) -> str | None:
        tried.append(code)
        return says

    office.app.extensions[EXTENSION] = replace(office.app.extensions[EXTENSION], qr_address=qr_address)
    browser = office.browser(stage._bound("郑管理", Role.ADMIN, None))
    for name in ("张三", "李四", "王五"):
        stage.code(Role.OFFICER, DIANLIU, name, days=7)
    wanted = "&".join(f"id={one.id}" for one in codes(stage))

    told = said(browser.get(f"/invitations/sheet?{wanted}"))

    assert len(tried) == asked
    assert told.count("关注后即完成绑定") == (3 if says else 0)
    assert told.count("或在公众号里发送：绑定") == 3


def test_it_prints_no_code_that_is_gone(admin: Browser, stage: Stage) -> None:
    stage.code(Role.OFFICER, DIANLIU, "张三", days=0.01)
    (made,) = codes(stage)
    stage.now += timedelta(hours=1)

    assert "没有选中还能用的码" in admin.text(f"/invitations/sheet?id={made.id}&id=999&id=x")


def test_it_gives_codes_as_a_table_that_calculates_nothing(admin: Browser, stage: Stage) -> None:
    code = stage.code(Role.OFFICER, DIANLIU, "=HYPERLINK(1)")

    table = admin.get("/invitations.csv").data.decode("utf-8-sig")

    assert f"'=HYPERLINK(1),经办人,甸柳新村街道,{code}," in table


def form(browser: Browser, data: bytes, name: str) -> bytes:
    """As a browser sends it; the test client keeps large ones in files that it never closes."""
    head = f'--cut\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n{browser.csrf}\r\n'
    head += f'--cut\r\nContent-Disposition: form-data; name="roster"; filename="{name}"\r\n\r\n'
    return head.encode() + data + b"\r\n--cut--\r\n"


def upload(browser: Browser, data: bytes, name: str = "名单.csv") -> tuple[int, str, str]:
    """What a dry run answers: status, words, and what would be taken in."""
    answer = browser.client.post(
        "/console/people/import/check",
        data=form(browser, data, name),
        content_type="multipart/form-data; boundary=cut",
    )
    kept = findall(r'name="kept" value="([^"]*)"', answer.text)
    return answer.status_code, said(answer), unescape(kept[0]) if kept else ""


def test_it_reads_a_roster_first_and_takes_it_in_then(admin: Browser, stage: Stage) -> None:
    status, told, kept = upload(admin, GOOD.encode("gb18030"))
    before = len(codes(stage))

    answer = said(admin.post("/people/import", kept=kept, days="7"))

    assert (status, before) == (200, 0)
    assert "3行都没有问题" in told
    assert "已导入3行：发码3个" in answer
    assert [one.name for one in codes(stage)] == ["张三", "李四", "周调度"]
    assert "people.import" in acts(stage)


def test_it_says_row_by_row_what_is_wrong_and_takes_in_nothing(admin: Browser, stage: Stage) -> None:
    bad = GOOD + "王五,经办人,火星街道,\n=1+1,调度员,,\n"

    status, told, kept = upload(admin, bad.encode())
    admin.post("/people/import", kept="5ae" + kept, days="7")

    assert status == 200
    assert "有2处要改" in told
    assert "5 单位 不认识的单位“火星街道”" in told
    assert "6 姓名 “=1+1”是公式或以符号开头" in told
    assert kept == ""
    assert codes(stage) == []


def bomb() -> bytes:
    """A small zip that holds two hundred megabytes."""
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as archive:
        for part in ("[Content_Types].xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml"):
            archive.writestr(part, b"0" * 70_000_000)
    return made.getvalue()


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "请先选一个文件"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 500, "找不到表头"),
        (b"PK\x03\x04 no zip at all", "已损坏"),
        (b"\xd0\xcf\x11\xe0 old", "旧版或加密"),
        (b"a" * (1024 * 1024 + 1), "文件超过1MB"),
    ],
    ids=["nothing", "a picture", "no zip", "old excel", "too big"],
)
def test_it_refuses_what_is_no_roster(admin: Browser, data: bytes, told: str) -> None:
    status, words, kept = upload(admin, data)

    assert (status, kept) == (400, "")
    assert told in words


def test_it_does_not_unpack_a_bomb(admin: Browser) -> None:
    status, words, _ = upload(admin, bomb(), "名单.xlsx")

    assert status == 400
    assert "展开后超过60MB" in words


def test_it_hangs_up_on_what_is_far_too_big(admin: Browser, stage: Stage) -> None:
    status, _, _ = upload(admin, b"a" * 3_000_000)

    assert status == 413
    assert admin.post("/people/roles/1/leave", x="a" * 100_000).status_code == 413


@pytest.mark.parametrize(("kept", "days", "status"), [("no base64!", "7", 400), ("", "7", 400), ("YWJj", "7", 400)])
def test_it_takes_in_nothing_made_up(admin: Browser, stage: Stage, kept: str, days: str, status: int) -> None:
    assert admin.post("/people/import", kept=kept, days=days).status_code == status
    assert codes(stage) == []


def test_it_wants_codes_to_end(admin: Browser, stage: Stage) -> None:
    _, _, kept = upload(admin, GOOD.encode())

    assert "有效期请写1到90天" in said(admin.post("/people/import", kept=kept, days="10000"))
    assert codes(stage) == []


def test_it_says_when_userids_cannot_be_anybody_s(admin: Browser, stage: Stage) -> None:
    _, _, kept = upload(admin, "姓名,角色,单位,企业微信账号\n张三,经办人,甸柳新村街道,ZhangSan\n".encode())

    assert "系统设置了0个企业微信应用" in said(admin.post("/people/import", kept=kept, days="7"))
    with stage.installation.database.glance() as session:
        assert session.scalars(select(Person).where(Person.name == "张三")).all() == []
