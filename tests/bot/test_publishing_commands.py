"""run.py photos publish, withdraw, list: the same rules as on the page, without a person."""

from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from run import cli
from tests.bot.conftest import Build
from tests.bot.gallery import Gallery

PUBLIC_URL = "https://chuangcheng.example.cn/"
Run = Callable[..., Result]


@pytest.fixture
def gallery(configure: Build) -> Gallery:
    return Gallery(configure(web={"public_url": PUBLIC_URL}))


@pytest.fixture
def run(gallery: Gallery, monkeypatch: pytest.MonkeyPatch) -> Run:
    # The group notes which settings it was given; the installation is the test's own already.
    monkeypatch.setenv("SUPERVISION_CONFIG", "config.yaml")
    return lambda *words: CliRunner().invoke(cli, ["photos", *map(str, words)])


def path(result: Result) -> str:
    return "/" + str(result.output).strip().removeprefix(PUBLIC_URL)


def test_it_publishes_and_shows_where(gallery: Gallery, run: Run) -> None:
    published = run("publish", gallery.photo, "--box", "0.1,0.2,0.2,0.2", "--box", "0.6,0.2,0.2,0.2")

    assert published.exit_code == 0
    assert gallery.browser.get(path(published)).status_code == 200
    (row,) = gallery.publications()
    assert (row.by, row.boxes) == (None, {"boxes": [[0.1, 0.2, 0.2, 0.2], [0.6, 0.2, 0.2, 0.2]]})


def test_it_takes_it_back_and_says_so_in_the_list(gallery: Gallery, run: Run) -> None:
    published = run("publish", gallery.photo, "--nothing-to-hide")
    listed = run("list", gallery.case)

    withdrawn = run("withdraw", gallery.photo, "--because", "有群众要求")

    assert listed.output.strip().endswith(published.output.strip())
    assert withdrawn.exit_code == 0
    assert gallery.browser.get(path(published)).status_code == 404
    assert run("list", gallery.case).output.strip().endswith("有群众要求")
    assert run("withdraw", gallery.photo, "--because", "再来").exit_code == 1


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "--nothing-to-hide"),
        (("--nothing-to-hide", "--box", "0.1,0.1,0.2,0.2"), "not both"),
        (("--box", "0.1,0.1,0.2"), "four numbers"),
        (("--box", "0.9,0.1,0.2,0.2"), "inside the picture"),
        (("--box", "a,b,c,d"), "could not convert"),
        (("--nothing-to-hide", "--case", "999999"), "no such photo"),
    ],
)
def test_it_publishes_nothing_when_it_is_not_told_well(
    gallery: Gallery, run: Run, words: tuple[str, ...], told: str
) -> None:
    result = run("publish", gallery.photo, *words)

    assert result.exit_code != 0
    assert told in result.output
    assert gallery.publications() == []


def test_it_knows_no_photo_that_is_not_there(run: Run) -> None:
    result = run("publish", 999_999, "--nothing-to-hide")

    assert result.exit_code == 1
    assert "no photo 999999" in result.output


def test_it_lists_no_case_that_is_not_there(run: Run) -> None:
    result = run("list", 999_999)

    assert result.exit_code == 1
    assert "no case 999999" in result.output
