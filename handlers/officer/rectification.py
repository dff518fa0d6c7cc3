"""整改: after-photos and words, in any order and as the category asks for them, become one rectification."""

from dataclasses import replace

from sqlalchemy import select

from handlers import draft, evidence, notices, questions, satisfaction, showing
from handlers.channels.piece import Piece
from handlers.desk import Desk
from handlers.message import Media, Message
from handlers.officer.choice import Choice, Wish, choose, in_work, menu
from handlers.people.caller import Caller
from models.actor import Actor
from models.assignment import Assignment
from models.case import Case
from models.draft import Draft, DraftState
from models.question import Ask
from models.workflow import IllegalMove, Move, Status
from routing.categories import PHOTO, WORDS

KEY = "officer"
PHOTOS = "photos"  # the menu that asks which case photos belong to; its answer submits nothing yet

_STATES = (Status.CLAIMED, Status.ASSIGNED)
_SENT_IN = (Status.RECTIFIED, Status.CLOSED)


def rectify(desk: Desk, caller: Caller, number: int | None, rest: str) -> str:
    """整改 12 已清理: submits when the photos are there, else asks for them."""
    pending = draft.current(desk, caller, KEY)
    if number is None and pending is not None:
        number = pending.case_id
    chosen = _chosen(desk, caller, Wish("rectify", number, rest))
    if chosen.case is None:
        return chosen.answer
    pending = pending or draft.begin(desk, caller, KEY)
    pending.case_id = chosen.case.id
    draft.add(desk, pending, Piece(words=rest))
    return submit(desk, caller, pending) if not _lacking(desk, pending) else _where(desk, pending)


def belongs(desk: Desk, caller: Caller, number: int | None, rest: str) -> str:
    """The answer to "which case are these photos of"; more of them may follow."""
    chosen = _chosen(desk, caller, Wish(PHOTOS, number))
    if chosen.case is None:
        return chosen.answer
    pending = draft.current(desk, caller, KEY) or draft.begin(desk, caller, KEY)
    pending.case_id = chosen.case.id
    return _where(desk, pending)


def _chosen(desk: Desk, caller: Caller, wish: Wish) -> Choice:
    chosen = choose(desk, caller, wish, _open_for(desk, caller))
    if chosen.case is None or _takes_photos(chosen.case):
        return chosen
    status = desk.texts(f"status.{chosen.case.status}")
    return Choice(None, desk.texts("rectify.elsewhere", number=chosen.case.id, status=status))


def take(desk: Desk, caller: Caller, message: Message, piece: Piece) -> str:
    """An officer's photo is an after-photo. Of which case is asked only when it can be several."""
    pending = draft.current(desk, caller, KEY)
    if pending is None and piece.photo:
        sent = _late(desk, caller, message) or _only_doubted(desk, caller)
        if sent is not None:
            return _supplement(desk, sent, message, piece.photo)
    pending = pending or draft.begin(desk, caller, KEY)
    if piece.photo and not piece.photo.via and pending.account != message.account:
        # Begun on the case's page, or at another account: only where a photo came to can it be fetched.
        piece = replace(piece, photo=replace(piece.photo, via=message.account))
    draft.add(desk, pending, piece)
    return _bind(desk, caller, pending) or _where(desk, pending)


def _supplement(desk: Desk, sent: Draft, message: Message, media: Media) -> str:
    """One more photo of what was sent in; all of them are looked at anew."""
    draft.add_photo(desk, sent, message.account, media)
    sent.judge_at = desk.now
    return desk.texts("rectify.late_photo", number=sent.case_id)


def _late(desk: Desk, caller: Caller, message: Message) -> Draft | None:
    """What was sent in just now, unless it was found wanting since: then a photo is the next try's."""
    sent = draft.recent(desk, caller, KEY, message)
    case = desk.session.get(Case, sent.case_id) if sent and sent.case_id else None
    if sent is None or case is None or case.status not in _SENT_IN:
        return None
    return sent if case.assignments[-1].rectification_id == sent.id else None


def _only_doubted(desk: Desk, caller: Caller) -> Draft | None:
    """The rectification that waits for a better photo, where a photo can be of nothing else."""
    cases = _open_for(desk, caller)
    if len(cases) != 1 or cases[0].status is not Status.RECTIFIED:
        return None
    return desk.session.get(Draft, cases[0].assignments[-1].rectification_id)


def _open_for(desk: Desk, caller: Caller) -> list[Case]:
    """What photos can be about: what is in work, and what the unit sent in that is in doubt.

    A colleague's is counted only where there is nothing else: most photos are of one's own work.
    """
    query = (
        select(Case, Draft.person_id)
        .join(Assignment, Assignment.case_id == Case.id)
        .join(Draft, Draft.id == Assignment.rectification_id)
        .where(Assignment.unit_code.in_(caller.units), Assignment.on_site, Assignment.ended_at.is_(None))
        .where(Case.status == Status.RECTIFIED)
        .order_by(Case.id)
    )
    doubted = list(desk.session.execute(query))
    own = [case for case, person in doubted if person == caller.person.id]
    working = in_work(desk, caller)
    return [*working, *own] or [case for case, _ in doubted]


def _takes_photos(case: Case) -> bool:
    """Whether a 整改 of it, or a better photo of one, is still wanted."""
    return case.status in _STATES or (case.status is Status.RECTIFIED and case.needs_look)


def _bind(desk: Desk, caller: Caller, pending: Draft, verb: str = PHOTOS) -> str:
    """Find the case a rectification belongs to: the only one in work. The text that asks, when it can be several."""
    if pending.case_id is not None:
        return ""
    cases = _open_for(desk, caller)
    if len(cases) == 1:
        pending.case_id = cases[0].id
        return ""
    if not cases:
        return desk.texts("rectify.no_case")
    asked = questions.latest(desk, caller.person.id)
    if asked is not None and asked.ask is Ask.WHICH_CASE and asked.payload["verb"] == verb == PHOTOS:
        return desk.texts("rectify.which_still", count=len(pending.good_photos))
    return menu(desk, caller, Wish(verb, None), cases)


def _where(desk: Desk, pending: Draft) -> str:
    """What has come so far, and what to do next."""
    lacking = _lacking(desk, pending)
    key = f"rectify.send.{lacking[0]}" if lacking else "rectify.have"
    return desk.texts(key, count=len(pending.good_photos), number=pending.case_id)


def _lacking(desk: Desk, pending: Draft) -> list[str]:
    """What the case's category asks for and has not come yet."""
    case = desk.session.get(Case, pending.case_id) if pending.case_id else None
    here = {PHOTO: bool(pending.good_photos), WORDS: bool(pending.text)}
    # In doubt are photos, and words do not take their place.
    wanted = [PHOTO] if case and case.status is Status.RECTIFIED else evidence.asked(desk, case)
    return [kind for kind in wanted if not here[kind]]


def finish(desk: Desk, caller: Caller, words: str) -> str:
    """完成, perhaps with the words that belong to it: 完成,已清运."""
    pending = draft.current(desk, caller, KEY)
    if pending is None:
        return desk.texts("rectify.nothing")
    if words:
        draft.add(desk, pending, Piece(words=words))
    unclear = _bind(desk, caller, pending, "rectify")
    if unclear:
        return unclear
    return submit(desk, caller, pending) if not _lacking(desk, pending) else _where(desk, pending)


def cancel(desk: Desk, caller: Caller) -> str:
    """取消: forget the photos collected so far."""
    pending = draft.current(desk, caller, KEY)
    if pending is None:
        return desk.texts("rectify.nothing")
    pending.close(DraftState.CANCELLED, desk.now)
    return desk.texts("draft.cancelled")


def hand_over(desk: Desk, caller: Caller, channel: str) -> None:
    """上报 after photos that fitted no case: they become the beginning of the report."""
    pending = draft.current(desk, caller, KEY)
    if pending is not None and pending.case_id is None:
        pending.channel = channel
        desk.session.flush()


def fall_quiet(desk: Desk, pending: Draft) -> None:
    """The quiet time is over: ask once whether these photos are the rectification; nothing is submitted unasked."""
    case = desk.session.get(Case, pending.case_id) if pending.case_id else None
    if case is not None and not _takes_photos(case):
        pending.close(DraftState.EXPIRED, desk.now)  # a colleague was quicker; there is nothing left to ask
        return
    if pending.asked_at is not None:
        pending.close(DraftState.EXPIRED, desk.now)
        _say(desk, pending, "expired")
        return
    pending.asked_at, pending.quiet_at = desk.now, desk.now + desk.rules.give_up
    _say(desk, pending, "asked" if pending.photos and case else "no_photos" if case else "which_case")


def _say(desk: Desk, pending: Draft, event: str) -> None:
    number = pending.case_id or desk.texts("rectify.no_number")
    text = desk.texts(f"rectify.quiet.{event}", count=len(pending.good_photos), number=number)
    desk.say(pending.person_id, f"draft:{pending.id}:{event}:{desk.now:%Y%m%d%H%M%S%f}", text)


def submit(desk: Desk, caller: Caller, pending: Draft) -> str:
    """提交整改: the command centre must verify, the reporters see before and after."""
    case = Case.locked(desk.session, pending.case_id or 0)
    actor = caller.acts_for(case) if case else None
    if case is None or actor is None:
        pending.close(DraftState.CANCELLED, desk.now)
        return desk.texts("choose.not_yours", number=pending.case_id)
    if case.status is Status.RECTIFIED and case.needs_look:
        return _better(desk, case, actor, pending)
    try:
        _make(desk, case, actor, pending)
    except IllegalMove:
        pending.close(DraftState.CANCELLED, desk.now)
        return desk.texts("rectify.elsewhere", number=case.id, status=desk.texts(f"status.{case.status}"))
    pending.close(DraftState.SUBMITTED, desk.now)
    pending.judge_at = desk.now if pending.photos else None
    _tell_command(desk, case, pending)
    satisfaction.ask_rating(desk, case)
    return desk.texts("rectify.done", number=case.id)


def _better(desk: Desk, case: Case, actor: Actor, pending: Draft) -> str:
    """补照片: they join the rectification that is in doubt, which is looked at anew with all of them."""
    sent = desk.session.get_one(Draft, case.assignments[-1].rectification_id)
    for photo in pending.photos:
        photo.draft_id = sent.id
    if pending.text:
        case.move(Move.NOTE, actor, desk.now, pending.text)
    pending.close(DraftState.CANCELLED, desk.now)
    sent.judge_at = desk.now
    return desk.texts("rectify.better", number=case.id, count=len(pending.good_photos))


def _make(desk: Desk, case: Case, actor: Actor, pending: Draft) -> None:
    if case.status is Status.ASSIGNED:  # who puts it right without a word has claimed it by doing so
        case.claim(actor, desk.now)
    case.rectify(actor, pending.id, desk.clocks, desk.now, pending.text)


def _tell_command(desk: Desk, case: Case, pending: Draft) -> None:
    text = desk.texts(
        "dispatch.verify",
        summary=notices.describe(desk, case),
        unit=desk.unit_name(case.lead.unit_code if case.lead else ""),
        words=notices.shortened(pending.text) or desk.texts("case.no_words"),
        photos=len(pending.good_photos),
        number=case.id,
    )
    notices.tell_verifiers(desk, case, text)
    showing.to_verifiers(desk, case)
