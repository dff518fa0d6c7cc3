"""申诉: a unit asks that something counted against it be looked at. Nothing is deleted; a ruling may lift it."""

import re
from typing import Any

from handlers import notices, pleading, questions
from handlers.desk import Desk
from handlers.officer.choice import MENU_LENGTH, MENU_OPEN_FOR, Wish, choose
from handlers.officer.petitions import REASON_OPEN_FOR
from handlers.people.caller import Caller
from handlers.words import plain, trimmed
from models.case import Case
from models.charges import Charge, Charged
from models.clock import Duty
from models.petition import Plea
from models.question import Ask, Question

_LATE = "(?:逾期|超时)"
# How officers call what they appeal against, at the beginning of their words; with the duty where they say it.
_NAMES: tuple[tuple[re.Pattern[str], Charge, str], ...] = (
    (re.compile(f"认领{_LATE}"), Charge.BREACH, Duty.CLAIM.value),
    (re.compile(f"整改{_LATE}"), Charge.BREACH, Duty.RECTIFY.value),
    (re.compile(f"承诺{_LATE}"), Charge.BREACH, Duty.PLEDGE.value),
    (re.compile(_LATE), Charge.BREACH, ""),
    (re.compile("弄虚作假|虚假整改|造假|假照片"), Charge.FAKE, ""),
    (re.compile("核查不通过|不通过|返工|重办"), Charge.REWORK, ""),
    (re.compile("退回(?:被?驳回)?|驳回退回|驳回"), Charge.REFUSAL, ""),
    (re.compile("(?:媒体)?曝光"), Charge.EXPOSURE, ""),
)


def appeal(desk: Desk, caller: Caller, number: int | None, rest: str) -> str:
    """申诉 12 逾期 系统故障; the thing may be left out where only one can be meant."""
    candidates = [] if number is not None else pleading.contestable_cases(desk, caller)
    wish = Wish(Plea.APPEAL.value, number, rest, by=Caller.answered_for)
    chosen = choose(desk, caller, wish, candidates)
    case = chosen.case
    if case is None:
        return chosen.answer
    if case.pending(Plea.APPEAL):
        return desk.texts("petition.cannot.pending", number=case.id, plea=desk.texts("plea.appeal"))
    things = pleading.contestable(desk, caller, case)
    if not things:
        return desk.texts("appeal.nothing", number=case.id, days=desk.rules.appeal_within.days)
    meant, reason = _meant(things, rest)
    if len(meant) == 1:
        return _contest(desk, caller, case, meant[0], reason)
    return _menu(desk, caller, case, meant or things, reason)


def _meant(things: list[Charged], words: str) -> tuple[list[Charged], str]:
    """What the first words name, and the words after it; everything where they name nothing."""
    for pattern, charge, duty in _NAMES:
        named = pattern.match(words)
        if named:
            meant = [one for one in things if one.charge is charge and duty in ("", one.duty)]
            return meant, trimmed(plain(words[named.end() :]))
    return things, words


def _menu(desk: Desk, caller: Caller, case: Case, things: list[Charged], reason: str) -> str:
    """Ask which one, the newest first."""
    shown = things[::-1][:MENU_LENGTH]
    payload = {"case": case.id, "things": [one.key for one in shown], "rest": reason}
    questions.put(desk, caller.person.id, Ask.WHICH_CHARGE, payload, MENU_OPEN_FOR)
    lines = [
        desk.texts("appeal.line", n=n, about=pleading.charge_in_words(desk, one)) for n, one in enumerate(shown, 1)
    ]
    return desk.texts("appeal.menu", number=case.id, lines="\n".join(lines))


def picked(desk: Desk, caller: Caller, asked: Question, n: int) -> str | None:
    """The one chosen from the menu; None where there is none of that number."""
    things = asked.payload["things"]
    if not 1 <= n <= len(things):
        return None
    asked.answered_at = desk.now
    return _again(desk, caller, asked.payload["case"], things[n - 1], asked.payload["rest"])


def explained(desk: Desk, caller: Caller, asked: dict[str, Any], reason: str) -> str:
    """The reason that was asked for."""
    return _again(desk, caller, asked["case"], asked["thing"], reason)


def _again(desk: Desk, caller: Caller, number: int, thing: list[Any], reason: str) -> str:
    """The case, held, and the thing, looked for once more: somebody may have been faster."""
    case = Case.locked(desk.session, number)
    things = pleading.contestable(desk, caller, case) if case and not case.pending(Plea.APPEAL) else []
    meant = next((one for one in things if list(one.key) == thing), None)
    if case is None or meant is None:
        return desk.texts("appeal.nothing", number=number, days=desk.rules.appeal_within.days)
    return _contest(desk, caller, case, meant, reason)


def _contest(desk: Desk, caller: Caller, case: Case, thing: Charged, reason: str) -> str:
    about = pleading.charge_in_words(desk, thing)
    if not reason:
        payload = {"verb": Plea.APPEAL.value, "case": case.id, "thing": thing.key}
        questions.put(desk, caller.person.id, Ask.REASON, payload, REASON_OPEN_FOR)
        return desk.texts("appeal.why", number=case.id, about=about)
    actor = caller.answered_for(case)
    if actor is None:
        raise LookupError(f"case {case.id} was never with the caller's unit")
    petition = case.ask(Plea.APPEAL, actor, desk.clocks, desk.now, reason, **thing.about)
    text = desk.texts(
        "dispatch.petition",
        plea=desk.texts("plea.appeal"),
        unit=desk.unit_name(thing.unit_code),
        reason=pleading.in_words(desk, case, petition),
        number=case.id,
        summary=notices.describe(desk, case),
    )
    notices.tell_command(desk, case, text, deadline=case.live(Duty.RULING)[-1])
    return desk.texts("appeal.asked", number=case.id, about=about)
