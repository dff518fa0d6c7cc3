"""Pictures on their way out: they wait for their fetch, hold no word up, and are dropped where none can be shown."""

import hashlib
from datetime import timedelta
from typing import Any

import pytest

from models.draft import Draft, DraftState
from models.outbound import Delivery
from models.people import Role, Way
from models.photo import Fetch, Photo
from tests.bot.post_office import PostOffice, Recipient
from tests.photos.drawing import jpeg
from tests.stage import DIANLIU


def photo_of(office: PostOffice, sender: Recipient, original: bytes = b"", **more: Any) -> int:
    """A picture somebody sent, kept when there are bytes and else awaited; returns its row's id."""
    sha = hashlib.sha256(original).hexdigest() if original else ""
    if original:
        office.installation.vault.keep_original(original, sha)
    state = Fetch.KEPT if original else Fetch.WAITING
    facts = {"sha256": sha, "state": state, "arrived_at": office.now, "expires_at": office.now + timedelta(days=3)}
    times = {"opened_at": office.now, "touched_at": office.now}
    draft = Draft(person_id=sender.person_id, account="jinan", channel="x", state=DraftState.SUBMITTED, **times)
    draft.photos.append(Photo(**{"account": "jinan", "media_id": "m", **facts, **more}))
    with office.installation.database.story() as session:
        session.add(draft)
        session.flush()
        return draft.photos[0].id


def picture_for(office: PostOffice, who: Recipient, photo: int, **row: Any) -> int:
    (row_id,) = office.say(who, "", photo_id=photo, **row)
    return row_id


def test_it_shows_a_picture_that_is_kept_and_spends_one_message(office: PostOffice) -> None:
    li = office.person()
    row = picture_for(office, li, photo_of(office, li, jpeg()))

    office.drain()

    (line,) = office.simulator.world.conversations.of(("jinan", li.openid))
    assert (line.type, office.left(li)) == ("image", 4)
    assert (office.row(row).state, office.row(row).way) == (Delivery.SENT, "custom")


def test_it_lets_a_picture_wait_for_its_fetch_and_holds_no_word_up_for_it(office: PostOffice) -> None:
    li = office.person()
    photo = photo_of(office, li)
    row = picture_for(office, li, photo)
    office.say(li, "照片稍后到")
    now = office.now
    office.drain(now)
    waiting = office.row(row)
    keep(office, photo, jpeg())

    office.drain(now + timedelta(seconds=2))

    assert (waiting.state, waiting.attempts, waiting.next_try_at) == (Delivery.WAITING, 0, now + timedelta(seconds=2))
    assert office.read_by(li) == ["照片稍后到", "[图片]"]


def test_it_says_what_comes_after_a_picture_that_cannot_be_sent_just_now(office: PostOffice) -> None:
    li = office.person()
    row = picture_for(office, li, photo_of(office, li, jpeg()))
    office.say(li, "照片稍后到")
    office.faults.add("busy", path="/cgi-bin/media/upload", count=1)
    office.drain()
    read = office.read_by(li)

    office.drain(office.now + timedelta(seconds=6))

    assert read == ["照片稍后到"]
    assert office.read_by(li) == ["照片稍后到", "[图片]"]
    assert office.codes(row) == [("custom", -1), ("custom", 0)]


@pytest.mark.parametrize("state", [Fetch.REFUSED, Fetch.LOST])
def test_it_drops_a_picture_that_will_never_be_there(office: PostOffice, state: Fetch) -> None:
    li = office.person()
    row = picture_for(office, li, photo_of(office, li, state=state))

    office.drain()

    assert office.row(row).state is Delivery.VOID
    assert office.read_by(li) == []


@pytest.mark.parametrize("way", [Way.TEMPLATE, Way.ONCE, Way.SUBSCRIPTION])
def test_it_drops_a_picture_where_only_words_can_go_and_troubles_nobody_with_it(office: PostOffice, way: Way) -> None:
    officer, command = office.staff(Role.OFFICER, DIANLIU, spoke=False), office.staff(Role.DISPATCHER)
    if way is not Way.TEMPLATE:
        office.buys(officer, way, "S" if way is Way.SUBSCRIPTION else "7")
    row = picture_for(office, officer, photo_of(office, officer, jpeg()), key="deadline:1:0:1")

    office.drain()

    assert office.row(row).state is Delivery.VOID
    assert office.read_by(officer) == office.read_by(command) == []


def test_it_drops_a_picture_that_the_vault_has_lost(office: PostOffice) -> None:
    li = office.person()
    row = picture_for(office, li, photo_of(office, li, state=Fetch.KEPT, sha256="0" * 64))

    office.drain()

    assert office.row(row).state is Delivery.VOID
    assert "照片不可用" in office.row(row).history["tries"][0]["reason"]
    assert office.left(li) == 5


def test_it_never_sends_bytes_it_cannot_clean(office: PostOffice) -> None:
    li = office.person()
    row = picture_for(office, li, photo_of(office, li, jpeg()[:400]))

    office.drain()

    assert office.row(row).state is Delivery.VOID
    assert [call for call in office.simulator.world.calls.after(0) if "upload" in call["path"]] == []


def test_it_tries_again_when_the_vault_itself_is_broken(office: PostOffice, caplog: pytest.LogCaptureFixture) -> None:
    li, wang = office.person(), office.person()
    sha = "ab" * 32
    row = picture_for(office, li, photo_of(office, li, state=Fetch.KEPT, sha256=sha))
    # A folder where the file should be: neither there nor missing.
    (office.installation.settings.photos / "originals" / "ab" / "ab" / sha).mkdir(parents=True)
    office.say(wang, "您好")

    office.drain()

    assert "cannot be sent" in caplog.text
    assert (office.row(row).state, office.read_by(wang)) == (Delivery.WAITING, ["您好"])


def test_it_says_nothing_with_a_picture_about_a_duty_that_has_ended(office: PostOffice) -> None:
    li = office.person()
    row = picture_for(office, li, photo_of(office, li), deadline_id=office.deadline(ended=True))

    office.drain()

    assert (office.row(row).state, office.row(row).next_try_at) == (Delivery.VOID, None)


def keep(office: PostOffice, photo_id: int, original: bytes) -> None:
    """The picture has come."""
    sha = hashlib.sha256(original).hexdigest()
    office.installation.vault.keep_original(original, sha)
    with office.installation.database.story() as session:
        photo = session.get_one(Photo, photo_id)
        photo.state, photo.sha256 = Fetch.KEPT, sha
