"""run.py photos compare, card, sheet: the pictures people are sent, as files."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from PIL import Image
from sqlalchemy import select

from bot.installation import Installation, installed
from models.photo import Fetch, Photo
from photos.layout import WIDTH
from tests.bot.test_run import one_line, run
from tests.photos.drawing import GREEN, RED, jpeg, reopened
from tests.stage import Stage

__all__ = ["run"]

Run = Callable[..., Result]


@pytest.fixture
def number(run: Run, stage: Stage) -> int:
    """A closed case with a red picture before and a green one after."""
    case = stage.reported_case()
    keep(stage.installation, RED)
    stage.close(case, stage.officer(), stage.dispatcher())
    keep(stage.installation, GREEN)
    return case


def keep(installation: Installation, colour: tuple[int, int, int]) -> None:
    """All that is awaited has come, and shows this colour."""
    data = jpeg(Image.new("RGB", (300, 400), colour))
    sha = hashlib.sha256(data).hexdigest()
    installed().vault.keep_original(data, sha)
    with installation.database.story() as session:
        for photo in session.scalars(select(Photo).where(Photo.state == Fetch.WAITING)):
            photo.state, photo.sha256, photo.next_try_at = Fetch.KEPT, sha, None


def test_it_draws_before_and_after(run: Run, number: int, tmp_path: Path) -> None:
    result = run("photos", "compare", str(number), "-o", str(tmp_path / "out.jpg"))

    image = reopened((tmp_path / "out.jpg").read_bytes())
    assert (result.exit_code, image.width) == (0, WIDTH)
    assert image.getpixel((WIDTH // 4, 450)) == pytest.approx(RED, abs=8)
    assert image.getpixel((WIDTH * 3 // 4, 450)) == pytest.approx(GREEN, abs=8)


def test_it_draws_a_card(run: Run, number: int, tmp_path: Path) -> None:
    result = run("photos", "card", str(number), "-o", str(tmp_path / "out.jpg"))

    assert result.exit_code == 0
    assert reopened((tmp_path / "out.jpg").read_bytes()).width == WIDTH


def test_it_puts_the_cases_of_a_unit_on_pages(run: Run, number: int, tmp_path: Path) -> None:
    where = ["--unit", "370102", "--platform", "citizen_photo", "--since", "2026-11-23", "--until", "2026-11-23"]

    result = run("photos", "sheet", *where, "--status", "closed", "-o", str(tmp_path / "out.pdf"))

    assert (result.exit_code, result.output) == (0, "1 cases\n")
    assert (tmp_path / "out.pdf").read_bytes().startswith(b"%PDF-1.4")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("compare", "99999"), "no case 99999"),
        (("card", "99999"), "no case 99999"),
        (("sheet", "--unit", "nowhere"), "no unit nowhere"),
        (("sheet", "--since", "2027-01-01"), "no case fits"),
    ],
)
def test_it_says_in_one_line_what_is_missing(run: Run, tmp_path: Path, words: tuple[str, ...], says: str) -> None:
    result = run("photos", *words, "-o", str(tmp_path / "out"))

    assert says in one_line(result)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("command", ["compare", "card", "sheet"])
def test_it_says_in_one_line_that_it_cannot_write(run: Run, number: int, tmp_path: Path, command: str) -> None:
    case = [] if command == "sheet" else [str(number)]

    result = run("photos", command, *case, "-o", str(tmp_path / "no folder" / "out"))

    assert "No such file or directory" in one_line(result)


def test_it_says_that_there_is_nothing_to_compare(run: Run, stage: Stage, tmp_path: Path) -> None:
    number = stage.reported_case()  # its photo is still being fetched

    result = run("photos", "compare", str(number), "-o", str(tmp_path / "out.jpg"))

    assert one_line(result) == f"case {number}: there is no picture to compare"
