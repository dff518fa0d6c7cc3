"""清单索引: what the command centre's lists are filtered and sorted by.

They stand apart from the tables, because no story of a case needs them.
Each ends with the order lists are read in, so that fifty rows of a filter are the first fifty of an index.
"""

from typing import Any

from sqlalchemy import Index, text

from models.assignment import Assignment
from models.case import Case
from models.deadline import Deadline
from models.outbound import OutboundMessage


def _part(sqlite: str, postgresql: str = "") -> dict[str, Any]:
    """An index of some rows only."""
    return {"sqlite_where": text(sqlite), "postgresql_where": text(postgresql or sqlite)}


_NEWEST = (Case.opened_at, Case.id)

LIST_INDEXES = (
    Index("ix_cases_opened_at", *_NEWEST),
    Index("ix_cases_closed_at", Case.closed_at, Case.id, **_part("closed_at IS NOT NULL")),
    Index("ix_cases_due_at", Case.due_at, Case.id, **_part("due_at IS NOT NULL")),
    Index("ix_cases_open", *_NEWEST, **_part("closed_at IS NULL")),
    Index("ix_cases_unit_code", Case.unit_code, *_NEWEST),
    Index("ix_cases_district", Case.district, *_NEWEST),
    Index("ix_cases_street", Case.street, *_NEWEST),
    Index("ix_cases_category", Case.category, *_NEWEST),
    Index("ix_cases_channel", Case.channel, *_NEWEST),
    Index("ix_cases_exposed", *_NEWEST, **_part("exposed IS 1", "exposed IS true")),
    Index("ix_cases_recurrence", *_NEWEST, **_part("recurrence_of IS NOT NULL")),
    Index("ix_cases_rating", Case.rating, *_NEWEST, **_part("rating IS NOT NULL")),
    Index(
        "ix_assignments_on_site",
        Assignment.case_id,
        **_part("on_site IS 1 AND ended_at IS NULL", "on_site IS true AND ended_at IS NULL"),
    ),
    Index("ix_deadlines_owed", Deadline.duty, Deadline.due_at, **_part("ended_at IS NULL")),
    Index("ix_outbound_messages_dead", OutboundMessage.created_at, **_part("state = 'dead'")),
)
