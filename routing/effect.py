"""影响: what another pack would change about labelled reports, before anybody puts it in use."""

from collections.abc import Sequence
from dataclasses import dataclass

from routing.decision import Decision
from routing.evaluation import Evaluation, Judged, evaluate
from routing.router import Router
from routing.table import Example
from routing.training import CALIBRATION, HELD_OUT, read_reports

TABLES = (HELD_OUT, CALIBRATION)
# The latest evaluation of what is in use, by its versions.
_LATEST: dict[tuple[str, str], Evaluation] = {}


@dataclass(frozen=True, slots=True)
class Change:
    """变化: a report that would go elsewhere, or be taken for something else."""

    example: Example
    before: Decision
    after: Decision

    @property
    def helps(self) -> int:
        """1 where the right unit is found now, -1 where it is lost, 0 for neither."""
        right = self.example.unit
        return (self.after.unit == right) - (self.before.unit == right)


@dataclass(frozen=True, slots=True)
class Effect:
    """影响: the same labelled reports decided twice, and those that differ, the worse ones first."""

    before: Evaluation
    after: Evaluation
    changes: tuple[Change, ...]


def effect(before: Router, after: Router) -> Effect:
    """Decide the reports that came with the pack in use by both; raises PackError for a broken table."""
    one, other = _judged(before), evaluate(after, _examples(before))
    pairs = zip(one.judged, other.judged, strict=True)
    changes = [Change(old.example, old.decision, new.decision) for old, new in pairs if _differ(old, new.decision)]
    return Effect(one, other, tuple(sorted(changes, key=lambda change: change.helps)))


def _differ(old: Judged, new: Decision) -> bool:
    return (old.decision.unit, old.decision.category, old.decision.co_units) != (new.unit, new.category, new.co_units)


def _examples(router: Router) -> Sequence[Example]:
    return [example for name in TABLES for example in read_reports(router.pack.folder, router.pack, name)]


def _judged(router: Router) -> Evaluation:
    """What is in use is asked about again and again while somebody edits."""
    key = (router.pack.version, router.version)
    known = _LATEST.get(key)
    if known is None:
        known = evaluate(router, _examples(router))
        _LATEST.clear()
        _LATEST[key] = known
    return known
