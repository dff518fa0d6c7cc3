"""叫法: the many ways of writing a thing's name, and the thing a text names."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from routing.scan import Scanner, normalise
from routing.strict import Entry

T = TypeVar("T")
# One character alone is found in nearly every text.
SHORTEST = 2


@dataclass(frozen=True)
class Names(Generic[T]):
    """叫法表: things by every normalised way of writing them."""

    forms: Mapping[str, T]
    scanner: Scanner = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index the forms once."""
        object.__setattr__(self, "scanner", Scanner(self.forms))

    def find(self, text: str) -> T | None:
        """The thing a text names by the longest form, of equally long ones by the first; None for none."""
        hits = self.scanner.hits(normalise(text))
        return self.forms[max(hits, key=lambda hit: len(hit.word)).word] if hits else None


def read_names(rows: Iterable[tuple[Entry, T, Iterable[str]]]) -> Names[T]:
    """Index things by their forms; raises PackError for a form of two things and for too short a one."""
    forms: dict[str, T] = {}
    for entry, thing, words in rows:
        for word in words:
            form = normalise(word)
            if len(form) < SHORTEST:
                raise entry.fault(f"'{word}' is too short to be looked for in texts")
            if forms.setdefault(form, thing) != thing:
                raise entry.fault(f"'{word}' stands for something else already")
    return Names(forms)
