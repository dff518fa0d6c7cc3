"""易混类别: categories people say in the same words, and the words that tell them apart."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass

from routing.scan import normalise
from routing.strict import Entry


@dataclass(frozen=True, slots=True)
class Confusion:
    """易混类别: `tell` gives, in order of precedence, the words that decide for a category of the group."""

    among: frozenset[str]
    tell: Mapping[str, tuple[str, ...]]

    def told(self, text: str) -> tuple[str, str] | None:
        """The category a normalised text decides for, and the word that does; None where none does."""
        for category, words in self.tell.items():
            word = next((word for word in words if word in text), None)
            if word is not None:
                return category, word
        return None


def read_confusions(root: Entry, categories: Container[str]) -> tuple[Confusion, ...]:
    """All groups; raises PackError for an unknown category, one that stands outside its group, or an odd word."""
    return tuple(_confusion(entry, categories) for entry in root.entries("confusions"))


def _confusion(entry: Entry, categories: Container[str]) -> Confusion:
    entry.only("among", "tell")
    among = entry.texts("among")
    if len(set(among)) < 2:
        raise entry.fault("'among' names at least two categories", "among")
    for category in among:
        if category not in categories:
            raise entry.fault(f"unknown category '{category}'", "among")
    tell = entry.entry("tell") if "tell" in entry.values else None
    return Confusion(frozenset(among), _telling(tell, among) if tell else {})


def _telling(tell: Entry, among: Container[str]) -> dict[str, tuple[str, ...]]:
    for category in tell.values:
        if category not in among:
            raise tell.fault(f"'{category}' is not among the categories of this group", category)
        for word in tell.texts(category):
            if word != normalise(word):
                raise tell.fault(f"'{word}' must be small and half-width", category)
    return {category: tell.texts(category) for category in tell.values}


def kin(confusions: Iterable[Confusion], category: str) -> frozenset[str]:
    """A category with all it is easily taken for."""
    groups = (confusion.among for confusion in confusions if category in confusion.among)
    return frozenset({category}).union(*groups)
