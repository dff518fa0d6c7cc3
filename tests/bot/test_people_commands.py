"""run.py people, hotline, menu, qr: rosters in, codes out, and everything whole or not at all."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import select

from bot.installation import Installation
from handlers.message import Kind
from models.absence import Absence
from models.outbound import OutboundMessage
from models.people import Identity, Invitation, Membership, Person, Role
from tests.bot.conftest import Build
from tests.bot.test_run import one_line, run
from tests.stage import DIANLIU, YAOJIA, Stage

__all__ = ["run"]

Run = Callable[..., Result]
HEADER = "姓名,角色,单位,岗位,班次,负责区域,媒体,手机,代理人,有效期"
GOOD = [
    "张三,经办人,甸柳新村街道,,,,,13800000001,李四,",
    "李四,经办人,甸柳新村街道,,,,,13800000002,,",
    "王五,志愿者,,经十路历山路,7:00-9:00,,,13800000003,,",
    "赵六,记者,,,,,济南时报,13800000004,,2030-12-31",
]


@pytest.fixture
def roster(tmp_path: Path) -> Callable[..., str]:
    def write(*lines: str) -> str:
        file = tmp_path / "roster.csv"
        file.write_text("\n".join([HEADER, *lines]), encoding="utf-8")
        return str(file)

    return write


def invitations(installation: Installation) -> list[Invitation]:
    with installation.database.glance() as session:
        return list(session.scalars(select(Invitation).order_by(Invitation.id)))


def number_of(installation: Installation, name: str) -> str:
    with installation.database.glance() as session:
        query = select(Membership.id).join(Person, Person.id == Membership.person_id).where(Person.name == name)
        return str(session.scalars(query).one())


def test_it_makes_a_code_for_everybody_on_a_roster(
    run: Run, roster: Callable[..., str], installation: Installation
) -> None:
    result = run("people", "import", roster(*GOOD))

    made = invitations(installation)
    assert result.exit_code == 0
    assert [(one.name, one.role) for one in made] == [
        ("张三", Role.OFFICER), ("李四", Role.OFFICER), ("王五", Role.VOLUNTEER), ("赵六", Role.JOURNALIST),
    ]  # fmt: skip
    assert all(f"绑定 {one.code}" in result.output for one in made)
    assert (made[2].shift, made[3].ends_at is not None) == ("07:00-09:00", True)


def test_it_gives_the_same_code_when_the_roster_comes_again(
    run: Run, roster: Callable[..., str], installation: Installation
) -> None:
    run("people", "import", roster(*GOOD))
    before = [one.code for one in invitations(installation)]

    run("people", "import", roster(*GOOD))

    assert [one.code for one in invitations(installation)] == before


def test_it_imports_nothing_of_a_roster_with_one_bad_row(
    run: Run, roster: Callable[..., str], installation: Installation
) -> None:
    result = run("people", "import", roster(*GOOD, "孙七,经办人,没有的街道,,,,,,,"))

    assert result.exit_code == 1
    assert "第6行 单位" in result.output
    assert "nothing was imported" in result.output
    assert invitations(installation) == []


def test_it_only_looks_when_asked_to(run: Run, roster: Callable[..., str], installation: Installation) -> None:
    result = run("people", "import", roster(*GOOD), "--dry-run")

    assert "4 rows are good" in result.output
    assert invitations(installation) == []


def test_it_writes_the_codes_for_nobody_but_their_owner(
    run: Run, roster: Callable[..., str], tmp_path: Path, installation: Installation
) -> None:
    out = tmp_path / "codes.csv"

    run("people", "import", roster(*GOOD), "--out", str(out))

    rows = out.read_text(encoding="utf-8-sig").splitlines()
    assert rows[0] == "姓名,角色,单位,绑定码"
    assert [row.split(",")[-1] for row in rows[1:]] == [one.code for one in invitations(installation)]
    assert out.stat().st_mode & 0o077 == 0


def test_it_says_which_file_it_cannot_read(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "roster.xlsx"
    file.write_bytes(b"no workbook")

    assert str(file) in one_line(run("people", "import", str(file)))


def test_it_lists_who_is_in_office_and_who_cannot_be_reached(run: Run, stage: Stage) -> None:
    stage.now = datetime.now(UTC) - timedelta(minutes=1)
    gone = stage.officer("张三")
    stage.leader("孙主任")
    gone.does(Kind.UNFOLLOW)

    lines = run("people", "list", "--unit", DIANLIU).output.splitlines()

    assert [("张三" in line, "不可达" in line) for line in lines] == [(False, False), (True, True)]


def test_it_lists_only_whom_somebody_has_to_call(run: Run, stage: Stage) -> None:
    stage.now = datetime.now(UTC) - timedelta(minutes=1)
    gone = stage.officer("张三")
    stage.leader("孙主任")
    gone.does(Kind.UNFOLLOW)

    lines = run("people", "list", "--unreachable").output.splitlines()

    assert [line.split("\t")[1] for line in lines] == ["张三"]


def test_it_ends_moves_and_deputises(run: Run, stage: Stage, installation: Installation) -> None:
    stage.now = datetime.now(UTC) - timedelta(minutes=1)
    for name in ("张三", "李四", "王五"):
        stage.officer(name)

    left = run("people", "leave", number_of(installation, "王五"))
    moved = run("people", "move", number_of(installation, "李四"), YAOJIA)

    with installation.database.glance() as session:
        held = {p.name: [m.unit_code for m in p.roles(datetime.now(UTC))] for p in session.scalars(select(Person))}
    assert (left.exit_code, moved.exit_code) == (0, 0)
    assert held == {"张三": [DIANLIU], "李四": [YAOJIA], "王五": []}


def test_it_notes_an_absence_and_says_when_nobody_stands_in(
    run: Run, stage: Stage, installation: Installation
) -> None:
    stage.now = datetime.now(UTC) - timedelta(minutes=1)
    stage.officer("张三")
    stage.officer("李四")
    zhang, li = number_of(installation, "张三"), number_of(installation, "李四")
    first, last = datetime.now(UTC).date(), datetime.now(UTC).date() + timedelta(days=2)

    alone = run("people", "away", li, str(first), str(last)).output
    run("people", "deputy", zhang, li)
    covered = run("people", "away", zhang, str(first), str(last)).output

    with installation.database.glance() as session:
        absences = list(session.scalars(select(Absence)))
    assert "没有代理人" in alone
    assert covered.strip() == "李四"
    assert [absence.ends_at - absence.begins_at for absence in absences] == [timedelta(days=3)] * 2


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["people", "leave", "999"], "nobody holds a role with the number 999"),
        (["people", "move", "999", DIANLIU], "nobody holds a role"),
        (["people", "deputy", "998", "999"], "nobody holds a role"),
        (["people", "away", "999", "2030-01-01", "2030-01-02"], "nobody holds a role"),
        (["hotline", "revoke", "999"], "no key 999 is in force"),
        (["menu", "qingdao"], "no account 'qingdao'"),
        (["menu", "jinan"], "连接微信失败"),
        (["qr", "jinan", "citizen_patrol"], "连接微信失败"),
        (["qr", "jinan", "no_platform"], "'no_platform' is not one of"),
    ],
)
def test_it_says_in_one_line_what_it_cannot_do(run: Run, words: list[str], reason: str) -> None:
    assert reason in one_line(run(*words))


def test_it_issues_a_key_once_and_takes_it_back(run: Run) -> None:
    issued = run("hotline", "key", "12345热线系统").output.strip()
    before = run("hotline", "keys").output
    number = before.split("\t")[0]

    run("hotline", "revoke", number)

    assert len(issued) == 43
    assert "never used" in before
    assert issued not in before
    assert "revoked" in run("hotline", "keys").output


WORK = {
    "key": "work", "platform": "citizen_photo", "corp_id": "wwtest", "agent_id": 1, "secret": "s", "token": "t",
    "aes_key": "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
}  # fmt: skip
MEMBERS = "姓名,角色,单位,企业微信账号"


def bound(installation: Installation, userid: str) -> list[tuple[str, Role]]:
    """Who the member is, and in which roles."""
    with installation.database.glance() as session:
        query = (
            select(Person.name, Membership.role)
            .join(Membership, Membership.person_id == Person.id)
            .join(Identity, Identity.person_id == Person.id)
            .where(Identity.account == "work", Identity.openid == userid)
        )
        return [(name, role) for name, role in session.execute(query)]


def members(tmp_path: Path, *lines: str) -> str:
    file = tmp_path / "members.csv"
    file.write_text("\n".join([MEMBERS, *lines]), encoding="utf-8")
    return str(file)


def test_it_binds_members_of_the_company_without_any_code(run: Run, configure: Build, tmp_path: Path) -> None:
    here = configure(wecom=[WORK])

    result = run("people", "import", members(tmp_path, "张三,经办人,甸柳新村街道,ZhangSan", "周调度,调度员,,zhou"))

    assert result.exit_code == 0, result.output
    assert "0 codes; 0 were bound before; 2 bound on 企业微信 now" in result.output
    assert bound(here, "zhangsan") == [("张三", Role.OFFICER)]
    with here.database.glance() as session:
        told = list(session.scalars(select(OutboundMessage.text).order_by(OutboundMessage.id)))
    assert len(told) == 2
    assert "张三" in told[0]


def test_it_gives_whoever_is_bound_already_one_more_account(
    run: Run, configure: Build, stage: Stage, tmp_path: Path
) -> None:
    stage.officer("张三")
    here = configure(wecom=[WORK])

    once = run("people", "import", members(tmp_path, "张三,经办人,甸柳新村街道,ZhangSan"))
    twice = run("people", "import", members(tmp_path, "张三,经办人,甸柳新村街道,zhangsan"))

    assert "1 bound on 企业微信 now" in once.output
    assert "1 were bound before; 0 bound on 企业微信 now" in twice.output
    assert bound(here, "zhangsan") == [("张三", Role.OFFICER)]


@pytest.mark.parametrize(
    ("line", "reason"),
    [("张三,经办人,甸柳新村街道,ZhangSan", "0 apps"), ("张三,经办人,甸柳新村街道,张三", "不是企业微信账号")],
)
def test_it_imports_no_member_it_cannot_bind(run: Run, tmp_path: Path, line: str, reason: str) -> None:
    result = run("people", "import", members(tmp_path, line))

    assert result.exit_code != 0
    assert reason in result.output
