"""Every table, imported once, so that migrations and create_all see them all."""

from models.absence import Absence
from models.assignment import Assignment
from models.base import Base
from models.candidate import Candidate, Overheard
from models.card import TaskCard
from models.case import Case
from models.case_words import CaseWords
from models.deadline import Deadline, Reminder
from models.deletion import Deletion
from models.draft import Draft
from models.edition import Edition
from models.event import CaseEvent
from models.exposure import Exposure, Pledge
from models.hotline import ApiKey, HotlineOrder
from models.inbound import InboundMessage
from models.journal import JournalEntry
from models.learning import Label, TrainedModel
from models.list_indexes import LIST_INDEXES
from models.login import ConsoleSession, Login
from models.outbound import OutboundMessage
from models.patrol import Round
from models.people import Allowance, Identity, Invitation, Membership, Person
from models.petition import Petition
from models.photo import Photo, PhotoCheck
from models.publication import Publication
from models.question import Question
from models.report import Report
from models.saved_view import SavedView
from models.score import (
    Bonus,
    Correction,
    Digest,
    FieldRound,
    FieldVisit,
    Objection,
    Ranking,
    ScoreItem,
    ScoreMark,
    Survey,
    VetoRuling,
)
from models.unit import Unit

__all__ = [
    "LIST_INDEXES",
    "Absence",
    "Allowance",
    "ApiKey",
    "Assignment",
    "Base",
    "Bonus",
    "Candidate",
    "Case",
    "CaseEvent",
    "CaseWords",
    "ConsoleSession",
    "Correction",
    "Deadline",
    "Deletion",
    "Digest",
    "Draft",
    "Edition",
    "Exposure",
    "FieldRound",
    "FieldVisit",
    "HotlineOrder",
    "Identity",
    "InboundMessage",
    "Invitation",
    "JournalEntry",
    "Label",
    "Login",
    "Membership",
    "Objection",
    "OutboundMessage",
    "Overheard",
    "Person",
    "Petition",
    "Photo",
    "PhotoCheck",
    "Pledge",
    "Publication",
    "Question",
    "Ranking",
    "Reminder",
    "Report",
    "Round",
    "SavedView",
    "ScoreItem",
    "ScoreMark",
    "Survey",
    "TaskCard",
    "TrainedModel",
    "Unit",
    "VetoRuling",
]
