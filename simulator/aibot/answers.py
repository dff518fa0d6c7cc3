"""response_url (主动回复): one markdown answer into the chat, within an hour."""

from __future__ import annotations

from simulator.api.call import Answer, Call
from simulator.errors import Refused

MARKDOWN_BYTES = 20_480


def respond(call: Call) -> Answer:
    """Show the answer. 42022 for a code that is used, old or unknown; that number was not confirmed."""
    code = call.query.get("response_code", "")
    account, userid = call.world.office.answer_codes.look(code, call.now)
    if call.body.get("msgtype") != "markdown":
        raise Refused(40008)
    content = str(call.part("markdown").get("content", ""))
    if not content:
        raise Refused(44004)
    if len(content.encode()) > MARKDOWN_BYTES:
        raise Refused(45002)
    # Spent last: what was refused may be mended and sent again.
    call.world.office.answer_codes.spend(code, call.now)
    call.world.conversations.add((account, userid), "account", "markdown", content, call.now, way="group")
    return {}
