"""What has been kept long enough is destroyed, whole, once, and the log says so."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot import erasing, jobs
from bot.expiry import Expiry
from bot.health import examine
from bot.installation import Installation
from bot.storage_settings import Retention
from models.deletion import Destroyed
from models.inbound import InboundMessage, Intake
from models.photo import Fetch, Photo
from models.publication import Publication
from models.workflow import Status
from photos.storage import Tree
from photos.vault import Vault
from reminders.audit import audit
from tests.bot.album import Album

NOW = datetime(2032, 3, 1, tzinfo=UTC)
KEEP = timedelta(days=1095)
OVER, NOT_YET = KEEP + timedelta(days=1), KEEP - timedelta(days=1)


@pytest.fixture
def album(installation: Installation) -> Album:
    return Album(installation, NOW)


def erase(album: Album, installation: Installation | None = None) -> erasing.Erased:
    return erasing.erase_due(installation or album.installation, NOW, NOW + timedelta(1), lambda: NOW)


def message(album: Album, ago: timedelta, body: str, state: Intake = Intake.DONE) -> int:
    waits = {"next_try_at": NOW} if state is Intake.KEPT else {}
    facts = {"account": "jinan", "dedupe_key": body, "body": body, "answer": "ok", "kept_at": NOW - ago}
    with album.installation.database.story() as session:
        row = InboundMessage(state=state, **facts, **waits)
        session.add(row)
        session.flush()
        return row.id


def bodies(album: Album) -> list[str]:
    with album.installation.database.glance() as session:
        return list(session.scalars(select(InboundMessage.body).order_by(InboundMessage.id)))


@pytest.mark.parametrize("status", [Status.CLOSED, Status.REJECTED])
def test_it_destroys_the_photos_of_a_case_that_is_long_over(album: Album, status: Status) -> None:
    photo = album.photo(album.draft(album.case(OVER, status)), b"a photo")

    erased = erase(album)

    row = album.row(photo)
    assert (erased.done, album.files()) == (1, {"originals": 0, "copies": 0, "public": 0})
    assert (row.state, row.erased_at) == (Fetch.ERASED, NOW)
    assert (row.taken_at, row.lat, row.lon, row.fingerprint, row.looks) == (None, None, None, None, {})
    assert [(one.kind, one.name, one.deleted_at) for one in album.deletions()] == [
        (Destroyed.PHOTO, photo.sha256, NOW)
    ]


def test_it_destroys_after_photos_and_what_never_became_a_case(album: Album) -> None:
    album.photo(album.draft(rectifies=album.case(OVER)))
    album.photo(album.draft())

    assert erase(album).done == 2


@pytest.mark.parametrize(
    "keep",
    [
        lambda album: album.photo(album.draft(album.case(NOT_YET))),
        lambda album: album.photo(album.draft(album.case(None))),
        lambda album: album.photo(album.draft(rectifies=album.case(NOT_YET))),
        lambda album: album.photo(album.draft(rectifies=album.case(None))),
        lambda album: album.photo(album.draft(ago=NOT_YET)),
        lambda album: album.photo(album.draft(album.case(OVER), album.case(NOT_YET))),
    ],
    ids=["closed later", "open", "put right later", "being put right", "came later", "one of two cases later"],
)
def test_it_keeps_what_a_case_may_need(album: Album, keep: Callable[[Album], Photo]) -> None:
    photo = keep(album)

    assert erase(album) == erasing.Erased()
    assert album.row(photo).state is Fetch.KEPT
    assert album.files()["originals"] == 1


def test_it_knows_which_finding_of_a_list_a_photo_shows(album: Album) -> None:
    draft = album.draft(album.case(OVER), album.case(NOT_YET))
    over, later = (album.photo(draft, report=report) for report in album.reports(draft))

    erase(album)

    assert (album.row(over).state, album.row(later).state) == (Fetch.ERASED, Fetch.KEPT)


def test_it_leaves_a_file_that_another_photo_needs(album: Album) -> None:
    due = album.photo(album.draft(album.case(OVER)), b"the same")
    needed = album.photo(album.draft(album.case(NOT_YET)), b"the same")

    erase(album)

    assert (album.row(due).state, album.row(needed).state) == (Fetch.ERASED, Fetch.KEPT)
    assert album.installation.vault.original(needed.sha256) == b"the same"
    assert [(one.name, one.size) for one in album.deletions()] == [(f"photo {due.id}", 0)]


def test_it_destroys_a_shared_file_with_the_last_that_needs_it(album: Album) -> None:
    for _ in range(2):
        album.photo(album.draft(album.case(OVER)), b"the same")

    erased = erase(album)

    assert (erased.done, album.files()["originals"]) == (2, 0)
    assert [one.size > 0 for one in album.deletions()] == [False, True]


def test_it_leaves_a_file_that_somebody_has_just_sent_again(album: Album) -> None:
    photo = album.photo(album.draft(album.case(OVER)), b"a photo")
    album.age(photo.sha256, timedelta(hours=1))

    erase(album)

    assert album.row(photo).state is Fetch.ERASED
    assert album.files() == {"originals": 1, "copies": 3, "public": 0}


def later(album: Album, by: timedelta) -> erasing.Erased:
    now = NOW + by
    return erasing.erase_due(album.installation, now, now + timedelta(1), lambda: now)


def test_it_destroys_after_a_day_what_was_only_moved_or_restored(album: Album) -> None:
    photo = album.photo(album.draft(album.case(OVER)), b"a photo")
    album.age(photo.sha256, timedelta(hours=1))
    erase(album)

    early, done, again = (later(album, timedelta(hours=hours)) for hours in (23, 25, 50))

    assert (early.done, done.done, again.done) == (0, 1, 0)
    assert album.files() == {"originals": 0, "copies": 0, "public": 0}
    assert [(one.name, one.size > 0) for one in album.deletions()] == [(photo.sha256, False), (photo.sha256, True)]


def test_it_leaves_what_was_sent_again_when_its_row_has_followed(album: Album) -> None:
    photo = album.photo(album.draft(album.case(OVER)), b"a photo")
    album.age(photo.sha256, timedelta(hours=1))
    erase(album)
    album.photo(album.draft(album.case(None)), b"a photo")

    assert later(album, timedelta(hours=25)).done == 0
    assert album.files()["originals"] == 1


def test_it_knows_without_being_asked_when_a_leftover_is_due(album: Album) -> None:
    photo = album.photo(album.draft(album.case(OVER)), b"a photo")
    album.age(photo.sha256, timedelta(hours=1))
    erase(album)

    with album.installation.database.glance() as session:
        seen = [Expiry(Retention()).due_since(session, NOW + timedelta(hours=hours)) for hours in (23, 25)]

    assert seen == [None, NOW + timedelta(hours=25)]


def test_it_destroys_copies_that_were_made_again_a_moment_ago(album: Album) -> None:
    photo = album.photo(album.draft(album.case(OVER)), b"a photo")
    album.installation.vault.keep_copy(photo.sha256, "screen", b"made when somebody looked at it")
    album.age(f"{photo.sha256}/screen", timedelta(hours=1))

    erase(album)

    assert album.files() == {"originals": 0, "copies": 0, "public": 0}


def test_it_withdraws_what_was_public(album: Album) -> None:
    case = album.case(OVER)
    album.publish(album.photo(album.draft(case)), case)

    erase(album)

    with album.installation.database.glance() as session:
        assert session.scalars(select(Publication.withdrawn_at)).all() == [NOW]


class Killed(BaseException):
    """The process ends here."""


class Deadly(Vault):
    """A vault whose process is killed right after it destroyed something."""

    def __init__(self, folder: Path, last: Tree) -> None:
        super().__init__(folder)
        self._last = last

    def remove(self, tree: Tree, sha256: str, unless_since: datetime | None = None) -> int:
        super().remove(tree, sha256, unless_since)
        if tree is self._last:
            raise Killed
        return 1


@pytest.mark.parametrize("last", [Tree.ORIGINALS, Tree.COPIES])
def test_it_writes_down_what_it_destroyed_also_when_killed_in_between(album: Album, last: Tree) -> None:
    photo = album.photo(album.draft(album.case(OVER)), b"a photo")
    folder = album.installation.settings.photos
    assert isinstance(folder, Path)
    with pytest.raises(Killed):
        erase(album, replace(album.installation, vault=Deadly(folder, last)))
    between = album.row(photo).state, album.deletions()

    erase(album)

    [entry] = album.deletions()
    assert between == (Fetch.KEPT, [])
    assert (entry.name, entry.size >= len(b"a photo")) == (photo.sha256, True)
    assert (album.row(photo).state, album.files()) == (Fetch.ERASED, {"originals": 0, "copies": 0, "public": 0})


class Broken(Vault):
    """A vault that cannot destroy one photo."""

    poison = ""

    def remove(self, tree: Tree, sha256: str, unless_since: datetime | None = None) -> int:
        if sha256 == self.poison:
            raise OSError("read-only file system")
        return super().remove(tree, sha256, unless_since)


def test_it_passes_by_what_cannot_be_destroyed(album: Album, caplog: pytest.LogCaptureFixture) -> None:
    poison, other = (album.photo(album.draft(album.case(OVER))) for _ in range(2))
    folder = album.installation.settings.photos
    assert isinstance(folder, Path)
    vault = Broken(folder)
    vault.poison = poison.sha256

    erased = erase(album, replace(album.installation, vault=vault))

    assert (erased.done, erased.failed) == (1, 1)
    assert (album.row(poison).state, album.row(other).state) == (Fetch.KEPT, Fetch.ERASED)
    assert "read-only file system" in caplog.text


def test_it_empties_old_messages_and_counts_them(album: Album) -> None:
    old, later = timedelta(days=181), timedelta(days=179)
    first, last = message(album, old, "我叫李群众"), message(album, old, "aside", Intake.SET_ASIDE)
    message(album, later, "later")
    message(album, old, "waiting", Intake.KEPT)

    erased = erase(album)

    assert bodies(album) == ["", "", "later", "waiting"]
    [entry] = album.deletions()
    assert (entry.kind, entry.name, entry.size) == (Destroyed.RAW, f"{first}-{last}", len("我叫李群众".encode()) + 5)
    assert "2 messages" in entry.why
    assert (erased.done, erase(album).done) == (2, 0)


def test_it_still_knows_a_message_whose_words_are_gone(album: Album) -> None:
    message(album, timedelta(days=181), "said once")

    erase(album)

    with album.installation.database.glance() as session:
        assert session.scalars(select(InboundMessage.dedupe_key)).all() == ["said once"]


def test_it_destroys_nothing_where_the_settings_say_off(album: Album) -> None:
    album.photo(album.draft(album.case(OVER)))
    message(album, timedelta(days=3000), "old")
    for_ever = replace(album.installation, expiry=Expiry(Retention(photos=None, raw=None)))

    assert erase(album, for_ever) == erasing.Erased()
    with album.installation.database.glance() as session:
        assert for_ever.expiry.due_since(session, NOW) is None


def test_the_audit_finds_what_was_destroyed_without_a_word(album: Album) -> None:
    draft = album.draft(album.case(OVER))
    silent = album.photo(draft)
    album.change(silent, state=Fetch.ERASED)
    for data in (b"alone", b"the same"):
        album.photo(draft, data)
    album.photo(album.draft(album.case(NOT_YET)), b"the same")
    erase(album)

    with album.installation.database.glance() as session:
        found = [(one.what, one.row) for one in audit(session, NOW) if one.what == "erased_silently"]

    assert len(album.deletions()) == 2
    assert found == [("erased_silently", f"photo {silent.id}")]


def test_it_looks_once_an_hour_while_nothing_is_due(album: Album) -> None:
    expiry, minute = album.installation.expiry, timedelta(minutes=1)
    with album.installation.database.glance() as session:
        assert expiry.due_since(session, NOW) is None
    message(album, timedelta(days=181), "old")

    with album.installation.database.glance() as session:
        seen = [expiry.due_since(session, NOW + n * minute) for n in (59, 60, 61)]

    assert seen == [None, NOW + 60 * minute, NOW + 60 * minute]


def test_it_is_done_by_the_clock_and_health_tells_when_it_is_stuck(album: Album) -> None:
    now = datetime.now(UTC)
    past = Album(album.installation, now)
    photo = past.photo(past.draft(past.case(OVER)))
    with album.installation.database.glance() as session:
        assert jobs.CHORES["erase"].due_since(album.installation, session) is not None
    stuck = examine(album.installation, now + timedelta(minutes=62)).problems

    done = jobs.CHORES["erase"].work(album.installation)

    assert [problem.split()[0] for problem in stuck] == ["erase"]
    assert (done, past.row(photo).state) == (1, Fetch.ERASED)
    assert examine(album.installation, now + timedelta(minutes=62)).problems == []


def test_it_leaves_a_storage_that_fails_alone_for_a_while(album: Album) -> None:
    now = datetime.now(UTC)
    past = Album(album.installation, now)
    past.photo(past.draft(past.case(OVER)), data := b"a photo")
    folder = album.installation.settings.photos
    assert isinstance(folder, Path)
    vault = Broken(folder)
    vault.poison = hashlib.sha256(data).hexdigest()

    jobs.erase(replace(album.installation, vault=vault))

    assert jobs.erase(album.installation) == 0
    assert not album.installation.expiry.may_work(now + timedelta(minutes=4))
    assert album.installation.expiry.may_work(now + timedelta(minutes=6))
