"""Reading what people type (指令解析): a verb, perhaps a number, perhaps more words. Forgiving by design."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

VerbT = TypeVar("VerbT", bound=StrEnum)

_GAP = r"[\s,。.、:;#号!~-]*"
_CALLED = r"(?:编号|案号|案件|工单|第|no\.?)?(?:为|是)?"
_NUMBER_FIRST = re.compile(
    rf"{_GAP}{_CALLED}{_GAP}(\d{{1,9}}){_GAP}(?:件|个)?(?:案件|工单)?{_GAP}(?=\D)", re.IGNORECASE
)
_NUMBER_NEXT = re.compile(rf"{_GAP}{_CALLED}{_GAP}(\d{{1,9}})(?!\d)", re.IGNORECASE)
_BARE = re.compile(rf"{_GAP}(?:选|选择)?{_CALLED}{_GAP}(\d{{1,9}}){_GAP}(?:个|件)?{_GAP}", re.IGNORECASE)
# What people put before the word that matters: "我要退回 12", "请派单 12", "申请延期 12".
_POLITE = re.compile(r"(?:请|我们|我|要求|要|现在|现|申请|帮忙|帮)+")


@dataclass(frozen=True, slots=True)
class Command(Generic[VerbT]):
    """指令: what somebody wants done, to which case, with which further words.

    word: the known word it began with.  tail: everything after that word, with the number still in it.
    """

    verb: VerbT
    number: int | None
    rest: str
    word: str
    tail: str


def plain(text: str) -> str:
    """Full-width letters, digits and punctuation made half-width; spaces at both ends gone."""
    return unicodedata.normalize("NFKC", text).strip()


def parse(text: str, verbs: Mapping[str, VerbT]) -> "Command[VerbT] | None":
    """The command in a text, by the longest known word it begins with; None when there is none.

    The number may stand before or after the verb: "认领 12", "12认领", "编号12 收到".
    """
    words = plain(text)
    before = _NUMBER_FIRST.match(words)
    found = _verb(words[before.end() :] if before else words, verbs)
    if found is None:
        return None
    word, tail = found
    after = None if before else _NUMBER_NEXT.match(tail)
    said = before or after
    rest = tail[after.end() :] if after else tail
    return Command(verbs[word], int(said[1]) if said else None, trimmed(rest), word, trimmed(tail))


def _verb(words: str, verbs: Mapping[str, VerbT]) -> tuple[str, str] | None:
    """The longest known word at the beginning and what follows it, politeness passed over if need be."""
    polite = _POLITE.match(words)
    for start in (words, words[polite.end() :]) if polite else (words,):
        for word in sorted(verbs, key=len, reverse=True):
            if start.startswith(word):
                return word, start[len(word) :]
    return None


def trimmed(words: str) -> str:
    """Words without the punctuation that parted them from what was said before, in Chinese punctuation again."""
    return _AFTER_HAN.sub(lambda found: found[0].translate(_WIDE), re.sub(rf"^{_GAP}", "", words).strip())


# What `plain` made narrow is read by others: 李主任负责，明天整改完.
_AFTER_HAN = re.compile(r"(?<=[\u4e00-\u9fff])[,;:?!]")
_WIDE = str.maketrans(",;:?!", "，；：？！")


def bare_number(text: str) -> int | None:
    """The number when a text is nothing else: "2", "2", "2。", "选2", "第2个", "编号2"."""
    found = _BARE.fullmatch(plain(text))
    return int(found[1]) if found else None
