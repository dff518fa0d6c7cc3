"""线索确认: what waits, and what a dispatcher makes of it. 确认线索 makes reports of it, 忽略线索 puts it away."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from sqlalchemy import func, select

from handlers import draft, notices, reporting
from handlers.desk import Desk
from handlers.groups.understanding import doubt_of, items, standing_of
from handlers.groups.wording import TEXTS
from models.candidate import Candidate, CandidateState
from models.people import Identity
from models.photo import Fetch

LATE_AFTER = timedelta(days=1)
SHOWN = 6
_WORDS_SHOWN = 48
_PICTURES_SHOWN = 3


def waiting(desk: Desk) -> list[Candidate]:
    """Every candidate that waits, the oldest first."""
    query = select(Candidate).where(Candidate.state == CandidateState.WAITING)
    return list(desk.session.scalars(query.order_by(Candidate.imported_at, Candidate.id)))


def listing(desk: Desk) -> str:
    """线索: the oldest few, with their words and how many pictures."""
    found = waiting(desk)
    if not found:
        return TEXTS("candidate.none")
    lines = "\n".join(line(desk, one) for one in found[:SHOWN])
    more = TEXTS("candidate.more", count=len(found) - SHOWN) if len(found) > SHOWN else ""
    return TEXTS("candidate.list", count=len(found), lines=lines, more=more, first=found[0].id)


def line(desk: Desk, candidate: Candidate) -> str:
    """One candidate on a line or two."""
    words = candidate.draft.text.replace("\n", " ")
    return TEXTS(
        "candidate.line",
        number=candidate.id,
        when=_when(desk, candidate),
        who=who(candidate),
        words=(f"{words[:_WORDS_SHOWN]}…" if len(words) > _WORDS_SHOWN else words) or TEXTS("candidate.no_words"),
        pictures=_pictures(candidate),
        doubt=TEXTS(f"candidate.doubt.{candidate.doubt}") if candidate.doubt else "",
    )


def who(candidate: Candidate) -> str:
    """A member by name; anybody else as somebody of the group."""
    if candidate.registered:
        return TEXTS("candidate.member", name=candidate.speaker)
    return TEXTS("candidate.stranger", name=candidate.speaker)


def _when(desk: Desk, candidate: Candidate) -> str:
    if candidate.said_at:
        return desk.clock_time(candidate.said_at)
    return candidate.said_when or TEXTS("candidate.no_time")


def _pictures(candidate: Candidate) -> str:
    photos = candidate.draft.photos
    bad = len(photos) - len(candidate.draft.good_photos)
    told = TEXTS("candidate.pictures", count=len(photos)) if photos else ""
    return told + (TEXTS("candidate.pictures_bad", count=bad) if bad else "")


def detail(desk: Desk, person_id: int, number: int) -> str:
    """线索 12: all of its words, and its pictures."""
    candidate = desk.session.get(Candidate, number)
    if candidate is None:
        return TEXTS("candidate.unknown", number=number)
    kept = [photo for photo in candidate.draft.photos if photo.state is Fetch.KEPT]
    for photo in kept[:_PICTURES_SHOWN]:
        desk.say(person_id, f"candidate:{number}:{desk.now:%Y%m%d%H%M%S%f}:photo:{photo.id}", "", photo=photo)
    return TEXTS(
        "candidate.detail",
        line=line(desk, candidate),
        chat=candidate.chat or TEXTS("candidate.no_chat"),
        words=notices.shortened(candidate.draft.text),
        state=TEXTS(f"candidate.state.{candidate.state}"),
        number=number,
    )


def confirm(desk: Desk, numbers: Sequence[int], words: str, by: int | None) -> list[str]:
    """确认线索: each becomes a report in the usual way. words: what a dispatcher adds to a single one."""
    added = words if len(numbers) == 1 else ""
    return [_settled(desk, number, lambda one: _report(desk, one, added, by)) for number in numbers]


def ignore(desk: Desk, numbers: Sequence[int], reason: str, by: int | None) -> list[str]:
    """忽略线索: put away, with the reason on the row."""

    def put_away(candidate: Candidate) -> str:
        candidate.settle(CandidateState.IGNORED, desk.now, by, reason)
        return TEXTS("candidate.ignored", number=candidate.id, reason=reason)

    return [_settled(desk, number, put_away) for number in numbers]


def _settled(desk: Desk, number: int, settle: Callable[[Candidate], str]) -> str:
    candidate = Candidate.locked(desk.session, number)
    if candidate is None:
        return TEXTS("candidate.unknown", number=number)
    if candidate.state is not CandidateState.WAITING:
        state = TEXTS(f"candidate.state.{candidate.state}")
        return TEXTS("candidate.settled", number=number, state=state)
    return settle(candidate)


def _report(desk: Desk, candidate: Candidate, words: str, by: int | None) -> str:
    """受理: the platform's own reader finds what is in it; matching, routing and clocks are those of every report."""
    if words:
        candidate.draft.add_words(words)
    candidate.doubt = doubt_of(desk, candidate.draft.text)
    platform = desk.router.pack.platforms[candidate.channel]
    speaker = candidate.draft.person_id if candidate.registered else None
    standing = standing_of(desk, platform, speaker, candidate.said_at)
    made = reporting.submit(desk, candidate.draft, items(candidate.draft, standing))
    candidate.settle(CandidateState.CONFIRMED, desk.now, by)
    told = draft.receipts(desk, made)
    _tell_speaker(desk, candidate, told)
    cases = "、".join(str(receipt.case.id) for receipt in made)
    return TEXTS("candidate.confirmed", number=candidate.id, cases=cases, how=_joined(made))


def _joined(made: list[reporting.Receipt]) -> str:
    joined = sum(receipt.how is not reporting.How.ACCEPTED for receipt in made)
    return TEXTS("candidate.joined", count=joined) if joined else ""


def _tell_speaker(desk: Desk, candidate: Candidate, receipt: str) -> None:
    """Who is a member and can be reached hears that what they said in the group is a report now."""
    reached = select(Identity.id).where(Identity.person_id == candidate.draft.person_id).limit(1)
    if candidate.registered and desk.session.scalars(reached).first() is not None:
        words = TEXTS("candidate.speaker", receipt=receipt)
        desk.say(candidate.draft.person_id, f"candidate:{candidate.id}:confirmed", words, can_wait=True)


def reminder(desk: Desk) -> str:
    """What the overview says of candidates: how many wait, and since when if that is too long; "" for none."""
    query = select(func.count(), func.min(Candidate.imported_at)).where(Candidate.state == CandidateState.WAITING)
    count, oldest = desk.session.execute(query).one()
    if not count:
        return ""
    late = TEXTS("candidate.late", since=desk.clock_time(oldest)) if oldest <= desk.now - LATE_AFTER else ""
    return TEXTS("candidate.waiting", count=count, late=late)
