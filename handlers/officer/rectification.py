"""整改: after-photos and words, in any order, become one rectification."""

from handlers import citizen, draft, notices
from handlers.channels.piece import Piece
from handlers.desk import Desk
from handlers.message import Message
from handlers.officer.choice import choose, held, menu
from handlers.people import Caller
from models.case import Actor, Case
from models.draft import Draft, DraftState
from models.workflow import IllegalMove, Status

KEY = "officer"


def rectify(desk: Desk, caller: Caller, number: int | None, rest: str) -> str:
    """整改 12 已清理: submits when the photos are there, else asks for them."""
    chosen = choose(desk, caller, number, "rectify", rest, Status.CLAIMED, Status.ASSIGNED)
    if chosen.case is None:
        return chosen.answer
    if chosen.case.status not in (Status.CLAIMED, Status.ASSIGNED):
        status = desk.texts(f"status.{chosen.case.status}")
        return desk.texts("rectify.elsewhere", number=chosen.case.id, status=status)
    pending = draft.current(desk, caller.person.id, KEY) or draft.begin(desk, caller, KEY)
    pending.case_id = chosen.case.id
    draft.add(desk, pending, Piece(words=rest))
    if pending.photos:
        return submit(desk, caller, pending)
    return desk.texts("rectify.send_photos", number=chosen.case.id)


def take(desk: Desk, caller: Caller, message: Message, piece: Piece) -> str:
    """An officer's photo is an after-photo. Of which case is asked only when it can be several."""
    pending = draft.current(desk, caller.person.id, KEY)
    if pending is None and piece.photo:
        late = draft.recent(desk, caller.person.id, KEY, message)
        if late is not None:
            draft.add_photo(desk, late, message.account, piece.photo)
            return desk.texts("rectify.late_photo", number=late.case_id)
    pending = pending or draft.begin(desk, caller, KEY)
    draft.add(desk, pending, piece)
    if pending.case_id is None:
        return _bind(desk, caller, pending)
    return desk.texts("rectify.have", count=len(pending.photos), number=pending.case_id)


def _bind(desk: Desk, caller: Caller, pending: Draft) -> str:
    """Find the case the photos belong to: the only one in work, or ask."""
    cases = held(desk, caller, Status.CLAIMED) or held(desk, caller, Status.ASSIGNED)
    if not cases:
        return desk.texts("rectify.no_case")
    if len(cases) > 1:
        return menu(desk, caller, "rectify", "", cases).answer
    pending.case_id = cases[0].id
    return desk.texts("rectify.have", count=len(pending.photos), number=pending.case_id)


def finish(desk: Desk, caller: Caller) -> str:
    """完成."""
    pending = draft.current(desk, caller.person.id, KEY)
    if pending is None:
        return desk.texts("rectify.nothing")
    if not pending.photos:
        return desk.texts("rectify.send_photos", number=pending.case_id or "")
    if pending.case_id is None:
        return _bind(desk, caller, pending)
    return submit(desk, caller, pending)


def cancel(desk: Desk, caller: Caller) -> str:
    """取消: forget the photos collected so far."""
    pending = draft.current(desk, caller.person.id, KEY)
    if pending is None:
        return desk.texts("rectify.nothing")
    pending.close(DraftState.CANCELLED, desk.now)
    return desk.texts("draft.cancelled")


def fall_quiet(desk: Desk, pending: Draft) -> None:
    """The quiet time is over: ask once whether these photos are the rectification; nothing is submitted unasked."""
    if pending.asked_at is not None:
        pending.close(DraftState.EXPIRED, desk.now)
        return
    pending.asked_at, pending.quiet_at = desk.now, desk.now + desk.rules.give_up
    text = desk.texts("rectify.asked", count=len(pending.photos), number=pending.case_id or "")
    desk.say(pending.person_id, f"draft:{pending.id}:asked:{desk.now:%Y%m%d%H%M%S%f}", text)


def submit(desk: Desk, caller: Caller, pending: Draft) -> str:
    """提交整改: the command centre must verify, the reporters see before and after."""
    case = Case.locked(desk.session, pending.case_id or 0)
    actor = caller.acts_for(case) if case else None
    if case is None or actor is None:
        pending.close(DraftState.CANCELLED, desk.now)
        return desk.texts("choose.not_yours", number=pending.case_id)
    try:
        _make(desk, case, actor, pending)
    except IllegalMove:
        pending.close(DraftState.CANCELLED, desk.now)
        return desk.texts("rectify.elsewhere", number=case.id, status=desk.texts(f"status.{case.status}"))
    pending.close(DraftState.SUBMITTED, desk.now)
    text = desk.texts(
        "dispatch.verify",
        summary=notices.describe(desk, case),
        unit=desk.unit_name(case.lead.unit_code if case.lead else ""),
        words=pending.text or desk.texts("case.no_words"),
        photos=len(pending.photos),
        number=case.id,
    )
    notices.tell_command(desk, case, text)
    citizen.ask_rating(desk, case)
    return desk.texts("rectify.done", number=case.id)


def _make(desk: Desk, case: Case, actor: Actor, pending: Draft) -> None:
    if case.status is Status.ASSIGNED:  # who puts it right without a word has claimed it by doing so
        case.claim(actor, desk.now)
    case.rectify(actor, pending.id, desk.clocks, desk.now, pending.text)
