"""类别: the standard's 部件 and 事项 with their five-digit codes, and the city's own beyond them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from routing.strict import Entry
from routing.units import Tier, Unit

Kind = Literal["event", "part"]
SECTIONS: Mapping[str, Kind] = {"events": "event", "parts": "part"}
# What a category may inherit from the beginning of its key.
HANDLING = ("department", "lead", "evidence")
KNOWN = ("code", "name", "plain", "campaign", "veto", "claim_hours", "rectify_hours", *HANDLING)
# The command centre asks and rules, it sweeps no street.
LEADS = tuple(tier.value for tier in Tier if tier is not Tier.COMMAND)
PHOTO, WORDS = "photo", "words"
CODE = re.compile(r"[0-9]{5}")
# More names than this and a citizen no longer reads the list.
PLAIN_NAMES_AT_MOST = 10


@dataclass(frozen=True, slots=True)
class Category:
    """类别: one kind of problem.

    `plain` is the name citizens are shown (empty where none of the ten fits), `campaign` the 攻坚行动
    it belongs to and `veto` its 一票否决 field, both empty for none. Hours of None follow the city's
    general time limits. `department` is the unit code of the 行业主管部门, `lead` the tier that acts first
    (主办), `evidence` what a 整改 must show: "photo", "words" or both.
    """

    code: str
    kind: Kind
    name: str
    plain: str
    campaign: str
    veto: str
    claim_hours: float | None
    rectify_hours: float | None
    department: str
    lead: Tier
    evidence: frozenset[str]

    @property
    def key(self) -> str:
        """Unique name, as "event:06010": the standard gives events and parts the same codes."""
        return f"{self.kind}:{self.code}"


@dataclass(frozen=True)
class _Allowed:
    """What a row's words may refer to, and what it inherits by the beginning of its key."""

    texts: Mapping[str, tuple[str, ...]]
    units: Mapping[str, Unit]
    defaults: Mapping[str, Entry]

    def inherited(self, key: str) -> Iterable[Entry]:
        """The defaults for a category's key, the longest beginning first."""
        beginnings = sorted((start for start in self.defaults if key.startswith(start)), key=len, reverse=True)
        return [self.defaults[start] for start in beginnings]


def read_categories(root: Entry, units: Mapping[str, Unit]) -> dict[str, Category]:
    """All categories by key, in the order of the file; raises PackError for a broken one."""
    root.only("campaigns", "vetoes", "defaults", *SECTIONS)
    texts = {"campaign": root.texts("campaigns"), "veto": root.texts("vetoes")}
    allowed = _Allowed(texts, units, _defaults(root))
    categories: dict[str, Category] = {}
    for section, kind in SECTIONS.items():
        for entry in root.entries(section):
            category = _category(entry, kind, allowed)
            if category.key in categories:
                raise entry.fault(f"the category '{category.key}' stands here twice", "code")
            categories[category.key] = category
    _check_defaults(root, categories)
    _check_plain_names(root, categories.values())
    return categories


def _defaults(root: Entry) -> dict[str, Entry]:
    if "defaults" not in root.values:
        return {}
    section = root.entry("defaults")
    defaults = {start: section.entry(start) for start in section.values}
    for entry in defaults.values():
        entry.only(*HANDLING)
    return defaults


def _category(entry: Entry, kind: Kind, allowed: _Allowed) -> Category:
    entry.only(*KNOWN)
    code = entry.text("code")
    if not CODE.fullmatch(code):
        raise entry.fault(f"'{code}' is not a code of five digits", "code")
    # A misspelt campaign would open a table of its own in every statistic.
    for key, names in allowed.texts.items():
        if entry.text(key, "") not in ("", *names):
            raise entry.fault(f"unknown {key} '{entry.text(key)}'", key)
    said = {key: _said(entry, key, allowed.inherited(f"{kind}:{code}")) for key in HANDLING}
    return Category(
        code=code,
        kind=kind,
        name=entry.text("name"),
        plain=entry.text("plain", ""),
        campaign=entry.text("campaign", ""),
        veto=entry.text("veto", ""),
        claim_hours=entry.number("claim_hours"),
        rectify_hours=entry.number("rectify_hours"),
        department=_department(said["department"], allowed.units),
        lead=Tier(said["lead"].choice("lead", LEADS)),
        evidence=_evidence(said["evidence"]),
    )


def _said(entry: Entry, key: str, inherited: Iterable[Entry]) -> Entry:
    """The row itself, or the nearest default that speaks of the key; the row again where none does."""
    return next((one for one in (entry, *inherited) if key in one.values), entry)


def _department(said: Entry, units: Mapping[str, Unit]) -> str:
    code = said.text("department")
    if code not in units or units[code].tier is not Tier.DEPARTMENT:
        raise said.fault(f"'{code}' is not a department", "department")
    return code


def _evidence(said: Entry) -> frozenset[str]:
    evidence = said.choices("evidence", (PHOTO, WORDS))
    if not evidence:
        raise said.fault("'evidence' must name what a 整改 has to show", "evidence")
    return frozenset(evidence)


def _check_defaults(root: Entry, categories: Iterable[str]) -> None:
    """A beginning nothing begins with is a misspelt one, and would silently be without effect."""
    keys = list(categories)
    for start in _defaults(root):
        if not any(key.startswith(start) for key in keys):
            raise root.entry("defaults").fault(f"no category begins with '{start}'", start)


def _check_plain_names(root: Entry, categories: Iterable[Category]) -> None:
    names = {category.plain for category in categories} - {""}
    if len(names) > PLAIN_NAMES_AT_MOST:
        raise root.fault(f"{len(names)} plain names, at most {PLAIN_NAMES_AT_MOST} can be shown to citizens")
