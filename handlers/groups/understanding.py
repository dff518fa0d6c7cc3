"""理解发言: who a speaker is, what a platform makes of the words, and where routing would send it. Writes nothing."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import or_, select

from handlers import platforms
from handlers.channels import CHANNELS
from handlers.channels.piece import Item, Standing
from handlers.desk import Desk
from handlers.groups.bursts import Burst
from handlers.groups.source import GroupSaying, messages_of
from handlers.people.caller import Caller, Somebody, caller_of
from models.draft import Draft
from models.people import Membership, Person, Role
from routing.decision import Decision
from routing.finding import Finding
from routing.platforms import Platform
from routing.scan import normalise


@dataclass(frozen=True, slots=True)
class Understood:
    """理解: person_id is None for who is no member.  doubt: why it may be no report, "" for none.

    words: as the platform's reader gives them to a draft.  decisions: one for each finding in them.
    """

    burst: Burst
    person_id: int | None
    words: str
    doubt: str
    decisions: tuple[Decision, ...]


def understand(desk: Desk, platform: Platform, burst: Burst, person_id: int | None) -> Understood:
    """What would become of it if it were reported now. person_id: the speaker, where a member."""
    standing = standing_of(desk, platform, person_id, burst.first.sent_at)
    words = "\n".join(filter(None, (_words(desk, platform, saying, standing) for saying in burst.sayings)))
    pending = Draft(channel=platform.key, text=words, place="", extra={}, photos=[])
    found = items(pending, standing) if words else []
    decisions = tuple(desk.router.decide(_finding(desk, platform, item)) for item in found)
    return Understood(burst, person_id, words, doubt_of(desk, words), decisions)


def member(desk: Desk, platform: Platform, name: str) -> int | None:
    """The one member of the platform who is called so; None for nobody, and for two of the same name."""
    roles = [role for role in Role if desk.router.pack.roles[role.value].platform == platform.key]
    query = (
        select(Membership.person_id)
        .join(Person, Person.id == Membership.person_id)
        .where(Person.name == name, Membership.role.in_(roles), Membership.since <= desk.now)
        .where(or_(Membership.until.is_(None), Membership.until > desk.now))
        .distinct()
    )
    found = list(desk.session.scalars(query.limit(2))) if name else []
    return found[0] if len(found) == 1 else None


def standing_of(desk: Desk, platform: Platform, person_id: int | None, at: datetime | None) -> Standing:
    """Where the speaker stood when it was said: the post of that hour, not of now."""
    nobody = Caller(0, "", Somebody(0, ""), ())
    caller = caller_of(desk, person_id, "") if person_id else nobody
    return platforms.standing(replace(desk, now=at or desk.now), caller, platform)


def items(pending: Draft, standing: Standing) -> list[Item]:
    """The findings of a draft; one that the platform's reader cannot read is one finding, for a person to look at."""
    found = CHANNELS[pending.channel].items(pending, standing)
    return found or [Item(text=pending.text, place=pending.place)]


def _words(desk: Desk, platform: Platform, saying: GroupSaying, standing: Standing) -> str:
    """What the platform takes of it; all of it where it would refuse it, because nobody was asked to say it so."""
    only_words = replace(saying, pictures=())
    pieces = (CHANNELS[platform.key].read(one, standing) for one in messages_of(only_words, "", desk.now))
    return "\n".join(piece.words for piece in pieces) or saying.text


def _finding(desk: Desk, platform: Platform, item: Item) -> Finding:
    return Finding(
        text=item.text,
        place=item.place,
        lat=item.lat,
        lon=item.lon,
        platform=platform.key,
        category=item.category,
        category_word=item.category_word,
        at=desk.now.astimezone(desk.zone),
    )


def doubt_of(desk: Desk, words: str) -> str:
    """Why words may be no report: "no_words", "no_problem", or "" where the lexicon finds a problem in them."""
    if not words:
        return "no_words"
    return "" if names_problem(desk, words) else "no_problem"


def names_problem(desk: Desk, words: str) -> bool:
    """Whether the lexicon finds a problem in words."""
    return bool(desk.router.pack.lexicon.guesses(normalise(words)))
