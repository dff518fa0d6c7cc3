"""流转簿: how a case writes down what happens to it."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy.orm import Mapped, Session, WriteOnlyMapped

from models.actor import Actor
from models.event import CaseEvent
from models.workflow import Move, Status


class Chronicle:
    """流转簿: the part of Case that appends events. Nothing else writes them, but the sweep for a whole batch."""

    if TYPE_CHECKING:  # the columns are Case's own
        id: Mapped[int]
        status: Mapped[Status]
        events: WriteOnlyMapped[CaseEvent]

    _latest: ClassVar[CaseEvent | None] = None  # per object; the class only holds the "none yet"

    @property
    def cause(self) -> str:
        """The event just recorded, as the first part of an OutboundMessage's key."""
        self._flush()
        if self._latest is None:
            raise LookupError(f"nothing has happened to case {self.id} in this story")
        return f"event:{self._latest.id}"

    @property
    def has_moved(self) -> bool:
        """Whether somebody did something to the case in this story; that it was late already is no deed."""
        return self._latest is not None and self._latest.move is not Move.BREACH

    def _record(
        self,
        move: Move,
        before: Status | None,
        actor: Actor,
        now: datetime,
        why: str,
        data: dict[str, Any],
        at: datetime | None = None,
    ) -> None:
        """Append an event. at: when it happened, where that is not now (a breach)."""
        self._latest = CaseEvent(  # type: ignore[misc]
            move=move,
            before=before,
            now=self.status,
            part=actor.part,
            person_id=actor.person_id,
            at=at or now,
            recorded_at=now,
            why=why,
            data=data,
        )
        self.events.add(self._latest)

    def _flush(self) -> None:
        session = Session.object_session(self)
        if session is not None:
            session.flush()
