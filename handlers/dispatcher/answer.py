"""调度员会话: from a dispatcher's words to the right handler."""

from collections.abc import Callable

from sqlalchemy import select

from handlers import notices, words
from handlers.desk import Desk
from handlers.dispatcher import rulings, triage
from handlers.dispatcher.verbs import VERBS, Verb
from handlers.message import Kind, Message
from handlers.people import Caller
from models.case import Case
from models.clock import Duty
from models.deadline import Deadline

QUEUE_LENGTH = 15
_OWED_BY_COMMAND = (Duty.TRIAGE, Duty.VERIFY, Duty.RULING)


def answer(desk: Desk, caller: Caller, message: Message) -> str | None:
    """The answer to a dispatcher's command; None when it is none."""
    if message.kind is not Kind.TEXT:
        return None
    command = words.parse(message.text, VERBS)
    if command is None:
        number = words.bare_number(message.text)
        return _on_case(desk, caller, Verb.DETAIL, number, "") if number else None
    if command.verb in _ALONE:
        return _ALONE[command.verb](desk)
    return _on_case(desk, caller, command.verb, command.number, command.rest)


def _on_case(desk: Desk, caller: Caller, verb: Verb, number: int | None, rest: str) -> str:
    if number is None:
        return desk.texts("dispatch.which_case", verb=desk.texts(f"verb.{verb}"))
    case = Case.locked(desk.session, number)
    if case is None:
        return desk.texts("case.not_found", number=number)
    return _ABOUT_CASE[verb](desk, caller, case, rest)


def queue(desk: Desk) -> str:
    """待派 · 待裁 · 待核查: what the command centre owes, the most urgent first."""
    query = (
        select(Deadline)
        .where(Deadline.duty.in_(_OWED_BY_COMMAND), Deadline.ended_at.is_(None))
        .order_by(Deadline.due_at, Deadline.id)
    )
    owed = list(desk.session.scalars(query.limit(QUEUE_LENGTH + 1)))
    if not owed:
        return desk.texts("dispatch.empty")
    lines = [_line(desk, deadline) for deadline in owed[:QUEUE_LENGTH]]
    more = desk.texts("dispatch.more") if len(owed) > QUEUE_LENGTH else ""
    return desk.texts("dispatch.queue", lines="\n".join(lines), more=more)


def _line(desk: Desk, deadline: Deadline) -> str:
    case = desk.session.get_one(Case, deadline.case_id)
    late = desk.texts("duty.late") if desk.now > deadline.due_at else ""
    return desk.texts(
        "dispatch.line",
        number=case.id,
        duty=desk.texts(f"owed.{deadline.duty}"),
        category=desk.category_name(case),
        due=desk.clock_time(deadline.due_at),
        late=late,
    )


def detail(desk: Desk, caller: Caller, case: Case, rest: str) -> str:
    """详情: the whole case, with pictures of before and after."""
    moment = f"detail:{case.id}:{desk.now:%Y%m%d%H%M%S%f}"
    before, done = notices.photos_before(desk, case), notices.photos_after(desk, case)
    notices.send_photos(desk, caller.person.id, f"{moment}:before", before, case)
    notices.send_photos(desk, caller.person.id, f"{moment}:after", done, case)
    lead = case.lead
    return desk.texts(
        "dispatch.detail",
        summary=notices.describe(desk, case),
        status=desk.texts(f"status.{case.status}"),
        unit=desk.unit_name(lead.unit_code) if lead else desk.texts("case.no_unit"),
        reports=len(notices.reporters(desk, case)),
        before=len(before),
        after=len(done),
        warning=_same_picture(desk, {p.sha256 for p in before} & {p.sha256 for p in done}),
        options=triage.options(desk, case),
    )


def _same_picture(desk: Desk, shared: set[str]) -> str:
    """弄虚作假 in its plainest form: a before-photo sent again as an after-photo."""
    return desk.texts("dispatch.same_picture") if shared - {""} else ""


def why(desk: Desk, caller: Caller, case: Case, rest: str) -> str:
    """理由 12: how the routing came to its answer."""
    reasons = [reason["text"] for reason in case.decision.get("why", [])]
    rule = case.decision.get("rule", "")
    return desk.texts("dispatch.why", number=case.id, reasons="\n".join(reasons), rule=rule)


def _help(desk: Desk) -> str:
    return desk.texts("help.dispatcher")


_ALONE: dict[Verb, Callable[[Desk], str]] = {Verb.QUEUE: queue, Verb.HELP: _help}
_ABOUT_CASE: dict[Verb, Callable[[Desk, Caller, Case, str], str]] = {
    Verb.DETAIL: detail,
    Verb.ASSIGN: triage.assign,
    Verb.REJECT: triage.reject,
    Verb.ACCEPT: rulings.accept,
    Verb.REFUSE: rulings.refuse,
    Verb.PASS: rulings.verify_pass,
    Verb.FAIL: rulings.verify_fail,
    Verb.WHY: why,
}
