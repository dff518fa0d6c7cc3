"""Who does something to a case, and what an assignment orders (行为人与派单令). Plain values."""

from dataclasses import dataclass, field
from typing import Any

from models.workflow import Part


@dataclass(frozen=True, slots=True)
class Actor:
    """行为人: who acts, and in which part. person_id is None for the system."""

    part: Part
    person_id: int | None = None


SYSTEM = Actor(Part.SYSTEM)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """派单: to whom, why, and by which rules. policies: as Clocks.for_category gives them.

    forced: cannot be returned (首接负责).  decision: how the routing saw it, in plain values.
    """

    unit: str
    policies: dict[str, Any]
    why: str = ""
    forced: bool = False
    decision: dict[str, Any] = field(default_factory=dict)
