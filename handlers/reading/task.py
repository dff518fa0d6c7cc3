"""任务单: which visit a sheet is for, the points it says as a whole, and its words without either."""

import re
from dataclasses import dataclass
from decimal import Decimal

from handlers.reading.all_well import is_all_well
from handlers.reading.width import half_width

_TASK = re.compile(
    r"\s*(?:测评)?任务\s*(?:编号|单)?\s*[#:第]?\s*(?P<number>[0-9]{1,7})(?![0-9])\s*号?(?:任务)?[\s,.。:;、-]*"
)
_SCORE = re.compile(r"(?:总?得分|总分|评分)\s*[:为是]?\s*(?P<points>[0-9]{1,3}(?:\.[0-9]{1,2})?)(?![0-9.])\s*分?")
_EDGES = " \t\r\n,.;:，。；：、"
_NOTHING = re.compile(
    r"(?:经?(?:现场)?(?:检查|查看|测评))?(?:没有?|未|无)(?:发现)?(?:任何)?(?:问题|扣分项?)|不扣分|满分|全部?(?:合格|达标)"
)
FULL = Decimal(100)


@dataclass(frozen=True, slots=True)
class TaskSheet:
    """任务 3 …: its number, and what was said of it."""

    number: int
    words: str


def read(text: str) -> TaskSheet | None:
    """ "任务 3 1. 垃圾桶满溢 扣1", "任务3:无问题"; None for what names no visit."""
    found = _TASK.match(half_width(text))
    return TaskSheet(int(found["number"]), text[found.end() :].strip()) if found else None


def score(text: str) -> tuple[Decimal | None, str]:
    """得分 said as a whole ("得分 95"), None where it is not or is none; and the words without it."""
    found = _SCORE.search(half_width(text))
    if found is None or Decimal(found["points"]) > FULL:
        return None, text
    before, after = text[: found.start()].rstrip(_EDGES), text[found.end() :].lstrip(_EDGES)
    return Decimal(found["points"]), "\n".join(filter(None, (before, after)))


def is_clean(text: str) -> bool:
    """Whether a sheet says that there is nothing wrong, and nothing else."""
    said = text.strip(_EDGES + "!！")
    return is_all_well(said) or _NOTHING.fullmatch(half_width(said)) is not None
