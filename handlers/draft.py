"""上报草稿: several WeChat messages become one report. Says what is missing; 完成, 取消 or a quiet time ends it."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload

from handlers import photo_trouble, reporting
from handlers.channels import CHANNELS
from handlers.channels.piece import Channel, Piece, Want
from handlers.desk import Desk
from handlers.message import Media, Message
from handlers.people import Caller
from models.draft import Draft, DraftState
from models.photo import Photo
from routing.finding import Finding

MEDIA_LIFE = timedelta(days=3)  # WeChat keeps what people send for three days


def take(desk: Desk, caller: Caller, channel: Channel, message: Message) -> str:
    """Add a message to the sender's open draft and say what is still missing."""
    piece = channel.read(message)
    if piece.refusal:
        return desk.texts(piece.refusal)
    draft = current(desk, caller.person.id, channel.KEY)
    if draft is None and piece.photo:
        late = recent(desk, caller.person.id, channel.KEY, message)
        if late is not None:
            add_photo(desk, late, message.account, piece.photo)
            return desk.texts("draft.late_photo", count=len(late.good_photos))
    draft = draft or begin(desk, caller, channel.KEY)
    add(desk, draft, piece)
    return progress(desk, draft, channel)


def current(desk: Desk, person_id: int, channel: str) -> Draft | None:
    """The sender's open draft, if any."""
    found = desk.session.scalars(_CURRENT, {"person": person_id, "at": channel})
    return found.unique().one_or_none()


def recent(desk: Desk, person_id: int, channel: str, message: Message) -> Draft | None:
    """The draft just submitted, when this message was sent before or seconds after its 完成."""
    draft = desk.session.scalars(_RECENT, {"person": person_id, "at": channel}).one_or_none()
    if draft is None or draft.closed_at is None:
        return None
    in_time = message.sent_at <= draft.closed_at + desk.rules.grace
    return draft if in_time or photo_trouble.awaits_another(desk, draft) else None


_OF_SENDER = select(Draft).where(Draft.person_id == bindparam("person"), Draft.channel == bindparam("at"))
_CURRENT = _OF_SENDER.where(Draft.state == DraftState.OPEN).options(joinedload(Draft.photos))
_RECENT = _OF_SENDER.where(Draft.state == DraftState.SUBMITTED).order_by(Draft.id.desc()).limit(1)


def begin(desk: Desk, caller: Caller, channel: str, case_id: int | None = None) -> Draft:
    """Open a draft for the sender."""
    pending = Draft(
        person_id=caller.person.id,
        account=caller.account,
        channel=channel,
        case_id=case_id,
        opened_at=desk.now,
        touched_at=desk.now,
        quiet_at=desk.now + desk.rules.quiet,
        text="",
        place="",
        photos=[],
    )
    desk.session.add(pending)
    return pending


def add(desk: Desk, draft: Draft, piece: Piece) -> None:
    """Put a piece into the draft and start the quiet time anew."""
    if piece.words:
        draft.add_words(piece.words)
    if piece.pin:
        draft.lat, draft.lon = piece.pin.lat, piece.pin.lon
        draft.place = piece.pin.label[:128] or draft.place
    if piece.photo:
        add_photo(desk, draft, draft.account, piece.photo)
    draft.touched_at = desk.now
    draft.quiet_at = desk.now + desk.rules.quiet


def add_photo(desk: Desk, draft: Draft, account: str, media: Media) -> None:
    """Note a photo; a job fetches it while WeChat still has it."""
    draft.photos.append(
        Photo(
            account=account,
            media_id=media.media_id,
            arrived_at=desk.now,
            expires_at=desk.now + MEDIA_LIFE,
            next_try_at=desk.now,
        )
    )


def finish(desk: Desk, caller: Caller, channel: Channel) -> str:
    """完成: submit, or say what is missing; who says 完成 twice has nothing more to give and is believed."""
    draft = current(desk, caller.person.id, channel.KEY)
    if draft is None:
        return desk.texts("draft.none")
    if draft.is_empty:
        return desk.texts("draft.nothing_yet")
    wanted = [want for want in channel.missing(draft, _has_place(desk, draft)) if want is not Want.WORDS]
    if wanted and draft.asked_at is None:
        draft.asked_at = desk.now
        return desk.texts("draft.still_missing", missing=_names(desk, wanted))
    return receipt(desk, reporting.submit(desk, draft))


def cancel(desk: Desk, caller: Caller, channel: Channel) -> str:
    """取消: the draft is dropped; nothing was reported."""
    draft = current(desk, caller.person.id, channel.KEY)
    if draft is None:
        return desk.texts("draft.none")
    draft.close(DraftState.CANCELLED, desk.now)
    return desk.texts("draft.cancelled")


def fall_quiet(desk: Desk, draft: Draft) -> None:
    """The quiet time is over: submit what is enough, ask once for what is not, in the end let a person look."""
    channel = CHANNELS[draft.channel]
    has_place = _has_place(desk, draft)
    if channel.is_enough(draft, has_place):
        _say(desk, draft, "submitted", receipt(desk, reporting.submit(desk, draft)))
    elif draft.asked_at is None:
        draft.asked_at, draft.quiet_at = desk.now, desk.now + desk.rules.give_up
        missing = _names(desk, channel.missing(draft, has_place))
        _say(desk, draft, "asked", desk.texts("draft.asked", missing=missing))
    elif desk.now < draft.touched_at + desk.rules.give_up:
        draft.quiet_at = draft.touched_at + desk.rules.give_up  # its sender was at it again after being asked
    elif not draft.is_empty:
        _say(desk, draft, "submitted", receipt(desk, reporting.submit(desk, draft)))
    else:
        draft.close(DraftState.EXPIRED, desk.now)
        _say(desk, draft, "expired", desk.texts("draft.expired"))


def receipt(desk: Desk, result: reporting.Receipt) -> str:
    """受理回执."""
    key = "report.joined" if result.joined else "report.accepted"
    return desk.texts(key, number=result.case.id)


def _say(desk: Desk, draft: Draft, event: str, text: str) -> None:
    # A draft may be asked again after it was touched again, so the moment is part of the cause.
    desk.say(draft.person_id, f"draft:{draft.id}:{event}:{desk.now:%Y%m%d%H%M%S%f}", text)


def _has_place(desk: Desk, draft: Draft) -> bool:
    if draft.lat is not None:
        return True
    words = Finding(text=draft.text, place=draft.place, platform=draft.channel)
    return desk.router.locate(words).street is not None


def progress(desk: Desk, draft: Draft, channel: Channel) -> str:
    """What has come so far, and what is still missing."""
    wanted = channel.missing(draft, _has_place(desk, draft))
    have = desk.texts("draft.have", photos=len(draft.good_photos)) if draft.good_photos else desk.texts("draft.noted")
    if wanted:
        return desk.texts("draft.progress", have=have, missing=_names(desk, wanted))
    quiet = max(1, round(desk.rules.quiet.total_seconds() / 60))
    return desk.texts("draft.complete", have=have, minutes=quiet)


def _names(desk: Desk, wanted: Sequence[Want]) -> str:
    return "、".join(desk.texts(f"draft.want.{want}") for want in wanted)
