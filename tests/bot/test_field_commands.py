"""`run.py field …`: rounds, the repeated draw, and files, from the command line."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot import field_commands
from bot.field_commands import field
from models.score import FieldVisit
from tests.handlers.field.rounds_played import at_desk, made, visits
from tests.stage import Stage


@pytest.fixture
def run(stage: Stage, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """The commands on the stage's installation."""
    monkeypatch.setattr(field_commands, "installed", lambda: stage.installation)

    def play(*words: str) -> Result:
        return CliRunner().invoke(field, list(words))

    return play


def test_it_draws_a_round_again_and_says_when_it_comes_out_otherwise(stage: Stage, run) -> None:  # type: ignore[no-untyped-def]
    stage.assessor()
    number = str(made(stage, points_each=1, closed=None).id)

    right = run("draw", number)
    at_desk(stage, lambda desk: desk.session.delete(desk.session.get_one(FieldVisit, visits(stage)[0].id)))
    wrong = run("draw", number)

    assert (right.exit_code, wrong.exit_code) == (0, 1)
    assert "point/crossing\t点位 · 路口\t1 wanted, 1 drawn of 34" in right.output
    assert "NOT what the seed draws" in wrong.output
    assert "0/14" in run("list").output


def test_it_imports_nothing_of_a_file_with_problems_and_all_of_a_good_one(stage: Stage, run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    stage.assessor()
    number = str(made(stage, points_each=1, closed=None).id)
    bad, good = tmp_path / "bad.csv", tmp_path / "good.csv"
    bad.write_text("点位,单位,得分\n泉城广场,历下区,101\n", encoding="utf-8")
    good.write_text("点位,单位,得分,问题\n新点位,历下区,91,烟头\n", encoding="utf-8")

    refused, tried = (
        run("import", str(bad), "--round", number),
        run("import", str(good), "--round", number, "--dry-run"),
    )
    before = len(visits(stage))
    taken = run("import", str(good), "--round", number)

    assert (refused.exit_code, tried.exit_code, taken.exit_code) == (1, 0, 0)
    assert "第2行 得分" in refused.output
    assert "nothing was imported" in tried.output
    assert [visit.result for visit in visits(stage)[before:]] == [91.0]
    assert run("import", str(good)).exit_code == 1
