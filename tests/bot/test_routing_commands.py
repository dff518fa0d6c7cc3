"""run.py route and routing: where words would go and why, how good that is, what was learnt, and what is in use."""

import json
import re
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import update

from bot import routers
from bot.installation import ROOT, Installation, installed
from models.case import Case
from models.learning import TrainedModel
from models.workflow import Status
from routing.confidence import Curve
from routing.pack import load
from routing.table import ASK, COLUMNS, Example
from routing.training import CALIBRATION, HELD_OUT, LEARNING, OWN_AT_LEAST
from routing.what.learned import STARTER
from run import cli
from tests.bot.conftest import Build
from tests.bot.test_run import one_line
from tests.learnt import ODD_WORDS, RUBBISH, small_training
from tests.routing.test_training import INVENTED, LIGHT, PLAIN, reports
from tests.stage import DIANLIU, LIXIA, MORNING, Stage

Run = Callable[..., Result]
AT_HOME = "甸柳新村街道"


def table(file: Path, examples: list[Example]) -> Path:
    """The examples as a TSV that people could have written."""
    rows = ("\t".join(_cells(example)) for example in examples)
    file.write_text("\n".join(["\t".join(COLUMNS), *rows]), "utf-8")
    return file


def _cells(example: Example) -> list[str]:
    answers = {name: getattr(example, name) for name in ("category", "district", "street", "unit")}
    cells = dict.fromkeys(COLUMNS, "") | answers | {"text": example.finding.text}
    return [cells[column] for column in COLUMNS]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Jinan's pack without what it has learnt, and with few reports, so that learning takes a moment only."""
    folder = tmp_path / "data" / "jinan"
    shutil.copytree(ROOT / "data" / "jinan", folder, ignore=shutil.ignore_patterns(STARTER, "reports"))
    (folder / "reports" / "sentences").mkdir(parents=True)
    learning = reports(PLAIN)
    for name, examples in {LEARNING: learning, CALIBRATION: reports(INVENTED), HELD_OUT: learning[::4]}.items():
        table(folder / "reports" / name, examples)
    return folder


@pytest.fixture
def run(configure: Build, folder: Path, tmp_path: Path) -> Run:
    """Runs a command on an installation with that pack."""
    configure(data=str(folder))

    def command(*words: str) -> Result:
        return CliRunner().invoke(cli, ["--config", str(tmp_path / "config.yaml"), *words])

    return command


def said(result: Result) -> str:
    assert result.exit_code == 0, result.output
    return result.output


def restart() -> None:
    """What the next command finds is read anew, as by a process of its own."""
    installed().database.engine.dispose()
    installed().redis.close()
    installed.cache_clear()


def keep(installation: Installation, weight: float = 0.5) -> str:
    with installation.database.story() as session:
        return routers.keep(session, small_training(weight), installation.router.pack, MORNING)


def spoil(installation: Installation) -> None:
    with installation.database.story() as session:
        session.execute(update(TrainedModel).values(content=b"no version at all"))


def in_use(installation: Installation) -> str:
    with installation.database.glance() as session:
        return routers.in_use(session)


def closed(installation: Installation, examples: list[Example]) -> None:
    """Cases that were closed with these categories, as if dispatchers had done it."""
    with installation.database.story() as session:
        for example in examples:
            facts = {"category": example.category, "district": LIXIA, "street": DIANLIU, "place": "", "channel": ""}
            case = Case(status=Status.CLOSED, text=example.finding.text, opened_at=MORNING, **facts)
            session.add(case)


def test_it_prints_the_unit_with_every_reason_and_the_rule(run: Run) -> None:
    lines = said(run("route", f"{AT_HOME}一堆垃圾没人管")).splitlines()

    assert lines[0] == f"甸柳新村街道 ({DIANLIU})"
    assert [line[:2] for line in lines[1:4]] == ["类别", "地点", "责任"]
    assert re.search(r"把握：\d+%（规则 data/jinan/routes\.yaml:\d+）", lines[4])
    assert "协办：市城市管理局 (dept-urban)" in lines
    assert any(line.startswith("备选：历下区") for line in lines)


def test_it_names_the_version_and_what_that_has_learnt(run: Run, installation: Installation) -> None:
    version = keep(installation)
    run("routing", "use", version)

    words = said(run("route", f"{AT_HOME}{ODD_WORDS}"))

    assert f"模型 {version}）" in words
    assert "学到的“" in words
    assert "是「暴露垃圾」" in words


def test_it_routes_by_the_hour_that_is_asked_about(run: Run) -> None:
    day, night = (said(run("route", f"{AT_HOME}噪音扰民", "--when", when)) for when in ("14:00", "23:30"))

    assert day.splitlines()[0] == night.splitlines()[0] == "市公安局 (dept-police)"
    assert re.findall(r"routes\.yaml:\d+", day) != re.findall(r"routes\.yaml:\d+", night)


def test_it_takes_the_pin_for_the_place(run: Run) -> None:
    words = said(run("route", "一堆垃圾没人管", "--at", "36.659,117.0665"))

    assert words.splitlines()[0] == f"历下区 ({LIXIA})"


def test_it_prints_everything_as_json(run: Run, installation: Installation) -> None:
    version = keep(installation)
    run("routing", "use", version)

    decision = json.loads(said(run("route", f"{AT_HOME}{ODD_WORDS}", "--json")))

    assert (decision["unit"], decision["category"], decision["model"]) == (DIANLIU, RUBBISH, version)
    assert {"confidence", "raw", "rule", "why", "alternatives", "further", "candidates"} <= set(decision)


@pytest.mark.parametrize("when", ["late", "25:00", "23:30:99"])
def test_it_asks_for_an_hour_it_can_read(run: Run, when: str) -> None:
    assert "write --when 23:30" in one_line(run("route", "一堆垃圾", "--when", when))


def test_it_prints_coverage_against_accuracy_and_what_follows(run: Run, tmp_path: Path) -> None:
    file = table(tmp_path / "mine.tsv", reports(PLAIN))

    lines = said(run("routing", "evaluate", "--table", str(file))).splitlines()

    steps = [line.split() for line in lines if re.match(r"\s+0\.\d\d ", line)]
    assert lines[0].startswith("60 reports, pack ")
    assert lines[0].endswith("version lexicon")
    assert lines[1].startswith("right: category 100.0% · street 100.0% · district 100.0% · unit 100.0%")
    assert [step[0] for step in steps] == [f"0.{n}" for n in range(50, 100, 10)]
    assert any(re.match(r"sure_from: 0\.\d+   # 100.0% go out, 100.0% of them rightly", line) for line in lines)


def test_it_names_what_was_taken_for_something_else_and_by_which_rule(run: Run, tmp_path: Path) -> None:
    confused = [Example(one.finding, LIGHT, LIXIA, DIANLIU, DIANLIU) for one in reports({RUBBISH: PLAIN[RUBBISH]})]
    misled = [Example(one.finding, RUBBISH, LIXIA, DIANLIU, "dept-urban") for one in reports({RUBBISH: "一堆垃圾"})]
    file = table(tmp_path / "mine.tsv", [*confused, *misled])

    words = said(run("routing", "evaluate", "--table", str(file)))

    assert "no threshold sends anything with 95% right: leave it all to dispatchers" in words
    assert f"taken for another 12 times: 路灯 ({LIGHT}) → 暴露垃圾 ({RUBBISH})" in words
    assert re.search(r"right category, wrong unit 12 times: data/jinan/routes\.yaml:\d+", words)


def test_it_judges_by_the_pack_s_own_held_out_reports_where_no_table_is_given(run: Run) -> None:
    assert said(run("routing", "evaluate")).startswith("15 reports, ")


@pytest.mark.parametrize("by_name", [True, False], ids=["by name", "in use"])
def test_it_evaluates_a_kept_version(run: Run, installation: Installation, by_name: bool) -> None:
    version = keep(installation)
    if not by_name:
        run("routing", "use", version)

    words = said(run("routing", "evaluate", *(["--version", version] if by_name else [])))

    assert f"version {version}" in words.splitlines()[0]


def test_it_judges_by_what_dispatchers_said(run: Run, stage: Stage) -> None:
    number = stage.reported_case(words=f"{AT_HOME}说不清")
    dispatcher = stage.dispatcher()
    dispatcher.says(f"派单 {number} {AT_HOME}")

    assert said(run("routing", "evaluate", "--cases")).startswith("1 reports, ")


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["routing", "evaluate", "--cases"], "no dispatcher has said anything about a case yet"),
        (["routing", "evaluate", "--version", "abc"], "there is no version 'abc'; see `run.py routing versions`"),
        (["routing", "evaluate", "--table", "nowhere.tsv"], "'nowhere.tsv' does not exist"),
        (["routing", "use", "abc"], "there is no version 'abc'; see `run.py routing versions`"),
        (["routing", "train"], f"0 cases are closed or labelled by dispatchers; {OWN_AT_LEAST} are the least"),
    ],
)
def test_it_says_in_one_line_what_it_cannot_do(run: Run, words: list[str], reason: str) -> None:
    assert reason in one_line(run(*words))


def test_it_names_the_row_of_a_table_it_cannot_read(run: Run, tmp_path: Path) -> None:
    file = table(tmp_path / "mine.tsv", [*reports(PLAIN), Example(reports(PLAIN)[0].finding, "", "", "", "nobody")])

    words = one_line(run("routing", "evaluate", "--table", str(file)))

    assert words.endswith("mine.tsv:62: unknown unit 'nobody'")


def test_it_lists_every_version_and_marks_the_one_in_use(run: Run, installation: Installation) -> None:
    first, second = keep(installation), keep(installation, weight=0.7)
    before = said(run("routing", "versions")).splitlines()
    run("routing", "use", first)

    after = said(run("routing", "versions")).splitlines()

    assert before[0] == "* starter\tthis pack has none"
    assert [line[:2] for line in after] == ["  ", "  ", "* "]
    assert [line[2:14] for line in after[1:]] == [second, first]
    assert "sentences=9" in after[1]


def test_it_changes_the_version_and_goes_back(run: Run, installation: Installation) -> None:
    version = keep(installation)
    used = []

    for name in (version, routers.LEXICON, version, routers.STARTER):
        words = said(run("routing", "use", name))
        used.append(
            (in_use(installation), words.startswith(f"{name} is in use; every process takes it up within 30"))
        )

    assert used == [(version, True), (routers.LEXICON, True), (version, True), (routers.STARTER, True)]


@pytest.mark.parametrize("words", [["route", f"{AT_HOME}一堆垃圾"], ["routing", "evaluate"]])
def test_it_stops_in_one_line_at_a_broken_version_and_the_check_says_which(
    run: Run, installation: Installation, words: list[str]
) -> None:
    version = keep(installation)
    run("routing", "use", version)
    spoil(installation)

    stopped, check = run(*words), run("check")

    assert "no trained version" in one_line(stopped)
    assert f"BAD routing: {version}: these bytes are no trained version" in check.output


def test_it_says_how_many_cases_are_still_missing(run: Run, installation: Installation) -> None:
    closed(installation, reports(INVENTED)[: OWN_AT_LEAST - 1])

    words = one_line(run("routing", "train"))

    assert words == "49 cases are closed or labelled by dispatchers; 50 are the least to learn from"


def test_it_learns_from_closed_cases_and_routes_with_it_when_told(run: Run, installation: Installation) -> None:
    closed(installation, reports(INVENTED))

    words = said(run("routing", "train", "--use"))

    version = in_use(installation)
    with installation.database.glance() as session:
        (row,) = routers.kept(session)
    assert words.splitlines()[-1] == f"{version} is in use"
    assert (row.version, row.measures["reports"], row.measures["sentences"]) == (version, 120, 60)
    assert row.measures["units_right"] > row.measures["units_right_by_lexicon"]
    assert abs(row.trained_at - datetime.now(UTC)) < timedelta(minutes=5)


def test_it_only_keeps_what_it_learnt_when_nothing_else_was_said(run: Run, installation: Installation) -> None:
    closed(installation, reports(INVENTED))

    last = said(run("routing", "train")).splitlines()[-1]

    (version,) = re.findall(r"^(\w{12}) is kept; `run\.py routing use \1` routes with it$", last)
    assert in_use(installation) == routers.STARTER
    assert version in said(run("routing", "versions"))


def test_it_says_when_learning_does_not_help(run: Run, installation: Installation, folder: Path) -> None:
    table(folder / "reports" / CALIBRATION, reports(PLAIN))
    closed(installation, [Example(one.finding, one.category, LIXIA, DIANLIU, ASK) for one in reports(PLAIN)])

    assert "the lexicon alone does as well" in one_line(run("routing", "train"))


def test_it_writes_a_pack_s_own_version_and_calibration(run: Run, folder: Path) -> None:
    (folder / "confidence.yaml").write_text('corners: ["0 0.5", "1 0.5"]', "utf-8")
    words = said(run("routing", "train", "--starter"))
    restart()

    listed = said(run("routing", "versions")).splitlines()[0]
    (version,) = re.findall(r"starter\.model (\w{12}) and confidence\.yaml were written into", words)
    assert listed == f"* starter\t{version}"
    assert f"模型 {version}）" in said(run("route", f"{AT_HOME}楼下夜明杆好几天了"))
    # No word of the reports is in the lexicon: there was nothing to measure it by.
    assert load(folder).curve == Curve()


def test_it_looks_again_at_the_waiting_cases_and_counts_them(
    run: Run, stage: Stage, installation: Installation
) -> None:
    stage.reported_case(words=ODD_WORDS)
    stage.reported_case()
    run("routing", "rerun")  # the stage may have had a version that this pack has not
    nothing_new = said(run("routing", "rerun"))
    run("routing", "use", keep(installation))
    restart()

    again = said(run("routing", "rerun"))

    assert nothing_new == "1 cases wait for a dispatcher; 0 have other suggestions now\n"
    assert again == "1 cases wait for a dispatcher; 1 have other suggestions now\n"
    assert stage.case(stage.cases()[0].id).category == RUBBISH
