"""表格: reading a pack's tab-separated tables strictly, every fault with its line."""

from collections.abc import Iterator
from dataclasses import dataclass

from routing.strict import PackError


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table and its fields."""

    file: str
    line: int
    fields: tuple[str, ...]

    def fault(self, reason: str) -> PackError:
        """The error to raise about this line."""
        return PackError(self.file, self.line, reason)


def read_rows(file: str, text: str, columns: int) -> Iterator[Row]:
    """The lines of a table but for comments and empty ones; raises PackError for a wrong number of fields."""
    for number, line in enumerate(text.splitlines(), start=1):
        if line and not line.startswith("#"):
            row = Row(file, number, tuple(field.strip() for field in line.split("\t")))
            if len(row.fields) != columns or not all(row.fields):
                raise row.fault(f"a line needs {columns} fields, parted by tabs")
            yield row
