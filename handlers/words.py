"""Reading what people type (指令解析): a verb, perhaps a number, perhaps more words. Forgiving by design."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

VerbT = TypeVar("VerbT", bound=StrEnum)

_GAP = r"[\s,。.、:;#号!~-]*"


@dataclass(frozen=True, slots=True)
class Command(Generic[VerbT]):
    """指令: what somebody wants done, to which case, with which further words."""

    verb: VerbT
    number: int | None
    rest: str


def plain(text: str) -> str:
    """Full-width letters, digits and punctuation made half-width; spaces at both ends gone."""
    return unicodedata.normalize("NFKC", text).strip()


def parse(text: str, verbs: Mapping[str, VerbT]) -> "Command[VerbT] | None":
    """The command in a text, by the longest known word it begins with; None when there is none.

    The number may stand before or after the verb: "认领 12", "12认领", "编号12 收到".
    """
    words = plain(text)
    before = re.match(rf"(?:编号|案件)?{_GAP}(\d{{1,9}}){_GAP}(?=\D)", words)
    tail = words[before.end() :] if before else words
    verb = next((word for word in sorted(verbs, key=len, reverse=True) if tail.startswith(word)), None)
    if verb is None:
        return None
    rest = tail[len(verb) :]
    after = None if before else re.match(rf"{_GAP}(?:编号|案件)?{_GAP}(\d{{1,9}})(?!\d)", rest)
    number = int((before or after)[1]) if before or after else None  # type: ignore[index]
    if after:
        rest = rest[after.end() :]
    return Command(verbs[verb], number, re.sub(rf"^{_GAP}", "", rest).strip())


def bare_number(text: str) -> int | None:
    """The number when a text is nothing else: "2", "2", "2。", "选2"."""
    found = re.fullmatch(rf"(?:选|第)?{_GAP}(\d{{1,9}}){_GAP}(?:个|号)?", plain(text))
    return int(found[1]) if found else None
