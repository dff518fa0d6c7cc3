"""待派, 详情, 理由: what a dispatcher can look at."""

from typing import Any

from sqlalchemy import select

from handlers import notices, pleading, reachability, reporting, showing
from handlers.desk import Desk
from handlers.doubts import settling as settling_doubts
from handlers.groups import settling
from handlers.people.caller import Caller
from handlers.people.contacting import way_in_words
from models.case import Case
from models.clock import Duty
from models.deadline import Deadline
from models.petition import Petition, Ruling
from routing.finding import Finding

QUEUE_LENGTH = 15
_OWED_BY_COMMAND = (Duty.TRIAGE, Duty.VERIFY, Duty.RULING)
_OWED_BY_VERIFIERS = (Duty.VERIFY,)


def queue(desk: Desk, caller: Caller) -> str:
    """待派 · 待裁 · 待核查: what the command centre owes, the most urgent first."""
    owed_by = _OWED_BY_COMMAND if caller.is_dispatcher else _OWED_BY_VERIFIERS
    query = (
        select(Deadline)
        .where(Deadline.duty.in_(owed_by), Deadline.ended_at.is_(None))
        .order_by(Deadline.due_at, Deadline.id)
    )
    owed = list(desk.session.scalars(query.limit(QUEUE_LENGTH + 1)))
    # What groups said has no clock of its own, so it is mentioned wherever somebody looks at what is owed.
    heard = settling.reminder(desk) if caller.is_dispatcher else ""
    if not owed:
        return heard or desk.texts("dispatch.empty")
    lines = [_line(desk, deadline) for deadline in owed[:QUEUE_LENGTH]]
    more = desk.texts("dispatch.more") if len(owed) > QUEUE_LENGTH else ""
    queued = desk.texts("dispatch.queue", lines="\n".join(lines), more=more)
    return f"{queued}\n{heard}" if heard else queued


def _line(desk: Desk, deadline: Deadline) -> str:
    case = desk.session.get_one(Case, deadline.case_id)
    late = desk.texts("duty.late") if deadline.is_late(desk.now) else ""
    return desk.texts(
        "dispatch.line",
        number=case.id,
        duty=desk.texts(f"owed.{deadline.duty}"),
        category=desk.category_name(case),
        place=case.place[:20]
        or desk.unit_name(case.street)
        or desk.unit_name(case.district)
        or desk.texts("case.unknown_place"),
        due=desk.clock_time(deadline.due_at),
        late=late,
        mark=desk.texts("doubt.mark") if deadline.duty is Duty.VERIFY and case.needs_look else "",
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
        reports=len({report.person_id for report in notices.reporters(desk, case)}),
        marks=notices.marked(desk, case),
        told=_helpers(desk, case) + told(desk, case),
        before=len(before),
        after=len(done),
        warning=_in_doubt(desk, case) + _lost(desk, case),
        asked=_asked(desk, case),
        options=reporting.options(desk, case),
    )


def _helpers(desk: Desk, case: Case) -> str:
    """协办."""
    units = "、".join(desk.unit_name(helper.unit_code) for helper in case.helping)
    return desk.texts("task.co", units=units) + "\n" if units else ""


def told(desk: Desk, case: Case) -> str:
    """Whether the unit that holds the case knows of it: by a word that arrived, or by its own claim."""
    lead = case.lead
    if lead is None:
        return ""
    clocks = [clock.id for clock in case.deadlines if clock.assignment_id == lead.id]
    about = reachability.told(desk.session, clocks).values()
    heard = min((one for one in about if one.at), default=None)
    if heard is not None and heard.at is not None:
        at = desk.clock_time(heard.at)
        return desk.texts("dispatch.told", at=at, way=way_in_words(desk, heard.way)) + "\n"
    if lead.claimed_at:
        return ""
    failed = sum(one.failed for one in about)
    return (desk.texts("dispatch.not_told", failed=failed) if failed else desk.texts("dispatch.not_yet")) + "\n"


def _in_doubt(desk: Desk, case: Case) -> str:
    """What speaks against the photos of the rectification."""
    reasons = settling_doubts.of_case(desk, case)
    return desk.texts("dispatch.in_doubt", reasons="；".join(reasons)) if reasons else ""


def _lost(desk: Desk, case: Case) -> str:
    """Pictures that were sent and cannot be shown."""
    count = notices.photos_missing(desk, case)
    return desk.texts("dispatch.photos_missing", count=count) if count else ""


def _asked(desk: Desk, case: Case) -> str:
    """What the unit or a reporter has asked for and waits to be ruled on."""
    waiting = [petition for petition in case.petitions if petition.state is Ruling.PENDING]
    lines = [
        desk.texts("dispatch.waiting", plea=desk.texts(f"plea.{p.plea}"), reason=_reason(desk, case, p))
        for p in waiting
    ]
    return "".join(f"\n{line}" for line in lines)


def _reason(desk: Desk, case: Case, petition: Petition) -> str:
    return notices.shortened(pleading.in_words(desk, case, petition))


def compare(desk: Desk, caller: Caller, case: Case, rest: str) -> str:
    """对比 12: before and after in one picture."""
    return showing.compare(desk, case, caller.person.id)


def card(desk: Desk, caller: Caller, case: Case, rest: str) -> str:
    """案件卡 12: the whole case in one picture."""
    return showing.card(desk, case, caller.person.id)


def why(desk: Desk, caller: Caller, case: Case, rest: str) -> str:
    """理由 12: how the routing came to its answer, and what else it thought of."""
    if not case.decision:
        return desk.texts("dispatch.why_not", number=case.id)
    return desk.texts("dispatch.why", number=case.id, decision=explained(desk, case.decision))


def trial(desk: Desk, words: str) -> str:
    """试派 文字: where a report with these words would go, and why; nothing is opened."""
    if not words:
        return desk.texts("dispatch.try_what")
    decision = desk.router.decide(Finding(text=words, at=desk.now.astimezone(desk.zone)))
    sent = bool(decision.category) and decision.confidence >= desk.rules.sure_from
    how = desk.texts("dispatch.would_send" if sent else "dispatch.would_ask")
    return desk.texts("dispatch.trial", how=how, decision=explained(desk, decision.as_json()))


def explained(desk: Desk, decision: dict[str, Any]) -> str:
    """A decision in words: the units, every reason, how sure, which rule and model, and the next best."""
    others = [
        desk.texts(
            "dispatch.other", unit=desk.unit_name(option["unit"]), why=option["why"], sure=option["confidence"]
        )
        for option in decision["alternatives"]
    ]
    co_units = "、".join(desk.unit_name(code) for code in decision["co_units"])
    return desk.texts(
        "dispatch.decision",
        unit=desk.unit_name(decision["unit"]),
        co=desk.texts("dispatch.co", units=co_units) if co_units else "",
        reasons="\n".join(reason["text"] for reason in decision["why"]),
        sure=decision["confidence"],
        rule=decision["rule"],
        model=desk.texts("dispatch.model", version=decision["model"]) if decision.get("model") else "",
        others="".join(f"\n{other}" for other in others),
    )


def help_text(desk: Desk, caller: Caller) -> str:
    """帮助: everything a dispatcher, or a verifier, may say."""
    return desk.texts("help.dispatcher" if caller.is_dispatcher else "help.verifier")
