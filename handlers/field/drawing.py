"""抽样: which places of each stratum are visited, and by whom. Pure: a seed and strata in, the same draw out, always.

Everything is put in order by the SHA-256 of the seed and its own name and the first ones are taken, so that anybody
can repeat a draw with any tool that knows SHA-256, and no database or version of Python has a say in it.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Stratum:
    """层: how many are wanted of everything that could be drawn. frame: the keys of all that."""

    key: str
    wanted: int
    frame: tuple[str, ...]

    @property
    def short(self) -> int:
        """差额: how many fewer there are than wanted."""
        return max(0, self.wanted - len(set(self.frame)))


class Pick(NamedTuple):
    """抽中: a place, and the stratum it was drawn from."""

    stratum: str
    key: str


def mark(seed: str, *names: object) -> str:
    """签号: what something is put in order by."""
    return sha256("\n".join([seed, *map(str, names)]).encode()).hexdigest()


def draw(seed: str, strata: Iterable[Stratum]) -> list[Pick]:
    """抽样: of each stratum as many as are wanted or there are, mixed, so that a number tells nothing of its kind."""
    picks = [Pick(stratum.key, key) for stratum in strata for key in _drawn(seed, stratum)]
    return sorted(picks, key=lambda pick: mark(seed, "order", *pick))


def _drawn(seed: str, stratum: Stratum) -> list[str]:
    return sorted(set(stratum.frame), key=lambda key: mark(seed, stratum.key, key))[: max(0, stratum.wanted)]


def foci(seed: str, pick: Pick, pool: Collection[str], must: str = "", most: int = 3) -> list[str]:
    """看点: what to look at there. A drawn case's own kind is one of them, as any other kind might be."""
    others = sorted(set(pool) - {must}, key=lambda key: mark(seed, "focus", *pick, key))
    chosen = [*([must] if must else []), *others][:most]
    return sorted(chosen, key=lambda key: mark(seed, "among", *pick, key))


def share_out(
    seed: str, picks: Sequence[Pick], barred: Mapping[Pick, Collection[int]], people: Collection[int]
) -> dict[Pick, int]:
    """分派: as evenly as may be, to nobody who is barred from a place. Who has nobody is left out."""
    allowed = {pick: [one for one in sorted(people) if one not in barred.get(pick, ())] for pick in picks}
    load, given = Counter(dict.fromkeys(people, 0)), dict[Pick, int]()
    for pick in sorted(picks, key=lambda pick: (len(allowed[pick]), mark(seed, "turn", *pick))):
        if allowed[pick]:
            given[pick] = min(allowed[pick], key=lambda one: (load[one], mark(seed, "whose", one, *pick)))
            load[given[pick]] += 1
    while _evened(given, allowed, load):
        pass
    return given


def _evened(given: dict[Pick, int], allowed: Mapping[Pick, Sequence[int]], load: Counter[int]) -> bool:
    """Hand one place on to somebody who has at least two fewer."""
    for pick, holder in given.items():
        other = min(allowed[pick], key=lambda one: (load[one], one))
        if load[other] <= load[holder] - 2:
            given[pick] = other
            load[holder] -= 1
            load[other] += 1
            return True
    return False
