"""案件页: the page of one case in WeChat, opened by a link that says who may see which side of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Side(StrEnum):
    """哪一方: what a link shows of a case. The unit's side and the reporter's have nothing in common but the case."""

    OFFICER = "officer"
    REPORTER = "reporter"


@dataclass(frozen=True, slots=True)
class CaseGrant:
    """案件页授权: whose link it is, for which side of which case, and until when (aware UTC).

    What they may see of it is asked again at every step, because roles end and cases move on.
    """

    case_id: int
    person_id: int
    side: Side
    until: datetime


class CasePages(Protocol):
    """案件页链接: the addresses a word may offer to its reader, and to nobody else."""

    def address(self, now: datetime, case_id: int, person_id: int, side: Side) -> str:
        """For this person, for a while; "" where nobody can reach us."""

    def read(self, token: str, now: datetime) -> CaseGrant | None:
        """The grant that was signed, while it is good; None for everything else."""
