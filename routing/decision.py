"""What routing answers: whose it is, how sure that is, and why."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

About = Literal["category", "place", "unit"]
ABOUT_IN_WORDS: Mapping[About, str] = {"category": "类别", "place": "地点", "unit": "责任单位"}


@dataclass(frozen=True, slots=True)
class Reason:
    """理由: one sentence for a dispatcher, about the category, the place or the unit."""

    about: About
    text: str


@dataclass(frozen=True, slots=True)
class Option:
    """备选: another unit or category that was near, with its own confidence (0..1)."""

    unit: str
    category: str | None
    confidence: float
    why: str


@dataclass(frozen=True, slots=True)
class Further:
    """另一个问题: what the same text says besides, in whose unit's charge that would be, and the words for it."""

    category: str
    unit: str
    text: str


@dataclass(frozen=True, slots=True)
class Decision:
    """派单决定: the unit that must act, and everything needed to explain or doubt it.

    `unit` (主办), `co_units` (协办), `department` (行业主管部门), `district` and `street` are unit codes, so that
    each tier has one that answers for it; `category` is a key such as "event:06010". `confidence` (0..1) is how often
    such a decision is right, `raw` what its parts were worth before the calibration. `rule` names file and line of
    the deciding rule, `model` the trained version that had a say, "" where only the lexicon had.
    `candidates` are the streets it may be in where the names do not tell which.
    """

    unit: str
    co_units: tuple[str, ...]
    department: str | None
    category: str | None
    district: str | None
    street: str | None
    confidence: float
    raw: float
    rule: str
    why: tuple[Reason, ...]
    alternatives: tuple[Option, ...]
    further: tuple[Further, ...]
    candidates: tuple[str, ...]
    pack_version: str
    model: str

    def as_json(self) -> dict[str, Any]:
        """The decision as plain values (lists, not tuples), for a JSON column."""
        # Through text and back, so that what is compared later is exactly what a database returns.
        plain: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        return plain

    def words(self) -> str:
        """The decision explained in Chinese, a line for each reason."""
        lines = [f"{ABOUT_IN_WORDS[reason.about]}：{reason.text}" for reason in self.why]
        model = f"，模型 {self.model}" if self.model else ""
        return "\n".join([*lines, f"把握：{self.confidence:.0%}（规则 {self.rule}{model}）"])
