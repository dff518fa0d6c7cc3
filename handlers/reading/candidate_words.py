"""群线索指令: 线索, 线索 12, 确认线索 1,3-5, 忽略线索 2 原因."""

import re
from dataclasses import dataclass
from enum import StrEnum

from handlers.reading import number_ranges


class Wish(StrEnum):
    """对线索的指令."""

    LIST = "list"
    DETAIL = "detail"
    CONFIRM = "confirm"
    IGNORE = "ignore"


@dataclass(frozen=True, slots=True)
class Wanted:
    """指令: what is to be done, with which candidates, and the words after their numbers."""

    wish: Wish
    numbers: tuple[int, ...] = ()
    words: str = ""


# A text that goes on after the word is a report: "线索管理混乱" is no command.
_LIST = re.compile(r"(?:查看|待确认)?群?线索(?:列表|清单)?[\s:。.]*")
_DETAIL = re.compile(r"(?:查看|详情)?群?线索(?:详情)?[\s:第]*([0-9]{1,9})[\s号条。.]*")
_SETTLE = {
    Wish.CONFIRM: re.compile(r"(?:确认|采纳)群?线索[\s:第]*(.*)", re.DOTALL),
    Wish.IGNORE: re.compile(r"(?:忽略|放弃|作废)群?线索[\s:第]*(.*)", re.DOTALL),
}


def read(text: str) -> Wanted | None:
    """读指令, from a half-width text; None for anything else."""
    if _LIST.fullmatch(text):
        return Wanted(Wish.LIST)
    one = _DETAIL.fullmatch(text)
    if one:
        return Wanted(Wish.DETAIL, (int(one[1]),))
    for wish, pattern in _SETTLE.items():
        found = pattern.fullmatch(text)
        if found:
            numbers, words = number_ranges.read(found[1])
            return Wanted(wish, tuple(numbers), words)
    return None
