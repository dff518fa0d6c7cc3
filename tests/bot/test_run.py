"""run.py: every command does its work, and what stops one is a line that says what to do."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result
from sqlalchemy import text

from bot.installation import CONFIG_VARIABLE, ROOT, Installation, installed
from models.unit import Unit
from run import cli
from tests.bot.conftest import Build
from tests.bot.inbox import leave_half_done, make_messages_due
from tests.bot.pushes import photo
from tests.conftest import write_config
from tests.stage import DIANLIU

Run = Callable[..., Result]


@pytest.fixture
def run(configure: Build, tmp_path: Path) -> Run:
    """Runs a command with the test's own settings file."""
    configure()

    def command(*words: str) -> Result:
        return CliRunner().invoke(cli, ["--config", str(tmp_path / "config.yaml"), *words])

    return command


@pytest.fixture
def run_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Runs a command on an empty database, which most of them have to do without."""
    write_config(tmp_path, f"sqlite:///{tmp_path / 'empty.db'}", "redis://127.0.0.1:1/0")
    monkeypatch.setenv(CONFIG_VARIABLE, "")  # put back afterwards, because run.py sets it
    installed.cache_clear()

    def command(*words: str) -> Result:
        return CliRunner().invoke(cli, ["--config", str(tmp_path / "config.yaml"), *words])

    yield command
    installed.cache_clear()


def one_line(result: Result) -> str:
    """What stopped it: one line, a code that is no success, and no traceback."""
    assert result.exit_code not in (0, None)
    assert result.exception is None or isinstance(result.exception, SystemExit)
    (line,) = [line for line in result.output.splitlines() if line.startswith("Error: ")]
    assert "Traceback" not in result.output
    return line.removeprefix("Error: ")


def change(tmp_path: Path, **changes: object) -> None:
    file = tmp_path / "config.yaml"
    tree = yaml.safe_load(file.read_text(encoding="utf-8")) | changes
    file.write_text(yaml.safe_dump(tree, allow_unicode=True), encoding="utf-8")
    installed.cache_clear()


def test_it_prints_where_a_report_would_go_and_why(run_alone: Run) -> None:
    result = run_alone("route", "甸柳新村垃圾桶满了", "--at", "36.659,117.0665")

    assert result.exit_code == 0
    assert f"({DIANLIU})" in result.output
    assert "垃圾" in result.output


def test_it_prints_a_decision_as_json(run_alone: Run) -> None:
    result = run_alone("route", "甸柳新村垃圾桶满了", "--json")

    assert json.loads(result.output)["unit"] == DIANLIU


def test_it_takes_a_pin_in_either_system(run_alone: Run) -> None:
    words = [run_alone("route", "垃圾", "--at", "36.659,117.0665", *more).output for more in ([], ["--wgs84"])]

    assert all("历下区" in said for said in words)


def test_it_routes_without_any_settings_at_all(tmp_path: Path) -> None:
    result = CliRunner().invoke(cli, ["--config", str(tmp_path / "none.yaml"), "route", "甸柳新村垃圾桶满了"])

    assert result.exit_code == 0
    assert DIANLIU in result.output


@pytest.mark.parametrize("at", ["here", "36.6", "36.6,117,3", "36.6;117"])
def test_it_asks_for_a_pin_it_can_read(run_alone: Run, at: str) -> None:
    assert "write --at 36.66,117.02" in one_line(run_alone("route", "垃圾", "--at", at))


def test_it_loads_the_units(run: Run, installation: Installation) -> None:
    result = run("load")

    assert result.exit_code == 0
    assert f"{len(installation.router.pack.units)} units loaded" in result.output
    with installation.database.glance() as session:
        assert session.get_one(Unit, DIANLIU).retired is False


def test_it_makes_a_code_that_binds(run: Run) -> None:
    result = run("invite", "officer", "--unit", DIANLIU, "--name", "张三", "--valid", "2h", "--uses", "3")

    assert result.exit_code == 0
    assert result.output.startswith("绑定 ")
    assert len(result.output.split()[1]) == 8


def test_it_retires_a_unit_the_pack_has_no_more(run: Run, installation: Installation) -> None:
    with installation.database.story() as session:
        session.add(Unit(code="000", name="旧局", short="旧局", tier="department", retired=False))
    run("load")

    with installation.database.story() as session:
        gone = session.get_one(Unit, "000")
        session.delete(gone)
        assert gone.retired is True


@pytest.mark.parametrize(("account", "reason"), [("qingdao", "no account 'qingdao'"), ("jinan", "连接微信失败")])
def test_it_says_why_there_is_no_qr_code(run: Run, account: str, reason: str) -> None:
    assert reason in one_line(run("invite", "dispatcher", "--qr", account))


def test_it_makes_no_code_for_a_unit_that_is_not_there(run: Run) -> None:
    assert "no unit has the code '999'" in one_line(run("invite", "officer", "--unit", "999"))


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["invite", "officer"], "no unit has the code None"),
        (["invite", "mayor"], "'mayor' is not one of"),
        (["invite", "dispatcher", "--valid", "soon"], "'soon' is not a duration"),
        (["invite", "dispatcher", "--uses", "0"], "0 is not in the range"),
        (["migrate", "no-such-revision"], "Can't locate revision"),
        (["demo", "--hour", "long"], "'long' is not a duration"),
        (["nonsense"], "No such command"),
    ],
)
def test_it_says_in_one_line_what_it_cannot_do(run_alone: Run, words: list[str], reason: str) -> None:
    assert reason in one_line(run_alone(*words))


@pytest.mark.parametrize("command", ["web", "worker", "migrate", "load", "check", "audit"])
def test_it_starts_nothing_with_bad_settings(run_alone: Run, tmp_path: Path, command: str) -> None:
    change(tmp_path, sure_from=7)

    words = one_line(run_alone(command))

    assert words.startswith(f"{tmp_path / 'config.yaml'}: sure_from: ")


@pytest.mark.parametrize("command", ["web", "worker", "load", "check", "audit"])
def test_it_starts_nothing_with_a_broken_data_pack(run_alone: Run, tmp_path: Path, command: str) -> None:
    change(tmp_path, data=str(tmp_path / "no-pack"))

    assert "no-pack" in one_line(run_alone(command))


@pytest.mark.parametrize("words", [["load"], ["audit"], ["invite", "dispatcher"]])
def test_it_says_what_a_database_needs(run_alone: Run, words: list[str]) -> None:
    said = one_line(run_alone(*words))

    assert said.startswith("database: no such table: ")
    assert said.endswith("was `run.py migrate` run?")


def test_it_migrates_an_empty_database_up_and_down(run_alone: Run) -> None:
    up, down = run_alone("migrate"), run_alone("migrate", "base", "--down")

    assert (up.exit_code, up.output) == (0, "the schema is up to date\n")
    assert down.exit_code == 0
    assert "difference(s) from the models" in down.output


def test_it_checks_and_says_what_is_bad(run: Run) -> None:
    before = run("check")
    run("invite", "dispatcher")

    assert before.exit_code == 1
    assert "BAD dispatchers: nobody hears" in before.output
    assert "ok  schema: up to date" in before.output


def test_it_audits_and_finds_what_was_lost(run: Run, installation: Installation) -> None:
    before = run("audit")
    leave_half_done(installation, photo())
    make_messages_due(installation)
    with installation.database.story() as session:
        session.execute(text("UPDATE inbound_messages SET kept_at = '2020-01-01 00:00:00'"))

    after = run("audit")

    assert before.exit_code == 0
    assert "journal: 0 entries, 0 broken" in before.output
    assert before.output.endswith("0 findings\n")
    assert after.exit_code == 1
    assert "inbound_stuck" in after.output


def test_it_is_a_program(tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "run.py"), "--config", str(tmp_path / "none.yaml"), "check"]

    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"Error: {tmp_path / 'none.yaml'}: cannot be read: No such file or directory\n"
