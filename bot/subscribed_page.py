"""订阅回跳页: where WeChat leads people after they have answered a one-time subscription."""

import logging
from base64 import b64encode
from hashlib import sha256
from html import escape

from flask import Blueprint, Response, current_app, request
from sqlalchemy.exc import SQLAlchemyError

from bot.installation import ROOT, Installation, utc_now
from bot.subscribing import Outcome, answered
from models.wording import Texts

log = logging.getLogger(__name__)

subscribed_page = Blueprint("subscribed_page", __name__)

TEXTS = Texts(ROOT / "bot" / "texts.yaml")
_STYLE = (
    "body{margin:0;font:18px/1.6 system-ui,sans-serif;color:#222;background:#f5f6f7}"
    "main{max-width:30em;margin:20vh auto 0;padding:0 1.5em;text-align:center}h1{font-size:1.5em}"
)
_STYLE_HASH = b64encode(sha256(_STYLE.encode()).digest()).decode()
_HEADERS = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    # The address holds the openid and our signature.
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_STATUS = {Outcome.REFUSED: 403, Outcome.EXPIRED: 410}


@subscribed_page.get("/subscribed/<key>")
def come_back(key: str) -> Response:
    """订阅回跳: note what was bought, and tell the person that the page can be closed."""
    installation: Installation = current_app.extensions["installation"]
    door = installation.doors.official.get(key)
    if door is None:
        return _page(Outcome.REFUSED, 404)
    try:
        with installation.database.story() as session:
            outcome = answered(session, door.account, request.args.to_dict(), utc_now())
    except SQLAlchemyError:
        log.exception("a subscription at %s could not be noted; the page can be reloaded", key)
        return _page("trouble", 503)
    if outcome is Outcome.REFUSED:
        log.warning("a subscription at %s was not ours, or somebody else's", key)
    return _page(outcome, _STATUS.get(outcome, 200))


def _page(what: str, status: int) -> Response:
    title, words, close = (
        escape(TEXTS(name)) for name in (f"subscribed.{what}.title", f"subscribed.{what}.words", "subscribed.close")
    )
    body = (
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<style>{_STYLE}</style></head><body><main><h1>{title}</h1><p>{words}</p><p>{close}</p></main></body></html>"
    )
    return Response(body, status, _HEADERS, content_type="text/html; charset=utf-8")
