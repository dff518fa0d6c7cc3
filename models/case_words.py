"""检索文字: what a case says, in a narrow table of its own, so that it can be searched among a million."""

from sqlalchemy import ForeignKey, Index, Text, func
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Ref, Words


class CaseWords(Base):
    """检索文字: words is text and place of the case, in small letters.

    Triggers keep it (migration 0008), in the transaction that writes the case: whoever writes cases by whole tables
    or by hand cannot forget it. A table of its own, because a case is written ten times in its life and says the
    same each time. On PostgreSQL there is an index of its pairs of characters, made by the function case_grams.
    """

    __tablename__ = "case_words"

    case_id: Mapped[Ref] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True)
    words: Mapped[Words] = mapped_column(Text)

    __table_args__ = (
        Index("ix_case_words_grams", func.case_grams(words, type_=TSVECTOR), postgresql_using="gin").ddl_if(
            dialect="postgresql"
        ),
    )
