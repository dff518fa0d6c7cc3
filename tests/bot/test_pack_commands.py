"""run.py pack: the editions of the rules from the command line."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.installation import ROOT
from routing.pack import EDITABLE, shipped
from run import cli
from tests.bot.conftest import Build
from tests.bot.test_run import one_line

FOLDER = ROOT / "data" / "jinan"
Run = Callable[..., Result]


@pytest.fixture
def run(configure: Build, tmp_path: Path) -> Run:
    """Runs a command with the test's own settings file."""
    configure()

    def command(*words: str) -> Result:
        return CliRunner().invoke(cli, ["--config", str(tmp_path / "config.yaml"), *words])

    return command


def said(result: Result) -> str:
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., str]:
    """A file as somebody edited it."""

    def write(old: str, new: str, name: str = "categories.yaml") -> str:
        text = shipped(FOLDER, name)
        assert old in text
        (tmp_path / name).write_text(text.replace(old, new, 1), "utf-8")
        return str(tmp_path / name)

    return write


def kept(run: Run, file: str) -> str:
    return said(run("pack", "check", file, "--keep", "why")).split()[-1]


def test_it_lists_what_is_in_use(run: Run, write: Callable[..., str]) -> None:
    before = said(run("pack", "list")).splitlines()
    number = kept(run, write("name: 暴露垃圾,", "name: 露天垃圾,"))
    said(run("pack", "use", number, "--note", "the city says so"))

    after = said(run("pack", "list", "categories.yaml")).splitlines()

    assert before == [f"{file}: as it came" for file in EDITABLE]
    assert after[0] == f"categories.yaml: edition {number}"
    assert after[1].startswith(f"* {number}\t")
    assert after[1].endswith("\tthe city says so")


def test_it_routes_by_what_was_put_in_use_and_goes_back(run: Run, write: Callable[..., str]) -> None:
    number = kept(run, write("name: 暴露垃圾,", "name: 露天垃圾,"))
    words = "甸柳新村街道一堆垃圾没人管"
    reasons = [said(run("route", words))]

    for command in (["use", number], ["back", "categories.yaml"], ["back", "categories.yaml"], ["back", "--shipped"]):
        name = ["categories.yaml"] if command[-1] == "--shipped" else []
        said(run("pack", *command, *name))
        reasons.append(said(run("route", words)))

    assert ["「露天垃圾」" in reason for reason in reasons] == [False, True, False, True, False]


def test_it_shows_an_edition_and_what_is_in_use(run: Run, write: Callable[..., str]) -> None:
    number = kept(run, write("name: 暴露垃圾,", "name: 露天垃圾,"))

    assert "name: 露天垃圾," in said(run("pack", "show", number))
    assert said(run("pack", "show", "categories.yaml")) == shipped(FOLDER, "categories.yaml")


def test_it_says_what_is_wrong_with_a_file(run: Run, write: Callable[..., str]) -> None:
    words = one_line(run("pack", "check", write("lead: street", "lead: nobody")))

    assert words.startswith("data/jinan/categories.yaml:")
    assert words.endswith("unknown lead 'nobody' (known: department, district, street)") or "unknown lead" in words


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["use", "99"], "there is no edition 99; see `run.py pack list`"),
        (["show", "99"], "there is no edition 99; see `run.py pack list`"),
        (["show", "units.yaml"], "'units.yaml' cannot be edited; there are: categories.yaml, "),
        (["back", "routes.yaml"], "nothing but the file itself was ever in use for routes.yaml"),
    ],
)
def test_it_says_in_one_line_what_it_cannot_do(run: Run, words: list[str], reason: str) -> None:
    assert reason in one_line(run("pack", *words))


def test_it_does_not_put_a_draft_over_what_came_between(run: Run, write: Callable[..., str]) -> None:
    first = kept(run, write("name: 暴露垃圾,", "name: 露天垃圾,"))
    second = kept(run, write("name: 暴露垃圾,", "name: 垃圾,"))
    said(run("pack", "use", first))

    assert f"categories.yaml has changed since: edition {first} is newer" in one_line(run("pack", "use", second))
