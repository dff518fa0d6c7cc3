"""Fetching photos (取照片): kept, refused, retried, lost; and nothing of EXIF ever goes out."""

import hashlib
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import select

from bot import photo_fetch
from models.case import Case
from models.outbound import OutboundMessage
from models.photo import Fetch, Photo
from photos.intake import COPIES, Intake, take
from photos.vault import Vault
from simulator.people import Person as Phone
from simulator.samples import VOICE, draw
from tests.bot.post_office import PostOffice
from tests.photos.drawing import SECRETS, animation, jpeg, png_claiming, talkative_jpeg
from tests.stage import Actor, Stage

MEDIA = "/cgi-bin/media/get"
MINUTE = timedelta(minutes=1)
CAMERA_WORDS = (*SECRETS, b"Exif", b"SIM-1", b"http://ns.adobe.com", b"ICC_PROFILE")


@dataclass
class Darkroom:
    """People who send pictures, and the job that fetches them."""

    office: PostOffice
    stage: Stage

    def sends(self, picture: bytes, who: Actor | None = None) -> int:
        """Somebody's picture lies at WeChat and we have heard of it; returns its row's id."""
        media = self.office.simulator.world.media.put("jinan", picture, self.office.now)
        (who or self.stage.citizen()).photo(media.media_id)
        with self.office.installation.database.glance() as session:
            return session.scalars(select(Photo.id).order_by(Photo.id.desc())).first() or 0

    def fetches(self, after: timedelta = timedelta(0)) -> int:
        return photo_fetch.fetch_due(self.office.installation, self.stage.now + after)

    def fetches_when_due(self, photo_id: int) -> timedelta:
        """Fetch at the time noted on the row; returns how long after its arrival that is."""
        photo = self.photo(photo_id)
        assert photo.next_try_at is not None
        photo_fetch.fetch_due(self.office.installation, photo.next_try_at)
        return photo.next_try_at - photo.arrived_at

    def photo(self, photo_id: int) -> Photo:
        with self.office.installation.database.glance() as session:
            return session.get_one(Photo, photo_id)

    def told(self) -> list[str]:
        """The words about pictures that are on their way."""
        with self.office.installation.database.glance() as session:
            about = OutboundMessage.key.startswith("photo:")
            return list(session.scalars(select(OutboundMessage.text).where(about)))

    def downloads(self) -> int:
        return len([call for call in self.office.simulator.world.calls.after(0) if call["path"] == MEDIA])

    def meets(self, actor: Actor) -> None:
        """WeChat knows somebody from the stage, who has just spoken."""
        phone = self.office.simulator.world.people.add(Phone(account="jinan", openid=actor.openid, name=actor.name))
        phone.spoke(self.office.now, self.office.simulator.world.limits)
        actor.says("帮助")

    def pictures_read_by(self, actor: Actor) -> list[bytes]:
        """The pictures on somebody's phone, byte for byte."""
        world = self.office.simulator.world
        lines = world.conversations.of(("jinan", actor.openid))
        shown = [world.media.look(line.picture.rpartition("/")[2]) for line in lines if line.picture]
        return [world.media.path(media).read_bytes() for media in shown if media]


@pytest.fixture
def room(office: PostOffice) -> Iterator[Darkroom]:
    stage = Stage(office.installation)
    stage.now = office.now
    yield Darkroom(office, stage)
    office.faults.clear()


def test_it_keeps_the_original_under_its_hash_and_notes_what_the_camera_wrote(room: Darkroom) -> None:
    taken = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
    original = draw("pothole", taken)
    photo_id = room.sends(original)

    tried = room.fetches()

    photo = room.photo(photo_id)
    assert (tried, photo.state, photo.next_try_at, photo.attempts) == (1, Fetch.KEPT, None, 1)
    assert (photo.sha256, photo.mime) == (hashlib.sha256(original).hexdigest(), "image/jpeg")
    assert (photo.size, photo.taken_at) == (len(original), taken)
    assert (photo.lat, photo.lon) == pytest.approx((36.6849, 117.0606), abs=1e-4)
    assert room.office.installation.vault.original(photo.sha256) == original


def test_it_keeps_what_may_be_shown_beside_the_original_and_notes_how_it_looks(room: Darkroom) -> None:
    original = talkative_jpeg()
    photo_id = room.sends(original)

    room.fetches()

    photo, taken = room.photo(photo_id), take(original)
    vault = room.office.installation.vault
    assert {name: vault.copy(photo.sha256, name) for name in COPIES} == taken.copies
    assert (photo.fingerprint, photo.looks) == (taken.fingerprint, taken.looks.as_json())
    assert photo.kept_at == room.stage.now


def test_it_fetches_nothing_twice(room: Darkroom) -> None:
    room.sends(jpeg())

    tried = [room.fetches(), room.fetches(timedelta(days=1))]

    assert (tried, room.downloads()) == ([1, 0], 1)


@pytest.mark.parametrize(
    ("picture", "reason"),
    [
        (jpeg()[:300], "truncated"),
        (VOICE, "not_an_image"),
        (animation("GIF"), "animated"),
        (png_claiming(20_000, 20_000), "too_many_pixels"),
    ],
    ids=["truncated", "not_an_image", "animated", "too_many_pixels"],
)
def test_it_refuses_what_is_no_picture_to_show_and_tells_the_sender(
    room: Darkroom, picture: bytes, reason: str
) -> None:
    photo_id = room.sends(picture)

    room.fetches()

    photo = room.photo(photo_id)
    assert (photo.state, photo.reason, photo.next_try_at) == (Fetch.REFUSED, reason, None)
    assert len(room.told()) == 1
    assert room.fetches(timedelta(days=1)) == 0


@pytest.mark.parametrize("fault", ["api_500", "api_html", "api_reset", "api_answer_lost", "busy", "rate", "quota"])
def test_it_fetches_again_what_wechat_could_not_give(room: Darkroom, fault: str) -> None:
    photo_id = room.sends(jpeg())
    room.office.faults.add(fault, count=1, path=MEDIA)
    room.fetches()
    waiting = room.photo(photo_id)

    room.fetches_when_due(photo_id)

    photo = room.photo(photo_id)
    assert (waiting.state, waiting.sha256) == (Fetch.WAITING, "")
    assert waiting.reason.startswith("SendError: ")
    assert (photo.state, photo.reason, photo.attempts) == (Fetch.KEPT, "", 2)
    assert room.told() == []


def test_it_fetches_with_another_token_when_one_is_refused(room: Darkroom) -> None:
    photo_id = room.sends(jpeg())
    room.office.faults.add("token_expired", count=1)

    room.fetches()

    assert (room.photo(photo_id).state, room.photo(photo_id).attempts) == (Fetch.KEPT, 1)


def test_it_keeps_trying_for_three_days_and_then_says_that_the_picture_is_lost(room: Darkroom) -> None:
    photo_id = room.sends(jpeg())
    room.office.faults.add("api_500", path=MEDIA)

    tried = []
    while room.photo(photo_id).state is Fetch.WAITING:
        tried.append(room.fetches_when_due(photo_id))

    pauses = [(later - sooner).total_seconds() for sooner, later in pairwise(tried)]
    assert pauses[:7] == [10, 60, 300, 1800, 7200, 7200, 7200]
    assert tried[-1] == timedelta(days=3) - 5 * MINUTE
    assert room.photo(photo_id).state is Fetch.LOST
    assert len(room.told()) == 1


def test_it_gives_up_at_once_what_wechat_has_thrown_away(room: Darkroom) -> None:
    photo_id = room.sends(jpeg())
    room.office.faults.add("media_gone")

    room.fetches()

    photo = room.photo(photo_id)
    assert (photo.state, photo.next_try_at) == (Fetch.LOST, None)
    assert "40007" in photo.reason
    assert len(room.told()) == 1


def test_it_lets_one_bad_picture_hold_up_no_other(room: Darkroom) -> None:
    bad = room.sends(b"\xff\xd8\xff" + bytes(500))
    good = [room.sends(jpeg(comment=bytes([65 + n]))) for n in range(9)]

    room.fetches()
    room.fetches()

    assert room.photo(bad).state is Fetch.REFUSED
    assert {room.photo(photo_id).state for photo_id in good} == {Fetch.KEPT}


def test_it_waits_for_the_settings_when_their_account_is_gone(room: Darkroom) -> None:
    photo_id = room.sends(jpeg())
    door = room.office.installation.doors.official.pop("jinan")
    room.fetches()
    waiting = room.photo(photo_id)
    room.office.installation.doors.official["jinan"] = door

    room.fetches_when_due(photo_id)

    assert waiting.reason == "SendError: no account jinan in the settings"
    assert room.photo(photo_id).state is Fetch.KEPT


@pytest.mark.parametrize("folder", ["a-file", "no\0name"])
def test_it_fetches_again_what_could_not_be_kept(room: Darkroom, tmp_path: Path, folder: str) -> None:
    photo_id = room.sends(jpeg())
    (tmp_path / "a-file").write_bytes(b"")
    broken = replace(room.office.installation, vault=Vault(tmp_path / folder))
    photo_fetch.fetch_due(broken, room.stage.now)
    waiting = room.photo(photo_id)

    room.fetches_when_due(photo_id)

    assert (waiting.state, waiting.sha256) == (Fetch.WAITING, "")
    assert room.photo(photo_id).state is Fetch.KEPT


def test_it_fetches_each_picture_once_when_two_workers_come_at_once(room: Darkroom) -> None:
    photos = [room.sends(jpeg(comment=bytes([65 + n]))) for n in range(16)]

    with ThreadPoolExecutor(3) as pool:
        tried = sum(pool.map(lambda _: room.fetches(), range(3)))
    tried += room.fetches()

    assert (tried, room.downloads()) == (16, 16)
    assert {room.photo(photo_id).state for photo_id in photos} == {Fetch.KEPT}


def test_it_fetches_again_what_a_worker_had_in_hand_when_it_died(room: Darkroom) -> None:
    photo_id = room.sends(jpeg())
    photo_fetch._lease(room.office.installation, room.stage.now)

    tried = [room.fetches(MINUTE), room.fetches(2 * MINUTE)]

    assert tried == [0, 1]
    assert room.photo(photo_id).state is Fetch.KEPT


def test_it_loses_nothing_that_another_worker_has_kept_meanwhile(room: Darkroom) -> None:
    photo_id = room.sends(jpeg())
    room.office.faults.add("slow_api", value=3000, count=1, path=MEDIA)  # longer than the other needs
    room.office.faults.add("media_gone", count=1)
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(room.fetches)
        wait_until(lambda: room.photo(photo_id).attempts == 1 and not room.office.faults.as_json()["active"])
        room.fetches(3 * MINUTE)
        slow.result(20)

    assert room.photo(photo_id).state is Fetch.KEPT
    assert room.told() == []


@pytest.mark.parametrize("fault", ["media_gone", "api_500"])
def test_it_lets_a_case_go_its_way_whatever_becomes_of_its_picture(room: Darkroom, fault: str) -> None:
    officer, citizen = room.stage.officer(), room.stage.citizen()
    room.meets(officer)
    room.office.faults.add(fault, path=MEDIA)
    reported(room, citizen, jpeg())

    room.fetches()
    room.office.drain(room.stage.now + timedelta(hours=12))

    (case,) = cases(room)
    assert case.status == "assigned"
    assert any(f"认领 {case.id}" in words for words in read_by(room, officer))
    assert room.pictures_read_by(officer) == []


@pytest.mark.parametrize("original", [talkative_jpeg(), draw("overflowing_bin", datetime(2026, 11, 22, tzinfo=UTC))])
def test_it_sends_pictures_on_without_a_word_of_what_the_camera_wrote(room: Darkroom, original: bytes) -> None:
    officer, citizen = room.stage.officer(), room.stage.citizen()
    room.meets(officer)
    room.meets(citizen)
    number = reported(room, citizen, original)
    officer.says(f"查看 {number}")
    officer.says(f"认领 {number}")
    room.sends(original, officer)
    officer.says(f"整改 {number} 已清运")

    room.fetches()
    # Half a day later, so that no quiet hours hold them.
    room.office.drain(room.stage.now + timedelta(hours=12))

    copies = [*room.pictures_read_by(officer), *room.pictures_read_by(citizen)]
    camera, found = facts(original), [facts(copy) for copy in copies]
    assert (camera.taken_at is None, camera.lat is None) == (False, False)
    assert {(copy.taken_at, copy.lat, copy.lon) for copy in found} == {(None, None, None)}
    assert [secret for secret in CAMERA_WORDS for copy in copies if secret in copy] == []
    assert len(copies) == 2  # the officer was shown how it was, the reporter both in one picture


def facts(data: bytes) -> Intake:
    return take(data).facts


def reported(room: Darkroom, citizen: Actor, picture: bytes) -> int:
    """A complete report with this picture; returns the case's number."""
    room.sends(picture, citizen)
    citizen.place()
    citizen.says("垃圾桶满了没人清")
    citizen.says("完成")
    return cases(room)[-1].id


def cases(room: Darkroom) -> list[Case]:
    with room.office.installation.database.glance() as session:
        return list(session.scalars(select(Case)))


def read_by(room: Darkroom, actor: Actor) -> list[str]:
    return [line.text for line in room.office.simulator.world.conversations.of(("jinan", actor.openid))]


def wait_until(happened: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.01)
