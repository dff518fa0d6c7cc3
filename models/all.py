"""Every table, imported once, so that migrations and create_all see them all."""

from models.assignment import Assignment
from models.base import Base
from models.case import Case
from models.deadline import Deadline, Reminder
from models.draft import Draft
from models.event import CaseEvent
from models.inbound import InboundMessage
from models.outbound import OutboundMessage
from models.people import Allowance, Identity, Invitation, Membership, Person
from models.petition import Petition
from models.photo import Photo
from models.question import Question
from models.report import Report
from models.unit import Unit

__all__ = [
    "Allowance",
    "Assignment",
    "Base",
    "Case",
    "CaseEvent",
    "Deadline",
    "Draft",
    "Identity",
    "InboundMessage",
    "Invitation",
    "Membership",
    "OutboundMessage",
    "Person",
    "Petition",
    "Photo",
    "Question",
    "Reminder",
    "Report",
    "Unit",
]
