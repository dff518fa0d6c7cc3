"""自检结果: one thing that was looked at."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """自检结果. what: the thing.  words: how it is; where it is not ok, also what to do."""

    ok: bool
    what: str
    words: str
