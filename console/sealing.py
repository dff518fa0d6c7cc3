"""封签: small values that a browser keeps for us or says back, and cannot change."""

import hmac
import re
from datetime import UTC, datetime, timedelta

from console.premises import premises

_PART = re.compile(r"[0-9A-Za-z_-]*")


def seal(purpose: str, now: datetime, good_for: timedelta, *parts: str) -> str:
    """Sealed for one purpose and a while. parts: letters, digits, _ and -."""
    if not all(_PART.fullmatch(part) for part in parts):
        raise ValueError(f"{purpose}: only letters, digits, _ and - can be sealed")
    body = ".".join((*parts, format(int((now + good_for).timestamp()), "x")))
    return f"{body}.{_mac(purpose, body)}"


def opened(purpose: str, sealed: str, now: datetime) -> list[str] | None:
    """What was sealed for this purpose, while it is good; None for everything else."""
    body, _, mac = sealed.rpartition(".")
    if not hmac.compare_digest(_mac(purpose, body).encode(), mac.encode()):
        return None
    *parts, until = body.split(".")
    return parts if now < datetime.fromtimestamp(int(until, 16), UTC) else None


def _mac(purpose: str, body: str) -> str:
    return hmac.new(premises().key, f"{purpose}\0{body}".encode(), "sha256").hexdigest()[:40]
