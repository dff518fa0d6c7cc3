"""Cards (卡片簿): every template card as each person sees it now."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock

from simulator.conversations import Key, Line
from simulator.errors import Refused
from simulator.wecom.card_rules import Card

CARD, UPDATE = "card", "card_update"


@dataclass(slots=True)
class Shown:
    """一张卡片: where it stands in one person's conversation and how it looks now."""

    n: int
    key: Key
    card: Card


@dataclass(slots=True)
class _Task:
    shown: dict[str, Shown] = field(default_factory=dict)


class Cards:
    """卡片簿: by app and task_id, then by lower-case userid."""

    def __init__(self) -> None:
        self._tasks: dict[Key, _Task] = {}
        self._lock = Lock()

    def reserve(self, corp: str, task_id: str) -> None:
        """Take a task_id for a new card. Raises Refused 40058 when the app has used it before."""
        with self._lock:
            if (corp, task_id) in self._tasks:
                raise Refused(40058, f"task_id {task_id!r} was used before")
            self._tasks[corp, task_id] = _Task()

    def note(self, line: Line) -> None:
        """Take in a line that shows or changes a card; all others are passed over.

        The lines are the record: after a restart they are read again and the cards are as they were.
        """
        card = line.extra.get("card")
        if line.type not in (CARD, UPDATE) or not isinstance(card, dict) or not card.get("task_id"):
            return
        task = self._tasks.setdefault((line.account, card["task_id"]), _Task())
        n = int(line.extra.get("updates", line.n))
        task.shown[line.openid.lower()] = Shown(n, (line.account, line.openid), card)

    def of(self, corp: str, task_id: str) -> list[Shown]:
        """Return a card as all its people see it."""
        task = self._tasks.get((corp, task_id))
        return list(task.shown.values()) if task else []

    def held_by(self, key: Key) -> list[Shown]:
        """Return one person's cards in the order in which they came."""
        mine = (task.shown.get(key[1].lower()) for (owner, _), task in list(self._tasks.items()) if owner == key[0])
        return sorted((shown for shown in mine if shown), key=lambda shown: shown.n)

    def find(self, key: Key, *, task_id: str = "", n: int = 0) -> Shown | None:
        """Return one person's card by task_id or by the number of its line."""
        if task_id:
            return next((one for one in self.of(key[0], task_id) if one.key[1].lower() == key[1].lower()), None)
        return next((one for one in self.held_by(key) if one.n == n), None)
