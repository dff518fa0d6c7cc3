"""上报草稿: several WeChat messages become one report. Says what is missing; 完成, 取消 or a quiet time ends it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload

from handlers import addressing, photo_trouble, platforms, reporting, which_street
from handlers.case_pages import Side
from handlers.channels import CHANNELS
from handlers.channels.piece import Item, Piece, Standing, Want
from handlers.desk import Desk
from handlers.field import results
from handlers.message import Media, Message
from handlers.people.caller import Caller, caller_of
from models.draft import Draft, DraftState
from models.photo import Photo
from routing.finding import Finding
from routing.platforms import Platform


def take(desk: Desk, caller: Caller, platform: Platform, message: Message) -> str:
    """Add a message to the sender's open draft and say what is still missing."""
    standing = platforms.standing(desk, caller, platform)
    piece = CHANNELS[platform.key].read(message, standing)
    if piece.refusal:
        return desk.texts(piece.refusal)
    draft = current(desk, caller, platform.key)
    if draft is None and piece.photo and _stands_alone(message):
        late = recent(desk, caller, platform.key, message)
        if late is not None:
            add_photo(desk, late, message.account, piece.photo)
            return desk.texts("draft.late_photo", count=len(late.good_photos))
    draft = draft or begin(desk, caller, platform.key)
    add(desk, draft, piece)
    if draft.asked_at is not None:
        return _after_asking(desk, caller, draft, platform, piece)
    return _progress(desk, draft, platform, standing)


def _stands_alone(message: Message) -> bool:
    """A picture that came with words, in one message, belongs to them and not to what was reported before."""
    return message.whole or not (message.photo and message.photo.via)


def _after_asking(desk: Desk, caller: Caller, draft: Draft, platform: Platform, piece: Piece) -> str:
    """What comes after a question: its answer lets the draft go, other words are asked about anew."""
    if piece.answers:
        return finish(desk, caller, platform)
    held = _held(desk, draft, platform, platforms.standing(desk, caller, platform))
    return (held.question if piece.words else "") or _told(desk, draft, held)


def current(desk: Desk, caller: Caller, channel: str) -> Draft | None:
    """The sender's open draft where they speak now, if any."""
    return desk.session.scalars(_CURRENT, _conversation(caller, channel)).unique().one_or_none()


def recent(desk: Desk, caller: Caller, channel: str, message: Message) -> Draft | None:
    """The draft just submitted, when this message was sent before or seconds after its 完成."""
    draft = desk.session.scalars(_RECENT, _conversation(caller, channel)).one_or_none()
    if draft is None or draft.closed_at is None:
        return None
    in_time = message.sent_at <= draft.closed_at + desk.rules.grace
    return draft if in_time or photo_trouble.awaits_another(desk, draft) else None


def _conversation(caller: Caller, channel: str) -> dict[str, Any]:
    return {"person": caller.person.id, "at": channel, "said_in": caller.chat}


_OF_SENDER = select(Draft).where(
    Draft.person_id == bindparam("person"), Draft.channel == bindparam("at"), Draft.chat == bindparam("said_in")
)
_CURRENT = _OF_SENDER.where(Draft.state == DraftState.OPEN).options(joinedload(Draft.photos))
_RECENT = _OF_SENDER.where(Draft.state == DraftState.SUBMITTED).order_by(Draft.id.desc()).limit(1)


def begin(desk: Desk, caller: Caller, channel: str) -> Draft:
    """Open a draft for the sender."""
    pending = Draft(
        person_id=caller.person.id,
        account=caller.account,
        channel=channel,
        chat=caller.chat,
        opened_at=desk.now,
        touched_at=desk.now,
        quiet_at=desk.now + desk.rules.quiet,
        text="",
        place="",
        extra={},
        photos=[],
    )
    desk.session.add(pending)
    return pending


def add(desk: Desk, draft: Draft, piece: Piece) -> None:
    """Put a piece into the draft and start the quiet time anew."""
    if piece.replace:
        draft.text = ""
    if piece.words:
        draft.add_words(piece.words)
    if piece.pin:
        draft.lat, draft.lon = piece.pin.lat, piece.pin.lon
        draft.place = piece.pin.label[:128] or draft.place
    if piece.photo:
        add_photo(desk, draft, draft.account, piece.photo)
    if piece.extra:
        draft.extra = {**draft.extra, **piece.extra}
    draft.touched_at = desk.now
    draft.quiet_at = desk.now + desk.rules.quiet


def add_photo(desk: Desk, draft: Draft, account: str, media: Media) -> None:
    """Note a photo; a job fetches it while WeChat still has it."""
    draft.photos.append(
        Photo(
            account=media.via or account,
            media_id=media.media_id,
            arrived_at=desk.now,
            expires_at=desk.now + media.life,
            next_try_at=desk.now,
        )
    )


def finish(desk: Desk, caller: Caller, platform: Platform) -> str:
    """完成: submit, or say what is missing; who says 完成 twice has nothing more to give and is believed."""
    draft = current(desk, caller, platform.key)
    if draft is None:
        return desk.texts("draft.none")
    if draft.is_empty:
        return desk.texts("draft.nothing_yet")
    held = _held(desk, draft, platform, platforms.standing(desk, caller, platform))
    wanted = [want for want in held.wanted if want is not Want.WORDS or not draft.good_photos]
    if (wanted or held.question) and draft.asked_at is None:
        draft.asked_at = desk.now
        return held.question or desk.texts("draft.still_missing", missing=_names(desk, draft, wanted))
    return _submitted(desk, draft, held.items)


def _submitted(desk: Desk, draft: Draft, items: list[Item]) -> str:
    """受理. A visit's sheet is its result first (任务), and its sender hears no number of a case."""
    result = results.take_in(desk, draft, items) if "task" in draft.extra else None
    return result or receipts(desk, reporting.submit(desk, draft, items), draft.chat, draft.person_id)


def close_whole(desk: Desk, caller: Caller, platform: Platform) -> str:
    """整条: submit what came in one piece; "" where something is missing or has to be asked."""
    draft = current(desk, caller, platform.key)
    if draft is None or draft.is_empty:
        return ""
    held = _held(desk, draft, platform, platforms.standing(desk, caller, platform))
    if held.wanted or held.question:
        return ""
    return _submitted(desk, draft, held.items)


def lacks(desk: Desk, caller: Caller, platform: Platform) -> list[Want]:
    """What the sender's open draft has not got yet."""
    draft = current(desk, caller, platform.key)
    return _held(desk, draft, platform, platforms.standing(desk, caller, platform)).wanted if draft else []


def cancel(desk: Desk, caller: Caller, platform: Platform) -> str:
    """取消: the draft is dropped; nothing was reported."""
    draft = current(desk, caller, platform.key)
    if draft is None:
        return desk.texts("draft.none")
    draft.close(DraftState.CANCELLED, desk.now)
    return desk.texts("draft.cancelled")


def fall_quiet(desk: Desk, draft: Draft) -> None:
    """The quiet time is over: submit what is enough, ask once for what is not, in the end let a person look."""
    platform = desk.router.pack.platforms[draft.channel]
    caller = caller_of(desk, draft.person_id, draft.account, draft.chat)
    held = _held(desk, draft, platform, platforms.standing(desk, caller, platform))
    if not held.question and _is_enough(draft, held.wanted):
        _submit_quietly(desk, draft, held.items)
    elif draft.asked_at is None:
        draft.asked_at, draft.quiet_at = desk.now, desk.now + desk.rules.give_up
        missing = _names(desk, draft, held.wanted)
        _say(desk, draft, "asked", held.question or desk.texts("draft.asked", missing=missing))
    elif desk.now < draft.touched_at + desk.rules.give_up:
        draft.quiet_at = draft.touched_at + desk.rules.give_up  # its sender was at it again after being asked
    elif not draft.is_empty:
        _submit_quietly(desk, draft, held.items)
    else:
        draft.close(DraftState.EXPIRED, desk.now)
        _say(desk, draft, "expired", desk.texts("draft.expired"))


def _submit_quietly(desk: Desk, draft: Draft, items: list[Item]) -> None:
    _say(desk, draft, "submitted", _submitted(desk, draft, items))


def _is_enough(draft: Draft, wanted: Sequence[Want]) -> bool:
    """Whether it can go out without its sender saying 完成: nothing lacks but a photo or words, never both."""
    shows = bool(draft.good_photos) or Want.WORDS not in wanted
    return shows and not set(wanted) - {Want.PHOTO, Want.WORDS}


def receipts(desk: Desk, results: list[reporting.Receipt], chat: str = "", reader: int = 0) -> str:
    """受理回执: one sentence for one case, a list for several.

    chat: the group they are read in, if any.  reader: who may be offered the case's page.
    """
    if len(results) == 1:
        key = f"receipt.in_group.{results[0].how}" if chat else f"receipt.how.{results[0].how}"
        case = results[0].case
        page = desk.page_link(case, reader, Side.REPORTER) if reader and not chat else ""
        return desk.texts(key, number=case.id) + page
    lines = [
        desk.texts(
            "receipt.line",
            n=n,
            number=result.case.id,
            category=desk.category_name(result.case),
            how=desk.texts(f"receipt.brief.{result.how}"),
        )
        for n, result in enumerate(results, start=1)
    ]
    return desk.texts("receipt.many", count=len(results), lines="\n".join(lines))


def _say(desk: Desk, draft: Draft, event: str, text: str) -> None:
    # A draft may be asked again after it was touched again, so the moment is part of the cause.
    key = f"draft:{draft.id}:{event}:{desk.now:%Y%m%d%H%M%S%f}"
    name = caller_of(desk, draft.person_id, draft.account).person.name if draft.chat else ""
    desk.say(draft.person_id, key, addressing.to(desk, name, text), chat=draft.chat)


@dataclass(frozen=True, slots=True)
class _Contents:
    """What a draft holds: its findings, what the platform still wants, and what has to be asked.

    where: asked at once, because its answer is one digit; question: asked when the rest is there.
    """

    items: list[Item]
    wanted: list[Want]
    question: str
    where: str


def _held(desk: Desk, draft: Draft, platform: Platform, standing: Standing) -> _Contents:
    """The findings; a draft without a readable one is still one finding, for a person to look at."""
    channel = CHANNELS[draft.channel]
    items = channel.items(draft, standing) or [Item(text=draft.text, place=draft.place)]
    wanted = _missing(desk, draft, platform, items)
    where = which_street.question(desk, draft, items)
    if where:  # the same gap, asked for more exactly
        wanted = [want for want in wanted if want is not Want.PLACE]
    return _Contents(items, wanted, channel.question(desk, draft, items) or where, where)


def _missing(desk: Desk, draft: Draft, platform: Platform, items: list[Item]) -> list[Want]:
    """What the platform asks for and the draft has not got, the most important first."""
    here = {
        Want.PHOTO: lambda: bool(draft.good_photos),
        Want.PLACE: lambda: all(_is_placed(desk, draft, item) for item in items),
        Want.WORDS: lambda: any(item.text for item in items),
        Want.ORDER: lambda: all(item.number for item in items),
        Want.OUTLET: lambda: all(item.extra.get("outlet") for item in items),
    }
    return [want for want in map(Want, platform.wants) if not here[want]()]


def _is_placed(desk: Desk, draft: Draft, item: Item) -> bool:
    """A pin, a place in words, or a street that routing finds in what was said."""
    if draft.lat is not None or item.lat is not None or item.place:
        return True
    return desk.router.locate(Finding(text=item.text, platform=draft.channel)).street is not None


def progress(desk: Desk, caller: Caller, draft: Draft, platform: Platform) -> str:
    """What has come so far, and what is still missing."""
    return _progress(desk, draft, platform, platforms.standing(desk, caller, platform))


def told_where(desk: Desk, caller: Caller, draft: Draft, platform: Platform) -> str:
    """The street is known now: who has said 完成 before need not say it again."""
    if draft.asked_at is not None:
        return finish(desk, caller, platform)
    return progress(desk, caller, draft, platform)


def _progress(desk: Desk, draft: Draft, platform: Platform, standing: Standing) -> str:
    return _told(desk, draft, _held(desk, draft, platform, standing))


def _told(desk: Desk, draft: Draft, held: _Contents) -> str:
    photos = len(draft.good_photos)
    have = desk.texts("draft.have", photos=photos) if photos else desk.texts("draft.noted")
    if len(held.items) > 1:
        have += desk.texts("draft.several", count=len(held.items))
    if held.where:
        missing = desk.texts("draft.also_missing", missing=_names(desk, draft, held.wanted)) if held.wanted else ""
        return f"{have}{held.where}{missing}"
    if held.wanted:
        return desk.texts("draft.progress", have=have, missing=_names(desk, draft, held.wanted))
    quiet = max(1, round(desk.rules.quiet.total_seconds() / 60))
    return desk.texts("draft.complete", have=have, minutes=quiet)


def _names(desk: Desk, draft: Draft, wanted: Sequence[Want]) -> str:
    # No location and no file ever reaches the bot in a group.
    where = {Want.PLACE: "place_in_group"} if draft.chat else {}
    return "、".join(desk.texts(f"draft.want.{where.get(want, want)}") for want in wanted)
