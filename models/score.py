"""督导考核: what counts for and against units, and the tables that were made of it."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Id, JsonDict, Key, Name, Ref, UnitCode, Words


class ScoreItem(Base):
    """计分事项: one thing for one unit, as scoring/items.py reads it out of a case's events; replaced as a whole.

    at: the day it counts on.  value: what it means is its kind's.  weight: of the platform that found the case.
    event_id: what tells of it, None where the case itself does.
    """

    __tablename__ = "score_items"
    __table_args__ = (Index("ix_score_items_at_kind", "at", "kind"),)

    id: Mapped[Id]
    unit_code: Mapped[UnitCode]
    kind: Mapped[str] = mapped_column(String(24))
    case_id: Mapped[Ref] = mapped_column(ForeignKey("cases.id"), index=True)
    event_id: Mapped[int | None] = mapped_column(BigInteger)
    at: Mapped[datetime]
    value: Mapped[float]
    weight: Mapped[float] = mapped_column(default=1.0)
    duty: Mapped[Key] = mapped_column(default="")


class ScoreMark(Base):
    """计分进度: up to which event the items are made. One row."""

    __tablename__ = "score_marks"

    id: Mapped[Id]
    event_id: Mapped[Ref]
    made_at: Mapped[datetime]


class RankingState(StrEnum):
    """排名表状态."""

    DRAFT = "draft"  # 草稿: made anew whenever somebody wants
    APPEALS = "appeals"  # 申诉期: units see their own row and may object
    FROZEN = "frozen"  # 冻结: nothing changes it any more
    PUBLISHED = "published"  # 已公布
    DROPPED = "dropped"  # 作废, before it was frozen


class Ranking(Base):
    """排名表 of one tier and period, [begins_on, ends_on) in the city's days.

    rules, rules_version: what it was made by.  rows: the snapshot, every figure in it.  digest: SHA-256 over tier,
    period, rules and rows, kept from the freezing on; a published table is checked against it.
    """

    __tablename__ = "rankings"

    id: Mapped[Id]
    tier: Mapped[str] = mapped_column(String(16))
    title: Mapped[Name]
    begins_on: Mapped[date]
    ends_on: Mapped[date]
    state: Mapped[RankingState] = mapped_column(default=RankingState.DRAFT)
    rules: Mapped[JsonDict]
    rules_version: Mapped[Key]
    rows: Mapped[JsonDict] = mapped_column(default=dict)
    digest: Mapped[Key] = mapped_column(default="")
    made_at: Mapped[datetime]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    appeals_until: Mapped[datetime | None]
    frozen_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    published_by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))

    objections: Mapped[list["Objection"]] = relationship(order_by="Objection.id")
    corrections: Mapped[list["Correction"]] = relationship(order_by="Correction.id")


class Objection(Base):
    """排名申诉: a unit says that its row is wrong, while the table is open for it.

    accepted: None until somebody ruled.
    """

    __tablename__ = "ranking_objections"

    id: Mapped[Id]
    ranking_id: Mapped[Ref] = mapped_column(ForeignKey("rankings.id"), index=True)
    unit_code: Mapped[UnitCode]
    person_id: Mapped[Ref] = mapped_column(ForeignKey("persons.id"))
    words: Mapped[Words]
    made_at: Mapped[datetime]
    accepted: Mapped[bool | None]
    ruling: Mapped[Words] = mapped_column(default="")
    ruled_by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    ruled_at: Mapped[datetime | None]


class Correction(Base):
    """更正: what turned out wrong in a published table. The table stays as it was; this stands beside it."""

    __tablename__ = "ranking_corrections"

    id: Mapped[Id]
    ranking_id: Mapped[Ref] = mapped_column(ForeignKey("rankings.id"), index=True)
    unit_code: Mapped[UnitCode] = mapped_column(default="")
    words: Mapped[Words]
    before: Mapped[JsonDict] = mapped_column(default=dict)
    after: Mapped[JsonDict] = mapped_column(default=dict)
    made_at: Mapped[datetime]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))


class VetoRuling(Base):
    """一票否决: somebody's decision about a unit, with evidence; it counts on its day until it is lifted."""

    __tablename__ = "veto_rulings"

    id: Mapped[Id]
    unit_code: Mapped[UnitCode] = mapped_column(index=True)
    veto: Mapped[Key]
    on: Mapped[date] = mapped_column("on_date")
    why: Mapped[Words]
    evidence: Mapped[Words] = mapped_column(default="")
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))
    made_at: Mapped[datetime]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    appeal: Mapped[Words] = mapped_column(default="")
    appealed_at: Mapped[datetime | None]
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    lifted_why: Mapped[Words] = mapped_column(default="")


class Bonus(Base):
    """加分: points somebody gave a unit, with the reason."""

    __tablename__ = "bonuses"

    id: Mapped[Id]
    unit_code: Mapped[UnitCode] = mapped_column(index=True)
    on: Mapped[date] = mapped_column("on_date")
    points: Mapped[float]
    why: Mapped[Words]
    made_at: Mapped[datetime]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    withdrawn_at: Mapped[datetime | None]


class FieldRound(Base):
    """实地测评轮次: points and closed cases drawn by a seed, assessed by people who do not know what is expected.

    begins_on, ends_on: its first and its last day.  seed: draws the same sample again, out of strata.
    strata: how many of which kind, and what they were drawn from.  closed_at: no more results from then on.
    """

    __tablename__ = "field_rounds"

    id: Mapped[Id]
    title: Mapped[Name]
    begins_on: Mapped[date]
    ends_on: Mapped[date]
    seed: Mapped[Key]
    strata: Mapped[JsonDict] = mapped_column(default=dict)
    made_at: Mapped[datetime]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    closed_at: Mapped[datetime | None]


class FieldVisit(Base):
    """测评任务: one place of a round, or one closed case to be looked at again without saying so (case_id).

    result: 0 to 100, None until it is in.  report_id: the assessor's sheet, None for one that was imported.
    solved: whether a drawn case was found put right, None while nobody can tell; what its unit and its verifier had
    said of it stands in the case's events.  sent_at, reminded_at: when the assessor was last told of it.
    """

    __tablename__ = "field_visits"
    __table_args__ = (UniqueConstraint("round_id", "number"),)

    id: Mapped[Id]
    round_id: Mapped[Ref] = mapped_column(ForeignKey("field_rounds.id"))
    number: Mapped[int]
    stratum: Mapped[Key]
    place: Mapped[Name]
    point_key: Mapped[Key] = mapped_column(default="")
    unit_code: Mapped[UnitCode] = mapped_column(index=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), index=True)
    sent_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    result: Mapped[float | None]
    solved: Mapped[bool | None]
    findings: Mapped[Words] = mapped_column(default="")
    report_id: Mapped[int | None] = mapped_column(ForeignKey("reports.id"))
    assessed_at: Mapped[datetime | None]


class Survey(Base):
    """问卷调查: what people answered about a unit in a period, out of 100."""

    __tablename__ = "surveys"
    __table_args__ = (UniqueConstraint("unit_code", "on_date"),)

    id: Mapped[Id]
    unit_code: Mapped[UnitCode]
    on: Mapped[date] = mapped_column("on_date")
    value: Mapped[float]
    answers: Mapped[int] = mapped_column(default=0)
    source: Mapped[Name] = mapped_column(default="")
    made_at: Mapped[datetime]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))


class Digest(Base):
    """简报: one round of periodic words to units was written; so that no round is written twice.

    due_at: when it was due.  told: how many people.
    """

    __tablename__ = "digests"

    id: Mapped[Id]
    due_at: Mapped[datetime] = mapped_column(unique=True)
    made_at: Mapped[datetime]
    told: Mapped[int]
