"""照片信息: what was found out when a photo was taken in, as its row keeps it."""

from datetime import datetime
from typing import Any

from photos.intake import Taken

_FACTS = ("sha256", "mime", "size", "width", "height", "taken_at", "lat", "lon")


def columns(taken: Taken, now: datetime) -> dict[str, Any]:
    """The values of a `Photo` (照片) that is kept, by their columns."""
    facts = {name: getattr(taken.facts, name) for name in _FACTS}
    return {**facts, "fingerprint": taken.fingerprint, "looks": taken.looks.as_json(), "kept_at": now}
