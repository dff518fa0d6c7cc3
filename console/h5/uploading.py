"""上传: one original after the other, with what the camera wrote into it; what cannot be taken says why."""

import re
from types import ModuleType
from typing import Any

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge

from console.h5 import door
from console.h5.door import Guest
from console.premises import premises
from handlers.uploads import MOST, Upload
from photos.intake import DEFAULT_LIMITS, PhotoRefused, Taken

LIMITS = {"bytes": DEFAULT_LIMITS.max_bytes, "most": MOST}
# Made by the page; the same however often one photo is sent.
_NAME = re.compile(r"[0-9a-f-]{8,40}")


def receive(who: Guest, side: ModuleType) -> Any:
    """Keep a photo, and say which it is. Decoding takes its time, so no transaction is open meanwhile."""
    name = request.headers.get("X-Upload", "")
    if not _NAME.fullmatch(name):
        return door.wrong_answer("stale")
    here = premises()
    with here.glance() as session:
        side.seen(here.desk(session, who.now), who)
    request.max_content_length = DEFAULT_LIMITS.max_bytes
    try:
        taken = here.keep_photo(request.get_data(cache=False))
    except RequestEntityTooLarge:
        return door.wrong_answer("", _refusal(who, "too_big"))
    except PhotoRefused as refused:
        return door.wrong_answer("", _refusal(who, refused.reason))
    except OSError:
        return door.wrong_answer("trouble")
    return _kept(who, side, Upload(name, taken))


def _refusal(who: Guest, reason: str) -> str:
    """In the words of the chat."""
    here = premises()
    with here.glance() as session:
        return here.desk(session, who.now).texts(f"photo.{reason}")


def _kept(who: Guest, side: ModuleType, upload: Upload) -> Any:
    here = premises()
    with here.story() as session:
        photo, problem = side.receive(here.desk(session, who.now), who, upload)
        if photo is None:
            return door.wrong_answer(problem)
        return {"id": photo.id, "exif": _told(upload.taken)}


def _told(taken: Taken) -> dict[str, bool]:
    """Whether time and place came along: they do when the original was sent."""
    return {"time": taken.facts.taken_at is not None, "place": taken.facts.lat is not None}
