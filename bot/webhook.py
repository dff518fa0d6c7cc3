"""接收推送: verify, decrypt, KEEP, take in, answer inside the time limit. Nothing a sender posts gives a 500."""

import logging
from time import monotonic

from flask import Blueprint, Response, current_app, request
from sqlalchemy.exc import SQLAlchemyError

from bot import intake
from bot.installation import Installation, utc_now
from bot.wechat.entrances import Entrance
from bot.wechat.push import Push, PushRefused
from models.inbound import Intake

log = logging.getLogger(__name__)

webhook = Blueprint("webhook", __name__)
_ADDRESS = "/<any(wechat, wecom, group):family>/<key>"


@webhook.get(_ADDRESS)
def handshake(family: str, key: str) -> Response:
    """接入验证: WeChat's console checks that we hold the token."""
    installation = _installation()
    entrance = _entrance(installation, family, key)
    if entrance is None:
        return _plain("unknown account", 404)
    try:
        return _plain(entrance.verify(request.args, utc_now(), installation.settings.web.replay_window))
    except PushRefused as refused:
        return _refuse(key, refused)


@webhook.post(_ADDRESS)
def receive_push(family: str, key: str) -> Response:
    """One push. Success is only ever said of what is kept."""
    began = monotonic()
    installation = _installation()
    entrance = _entrance(installation, family, key)
    if entrance is None:
        return _plain("unknown account", 404)
    now = utc_now()
    try:
        body = request.get_data(cache=False)
        push = entrance.open(request.args, body, now, installation.settings.web.replay_window)
    except PushRefused as refused:
        return _refuse(key, refused)
    try:
        kept = intake.keep(installation, key, push.body, push.fields, now)
    except SQLAlchemyError:
        # Not kept, so WeChat must hear a failure and send it again.
        log.exception("a push to %s could not be kept", key)
        return _plain("not kept, send again", 503)
    return _reply(entrance, push, _answer(installation, kept, began))


def _entrance(installation: Installation, family: str, key: str) -> Entrance | None:
    entrance = installation.doors.entrance(key)
    return entrance if entrance is not None and entrance.path == family else None


def _answer(installation: Installation, kept: intake.Kept, began: float) -> str:
    """The passive reply; "" while another delivery of the same push is still in work, and when taking in failed."""
    if kept.state is Intake.DONE:
        return kept.answer
    if not kept.fresh:
        return ""
    budget = installation.settings.web.answer_within.total_seconds()
    try:
        return intake.take_in(installation, kept.id, utc_now(), lambda: monotonic() - began < budget)
    except Exception as error:  # boundary: it is kept, so the job tries again whatever went wrong
        log.exception("message %s is kept but could not be taken in", kept.id)
        _stumble(installation, kept.id, error)
        return ""


def _stumble(installation: Installation, inbound_id: int, error: Exception) -> None:
    try:
        intake.stumble(installation, inbound_id, error, utc_now())
    except SQLAlchemyError:
        log.warning("the failure of message %s could not be noted; its lease will end by itself", inbound_id)


def _reply(entrance: Entrance, push: Push, answer: str) -> Response:
    if not answer:
        return _plain(entrance.nothing.decode())
    sealed = entrance.reply(push, answer, utc_now())
    return Response(sealed.body, content_type=sealed.content_type)


def _refuse(key: str, refused: PushRefused) -> Response:
    log.warning("a push to %s was refused: %s", key, refused)
    return _plain(refused.reason, refused.status)


def _plain(text: str, status: int = 200) -> Response:
    return Response(text, status=status, content_type="text/plain; charset=utf-8")


def _installation() -> Installation:
    installation: Installation = current_app.extensions["installation"]
    return installation
