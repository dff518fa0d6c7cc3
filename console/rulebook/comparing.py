"""比对: what an edited file changes, line by line."""

from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

# Around a change, to see where one is.
_AROUND = 3


class Kind(StrEnum):
    """差别."""

    SAME = "same"
    ADDED = "added"
    GONE = "gone"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Line:
    """一行: its number in the old and in the new text, 0 where it is not in it."""

    kind: Kind
    old: int
    new: int
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """差别: lines that changed, with some around them; counts of both."""

    lines: tuple[Line, ...]
    added: int
    gone: int

    def __bool__(self) -> bool:
        return bool(self.added or self.gone)


def compare(old: str, new: str) -> Difference:
    """What has to be done to the old text to make the new one of it."""
    before, after = old.splitlines(), new.splitlines()
    lines: list[Line] = []
    # Without autojunk: in YAML many lines are alike, and none is junk.
    groups = SequenceMatcher(None, before, after, autojunk=False).get_grouped_opcodes(_AROUND)
    for group in groups:
        if group[0][1] > 0:
            lines.append(Line(Kind.SKIPPED, group[0][1], group[0][3], ""))
        for tag, old_from, old_to, new_from, new_to in group:
            if tag == "equal":
                pairs = zip(range(old_from, old_to), range(new_from, new_to), strict=True)
                lines += (Line(Kind.SAME, one + 1, other + 1, before[one]) for one, other in pairs)
                continue
            lines += (Line(Kind.GONE, n + 1, 0, before[n]) for n in range(old_from, old_to))
            lines += (Line(Kind.ADDED, 0, n + 1, after[n]) for n in range(new_from, new_to))
    added, gone = (sum(line.kind is kind for line in lines) for kind in (Kind.ADDED, Kind.GONE))
    return Difference(tuple(lines), added, gone)
