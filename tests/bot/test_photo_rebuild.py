"""run.py photos rebuild: what photos lack is made again from their originals, and nothing else changes."""

from collections.abc import Callable
from hashlib import sha256

import pytest
from click.testing import Result
from PIL import Image
from sqlalchemy import select

from bot import photo_keeping
from bot.installation import installed
from bot.likeness_index import KnownPhotos
from models.photo import Fetch, Photo
from photos.intake import COPIES, PhotoRefused, take
from photos.storage import PhotoMissing, Tree
from tests.bot.test_run import run
from tests.photos.drawing import animation, jpeg, picture, talkative_jpeg
from tests.stage import Stage

__all__ = ["run"]

Run = Callable[..., Result]


def kept(stage: Stage, *originals: bytes) -> list[int]:
    """Photos as earlier versions kept them: original and facts, and nothing made of them. Returns their rows."""
    citizen = stage.citizen()
    for n in range(len(originals)):
        citizen.photo(f"media-{n}")
    with stage.installation.database.story() as session:
        photos = list(session.scalars(select(Photo).where(Photo.state == Fetch.WAITING).order_by(Photo.id)))
        for photo, data in zip(photos, originals, strict=True):
            installed().vault.keep_original(data, sha256(data).hexdigest())
            photo.state, photo.next_try_at, photo.sha256 = Fetch.KEPT, None, sha256(data).hexdigest()
        return [photo.id for photo in photos]


def row(stage: Stage, photo_id: int) -> Photo:
    with stage.installation.database.glance() as session:
        return session.get_one(Photo, photo_id)


def test_it_makes_what_photos_of_earlier_versions_lack(run: Run, stage: Stage) -> None:
    data = talkative_jpeg()
    (photo_id,) = kept(stage, data)

    result = run("photos", "rebuild")

    photo, made = row(stage, photo_id), take(data)
    assert (result.exit_code, result.output.splitlines()[-1]) == (0, "1 photos looked at, 0 could not be made again")
    assert (photo.fingerprint, photo.looks) == (made.fingerprint, made.looks.as_json())
    assert {name: installed().vault.copy(photo.sha256, name) for name in COPIES} == made.copies


def test_it_lets_old_photos_be_known_again_also_where_a_worker_is_running(run: Run, stage: Stage) -> None:
    known = KnownPhotos()
    (photo_id,) = kept(stage, jpeg())
    with stage.installation.database.glance() as session:
        before = known.refresh(session)

    run("photos", "rebuild")

    with stage.installation.database.glance() as session:
        after = known.refresh(session)
    (match,) = known.nearest(row(stage, photo_id).fingerprint or b"")
    assert (before, after) == (0, 1)
    assert match.id == photo_id


def test_it_makes_a_photo_once_that_came_with_several_reports(run: Run, stage: Stage) -> None:
    data = jpeg()
    photos = kept(stage, data, data)

    result = run("photos", "rebuild")

    assert [row(stage, photo_id).fingerprint for photo_id in photos] == [take(data).fingerprint] * 2
    assert "1 of 1 photos" in result.output


@pytest.mark.parametrize(("option", "changed"), [("--missing", False), ("--all", True)])
def test_it_makes_again_what_is_there_only_when_asked(run: Run, stage: Stage, option: str, changed: bool) -> None:
    (photo_id,) = kept(stage, jpeg())
    run("photos", "rebuild")
    key = row(stage, photo_id).sha256
    installed().vault.keep_copy(key, "thumb", b"as an older version made it")

    run("photos", "rebuild", option)

    assert (installed().vault.copy(key, "thumb") != b"as an older version made it") is changed


def test_it_makes_a_copy_that_got_lost(run: Run, stage: Stage) -> None:
    (photo_id,) = kept(stage, jpeg())
    run("photos", "rebuild")
    key = row(stage, photo_id).sha256
    installed().vault.remove(Tree.COPIES, key)

    run("photos", "rebuild")

    assert all(installed().vault.has(key, name) for name in COPIES)


def test_it_goes_on_past_what_cannot_be_made_and_ends_with_1(run: Run, stage: Stage) -> None:
    moving, lost, good = kept(stage, animation("GIF"), jpeg(comment=b"lost"), jpeg())
    installed().vault.remove(Tree.ORIGINALS, row(stage, lost).sha256)

    result = run("photos", "rebuild")

    assert (result.exit_code, "3 photos looked at, 2 could not be made again" in result.output) == (1, True)
    assert f"photo {moving} " in result.output
    assert f"photo {lost} " in result.output
    assert row(stage, good).fingerprint is not None
    assert row(stage, moving).fingerprint is None


def test_it_goes_on_where_an_earlier_run_stopped(run: Run, stage: Stage) -> None:
    first, second = kept(stage, jpeg(), jpeg(picture(40, 40)))

    run("photos", "rebuild", "--after", str(first))

    assert row(stage, first).fingerprint is None
    assert row(stage, second).fingerprint is not None


def test_it_leaves_alone_what_has_been_erased(run: Run, stage: Stage) -> None:
    (photo_id,) = kept(stage, jpeg())
    with stage.installation.database.story() as session:
        session.get_one(Photo, photo_id).state = Fetch.ERASED

    run("photos", "rebuild", "--all")

    assert list(installed().vault.files(Tree.COPIES)) == []


def test_it_shows_a_copy_that_is_not_there_yet_and_keeps_it(run: Run, stage: Stage) -> None:
    (photo_id,) = kept(stage, talkative_jpeg())
    key = row(stage, photo_id).sha256

    shown = photo_keeping.shown(installed().vault, key)

    assert shown == installed().vault.copy(key, "screen") == take(talkative_jpeg()).copies["screen"]


def test_it_shows_nothing_where_there_is_no_original(run: Run) -> None:
    with pytest.raises(PhotoMissing):
        photo_keeping.shown(installed().vault, sha256(b"").hexdigest())


def test_it_keeps_nothing_of_a_photo_that_is_refused(run: Run) -> None:
    data = jpeg(Image.effect_noise((200, 200), 50).convert("RGB"))[:-200]

    with pytest.raises(PhotoRefused):
        photo_keeping.keep(installed().vault, data)

    assert [list(installed().vault.files(tree)) for tree in Tree] == [[], [], []]
