"""任务卡片: what the buttons of a card say once there is nothing left to press."""

from sqlalchemy import select

from handlers.desk import Desk
from models.assignment import Assignment
from models.card import TaskCard
from models.deadline import Deadline
from models.people import Person


def label(desk: Desk, task_id: str) -> str:
    """What the card with this task_id shall say; "" while its duty is still owed, and for a card that is not ours."""
    card = desk.session.scalars(select(TaskCard).where(TaskCard.task_id == task_id)).one_or_none()
    return label_of(desk, card) if card else ""


def label_of(desk: Desk, card: TaskCard) -> str:
    """已由甸柳新村街道张三认领, or that the task is no longer theirs; "" while it is."""
    deadline = desk.session.get_one(Deadline, card.deadline_id)
    if deadline.ended_at is None:
        return ""
    lead = desk.session.get(Assignment, deadline.assignment_id) if deadline.assignment_id else None
    if lead is None or lead.claimed_by is None:
        return desk.texts("card.over")
    claimer = desk.session.get(Person, lead.claimed_by)
    return desk.texts("card.claimed", unit=desk.unit_name(lead.unit_code), name=claimer.name if claimer else "")
