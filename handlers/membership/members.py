"""企业成员: people whom a company's directory knows need no code: WeCom itself says who they are."""

from handlers.desk import Desk
from handlers.membership.register import Issued
from handlers.message import Kind, Message
from handlers.people import accounts, binding
from handlers.people.caller import Caller, meet


def enrol(desk: Desk, issued: Issued, account: str) -> bool:
    """Bind one row's member at once, and tell them. False where they were bound there before.

    account: key of the app. Whoever is bound on another account keeps that and gets this one as well.
    """
    caller = _member(desk, issued.row.member, account)
    if issued.code:
        welcome = binding.bind(desk, caller, issued.code)
        if welcome:
            desk.say(caller.person.id, f"enrol:{issued.code}", welcome, can_wait=True)
        return True
    if issued.person_id is None or caller.person.id == issued.person_id:
        return False
    accounts.join(desk, caller, issued.person_id)
    return True


def _member(desk: Desk, userid: str, account: str) -> Caller:
    """Somebody who has said nothing yet, met all the same."""
    return meet(desk, Message(kind=Kind.NOTICE, account=account, sender=userid, sent_at=desk.now))
