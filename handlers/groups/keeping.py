"""保存线索: what is new of an import becomes candidates; what was heard before is left alone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import photo_facts
from handlers.desk import Desk
from handlers.groups.bursts import Burst
from handlers.groups.marks import MISSING, Marked, Picture
from handlers.groups.understanding import Understood, doubt_of, understand
from handlers.groups.wording import TEXTS
from models.candidate import Candidate, CandidateState, Overheard
from models.draft import Draft, DraftState
from models.people import Person, Role, serving
from models.photo import Fetch, Photo
from routing.platforms import Platform

_ASKED_AT_ONCE = 500  # SQLite takes no more than 999 values in a statement


class Fate(StrEnum):
    """导入结果: of one burst."""

    NEW = "new"
    MORE = "more"  # it goes on with a candidate that waits
    FILLED = "filled"  # known, but for pictures that were missing when it was imported before
    KNOWN = "known"


@dataclass(frozen=True, slots=True)
class Outcome:
    """比对结果: what was not heard before, pictures for photos that were missing, and the candidate it is MORE of."""

    fate: Fate
    fresh: tuple[Marked, ...]
    fills: tuple[tuple[Marked, Photo], ...] = ()
    into: Candidate | None = None


class Heard:
    """听过的: what earlier imports kept, and what this one has come upon so far."""

    def __init__(self, session: Session, everything: Iterable[Marked]) -> None:
        marks = sorted({mark for one in everything for mark in (one.mark, one.place_mark) if mark})
        chunks = (marks[n : n + _ASKED_AT_ONCE] for n in range(0, len(marks), _ASKED_AT_ONCE))
        found = (session.scalars(select(Overheard).where(Overheard.mark.in_(chunk))) for chunk in chunks)
        self._session = session
        self._kept = {row.mark: row for rows in found for row in rows}
        self._seen: set[str] = set()

    def compare(self, burst: Sequence[Marked]) -> Outcome:
        """What of a burst is new. What is asked about once counts as heard from then on."""
        fresh = {one.mark: one for one in burst if one.mark not in self._kept and one.mark not in self._seen}.values()
        fills = tuple((one, photo) for one in fresh if (photo := self._missing(one)))
        filled = {one.mark for one, _ in fills}
        new = tuple(one for one in fresh if one.mark not in filled)
        self._seen |= {one.mark for one in fresh}
        if not new:
            return Outcome(Fate.FILLED if fills else Fate.KNOWN, (), fills)
        into = self._waiting(burst)
        return Outcome(Fate.MORE if into else Fate.NEW, new, fills, into)

    def has(self, mark: str) -> bool:
        """Whether an earlier import, or this one, has kept it."""
        return mark in self._kept

    def candidate_of(self, mark: str) -> int:
        """The candidate that something kept is in."""
        return self._kept[mark].candidate_id

    def keep(self, row: Overheard) -> None:
        """Note what this import has kept."""
        self._kept[row.mark] = row
        self._session.add(row)

    def _missing(self, one: Marked) -> Photo | None:
        """The photo that stands where this picture was missing."""
        row = self._kept.get(one.place_mark)
        if row is None or row.photo_id is None or one.picture is None or not one.picture.sha256:
            return None
        photo = self._session.get_one(Photo, row.photo_id)
        return photo if photo.state is Fetch.LOST else None

    def _waiting(self, burst: Sequence[Marked]) -> Candidate | None:
        """The candidate that an earlier part of the same burst is in, while it waits."""
        rows = (self._kept.get(one.mark) for one in burst)
        numbers = dict.fromkeys(row.candidate_id for row in rows if row)
        found = (self._session.get_one(Candidate, number) for number in numbers)
        return next((one for one in found if one.state is CandidateState.WAITING), None)


def keep(desk: Desk, platform: Platform, heard: Heard, understood: Understood, outcome: Outcome) -> Candidate | None:
    """Write what is new; None where nothing but missing pictures was."""
    for one, photo in outcome.fills:
        _fill(desk, heard, one, photo)
    if not outcome.fresh:
        return None
    candidate = outcome.into or _begin(desk, platform, understood)
    words = _words(desk, platform, understood, outcome)
    if words:
        candidate.draft.add_words(words)
    candidate.doubt = doubt_of(desk, candidate.draft.text)
    for one in outcome.fresh:
        _note(desk, heard, candidate, one)
    return candidate


def _words(desk: Desk, platform: Platform, understood: Understood, outcome: Outcome) -> str:
    """The words of what is new alone, as the platform's reader gives them."""
    sayings = tuple(replace(one.saying, pictures=()) for one in outcome.fresh if one.picture is None)
    return understand(desk, platform, Burst(sayings), understood.person_id).words if sayings else ""


def _begin(desk: Desk, platform: Platform, understood: Understood) -> Candidate:
    first = understood.burst.first
    registered = understood.person_id is not None
    draft = Draft(
        person_id=understood.person_id or _stranger(desk, platform, first.chat, first.speaker),
        account="",  # nobody wrote to us
        channel=platform.key,
        opened_at=desk.now,
        touched_at=desk.now,
        state=DraftState.PROPOSED,
        text="",
    )
    candidate = Candidate(
        channel=platform.key,
        chat=first.chat,
        speaker=first.speaker,
        registered=registered,
        draft=draft,
        said_at=first.sent_at,
        said_when=first.when,
        imported_at=desk.now,
    )
    desk.session.add(candidate)
    desk.session.flush()
    return candidate


def _stranger(desk: Desk, platform: Platform, chat: str, speaker: str) -> int:
    """A person for who is no member: the same one for the same name in the same group, and nobody's account."""
    query = (
        select(Draft.person_id)
        .join(Candidate, Candidate.draft_id == Draft.id)
        .where(Candidate.channel == platform.key, Candidate.chat == chat, Candidate.speaker == speaker)
        .where(Candidate.registered.is_(False))
    )
    known = desk.session.scalars(query.limit(1)).first()
    if known is not None:
        return known
    person = Person(name=speaker, created_at=desk.now)
    desk.session.add(person)
    desk.session.flush()
    return person.id


def _note(desk: Desk, heard: Heard, candidate: Candidate, one: Marked) -> None:
    """Remember a thing said, and put its picture into the draft."""
    photo = _photo(desk, candidate, one.picture) if one.picture else None
    for mark in dict.fromkeys(filter(None, (one.mark, one.place_mark))):
        # Where two pictures of one minute stand, an export that begins between them counts otherwise.
        if not heard.has(mark):
            heard.keep(Overheard(candidate_id=candidate.id, mark=mark, photo_id=photo.id if photo else None))


def _photo(desk: Desk, candidate: Candidate, picture: Picture) -> Photo:
    photo = Photo(
        draft_id=candidate.draft_id,
        account="",
        media_id=picture.name,
        arrived_at=desk.now,
        expires_at=desk.now,
    )
    _settle(desk, photo, picture)
    desk.session.add(photo)
    desk.session.flush()
    return photo


def _fill(desk: Desk, heard: Heard, one: Marked, photo: Photo) -> None:
    """A picture that was missing has come along with a later import."""
    if one.picture is None:
        return
    _settle(desk, photo, one.picture)
    photo.media_id = one.picture.name
    candidate_id = heard.candidate_of(one.place_mark)
    heard.keep(Overheard(candidate_id=candidate_id, mark=one.mark, photo_id=photo.id))


def _settle(desk: Desk, photo: Photo, picture: Picture) -> None:
    photo.reason = picture.reason
    photo.state = Fetch.LOST if picture.reason == MISSING else Fetch.REFUSED if picture.reason else Fetch.KEPT
    for name, value in photo_facts.columns(picture.taken, desk.now).items() if picture.taken else ():
        setattr(photo, name, value)


def tell_dispatchers(desk: Desk, platform: Platform, count: int, begun: int) -> None:
    """A word to every dispatcher that there is something to look at. begun: the number of the first of them."""
    text = TEXTS("candidate.imported", count=count, platform=platform.name)
    for person in serving(desk.session, desk.now, Role.DISPATCHER):
        desk.say(person, f"candidates:{begun}", text, can_wait=True)
