"""上报草稿: several WeChat messages on their way to becoming one report or one rectification."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Id, JsonDict, Key, Name, Ref, Words
from models.photo import BAD, Photo

_OPEN = text("state = 'open'")
_TO_JUDGE = text("judge_at IS NOT NULL")


class DraftState(StrEnum):
    """草稿状态."""

    OPEN = "open"
    SUBMITTED = "submitted"
    CANCELLED = "cancelled"
    EXPIRED = "expired"  # nothing usable came
    PROPOSED = "proposed"  # heard in a group: a dispatcher says first whether it is a report


class Draft(Base):
    """草稿: a sender's unfinished report (case_id None) or rectification of a case.

    channel: the platform's key, or "officer".  lat, lon: the pin as WeChat gave it, GCJ-02.
    extra: what only its platform knows (an article's link, which photo shows what).
    quiet_at: when the quiet time is over and the draft is closed or its owner asked; None once settled.
    judge_at: when a rectification's photos are to be looked at; None for reports and once it is done.
    chat: the group it is made in, "" for a private conversation.
    At most one is open per person, channel and chat.
    """

    __tablename__ = "drafts"
    __table_args__ = (
        Index(
            "uq_drafts_open",
            "person_id",
            "channel",
            "chat",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("ix_drafts_quiet_at", "quiet_at", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_drafts_judge_at", "judge_at", sqlite_where=_TO_JUDGE, postgresql_where=_TO_JUDGE),
    )

    id: Mapped[Id]
    person_id: Mapped[Ref] = mapped_column(ForeignKey("persons.id"))
    account: Mapped[Key]
    channel: Mapped[Key]
    chat: Mapped[Key] = mapped_column(default="")
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))
    state: Mapped[DraftState] = mapped_column(default=DraftState.OPEN)
    text: Mapped[Words] = mapped_column(default="")
    place: Mapped[Name] = mapped_column(default="")
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    extra: Mapped[JsonDict] = mapped_column(default=dict)
    opened_at: Mapped[datetime]
    touched_at: Mapped[datetime]
    quiet_at: Mapped[datetime | None]
    asked_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    judge_at: Mapped[datetime | None]
    judged_at: Mapped[datetime | None]
    photos: Mapped[list[Photo]] = relationship(order_by=Photo.id)

    @property
    def good_photos(self) -> list[Photo]:
        """The photos that came through, or still may."""
        return [photo for photo in self.photos if photo.state not in BAD]

    @property
    def is_empty(self) -> bool:
        """Whether nothing has come yet that could show or tell the problem."""
        return not self.good_photos and not self.text

    def add_words(self, words: str) -> None:
        """Put another sentence under those already said."""
        self.text = f"{self.text}\n{words}" if self.text else words

    def close(self, state: DraftState, now: datetime) -> None:
        self.state, self.closed_at, self.quiet_at = state, now, None
