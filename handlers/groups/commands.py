"""群线索指令: what a dispatcher may say about candidates."""

from handlers.desk import Desk
from handlers.groups import settling
from handlers.groups.wording import TEXTS
from handlers.people.caller import Caller
from handlers.reading import candidate_words
from handlers.reading.candidate_words import Wanted, Wish


def answer(desk: Desk, caller: Caller, text: str) -> str | None:
    """The answer to a dispatcher's word about candidates; None for everything else."""
    wanted = candidate_words.read(text) if caller.is_dispatcher else None
    if wanted is None:
        return None
    if wanted.wish is Wish.LIST:
        return settling.listing(desk)
    if wanted.wish is Wish.DETAIL:
        return settling.detail(desk, caller.person.id, wanted.numbers[0])
    return _settle(desk, caller, wanted)


def _settle(desk: Desk, caller: Caller, wanted: Wanted) -> str:
    by = caller.person.id
    if wanted.wish is Wish.CONFIRM:
        lines = settling.confirm(desk, wanted.numbers, wanted.words, by)
        return "\n".join(lines) or TEXTS("candidate.confirm_which")
    if not wanted.numbers or not wanted.words:
        return TEXTS("candidate.ignore_which")
    return "\n".join(settling.ignore(desk, wanted.numbers, wanted.words, by))
