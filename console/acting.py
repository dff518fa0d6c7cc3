"""办理: what a visitor does to a case, by the same functions as the chat, one story each, and noted."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from console.noting import note
from console.premises import premises
from console.visitor import Right, Visitor
from handlers.desk import Desk
from handlers.dispatcher import asking, co_units, corrections, rulings, triage, undoing, urging
from handlers.officer import appeals, duties, feedback, petitions, pledges
from handlers.people.caller import Caller
from models.case import Case
from models.petition import Plea

Handler = Callable[[Desk, Caller, Case, str], str]


class Deed(NamedTuple):
    """动作: who may do it, how it is done, and whether it needs words."""

    right: Right
    handler: Handler
    needs_words: bool = False


def _of_unit(handler: Callable[[Desk, Caller, "int | None", str], str]) -> Handler:
    """An officer's command names its case by number."""

    def done(desk: Desk, caller: Caller, case: Case, words: str) -> str:
        return handler(desk, caller, case.id, words)

    return done


DEEDS: Mapping[str, Deed] = {
    "assign": Deed(Right.DISPATCH, triage.assign, True),
    "reject": Deed(Right.DISPATCH, triage.reject, True),
    "category": Deed(Right.DISPATCH, corrections.category, True),
    "place": Deed(Right.DISPATCH, corrections.place, True),
    "split": Deed(Right.DISPATCH, corrections.split),
    "ask": Deed(Right.DISPATCH, asking.ask, True),
    "join": Deed(Right.DISPATCH, asking.join, True),
    "enlist": Deed(Right.DISPATCH, co_units.enlist, True),
    "dismiss": Deed(Right.DISPATCH, co_units.dismiss, True),
    **{f"accept.{plea}": Deed(Right.DISPATCH, partial(rulings.accept, plea=plea)) for plea in Plea},
    **{f"refuse.{plea}": Deed(Right.DISPATCH, partial(rulings.refuse, plea=plea), True) for plea in Plea},
    "urge": Deed(Right.DISPATCH, urging.urge),
    "undo.assign": Deed(Right.DISPATCH, undoing.take_back),
    "undo.reject": Deed(Right.DISPATCH, undoing.reopen_rejected),
    "pass": Deed(Right.VERIFY, rulings.verify_pass),
    "fail": Deed(Right.VERIFY, rulings.verify_fail, True),
    "claim": Deed(Right.ACT_FOR_UNIT, _of_unit(duties.claim)),
    "return": Deed(Right.ACT_FOR_UNIT, _of_unit(petitions.ask_return), True),
    "extension": Deed(Right.ACT_FOR_UNIT, _of_unit(petitions.ask_extension), True),
    "deferral": Deed(Right.ACT_FOR_UNIT, _of_unit(petitions.ask_deferral), True),
    "appeal": Deed(Right.ACT_FOR_UNIT, _of_unit(appeals.appeal), True),
    "feed_back": Deed(Right.ACT_FOR_UNIT, _of_unit(feedback.feed_back), True),
    "transfer": Deed(Right.ACT_FOR_UNIT, _of_unit(petitions.ask_transfer), True),
    "pledge": Deed(Right.ACT_FOR_UNIT, _of_unit(pledges.pledge), True),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """办理结果: whether something happened, and what the handler answered. version: the case's from then on."""

    ok: bool
    text: str
    version: int = 0


def do(who: Visitor, case_id: int, deed: str, words: str = "", version: int | None = None) -> Outcome:
    """办理 one case, in a story of its own. version: what the page showed; somebody may have acted since."""
    here = premises()
    now = here.now()
    with here.story() as session:
        desk = here.desk(session, now)
        outcome = _done(desk, who, case_id, deed, words.strip(), version)
        if outcome.ok:
            note(session, now, f"case.{deed}", f"case:{case_id}", words.strip(), said=outcome.text)
    return outcome


def rehearse(who: Visitor, cases: Sequence[int], deed: str, words: str = "") -> Iterator[tuple[Case, Outcome]]:
    """试办: what would become of each, by doing it and taking it back; nothing of it is kept, and nobody hears of it.

    The rules are asked and not told again. Cases the visitor may not see are left out.
    """
    here = premises()
    with here.story() as session:
        desk = here.desk(session, here.now())
        for number in cases:
            case = session.get(Case, number)
            if case is None or not who.sees(case):
                continue
            tried = session.begin_nested()
            outcome = _done(desk, who, number, deed, words.strip(), None)
            tried.rollback()
            yield case, outcome
        session.rollback()


def _done(desk: Desk, who: Visitor, case_id: int, deed: str, words: str, version: int | None) -> Outcome:
    texts, chosen = premises().texts, DEEDS.get(deed)
    if chosen is None or not who.may(chosen.right):
        return Outcome(False, texts("act.not_allowed"))
    case = Case.locked(desk.session, case_id)
    if case is None or not who.sees(case):
        return Outcome(False, desk.texts("case.not_found", number=case_id))
    if version is not None and version != case.version:
        return Outcome(False, texts("act.changed", number=case_id))
    if chosen.needs_words and not words:
        return Outcome(False, texts("act.words"))
    return _told(desk, case, chosen.handler(desk, who.caller(desk), case, words))


def _told(desk: Desk, case: Case, text: str) -> Outcome:
    """Handlers answer in words; something happened to the case exactly when it wrote an event."""
    desk.session.flush()
    return Outcome(case.has_moved, text, case.version)
