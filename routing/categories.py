"""类别: the standard's 部件 and 事项 with their five-digit codes, and the city's own beyond them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from routing.strict import Entry

Kind = Literal["event", "part"]
SECTIONS: Mapping[str, Kind] = {"events": "event", "parts": "part"}
KNOWN = ("code", "name", "plain", "campaign", "veto", "claim_hours", "rectify_hours")
CODE = re.compile(r"[0-9]{5}")
# More names than this and a citizen no longer reads the list.
PLAIN_NAMES_AT_MOST = 10


@dataclass(frozen=True, slots=True)
class Category:
    """类别: one kind of problem.

    `plain` is the name citizens are shown (empty where none of the ten fits), `campaign` the 攻坚行动
    it belongs to and `veto` its 一票否决 field, both empty for none. Hours of None follow the city's
    general time limits.
    """

    code: str
    kind: Kind
    name: str
    plain: str
    campaign: str
    veto: str
    claim_hours: float | None
    rectify_hours: float | None

    @property
    def key(self) -> str:
        """Unique name, as "event:06010": the standard gives events and parts the same codes."""
        return f"{self.kind}:{self.code}"


def read_categories(root: Entry) -> dict[str, Category]:
    """All categories by key, in the order of the file; raises PackError for a broken one."""
    root.only("campaigns", "vetoes", *SECTIONS)
    allowed = {"campaign": root.texts("campaigns"), "veto": root.texts("vetoes")}
    categories: dict[str, Category] = {}
    for section, kind in SECTIONS.items():
        for entry in root.entries(section):
            category = _category(entry, kind, allowed)
            if category.key in categories:
                raise entry.fault(f"the category '{category.key}' stands here twice", "code")
            categories[category.key] = category
    _check_plain_names(root, categories.values())
    return categories


def _category(entry: Entry, kind: Kind, allowed: Mapping[str, tuple[str, ...]]) -> Category:
    entry.only(*KNOWN)
    code = entry.text("code")
    if not CODE.fullmatch(code):
        raise entry.fault(f"'{code}' is not a code of five digits", "code")
    # A misspelt campaign would open a table of its own in every statistic.
    for key, names in allowed.items():
        if entry.text(key, "") not in ("", *names):
            raise entry.fault(f"unknown {key} '{entry.text(key)}'", key)
    return Category(
        code=code,
        kind=kind,
        name=entry.text("name"),
        plain=entry.text("plain", ""),
        campaign=entry.text("campaign", ""),
        veto=entry.text("veto", ""),
        claim_hours=entry.number("claim_hours"),
        rectify_hours=entry.number("rectify_hours"),
    )


def _check_plain_names(root: Entry, categories: Iterable[Category]) -> None:
    names = {category.plain for category in categories} - {""}
    if len(names) > PLAIN_NAMES_AT_MOST:
        raise root.fault(f"{len(names)} plain names, at most {PLAIN_NAMES_AT_MOST} can be shown to citizens")
