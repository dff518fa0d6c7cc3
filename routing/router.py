"""派单: what it is, where it is, whose it is, decided together and with every reason kept.

Confidence is a product of four figures between 0 and 1, so that each can pull it down alone:

    category    strength of its words, times how far the next category is behind
    place       how it is known (a street in full 0.98, a district 0.95, nothing 0.5), times 0.6 a contradiction
    rule        what the pack's author trusts it (`sure`, inherited down the tree)
    target      1.0 when the unit asked for is known, 0.8 for each level it had to fall upwards
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from routing.decision import Decision, Option, Reason
from routing.finding import Finding
from routing.pack import Pack
from routing.scan import normalise
from routing.what.lexicon import Guess
from routing.where.place import Spot, locate
from routing.whose.rules import TARGET_DISTRICT, TARGET_STREET, Facts, Rule

# The weight of words that leaves nothing to ask: one clear word, or two ordinary ones.
CLEAR_SCORE = 3.0
# Without any word for a category only territory is left to go by.
NO_CATEGORY = 0.3
# What a tie with the next category takes away.
TIE_COST = 0.5
FALL = 0.8
# A guess with less than this share of the best one's score is not worth a dispatcher's glance.
NEAR_SHARE = 0.4
ALTERNATIVES_AT_MOST = 3


@dataclass(frozen=True, slots=True)
class _Reading:
    """A finding as understood: what it may be, likeliest first, and where it is."""

    text: str
    platform: str
    guesses: Sequence[Guess]
    spot: Spot


@dataclass(frozen=True, slots=True)
class _Choice:
    """The rule tree's answer to one category at one place."""

    rule: Rule
    category: str | None
    unit: str
    co_units: tuple[str, ...]
    confidence: float
    falls: int


@dataclass(frozen=True)
class Router:
    """派单员: decides by one data pack; the same finding always gets the same decision."""

    pack: Pack

    def decide(self, finding: Finding) -> Decision:
        """Whose a finding is; always answers, whatever the text and wherever the pin."""
        reading = self._read(finding)
        choice = self._choose(reading, reading.guesses[0] if reading.guesses else None, _clarity(reading.guesses))
        return Decision(
            unit=choice.unit,
            co_units=choice.co_units,
            category=choice.category,
            district=reading.spot.district,
            street=reading.spot.street,
            confidence=choice.confidence,
            rule=choice.rule.place,
            why=tuple(self._reasons(reading, choice)),
            alternatives=_nearest(self._others(reading, choice), choice),
            pack_version=self.pack.version,
        )

    def locate(self, finding: Finding) -> Spot:
        """Where a finding is, as far as its words and pin tell, without deciding whose it is."""
        return locate(self.pack, finding)

    def _read(self, finding: Finding) -> _Reading:
        return _Reading(
            text=normalise(f"{finding.text}\n{finding.place}"),
            platform=finding.platform,
            guesses=self._guesses(finding),
            spot=self.locate(finding),
        )

    def _guesses(self, finding: Finding) -> Sequence[Guess]:
        if finding.category in self.pack.categories:
            return (Guess(finding.category, CLEAR_SCORE, (finding.category_word,)),)
        return self.pack.lexicon.guesses(normalise(finding.text))

    def _choose(self, reading: _Reading, guess: Guess | None, clarity: float) -> _Choice:
        spot, category = reading.spot, guess.category if guess else None
        rule = self.pack.rules.match(Facts(category, spot.territories, spot.street, reading.text, reading.platform))
        unit, falls = self._resolve(rule.unit, spot)
        co_units = [self._resolve(target, spot)[0] for target in rule.co_units]
        # A co-unit that is unknown here has fallen to the command centre, which helps nobody.
        known = [code for code in co_units if code not in (unit, self.pack.rules.unit)]
        return _Choice(
            rule=rule,
            category=category,
            unit=unit,
            co_units=tuple(dict.fromkeys(known)),
            # Three digits are more than is known; more would only differ between machines.
            confidence=round(clarity * spot.sureness * rule.sure * FALL**falls, 3),
            falls=falls,
        )

    def _resolve(self, target: str, spot: Spot) -> tuple[str, int]:
        """The unit a rule's target means here, and how many levels it had to fall upwards."""
        ladder = {TARGET_STREET: (spot.street, spot.district), TARGET_DISTRICT: (spot.district,)}
        # The root stands at the end of every ladder: somebody always answers.
        steps = (*ladder.get(target, (target,)), self.pack.rules.unit)
        return next((code, falls) for falls, code in enumerate(steps) if code)

    def _others(self, reading: _Reading, choice: _Choice) -> Iterator[Option]:
        """Other readings that were near: categories, further streets, the district above."""
        best = reading.guesses[0] if reading.guesses else None
        for guess in _near(reading.guesses):
            other = self._choose(reading, guess, _lesser_clarity(guess, reading.guesses[0]))
            yield self._option(other, f"也像{self._name(guess.category)}（{_quoted(guess.words)}）")
        for code in reading.spot.others:
            there = replace(reading, spot=replace(reading.spot, street=code))
            other = self._choose(there, best, _clarity(reading.guesses))
            yield self._option(other, f"也可能在{self.pack.units[code].name}")
        if reading.spot.district:
            # Never as sure as the decision: it is the way out when the street refuses.
            above = replace(choice, unit=reading.spot.district, confidence=round(choice.confidence * TIE_COST, 3))
            yield self._option(above, "所在区县可以统筹")

    def _option(self, choice: _Choice, why: str) -> Option:
        return Option(choice.unit, choice.category, choice.confidence, why)

    def _reasons(self, reading: _Reading, choice: _Choice) -> Iterator[Reason]:
        yield Reason("category", self._why_category(reading.guesses))
        yield from (Reason("place", text) for text in reading.spot.why)
        yield Reason("unit", self._why_unit(choice))

    def _why_category(self, guesses: Sequence[Guess]) -> str:
        if not guesses:
            return "没有认得的词，看不出是什么问题"
        said = f"{_quoted(guesses[0].words)}，是{self._name(guesses[0].category)}"
        near = [self._name(guess.category) for guess in _near(guesses)]
        return f"{said}；也像{'、'.join(near)}" if near else said

    def _why_unit(self, choice: _Choice) -> str:
        name = self.pack.units[choice.unit].name
        if choice.falls:
            return f"应派所在街道或区县，但地点不够清楚，上交{name}"
        if choice.rule is self.pack.rules:
            return f"没有合适的派单规则，交{name}"
        return f"按规则派{name}"

    def _name(self, category: str) -> str:
        return f"「{self.pack.categories[category].name}」"


def _clarity(guesses: Sequence[Guess]) -> float:
    """How clear the best category is: by its own words, and by how far the next one is behind."""
    if not guesses:
        return NO_CATEGORY
    # Squared, because half as likely is already a good distance away.
    behind = _share(guesses[1], guesses[0]) if len(guesses) > 1 else 0.0
    return _strength(guesses[0]) * (1 - TIE_COST * behind * behind)


def _lesser_clarity(guess: Guess, best: Guess) -> float:
    # At a tie this equals what the best one keeps, so neither looks surer than the other.
    return _strength(guess) * TIE_COST * _share(guess, best)


def _strength(guess: Guess) -> float:
    return min(1.0, guess.score / CLEAR_SCORE)


def _share(guess: Guess, best: Guess) -> float:
    return guess.score / best.score


def _near(guesses: Sequence[Guess]) -> list[Guess]:
    """The categories, after the best, whose words came near its own."""
    return [guess for guess in guesses[1:] if _share(guess, guesses[0]) >= NEAR_SHARE]


def _quoted(words: Iterable[str]) -> str:
    return "".join(f"“{word}”" for word in words)


def _nearest(options: Iterable[Option], choice: _Choice) -> tuple[Option, ...]:
    """The surest few, none of them the decision itself and none twice."""
    others: dict[tuple[str, str | None], Option] = {}
    for option in options:
        if (option.unit, option.category) != (choice.unit, choice.category):
            # The first way an option came up is also the likeliest one.
            others.setdefault((option.unit, option.category), option)
    ranked = sorted(others.values(), key=lambda option: -option.confidence)
    return tuple(ranked[:ALTERNATIVES_AT_MOST])
