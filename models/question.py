"""提问: what the bot asked a person last, so that a bare "1" has a meaning."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id, JsonDict, Ref


class Ask(StrEnum):
    """提问类别."""

    RATING = "rating"  # 1 满意 2 基本满意 3 不满意
    WHICH_CASE = "which_case"  # a numbered menu of cases for the command in payload
    WHICH_STREET = "which_street"  # a numbered menu of streets for the draft in payload
    WHICH_CHARGE = "which_charge"  # a numbered menu of what can be appealed against in the case in payload
    LOGIN = "login"  # 确认登录: the browser with the code in payload wants into the command centre
    REASON = "reason"  # 请写明原因: the next words are the reason for the command in payload


class Question(Base):
    """提问: the latest unanswered one gives a bare number its meaning until it expires."""

    __tablename__ = "questions"

    id: Mapped[Id]
    person_id: Mapped[Ref] = mapped_column(ForeignKey("persons.id"), index=True)
    ask: Mapped[Ask]
    payload: Mapped[JsonDict]
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
