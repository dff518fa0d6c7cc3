"""公开地址: the only pictures that anybody may see without asking. Nothing else of the storage is reachable here."""

import logging
import re

from flask import Blueprint, Response, current_app, request
from sqlalchemy.exc import SQLAlchemyError

from bot.installation import Installation
from handlers import publishing
from photos.storage import PhotoMissing, digest

log = logging.getLogger(__name__)

public_photos = Blueprint("public_photos", __name__)

_HASH = re.compile(r"[0-9a-f]{64}")
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Referrer-Policy": "no-referrer",
}
# The bytes under a hash never change, but whether they may be shown does: a withdrawn picture is gone from
# everybody's cache within a minute.
_A_MINUTE = {"Cache-Control": "public, max-age=60, must-revalidate", "Cross-Origin-Resource-Policy": "cross-origin"}
_NEVER = {"Cache-Control": "no-store"}


@public_photos.get("/public/photos/<name>.jpg")
def show(name: str) -> Response:
    """A picture somebody published and nobody withdrew; 404 for everything else."""
    if not _HASH.fullmatch(name):
        return _none(404)
    installation: Installation = current_app.extensions["installation"]
    try:
        data = _published(installation, name)
    except (SQLAlchemyError, OSError):
        log.exception("public photo %s cannot be looked up", name)
        return _none(503)
    if data is None:
        return _none(404)
    answer = Response(data, headers={**_ALWAYS, **_A_MINUTE}, content_type="image/jpeg")
    answer.set_etag(name)
    answer.make_conditional(request)
    return answer


def _published(installation: Installation, sha256: str) -> bytes | None:
    with installation.database.glance() as session:
        if not publishing.is_public(session, sha256):
            return None
    try:
        data = installation.vault.public(sha256)
    except PhotoMissing:
        log.error("public photo %s is missing; `run.py photos verify` tells more", sha256)
        return None
    # A file put there by hand, or a damaged one, is not what somebody looked at and agreed to.
    return data if digest(data) == sha256 else None


def _none(status: int) -> Response:
    return Response("", status, {**_ALWAYS, **_NEVER}, content_type="text/plain")
