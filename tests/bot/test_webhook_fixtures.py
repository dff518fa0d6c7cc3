"""Every kind of push, exactly as WeChat sends it: what it means to us, and that the webhook takes it."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.installation import ROOT, Installation
from bot.wechat.push import Unreadable, read_fields, to_message
from models.inbound import InboundMessage, Intake
from tests.bot.pushes import SUCCESS, Postman

FOLDER = ROOT / "tests" / "fixtures" / "citizen_photo"
PUSHES = sorted(file for file in FOLDER.iterdir() if not file.name.endswith(".message.json"))
RECEIVED_AT = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
KINDS = {
    "text", "text_in_json", "text_with_markup", "text_with_control_characters", "menu_answer", "photo",
    "photo_in_json", "photo_without_picurl", "voice", "video", "location", "link", "follow", "follow_by_scene",
    "unfollow", "scan", "menu_click", "menu_view", "template_notice", "subscription_popup",
    "subscription_change_in_json", "unknown_type", "duplicate", "malformed",
}  # fmt: skip
# What a person did is answered; what WeChat merely tells us is not.
SILENT = {
    "unfollow", "menu_view", "template_notice", "subscription_popup", "subscription_change_in_json", "malformed",
}  # fmt: skip


def body(push: Path) -> str:
    return push.read_bytes().decode()


def meaning(push: Path) -> dict[str, Any]:
    """The message as its file beside it writes it down."""
    try:
        message = to_message("jinan", read_fields(body(push)), RECEIVED_AT)
    except Unreadable:
        return {"unreadable": True}
    told = {name: value for name, value in asdict(message).items() if value and name != "account"}
    if message.photo:
        told["photo"] = {"media_id": message.photo.media_id, "url": message.photo.url}
    return told | {"kind": message.kind.value, "sent_at": message.sent_at.isoformat()}


@pytest.mark.parametrize("push", PUSHES, ids=lambda push: push.name)
def test_it_understands_what_wechat_sends(push: Path) -> None:
    expected = json.loads(push.with_name(f"{push.stem}.message.json").read_text(encoding="utf-8"))

    assert meaning(push) == expected


def test_it_has_a_push_and_a_message_of_every_kind() -> None:
    messages = {file.name.removesuffix(".message.json") for file in FOLDER.glob("*.message.json")}

    assert {push.stem for push in PUSHES} == KINDS
    assert messages == KINDS
    assert body(FOLDER / "duplicate.xml") == body(FOLDER / "photo.xml")


@pytest.mark.parametrize("push", PUSHES, ids=lambda push: push.name)
def test_it_takes_in_what_wechat_posts(post: Postman, installation: Installation, push: Path) -> None:
    response = post.send(body(push))

    with installation.database.glance() as session:
        message = session.scalars(select(InboundMessage)).one()
    assert response.status_code == 200
    assert (message.state, message.body) == (Intake.DONE, body(push))
    assert (response.text == SUCCESS) == (push.stem in SILENT)


def test_it_takes_them_all_in_one_after_the_other(post: Postman, installation: Installation) -> None:
    statuses = {post.send(body(push)).status_code for push in PUSHES}

    with installation.database.glance() as session:
        count = session.scalars(select(func.count()).select_from(InboundMessage)).one()
    assert statuses == {200}
    assert count == len(PUSHES) - 1  # the duplicate is the photo again
