"""登录 123456, 确认登录: who may enter the command centre lets a browser in from WeChat."""

import re
from datetime import timedelta

from handlers import questions
from handlers.desk import Desk
from handlers.people.caller import Caller
from models.people import Role
from models.question import Ask

SCENE = "login-"
_ASKED = re.compile(r"(?:网页)?登录\W{0,3}([0-9]{6})\W?")
_YES = "确认登录"
_PATIENCE = timedelta(minutes=3)
# Whoever holds one of these may enter; what they see there the console decides.
_MAY = (Role.DISPATCHER, Role.VERIFIER, Role.ADMIN, Role.LEADER, Role.OFFICER)


def answer(desk: Desk, caller: Caller, text: str) -> str | None:
    """The answer to a code, or to the question whether it was really they; None for other words."""
    said = text.strip()
    code = _ASKED.fullmatch(said)
    if code is not None:
        return _ask(desk, caller, code[1])
    return _confirm(desk, caller) if said.rstrip("。.!") == _YES else None


def scanned(desk: Desk, caller: Caller, scene: str) -> str | None:
    """The same by the QR code on the login page; None for another scene."""
    return _ask(desk, caller, scene.removeprefix(SCENE)) if scene.startswith(SCENE) else None


def _ask(desk: Desk, caller: Caller, code: str) -> str:
    if caller.chat:
        return desk.texts("login.not_here")
    if not caller.holds(*_MAY):
        return desk.texts("login.no_role")
    attempt = desk.console_logins.asked(code)
    if attempt is None:
        return desk.texts("login.unknown")
    questions.put(desk, caller.person.id, Ask.LOGIN, {"code": code}, _PATIENCE)
    # What a browser says of itself may be made up, and must not look like words of ours.
    agent = re.sub(r"[^\w .,/;()-]", "", attempt.agent)[:80]
    return desk.texts("login.sure", agent=agent, address=attempt.address, at=desk.clock_time(desk.now))


def _confirm(desk: Desk, caller: Caller) -> str | None:
    asked = questions.latest(desk, caller.person.id, Ask.LOGIN)
    if asked is None:
        return desk.texts("login.nothing")
    asked.answered_at = desk.now
    done = caller.holds(*_MAY) and desk.console_logins.confirm(asked.payload["code"], caller.person.id)
    return desk.texts("login.done" if done else "login.over")
