"""The words of a reminder (催办文案)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from models.wording import Texts
from reminders.audience import Roster
from reminders.due import DueRow, Taken

_SIZES = ((3600, "hours"), (60, "minutes"), (1, "seconds"))


@dataclass(frozen=True, slots=True)
class Speaker:
    """Puts a due step into words. categories: names by key, from the data pack."""

    texts: Texts
    zone: ZoneInfo
    categories: Mapping[str, str]
    roster: Roster

    def text(self, row: DueRow, taken: Taken, heard_at: datetime, nobody: bool) -> str:
        """The word as it will be true when it is heard: quiet hours may lie between."""
        span = self._span(abs(row.due_at - heard_at))
        words = self.texts(
            f"due.{_phase(taken)}.{row.duty}",
            number=row.case_id,
            due=self.clock_time(row.due_at),
            left=span,  # what is said before the deadline asks for this,
            over=span,  # what is said after it for this
            unit=self._unit(row),
            plea=self.texts(f"plea.{row.plea}") if row.plea else "",
            summary=self._summary(row),
        )
        return f"{self.texts('nobody', unit=self._unit(row))}\n{words}" if nobody else words

    def short(self, row: DueRow) -> dict[str, str]:
        """The values for a template's 20-character fields."""
        return {
            "number": str(row.case_id),
            "title": self._category(row)[:20],
            "place": self._place(row)[:20],
            "unit": self._unit(row)[:20],
            "due": f"{row.due_at.astimezone(self.zone).year}年{self.clock_time(row.due_at)}",
            "remark": self.texts("short.remark"),
        }

    def clock_time(self, at: datetime) -> str:
        local = at.astimezone(self.zone)
        return f"{local.month}月{local.day}日 {local:%H:%M}"

    def _summary(self, row: DueRow) -> str:
        return self.texts("case", number=row.case_id, category=self._category(row), place=self._place(row))

    def _unit(self, row: DueRow) -> str:
        return self.roster.name(row.unit) or self.texts("command")

    def _category(self, row: DueRow) -> str:
        return self.categories.get(row.category) or self.texts("unknown_category")

    def _place(self, row: DueRow) -> str:
        return row.place or self.roster.name(row.street) or self.texts("unknown_place")

    def _span(self, span: timedelta) -> str:
        seconds = max(1, round(span.total_seconds()))
        size, unit = next((size, unit) for size, unit in _SIZES if seconds >= size)
        return self.texts(f"left.{unit}", n=round(seconds / size))


def _phase(taken: Taken) -> str:
    if taken.offset < timedelta(0):
        return "before"
    return "breach" if taken.offset == timedelta(0) else "after"
