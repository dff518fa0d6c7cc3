"""派单: what it is, where it is, whose it is, decided together and with every reason kept.

What a decision is worth is a product of figures between 0 and 1, so that each can pull it down alone:

    category    how likely the categories are together that lead to this unit
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
from routing.what.lexicon import CLEAR_SCORE, Guess
from routing.what.problems import further
from routing.where.place import locate
from routing.where.settled import settled
from routing.where.spot import Spot
from routing.where.unnamed import unnamed
from routing.whose.conditions import Facts

# Less likely than this, even all together, is no category for a case to be opened under.
WORTH_NAMING = 0.3
# Without any word for a category only territory is left to go by.
NO_CATEGORY = 0.3
# What another street, or the district above, is worth beside the decision.
SECOND_BEST = 0.5
# What is left when somebody else must act as well: a person may want to make two cases of it.
TWO_THINGS = 0.6
# Further down the list the guesses are too unlikely to move a decision.
GUESSES_WEIGHED = 12
# What the whole text makes less likely than this is no second problem, however clear its words are by themselves.
WORTH_SPLITTING = 0.2
# Less likely than this would only distract a dispatcher.
WORTH_OFFERING = 0.05
ALTERNATIVES_AT_MOST = 3


@dataclass(frozen=True, slots=True)
class _Reading:
    """A finding as understood: what it may be, likeliest first, and where it is.

    `text` holds its words and the place's, `plain` its words without the names of places; `heard` is what the
    lexicon alone makes of them.
    """

    finding: Finding
    text: str
    plain: str
    heard: Sequence[Guess]
    guesses: Sequence[Guess]
    spot: Spot


@dataclass(frozen=True, slots=True)
class _Answer:
    """One unit that may have to act: by which category first, and how likely all that lead to it are together."""

    choice: Choice
    guess: Guess | None
    chance: float

    @property
    def worth(self) -> float:
        return self.chance * self.choice.worth


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
        best, *rest = self._answers(reading)
        besides = self._besides(reading, best.choice)
        raw = round(best.worth * (TWO_THINGS if besides else 1.0), DIGITS)
        category = self.pack.categories.get(best.choice.category or "")
        return Decision(
            unit=best.choice.unit,
            co_units=best.choice.co_units,
            department=category.department if category else None,
            category=best.choice.category,
            district=reading.spot.district,
            street=reading.spot.street,
            confidence=self.curve.at(raw),
            raw=raw,
            rule=best.choice.rule.place,
            why=tuple(self._reasons(reading, best, besides)),
            alternatives=self._alternatives(reading, best, rest),
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
        return settled(self.pack, finding) or locate(self.pack, finding)

    def _read(self, finding: Finding) -> _Reading:
        plain = unnamed(self.pack, finding.text) if self.learned else ""
        heard = self.pack.lexicon.guesses(normalise(finding.text))
        return _Reading(
            finding=finding,
            text=normalise(f"{finding.text}\n{finding.place}"),
            plain=plain,
            heard=heard,
            guesses=self._guesses(finding, heard, plain),
            spot=self.locate(finding),
        )

    def _guesses(self, finding: Finding, heard: Sequence[Guess], plain: str) -> Sequence[Guess]:
        if finding.category in self.pack.categories:
            return (Guess(finding.category, CLEAR_SCORE, (finding.category_word,), chance=1.0),)
        if self.learned is None:
            return heard
        blended = self.learned.blend(heard, plain)
        # A model may have been trained when there were categories that are gone by now.
        return [guess for guess in blended if guess.category in self.pack.categories]

    def _answers(self, reading: _Reading) -> list[_Answer]:
        """The units that may have to act, the likeliest first; never empty."""
        guesses: Sequence[Guess | None] = reading.guesses[:GUESSES_WEIGHED] or (None,)
        answers: dict[str, _Answer] = {}
        for guess in guesses:
            choice, chance = self._choose(reading, guess), guess.chance if guess else NO_CATEGORY
            known = answers.get(choice.unit, _Answer(choice, guess, 0.0))
            answers[choice.unit] = replace(known, chance=known.chance + chance)
        # Stable: of equally likely ones the category that was likelier by itself stays first.
        ranked = sorted(answers.values(), key=lambda answer: -answer.chance)
        if ranked[0].guess is not None and ranked[0].chance < WORTH_NAMING:
            # A wild guess would be counted, compared and read as if it were known.
            return [_Answer(self._choose(reading, None), None, NO_CATEGORY), *ranked]
        return ranked

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
        parts = further(self.pack.lexicon, normalise(reading.finding.text), reading.heard, choice.category)
        likely = {guess.category for guess in reading.guesses if guess.chance >= WORTH_SPLITTING}
        found = ((part, self._choose(reading, part.guess).unit) for part in parts if part.guess.category in likely)
        return tuple(Further(part.guess.category, unit, part.text) for part, unit in found if unit != choice.unit)

    def _alternatives(self, reading: _Reading, best: _Answer, rest: Sequence[_Answer]) -> tuple[Option, ...]:
        """The next best units, the surest first, none twice; the district above closes the list."""
        options: dict[str, Option] = {}
        for option in self._options(reading, best, rest):
            if option.unit != best.choice.unit:
                # The first way a unit came up is also its likeliest one.
                options.setdefault(option.unit, option)
        ranked = sorted(options.values(), key=lambda option: -option.confidence)
        return tuple(ranked[:ALTERNATIVES_AT_MOST])

    def _options(self, reading: _Reading, best: _Answer, rest: Sequence[_Answer]) -> Iterator[Option]:
        for answer in rest:
            if answer.guess and answer.chance >= WORTH_OFFERING:
                why = wording.also_like(self.pack, self._explained(reading, answer.guess))
                yield self._option(answer.choice, answer.worth, why)
        for code in (*reading.spot.others, *reading.spot.candidates):
            there = self._choose(reading, best.guess, replace(reading.spot, street=code))
            yield self._option(there, best.worth * SECOND_BEST, f"也可能在{self.pack.units[code].name}")
        if reading.spot.district:
            # Never as sure as the decision: it is the way out when the street refuses.
            above = replace(best.choice, unit=reading.spot.district)
            yield self._option(above, best.worth * SECOND_BEST, "所在区县可以统筹")

    def _option(self, choice: Choice, worth: float, why: str) -> Option:
        return Option(choice.unit, choice.category, self.curve.at(round(worth, DIGITS)), why)

    def _reasons(self, reading: _Reading, best: _Answer, besides: Sequence[Further]) -> Iterator[Reason]:
        main = self._explained(reading, best.guess) if best.guess else None
        others = near(reading.guesses, best.guess) if main else reading.guesses[:1]
        yield Reason("category", wording.why_category(self.pack, main, others))
        yield from (Reason("category", wording.besides(self.pack, further)) for further in besides)
        yield from (Reason("place", text) for text in reading.spot.why)
        yield Reason("unit", wording.why_unit(self.pack, best.choice))

    def _explained(self, reading: _Reading, guess: Guess) -> Guess:
        if self.learned is None or reading.finding.category or guess.category not in self.learned.model.labels:
            return guess
        return self.learned.reasons(guess, reading.plain)


# A guess with less than this share of the best one's chance is not worth a dispatcher's glance.
NEAR_SHARE = 0.4


def near(guesses: Sequence[Guess], main: Guess | None) -> list[Guess]:
    """The other categories that came near the main one."""
    return [guess for guess in guesses if main and guess != main and guess.chance >= NEAR_SHARE * main.chance]
