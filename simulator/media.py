"""Media (临时素材): pictures and voices that live three days, from either side."""

from __future__ import annotations

import secrets
import tempfile
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from simulator.errors import Refused

_ENDINGS = {"image/jpeg": ".jpg", "image/png": ".png", "image/gif": ".gif", "image/bmp": ".bmp", "voice/amr": ".amr"}
# Names and declared types of uploads are often wrong, so the bytes decide.
_MAGIC = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG": "image/png",
    b"GIF8": "image/gif",
    b"BM": "image/bmp",
    b"#!AMR": "voice/amr",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Media:
    """素材: one stored file and until when WeChat still gives it out."""

    media_id: str
    account: str
    content_type: str
    created_at: int
    until: str


def sniff(content: bytes) -> str:
    """Return the content type by the first bytes, "" for what WeChat does not take."""
    return next((kind for magic, kind in _MAGIC.items() if content.startswith(magic)), "")


class MediaStore:
    """素材库: keeps bytes in a folder and what is known about them in memory.

    Without a folder it makes one for its own time and removes it when closed.
    """

    def __init__(self, data: Path | None, seconds: float) -> None:
        self._own = None if data else tempfile.TemporaryDirectory(prefix="wechat-simulator-")
        self._folder = Path(self._own.name) if self._own else Path(data or ".") / "media"
        self._life = timedelta(seconds=seconds)
        self._known: dict[str, Media] = {}
        self._folder.mkdir(parents=True, exist_ok=True)

    def put(self, account: str, content: bytes, now: datetime) -> Media:
        """Store bytes under a new media_id. Raises Refused 40004 for a kind WeChat does not take."""
        kind = sniff(content)
        if not kind:
            raise Refused(40004)
        media = Media(
            media_id=secrets.token_urlsafe(48), account=account, content_type=kind,
            created_at=int(now.timestamp()), until=(now + self._life).isoformat(),
        )  # fmt: skip
        self.path(media).write_bytes(content)
        self._known[media.media_id] = media
        return media

    def get(self, account: str, media_id: str, now: datetime) -> Media:
        """Return a medium that still lives. Raises Refused 40007 for all others."""
        media = self._known.get(media_id)
        # A media_id means nothing to another account, and WeChat says so with the code for an expired one.
        if media is None or media.account != account or datetime.fromisoformat(media.until) <= now:
            raise Refused(40007)
        return media

    # A phone has its own copy of every picture, which three days do not take away.
    def look(self, media_id: str) -> Media | None:
        """Return a medium whatever its age: the person's phone keeps showing what it has shown."""
        return self._known.get(media_id)

    def path(self, media: Media) -> Path:
        """Return where the bytes are."""
        return self._folder / (media.media_id + _ENDINGS[media.content_type])

    def close(self) -> None:
        """Remove what nobody asked to keep."""
        if self._own:
            self._own.cleanup()

    def as_json(self) -> list[dict[str, Any]]:
        """Return what has to be kept to find the files again."""
        return [asdict(one) for one in list(self._known.values())]

    def restore(self, kept: list[dict[str, Any]]) -> None:
        """Take back what `as_json` gave."""
        self._known.update({one["media_id"]: Media(**one) for one in kept})
