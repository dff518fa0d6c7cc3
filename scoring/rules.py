"""评分规则: weights, shrinkage, penalties and vetoes as data, read strictly; a digest names a version."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from math import isclose
from pathlib import Path
from typing import Any

from routing.strict import Entry, PackError, read

FILE = "scoring.yaml"
TIERS = ("department", "district", "street")
INDICATORS = ("claim", "rectify", "closing", "check", "satisfaction", "recurrence", "field", "discovery")
PENALTIES = ("overtime", "failed_check", "fake", "shirked", "exposure", "wrong_dispatch")
EFFECTS = ("last", "cap", "deduct")
_OF_PENALTY = ("per", "most", "each_most", "spread_over", "later", "later_from", "factor")


@dataclass(frozen=True, slots=True)
class Target:
    """目标分, as 金华 scores: full points at the target or above, per_point less for each percentage point below."""

    full: float
    target: float
    per_point: float


@dataclass(frozen=True, slots=True)
class Penalty:
    """扣分规则. per: for each.  most: of this kind in all, 0 for no limit.  each_most: for one, 0 for no limit.

    spread_over: the sum is divided by the unit's cases ÷ this, where those are more.  later, later_from: what each
    costs from the how-manieth on the same case.  factor: the k-th costs per × factor^(k−1).
    """

    per: float
    most: float = 0.0
    each_most: float = 0.0
    spread_over: float = 0.0
    later: float = 0.0
    later_from: float = 0.0
    factor: float = 1.0


@dataclass(frozen=True, slots=True)
class Veto:
    """一票否决事项. effect: last 末位, cap 封顶 at the value, deduct the value."""

    key: str
    name: str
    effect: str
    value: float = 0.0


@dataclass(frozen=True, slots=True)
class Suggestion:
    """奖惩建议: for who was among the top or bottom so many, so many times running. People decide."""

    words: str
    times: int
    top: int = 0
    bottom: int = 0


@dataclass(frozen=True, slots=True)
class ScoreRules:
    """评分规则 of one version. targets: on a tier that has them, points come from these instead of from weights."""

    name: str
    weights: Mapping[str, Mapping[str, float]]
    targets: Mapping[str, Mapping[str, Target]]
    satisfaction: Mapping[int, float]
    site: float
    survey: float
    rollup: float
    pull: float
    least: int
    penalties: Mapping[str, Penalty]
    doubled: tuple[str, ...]
    bonus_most: float
    vetoes: tuple[Veto, ...]
    appeal_days: int
    suggestions: tuple[Suggestion, ...]

    @property
    def version(self) -> str:
        """A digest of every value, so that a table can say by which rules it was made."""
        return sha256(json.dumps(self.as_json(), ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:16]

    def as_json(self) -> dict[str, Any]:
        """Plain values, as a frozen table keeps them."""
        plain: dict[str, Any] = json.loads(json.dumps(asdict(self), ensure_ascii=False))
        return plain

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "ScoreRules":
        """The rules a table was made by."""
        targets = {tier: {one: Target(**kept) for one, kept in of.items()} for tier, of in kept["targets"].items()}
        parts = {
            "targets": targets,
            "satisfaction": {int(score): value for score, value in kept["satisfaction"].items()},
            "penalties": {name: Penalty(**values) for name, values in kept["penalties"].items()},
            "doubled": tuple(kept["doubled"]),
            "vetoes": tuple(Veto(**values) for values in kept["vetoes"]),
            "suggestions": tuple(Suggestion(**values) for values in kept["suggestions"]),
        }
        return cls(**{**kept, **parts})


def load_rules(folder: Path) -> ScoreRules:
    """Read a data pack's rules; raises PackError with file and line for the first thing that is wrong."""
    label = "/".join([*folder.resolve().parts[-2:], FILE])
    try:
        text = (folder / FILE).read_text(encoding="utf-8")
    except OSError as error:
        raise PackError(label, 0, f"cannot be read: {error.strerror}") from error
    return read_rules(label, text)


def read_rules(label: str, text: str) -> ScoreRules:
    """The rules a file's text says; raises PackError."""
    root = read(label, text)
    root.only(*ScoreRules.__dataclass_fields__, "field")
    field = root.entry("field")
    field.only("site", "survey")
    return ScoreRules(
        name=root.text("name"),
        weights=_weights(root.entry("weights")),
        targets=_targets(root.entry("targets")) if "targets" in root.values else {},
        satisfaction=_satisfaction(root.entry("satisfaction")),
        site=_share(field, "site"),
        survey=_share(field, "survey"),
        rollup=_share(root, "rollup"),
        pull=_amount(root, "pull"),
        least=int(_amount(root, "least")),
        penalties=_penalties(root.entry("penalties")),
        doubled=root.texts("doubled"),
        bonus_most=_amount(root, "bonus_most"),
        vetoes=tuple(_veto(entry) for entry in root.entries("vetoes")),
        appeal_days=int(_amount(root, "appeal_days")),
        suggestions=tuple(_suggestion(entry) for entry in root.entries("suggestions")),
    )


def _weights(entry: Entry) -> dict[str, dict[str, float]]:
    entry.only(*TIERS)
    return {tier: _of_tier(entry.entry(tier)) for tier in TIERS}


def _of_tier(entry: Entry) -> dict[str, float]:
    entry.only(*INDICATORS)
    weights = {name: _share(entry, name) for name in INDICATORS if name in entry.values}
    if not isclose(sum(weights.values()), 1, abs_tol=1e-9):
        raise entry.fault(f"the weights of a tier must add up to 1, and these make {sum(weights.values()):g}")
    return weights


def _targets(entry: Entry) -> dict[str, dict[str, Target]]:
    entry.only(*TIERS)
    return {tier: _targets_of(entry.entry(tier)) for tier in TIERS if tier in entry.values}


def _targets_of(entry: Entry) -> dict[str, Target]:
    entry.only(*INDICATORS)
    return {name: _target(entry.entry(name)) for name in INDICATORS if name in entry.values}


def _target(entry: Entry) -> Target:
    entry.only("full", "target", "per_point")
    return Target(_amount(entry, "full"), _share(entry, "target"), _amount(entry, "per_point"))


def _satisfaction(entry: Entry) -> dict[int, float]:
    entry.only("1", "2", "3")
    return {score: _share(entry, str(score)) for score in (1, 2, 3)}


def _penalties(entry: Entry) -> dict[str, Penalty]:
    entry.only(*PENALTIES)
    return {name: _penalty(entry.entry(name)) for name in PENALTIES}


def _penalty(entry: Entry) -> Penalty:
    entry.only(*_OF_PENALTY)
    return Penalty(**{name: _amount(entry, name) for name in _OF_PENALTY if name in entry.values})


def _veto(entry: Entry) -> Veto:
    entry.only("key", "name", "effect", "value")
    value = _amount(entry, "value") if "value" in entry.values else 0.0
    return Veto(entry.text("key"), entry.text("name"), entry.choice("effect", EFFECTS), value)


def _suggestion(entry: Entry) -> Suggestion:
    entry.only("top", "bottom", "times", "suggest")
    if ("top" in entry.values) == ("bottom" in entry.values):
        raise entry.fault("a suggestion is for the top or for the bottom: name one of them")
    places = {side: int(_amount(entry, side)) for side in ("top", "bottom") if side in entry.values}
    return Suggestion(entry.text("suggest"), int(_amount(entry, "times")), **places)


def _amount(entry: Entry, key: str) -> float:
    """A number that is not negative."""
    try:
        value = float(entry.text(key))
    except ValueError:
        value = -1.0
    if not 0 <= value < 1e6:
        raise entry.fault(f"'{key}' must be a number, zero or more", key)
    return value


def _share(entry: Entry, key: str) -> float:
    """A number between 0 and 1."""
    value = _amount(entry, key)
    if value > 1:
        raise entry.fault(f"'{key}' must be between 0 and 1", key)
    return value
