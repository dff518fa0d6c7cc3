"""哪个街道: a name that stands for several places is asked about, never guessed."""

from datetime import timedelta

from handlers import questions, words
from handlers.channels.piece import Item
from handlers.desk import Desk
from handlers.message import Kind, Message
from handlers.people.caller import Caller
from models.draft import Draft, DraftState
from models.question import Ask
from routing.finding import Finding

OPEN_FOR = timedelta(hours=2)


def question(desk: Desk, draft: Draft, items: list[Item]) -> str:
    """What to ask where the only finding's place has one name and several streets; "" where nothing must be asked."""
    if len(items) != 1 or draft.lat is not None or items[0].lat is not None:
        return ""
    spot = desk.router.locate(Finding(text=items[0].text, place=items[0].place, platform=draft.channel))
    if spot.street is not None or len(spot.candidates) < 2:
        return ""
    desk.session.flush()
    payload = {"draft": draft.id, "streets": list(spot.candidates)}
    questions.put(desk, draft.person_id, Ask.WHICH_STREET, payload, OPEN_FOR)
    streets = enumerate(spot.candidates, start=1)
    lines = "\n".join(f"{n}. {_full_name(desk, code)}" for n, code in streets)
    return desk.texts("which_street.ask", why=spot.why[0], lines=lines)


def answered(desk: Desk, caller: Caller, message: Message) -> Draft | None:
    """The draft whose place this message's number has just told; None when it answers no such question."""
    number = words.bare_number(message.text) if message.kind is Kind.TEXT else None
    asked = questions.latest(desk, caller.person.id) if number is not None else None
    if number is None or asked is None or asked.ask is not Ask.WHICH_STREET:
        return None
    streets = asked.payload["streets"]
    draft = desk.session.get(Draft, asked.payload["draft"])
    # Asked in one conversation, a question is not answered in another.
    if draft is None or draft.chat != caller.chat:
        return None
    if draft.state is not DraftState.OPEN or not 1 <= number <= len(streets):
        return None
    asked.answered_at = desk.now
    draft.place = f"{_full_name(desk, streets[number - 1])}{draft.place}"[:128]
    draft.touched_at = desk.now
    draft.quiet_at = desk.now + desk.rules.quiet
    return draft


def _full_name(desk: Desk, code: str) -> str:
    """历下区姚家街道."""
    unit = desk.router.pack.units[code]
    above = desk.router.pack.units.get(unit.parent or "")
    return f"{above.name if above else ''}{unit.name}"
