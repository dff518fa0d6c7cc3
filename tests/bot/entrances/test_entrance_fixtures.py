"""Every kind of push of WeCom and of a group bot, exactly as it comes: what it means, and that it is taken in."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.installation import ROOT
from bot.wechat.codec import Codec
from bot.wechat.entrances import Entrance, GroupEntrance, WorkEntrance
from bot.wechat.push import Unreadable, read_fields
from handlers.message import Message
from models.inbound import Intake
from tests.bot.entrances.doorstep import APP, BOT, Doorstep

FIXTURES = ROOT / "tests" / "fixtures"
RECEIVED_AT = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
ENTRANCES: dict[str, Entrance] = {
    "wecom": WorkEntrance("work", "citizen_patrol", Codec(APP.token, APP.aes_key, APP.corp_id)),
    "group": GroupEntrance("crew", "traffic_volunteer", Codec(BOT.token, BOT.aes_key, ""), BOT.bot, "work"),
}
PUSHES = sorted(
    file for family in ENTRANCES for file in (FIXTURES / family).iterdir() if not file.name.endswith(".messages.json")
)
KINDS = {
    "wecom": {
        "text", "text_in_other_letters", "text_with_markup", "image", "voice", "video", "location", "link",
        "unknown_type", "subscribe", "unsubscribe", "enter_agent", "click", "view", "location_event",
        "pic_photo_or_album", "template_card_event", "template_card_event_with_choices", "template_card_menu_event",
        "batch_job_result", "change_contact", "malformed",
    },
    "group": {
        "text", "text_mention_in_the_middle", "text_mention_with_thin_space", "text_mention_at_the_end",
        "text_mention_alone", "mixed", "mixed_several_pictures", "mixed_mention_and_picture", "quote_image",
        "quote_image_mention_alone", "quote_text", "quote_mixed", "quote_voice", "quote_file", "quote_video",
        "quote_by_mixed", "single_text", "single_image", "single_mixed", "single_voice", "single_file",
        "single_video", "single_with_a_chat_id", "enter_chat", "stream_refresh", "feedback_event",
        "template_card_event", "unknown_event", "unknown_type", "long_chat_id", "group_without_chat_id",
        "no_chat_type", "foreign_corp", "too_many_pictures", "nested_quotes", "over_long_text", "wrong_types",
        "sender_of_a_wrong_type", "control_characters", "malformed", "no_object",
    },
}  # fmt: skip
# What somebody did is answered; what WeCom merely tells us is not, nor what nobody said.
SILENT = {
    "unsubscribe", "enter_agent", "view", "location_event", "pic_photo_or_album", "template_card_event",
    "template_card_event_with_choices", "template_card_menu_event", "batch_job_result", "change_contact", "malformed",
    "stream_refresh", "feedback_event", "unknown_event", "no_object", "sender_of_a_wrong_type",
}  # fmt: skip


def named(push: Path) -> str:
    return f"{push.parent.name}-{push.stem}"


def body(push: Path) -> str:
    return push.read_bytes().decode()


def told(message: Message) -> dict[str, Any]:
    """A message as its file writes it down: what is empty is left out."""
    facts = {name: value for name, value in asdict(message).items() if value and name != "account"}
    if message.photo:
        photo = {name: value for name, value in asdict(message.photo).items() if value}
        facts["photo"] = {**photo, "life": message.photo.life.total_seconds()}
    return facts | {"kind": message.kind.value, "sent_at": message.sent_at.isoformat()}


def meaning(push: Path) -> list[dict[str, Any]]:
    try:
        messages = ENTRANCES[push.parent.name].understand(read_fields(body(push)), RECEIVED_AT)
    except Unreadable:
        return []
    return [told(message) for message in messages]


@pytest.mark.parametrize("push", PUSHES, ids=named)
def test_it_understands_what_wecom_sends(push: Path) -> None:
    expected = json.loads(push.with_name(f"{push.stem}.messages.json").read_text(encoding="utf-8"))

    assert meaning(push) == expected


@pytest.mark.parametrize("family", ENTRANCES)
def test_it_has_a_push_and_its_messages_of_every_kind(family: str) -> None:
    folder = FIXTURES / family

    assert {push.stem for push in PUSHES if push.parent == folder} == KINDS[family]
    assert {file.name.removesuffix(".messages.json") for file in folder.glob("*.messages.json")} == KINDS[family]


@pytest.mark.parametrize("push", PUSHES, ids=named)
def test_it_takes_in_what_wecom_posts(doorstep: Doorstep, push: Path) -> None:
    send = doorstep.to_app if push.parent.name == "wecom" else doorstep.to_bot

    response = send(body(push))

    (kept,) = doorstep.kept()
    assert (response.status_code, kept.state) == (200, Intake.DONE)
    assert kept.body == body(push)
    assert (response.text == "") == (push.stem in SILENT)


@pytest.mark.parametrize("name", ["mixed", "quote_image", "quote_mixed", "single_mixed"])
def test_it_fetches_a_bots_pictures_with_the_bot_while_they_are_there(name: str) -> None:
    fields = read_fields(body(FIXTURES / "group" / f"{name}.json"))

    photos = [message.photo for message in ENTRANCES["group"].understand(fields, RECEIVED_AT) if message.photo]

    assert {(photo.via, photo.life.total_seconds()) for photo in photos} == {("crew", 300)}


@pytest.mark.parametrize(("name", "account"), [("text", "work"), ("foreign_corp", "crew")])
def test_it_knows_the_companys_own_people_and_nobody_elses_by_their_userid(name: str, account: str) -> None:
    fields = read_fields(body(FIXTURES / "group" / f"{name}.json"))

    (message,) = ENTRANCES["group"].understand(fields, RECEIVED_AT)

    assert message.account == account
