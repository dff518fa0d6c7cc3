"""run.py score paper | verify."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from run import cli
from tests.bot.conftest import Build
from tests.scoring.made_tables import CORRECTION, kept

Run = Callable[..., Result]
NO_TABLES: list[Any] = [[], {}, 1, "x", {**kept(), "rows": []}, {**kept(), "rules": {}}, {**kept(), "tier": 1}]
NOWHERE = [("verify", "nowhere.json"), ("verify", "999"), ("paper", "999", "a.pdf"), ("paper", "1", "a.exe")]


@pytest.fixture
def run(configure: Build, tmp_path: Path) -> Run:
    """Runs a command with the test's own settings file."""
    configure()

    def command(*words: str) -> Result:
        return CliRunner().invoke(cli, ["--config", str(tmp_path / "config.yaml"), "score", *words])

    return command


def written(folder: Path, table: Any) -> str:
    file = folder / "ranking.json"
    file.write_text(json.dumps(table, ensure_ascii=False), "utf-8")
    return str(file)


def test_it_proves_a_published_file_genuine_whatever_was_corrected(run: Run, tmp_path: Path) -> None:
    table = kept(corrections=[CORRECTION])

    result = run("verify", written(tmp_path, table))
    assert (result.exit_code, result.output.strip()) == (0, table["digest"])


def changed(table: dict[str, Any], what: str) -> dict[str, Any]:
    match what:
        case "score":
            table["rows"]["rows"][0]["score"] = "99.99"
        case "a last digit":
            table["rows"]["rows"][0]["parts"]["claim"]["rate"] += 1e-15
        case "rules":
            table["rules"]["pull"] = 0.0
        case "version":
            table["rules_version"] = "0" * 16
        case "period":
            table["ends_on"] = "2026-12-02"
    return table


@pytest.mark.parametrize("what", ["score", "a last digit", "rules", "version", "period"])
def test_it_finds_whatever_was_changed(run: Run, tmp_path: Path, what: str) -> None:
    result = run("verify", written(tmp_path, changed(kept(), what)))

    assert result.exit_code == 1
    assert "is not what was frozen" in result.output


@pytest.mark.parametrize("table", NO_TABLES)
def test_it_says_of_anything_else_that_it_is_none(run: Run, tmp_path: Path, table: Any) -> None:
    result = run("verify", written(tmp_path, table))

    assert result.exit_code == 1
    assert result.output.startswith("Error: ")
    assert "Traceback" not in result.output


@pytest.mark.parametrize("words", NOWHERE)
def test_it_says_in_one_line_what_there_is_not(run: Run, words: tuple[str, ...]) -> None:
    result = run(*words)

    assert result.exit_code == 1
    assert len(result.output.splitlines()) == 1
