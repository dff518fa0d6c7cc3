"""公开页: what a link lets somebody do, what it refuses, and what the public gets to see."""

import hashlib
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops
from sqlalchemy import select, update

from bot import jobs, publishing
from bot.installation import utc_now
from handlers import publishing as retention
from models.deletion import Deletion, Destroyed
from models.photo import Fetch, Photo
from photos.redact import boxes_of, public_copy
from photos.storage import Tree
from tests.bot.conftest import Build
from tests.bot.gallery import FACE, SECRET, Gallery, street

PUBLIC_URL = "https://chuangcheng.example.cn/"


@pytest.fixture
def gallery(build: Build) -> Gallery:
    return Gallery(build(web={"public_url": PUBLIC_URL}))


def public_files(gallery: Gallery) -> set[str]:
    return {file.sha256 for file in gallery.installation.vault.files(Tree.PUBLIC)}


def test_it_shows_a_page_of_its_own_with_nothing_from_elsewhere(gallery: Gallery) -> None:
    answer = gallery.browser.get(f"/publish/{gallery.token()}")

    assert answer.status_code == 200
    assert f"编号 {gallery.case}" in answer.text
    assert "built-in" not in answer.text  # a word named like a method of dict
    assert not re.search(r"""(?:src|href)=["']?(?:https?:)?//|<script>|<style>|\son\w+=|\sstyle=""", answer.text)
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["", "/picture.jpg", "/proposals"])
def test_it_lets_nobody_keep_what_a_link_shows(gallery: Gallery, path: str) -> None:
    answer = gallery.browser.get(f"/publish/{gallery.token()}{path}")

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_it_shows_the_dispatcher_a_copy_without_metadata(gallery: Gallery) -> None:
    data = gallery.browser.get(f"/publish/{gallery.token()}/picture.jpg").data

    assert Image.open(BytesIO(data)).size == (800, 600)
    assert SECRET in street()
    assert SECRET not in data


def test_it_publishes_exactly_what_was_looked_at(gallery: Gallery) -> None:
    looked_at = gallery.post("preview").data

    answer = gallery.browser.get(gallery.publishes(FACE))

    assert answer.data == looked_at
    assert answer.content_type == "image/jpeg"
    (row,) = gallery.publications()
    assert (row.boxes, row.by, row.case_id) == (
        {"boxes": [FACE]}, gallery.person(gallery.dispatcher), gallery.case,
    )  # fmt: skip


def test_it_publishes_nothing_that_was_not_looked_at(gallery: Gallery) -> None:
    seen = gallery.post("preview").headers["X-Picture"]

    other = gallery.post("confirm", seen=seen, boxes=[[0.5, 0.2, 0.2, 0.2]])
    unseen = gallery.post("confirm")

    assert [other.status_code, unseen.status_code] == [409, 409]
    assert gallery.publications() == []
    assert public_files(gallery) == set()


def test_it_wants_to_hear_that_there_is_nothing_to_hide(gallery: Gallery) -> None:
    silent = gallery.post("preview", boxes=[])
    said = gallery.post("preview", boxes=[], nothing_to_hide=True)

    assert (silent.status_code, said.status_code) == (400, 200)
    assert "没有需要遮挡" in silent.get_json()["problem"]


@pytest.mark.parametrize("boxes", [None, "all", [[0, 0, 2, 2]], [[0.1, 0.1, 0.2]], [[0, 0, 1, 1]] * 101])
@pytest.mark.parametrize("step", ["preview", "confirm"])
def test_it_takes_no_boxes_that_are_none(gallery: Gallery, step: str, boxes: Any) -> None:
    assert gallery.post(step, boxes=boxes, nothing_to_hide=True).status_code == 400


BAD_TOKENS: dict[str, Callable[[Gallery], str]] = {
    "none": lambda gallery: "x",
    "changed": lambda gallery: gallery.token()[:-1] + "g",
    "over": lambda gallery: gallery.token(until=datetime.now(UTC) - timedelta(seconds=1)),
    "no dispatcher": lambda gallery: gallery.token(gallery.stage.officer()),
    "no such photo": lambda gallery: gallery.token(photo_id=999_999),
    "no such case": lambda gallery: gallery.token(case_id=999_999),
    "nobody": lambda gallery: gallery.token(person_id=999_999),
}


@pytest.mark.parametrize("why", BAD_TOKENS)
def test_it_refuses_whoever_may_not(gallery: Gallery, why: str) -> None:
    token = BAD_TOKENS[why](gallery)

    got = [gallery.browser.get(f"/publish/{token}{path}").status_code for path in ("", "/picture.jpg", "/proposals")]
    posted = [gallery.post(step, token=token, seen="x").status_code for step in ("preview", "confirm", "withdraw")]

    assert got == [403] * 3
    assert posted == [403] * 3


def test_it_asks_for_the_role_again_at_every_step(gallery: Gallery) -> None:
    token, seen = gallery.token(), gallery.post("preview").headers["X-Picture"]
    gallery.stage.leave(gallery.dispatcher)

    answer = gallery.post("confirm", token=token, seen=seen)

    assert (answer.status_code, gallery.publications()) == (403, [])


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
def test_it_takes_nothing_that_another_site_sends(gallery: Gallery, site: str) -> None:
    answer = gallery.post("preview", headers={"Sec-Fetch-Site": site})

    assert answer.status_code == 403


@pytest.mark.parametrize("body", ["[" * 50_000, '{"token":' * 5000, "", "null", '"token"', '{"token": 1e999}'])
def test_it_takes_no_body_that_says_nothing(gallery: Gallery, body: str) -> None:
    answer = gallery.browser.post("/publish/preview", data=body, content_type="application/json")

    assert answer.status_code == 403


def test_it_takes_no_forms(gallery: Gallery) -> None:
    answer = gallery.browser.post("/publish/withdraw", data={"token": gallery.token()})

    assert answer.status_code == 403


def test_it_withdraws_at_once_and_destroys_the_file_a_moment_later(gallery: Gallery) -> None:
    path = gallery.publishes(FACE)

    assert gallery.post("withdraw").json == {"withdrawn": 1}
    gone = gallery.browser.get(path)
    jobs.CHORES["clear_withdrawn"].work(gallery.installation)

    assert (gone.status_code, gone.data) == (404, b"")
    assert public_files(gallery) == set()
    with gallery.installation.database.glance() as session:
        (deleted,) = session.scalars(select(Deletion)).all()
        assert jobs.CHORES["clear_withdrawn"].due_since(gallery.installation, session) is None
    assert (deleted.kind, path) == (Destroyed.PUBLIC, f"/public/photos/{deleted.name}.jpg")
    assert deleted.size > 1000


def test_it_destroys_nothing_that_another_photo_still_shows(gallery: Gallery) -> None:
    path = gallery.publishes(FACE)
    assert gallery.publishes(FACE, photo=gallery.twin()) == path

    with gallery.installation.database.story() as session:
        retention.withdraw(gallery.installation.desk(session, utc_now()), [gallery.photo], None, "retention")
    publishing.clear_due(gallery.installation, utc_now())

    assert gallery.browser.get(path).status_code == 200


def test_it_takes_back_an_address_that_two_equal_photos_have(gallery: Gallery) -> None:
    path = gallery.publishes(FACE)
    gallery.publishes(FACE, photo=gallery.twin())

    gallery.post("withdraw")

    assert gallery.browser.get(path).status_code == 404


def test_it_publishes_again_while_the_withdrawn_file_is_being_cleared_away(gallery: Gallery) -> None:
    path = gallery.publishes(FACE)
    gallery.post("withdraw")
    data = gallery.post("preview").data
    sha256 = gallery.installation.vault.keep_public(data)  # a publication that is about to write its row

    publishing.clear_due(gallery.installation, utc_now())

    assert path == f"/public/photos/{sha256}.jpg"
    assert public_files(gallery) == {sha256}


def test_it_can_publish_again_what_was_withdrawn(gallery: Gallery) -> None:
    path = gallery.publishes(FACE)
    gallery.post("withdraw")
    publishing.clear_due(gallery.installation, utc_now())

    again = gallery.publishes(FACE)
    publishing.clear_due(gallery.installation, utc_now())

    assert again == path
    assert gallery.browser.get(path).status_code == 200


def test_it_lets_caches_keep_a_public_picture_for_a_minute_only(gallery: Gallery) -> None:
    path = gallery.publishes(FACE)
    first = gallery.browser.get(path)

    second = gallery.browser.get(path, headers={"If-None-Match": first.headers["ETag"]})
    gallery.post("withdraw")
    third = gallery.browser.get(path, headers={"If-None-Match": first.headers["ETag"]})

    assert first.headers["Cache-Control"] == "public, max-age=60, must-revalidate"
    assert first.headers["X-Content-Type-Options"] == "nosniff"
    assert [second.status_code, third.status_code] == [304, 404]


def test_it_serves_no_original_no_copy_and_nothing_by_another_name(gallery: Gallery) -> None:
    shown = gallery.publishes(FACE)
    vault, original = gallery.installation.vault, hashlib.sha256(street()).hexdigest()
    copies = [hashlib.sha256(vault.copy(original, name)).hexdigest() for name in ("print", "screen", "thumb")]
    stray = vault.keep_public(b"\xff\xd8 kept, but its row was never written")
    names = [
        original,
        *copies,
        stray,
        "0" * 64,
        "../../originals/x",
        "..%2f..%2foriginals",
        shown[-68:-4].upper(),
        "",
    ]

    answers = [gallery.browser.get(f"/public/photos/{name}.jpg") for name in names]
    answers += [gallery.browser.get(path) for path in ("/public/photos/", "/public/photos", "/public/", "/public")]

    assert {answer.status_code for answer in answers} == {404}
    assert gallery.browser.get(shown).status_code == 200


def test_it_serves_nothing_that_was_changed_on_the_disk(gallery: Gallery, tmp_path: Path) -> None:
    path = gallery.publishes(FACE)
    (file,) = [file for file in tmp_path.rglob("public/*/*/*") if file.is_file()]

    file.write_bytes(street())

    assert gallery.browser.get(path).status_code == 404


def test_it_shows_nothing_public_of_a_photo_that_is_erased(gallery: Gallery) -> None:
    path = gallery.publishes(FACE)

    with gallery.installation.database.story() as session:
        session.execute(update(Photo).values(state=Fetch.ERASED))

    assert gallery.browser.get(path).status_code == 404
    assert gallery.browser.get(f"/publish/{gallery.token()}").status_code == 403


@st.composite
def anywhere(draw: st.DrawFn) -> list[float]:
    width, height = (draw(st.integers(2, 100)) / 100 for _ in range(2))
    return [draw(st.integers(0, 100 - int(width * 100))) / 100, draw(st.integers(0, 100 - int(height * 100))) / 100,
            width, height]  # fmt: skip


STEPS = st.lists(st.one_of(st.just("withdraw"), st.just("clear"), st.lists(anywhere(), max_size=3)), max_size=6)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_it_never_serves_a_picture_without_the_boxes_of_its_live_publication(
    gallery: Gallery, steps: list[Any]
) -> None:
    addresses: set[str] = set()
    screen = gallery.installation.vault.copy(hashlib.sha256(street()).hexdigest(), "print")
    live: list[list[float]] | None = None

    for step in steps:
        if step == "withdraw":
            gallery.post("withdraw")
            live = None
        elif step == "clear":
            publishing.clear_due(gallery.installation, utc_now())
        else:
            addresses.add(gallery.publishes(*step))
            live = step
        served = [answer.data for path in addresses if (answer := gallery.browser.get(path)).status_code == 200]
        assert served == (
            [public_copy(screen, boxes_of(live), f"创城督导 · 编号 {gallery.case}")] if live is not None else []
        )
        for data in served:
            assert_hidden(data, screen, live or [])
    gallery.post("withdraw")


def assert_hidden(served: bytes, source: bytes, boxes: list[list[float]]) -> None:
    """What is served differs from the picture as it is wherever a face stood inside a box."""
    shown, bare = (Image.open(BytesIO(data)).convert("L") for data in (served, source))
    for x, y, width, height in boxes:
        area = (int(x * 800), int(y * 600), int((x + width) * 800), int((y + height) * 600))
        for face in ((130, 165, 190, 195), (530, 165, 590, 195)):
            if (
                area[0] <= face[0] - 15
                and area[1] <= face[1] - 15
                and area[2] >= face[2] + 15
                and area[3] >= face[3] + 15
            ):
                changed = ImageChops.difference(shown.crop(face), bare.crop(face))
                assert max(changed.tobytes()) > 20
