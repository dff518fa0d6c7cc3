"""转告链: one word as it was written to everybody it was for, and what was said instead where it did not arrive."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple, Self

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from models.outbound import Delivery, OutboundMessage


class Word(NamedTuple):
    """一句话 to one person, and what became of it."""

    id: int
    key: str
    person_id: int
    state: Delivery
    instead_of: int | None

    @property
    def stem(self) -> str:
        """The cause without the person: what was said to several at once has it in common."""
        return self.key.rpartition(":")[0]


@dataclass(frozen=True, slots=True)
class Chain:
    """转告链. lost: the word that died now.  words: the same word to everybody it was for.  passed: said instead.

    first: the id that `instead_of` of everything passed on holds.
    """

    lost: Word
    words: tuple[Word, ...]
    passed: tuple[Word, ...]

    @classmethod
    def read(cls, session: Session, message: OutboundMessage) -> Self:
        """The chain a dead word belongs to. The case must be held: two words of a chain may die at once."""
        origin = session.get_one(OutboundMessage, message.instead_of) if message.instead_of else message
        stem = origin.key.rpartition(":")[0]
        of_case = OutboundMessage.case_id.is_not_distinct_from(origin.case_id)
        alike = _words(session, of_case, OutboundMessage.key.startswith(f"{stem}:", autoescape=True))
        words = tuple(word for word in alike if word.stem == stem)
        passed = _words(session, OutboundMessage.instead_of.in_([word.id for word in words]))
        lost = next(word for word in (*words, *passed) if word.id == message.id)
        return cls(lost, words, passed)

    @property
    def first(self) -> int:
        return self.passed[0].instead_of or self.lost.id if self.passed else self.lost.id

    @property
    def addressee(self) -> int:
        """Whom the first word was for."""
        return next((word.person_id for word in self.words if word.id == self.first), self.lost.person_id)

    @property
    def unreached(self) -> list[int]:
        """Everybody it did not reach, in the order in which they were to hear it."""
        every = (*self.words, *self.passed)
        dead = (word for word in every if word.state is Delivery.DEAD or word.id == self.lost.id)
        return list(dict.fromkeys(word.person_id for word in dead))

    @property
    def spent(self) -> set[int]:
        """Who is not told (again): those it did not reach, and those it was passed on to before."""
        return {*self.unreached, *(word.person_id for word in self.passed)}

    def is_heard(self, colleagues: Collection[int]) -> bool:
        """Whether the same word reached a colleague, or one said instead reached anybody."""
        own = any(word.state is Delivery.SENT and word.person_id in colleagues for word in self.words)
        return own or any(word.state is Delivery.SENT for word in self.passed)

    @property
    def is_going_on(self) -> bool:
        """Whether it has been passed on beyond this word already, and is on its way."""
        return any(
            word.state is Delivery.WAITING and word.id > self.lost.id and word.stem != self.lost.stem
            for word in self.passed
        )

    def overtake(self, session: Session, people: Collection[int]) -> None:
        """The word that is passed on says it all: who still waits for the same one hears it once, not twice."""
        ids = [word.id for word in self.words if word.person_id in people and word.state is Delivery.WAITING]
        waiting = OutboundMessage.id.in_(ids) & (OutboundMessage.state == Delivery.WAITING)
        session.execute(update(OutboundMessage).where(waiting).values(state=Delivery.VOID, next_try_at=None))


def _words(session: Session, *which: ColumnElement[bool]) -> tuple[Word, ...]:
    query = select(*(getattr(OutboundMessage, name) for name in Word._fields)).where(*which)
    return tuple(Word(*row) for row in session.execute(query.order_by(OutboundMessage.id)))
