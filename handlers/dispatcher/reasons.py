"""请写明原因: a command that lacks its reason waits for it, so that the next words complete it."""

from datetime import timedelta

from handlers import questions
from handlers.desk import Desk
from handlers.people.caller import Caller
from models.case import Case
from models.question import Ask

REASON_OPEN_FOR = timedelta(minutes=10)


def ask_why(desk: Desk, caller: Caller, case: Case, word: str) -> None:
    """Remember which command waits, by the word that names it, until its reason comes."""
    questions.put(desk, caller.person.id, Ask.REASON, {"verb": word, "case": case.id}, REASON_OPEN_FOR)
