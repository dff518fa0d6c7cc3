"""派单: what it is, where it is, whose it is, decided together and with every reason kept.

What a decision is worth is a product of figures between 0 and 1, so that each can pull it down alone:

    category    strength of its words, times how far the next category is behind
    place       how it is known (see routing/where), times 0.6 a contradiction; less where only a department is asked
    rule        what the pack's author trusts it (`sure`, inherited down the tree)
    target      1.0 when the unit asked for is known, 0.8 for each level it had to fall upwards
    one thing   0.6 when the text speaks of another unit's business as well

A curve measured on labelled reports turns the product into the confidence: how often such a decision is right.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from routing import wording
from routing.choice import Choice, choose
from routing.confidence import DIGITS, Curve
from routing.decision import Decision, Further, Option, Reason
from routing.finding import Finding
from routing.pack import Pack
from routing.scan import normalise
from routing.what.learned import Learned
from routing.what.lexicon import Guess
from routing.what.problems import further
from routing.where.place import locate
from routing.where.spot import Spot
from routing.whose.conditions import Facts

# The weight of words that leaves nothing to ask: one clear word, or two ordinary ones.
CLEAR_SCORE = 3.0
# Without any word for a category only territory is left to go by.
NO_CATEGORY = 0.3
# What a tie with the next category takes away.
TIE_COST = 0.5
# What is left when somebody else must act as well: a person may want to make two cases of it.
TWO_THINGS = 0.6
ALTERNATIVES_AT_MOST = 3


@dataclass(frozen=True, slots=True)
class _Reading:
    """A finding as understood: what it may be, likeliest first, and where it is."""

    finding: Finding
    text: str
    guesses: Sequence[Guess]
    spot: Spot

    @property
    def best(self) -> Guess | None:
        return self.guesses[0] if self.guesses else None


@dataclass(frozen=True)
class Router:
    """派单员: decides by one data pack and one trained version; the same finding always gets the same decision."""

    pack: Pack
    learned: Learned | None = None

    @property
    def version(self) -> str:
        """The trained version in use, "" for the lexicon alone."""
        return self.learned.version if self.learned else ""

    def decide(self, finding: Finding) -> Decision:
        """Whose a finding is; always answers, whatever the text and wherever the pin."""
        reading = self._read(finding)
        choice = self._choose(reading, reading.best)
        besides = self._besides(reading, choice)
        raw = round(_clarity(reading.guesses) * choice.worth * (TWO_THINGS if besides else 1.0), DIGITS)
        category = self.pack.categories.get(choice.category or "")
        return Decision(
            unit=choice.unit,
            co_units=choice.co_units,
            department=category.department if category else None,
            category=choice.category,
            district=reading.spot.district,
            street=reading.spot.street,
            confidence=self.curve.at(raw),
            raw=raw,
            rule=choice.rule.place,
            why=tuple(self._reasons(reading, choice, besides)),
            alternatives=_nearest(self._others(reading, choice, raw), choice),
            further=besides,
            candidates=reading.spot.candidates,
            pack_version=self.pack.version,
            model=self.version,
        )

    @property
    def curve(self) -> Curve:
        """How what a decision is worth becomes how often it is right."""
        return self.learned.curve if self.learned else self.pack.curve

    def locate(self, finding: Finding) -> Spot:
        """Where a finding is, as far as its words and pin tell, without deciding whose it is."""
        return locate(self.pack, finding)

    def _read(self, finding: Finding) -> _Reading:
        return _Reading(
            finding=finding,
            text=normalise(f"{finding.text}\n{finding.place}"),
            guesses=self._guesses(finding),
            spot=self.locate(finding),
        )

    def _guesses(self, finding: Finding) -> Sequence[Guess]:
        if finding.category in self.pack.categories:
            return (Guess(finding.category, CLEAR_SCORE, (finding.category_word,)),)
        text = normalise(finding.text)
        guesses = self.pack.lexicon.guesses(text)
        return self.learned.blend(guesses, text) if self.learned else guesses

    def _choose(self, reading: _Reading, guess: Guess | None, spot: Spot | None = None) -> Choice:
        here = spot or reading.spot
        facts = Facts(
            category=guess.category if guess else None,
            districts=here.territories,
            street=here.street,
            text=reading.text,
            platform=reading.finding.platform,
            sites={site.kind: site.owner for site in reversed(here.sites)},
            at=reading.finding.at,
        )
        return choose(self.pack, facts.category, here, facts)

    def _besides(self, reading: _Reading, choice: Choice) -> tuple[Further, ...]:
        """What else the text speaks of that is another unit's business; nothing where the category is given."""
        if choice.category is None or reading.finding.category:
            return ()
        parts = further(self.pack.lexicon, normalise(reading.finding.text), choice.category)
        found = ((part, self._choose(reading, part.guess).unit) for part in parts)
        return tuple(Further(part.guess.category, unit, part.text) for part, unit in found if unit != choice.unit)

    def _others(self, reading: _Reading, choice: Choice, raw: float) -> Iterator[Option]:
        """Other readings that were near: categories, further streets, the department, the district above."""
        for guess in near(reading.guesses):
            other = self._choose(reading, guess)
            worth = _lesser_clarity(guess, reading.guesses[0]) * other.worth
            yield self._option(other, worth, wording.also_like(self.pack, guess))
        for code in (*reading.spot.others, *reading.spot.candidates):
            there = self._choose(reading, reading.best, replace(reading.spot, street=code))
            worth = min(raw, _clarity(reading.guesses) * there.worth) * TIE_COST
            yield self._option(there, worth, f"也可能在{self.pack.units[code].name}")
        if reading.spot.district:
            # Never as sure as the decision: it is the way out when the street refuses.
            above = replace(choice, unit=reading.spot.district)
            yield self._option(above, raw * TIE_COST, "所在区县可以统筹")

    def _option(self, choice: Choice, worth: float, why: str) -> Option:
        return Option(choice.unit, choice.category, self.curve.at(round(worth, DIGITS)), why)

    def _reasons(self, reading: _Reading, choice: Choice, besides: Sequence[Further]) -> Iterator[Reason]:
        yield Reason("category", wording.why_category(self.pack, reading.guesses, near(reading.guesses)))
        yield from (Reason("category", wording.besides(self.pack, further)) for further in besides)
        yield from (Reason("place", text) for text in reading.spot.why)
        yield Reason("unit", wording.why_unit(self.pack, choice))


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


# A guess with less than this share of the best one's score is not worth a dispatcher's glance.
NEAR_SHARE = 0.4


def near(guesses: Sequence[Guess]) -> list[Guess]:
    """The categories, after the best, whose words came near its own."""
    return [guess for guess in guesses[1:] if _share(guess, guesses[0]) >= NEAR_SHARE]


def _nearest(options: Iterator[Option], choice: Choice) -> tuple[Option, ...]:
    """The surest few, none of them the decision itself and none twice."""
    others: dict[tuple[str, str | None], Option] = {}
    for option in options:
        if (option.unit, option.category) != (choice.unit, choice.category):
            # The first way an option came up is also the likeliest one.
            others.setdefault((option.unit, option.category), option)
    ranked = sorted(others.values(), key=lambda option: -option.confidence)
    return tuple(ranked[:ALTERNATIVES_AT_MOST])
