"""Pictures for a group bot (机器人图片): encrypted bytes under an address that lives five minutes."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, Response

from simulator.aibot.wire import RECEIVER
from simulator.api.wounds import Broken, suffer
from simulator.crypto import Envelope
from simulator.errors import Refused
from simulator.wecom.office import BotFile
from simulator.world import World

_PATH = "/aibot/media"


def make_bot_media(world: World) -> Blueprint:
    """Return the blueprint that gives the pictures out."""
    blueprint = Blueprint("aibot", __name__)

    @blueprint.get(_PATH + "/<file_id>")
    def picture(file_id: str) -> Response:
        now = world.clock()
        faults = world.faults.take("api", _PATH, "", family="wecom")
        try:
            suffer(faults)
        except Broken as broken:
            return broken.response
        except Refused as refusal:
            # A store of files knows no errcode; whatever is wrong is a status.
            return _refusal(403, f"code {refusal.errcode}")
        gone = any(fault.name == "bot_media_gone" for fault in faults)
        answer = _refusal(403, "expired") if gone else _answer(world, world.office.file(file_id), now)
        world.calls.add(_PATH, "", "", 0 if answer.status_code == 200 else answer.status_code, now)
        return answer

    return blueprint


def _answer(world: World, file: BotFile | None, now: datetime) -> Response:
    media = world.media.look(file.media_id) if file else None
    if file is None or media is None:
        return _refusal(404, "no such file")
    if file.until <= now:
        return _refusal(403, "expired")
    sealed = Envelope(world.groups[file.group].aes_key, RECEIVER).seal_bytes(world.media.path(media).read_bytes())
    # The type is hidden with the content: only who decrypts it learns what it is.
    return Response(sealed, content_type="application/octet-stream")


def _refusal(status: int, words: str) -> Response:
    return Response(words, status, content_type="text/plain")
