"""平安无事: what people on duty write when there is nothing to report."""

import re

from handlers.reading.width import half_width

_WELL = re.compile(
    r"(?:[\s,.。;!、~]*(?:今天|目前|现在|路口|巡访|秩序|交通|情况|一切|全部|都|均|暂时?|还){0,4}"
    "(?:正常|良好|平稳|顺畅|(?:没有?|无|未)(?:发现)?(?:什么|任何|异常)?(?:问题|异常|违章|情况|事)))+"
    r"[\s,.。;!、~]*"
)
_LONGEST = 40


def is_all_well(text: str) -> bool:
    """Whether a text says that all is well and nothing else: "一切正常,无违章"."""
    return len(text) <= _LONGEST and _WELL.fullmatch(half_width(text)) is not None
