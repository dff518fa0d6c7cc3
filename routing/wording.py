"""理由的说法: what routing tells a dispatcher about a decision, in sentences."""

from collections.abc import Iterable, Sequence

from routing.choice import Choice
from routing.decision import Further
from routing.pack import Pack
from routing.what.lexicon import Guess

# More words than these say nothing new.
WORDS_SHOWN = 2


def why_category(pack: Pack, main: Guess | None, near: Sequence[Guess]) -> str:
    """Which words made it this category, and what else it looks like."""
    also = "、".join(named(pack, guess.category) for guess in near)
    if main is None:
        return f"看不出是什么问题，有点像{also}" if also else "没有认得的词，看不出是什么问题"
    spoken = _spoken(main)
    said = f"{spoken}，是{named(pack, main.category)}" if spoken else f"看上去是{named(pack, main.category)}"
    return f"{said}；也像{also}" if also else said


def also_like(pack: Pack, guess: Guess) -> str:
    """Why another category comes into question."""
    return f"也像{named(pack, guess.category)}（{_spoken(guess)}）"


def besides(pack: Pack, further: Further) -> str:
    """What else the text speaks of, and whose that is."""
    unit = pack.units[further.unit].short
    return f"还说到{named(pack, further.category)}（“{further.text}”），归{unit}，可拆分"


def why_unit(pack: Pack, choice: Choice) -> str:
    """Why it is this unit's."""
    name = pack.units[choice.unit].name
    if choice.owner:
        return f"{choice.owner}由{name}管理"
    if choice.rule is pack.rules:
        return f"没有合适的派单规则，交{name}"
    if choice.falls and choice.unit != pack.rules.unit:
        return f"街道不明，由{name}办理"
    if choice.falls:
        return f"应派所在街道或区县，但地点不够清楚，上交{name}"
    return f"按规则派{name}"


def named(pack: Pack, category: str) -> str:
    """「暴露垃圾」."""
    return f"「{pack.categories[category].name}」"


def _spoken(guess: Guess) -> str:
    """The words that spoke for a category; what was learned is told from what stands in the lexicon."""
    words = guess.words[:WORDS_SHOWN]
    # What the lexicon has said already need not be said again in pieces.
    more = [piece for piece in guess.learned if not any(piece in word or word in piece for word in words)]
    return f"{_quoted(words)}{f'学到的{_quoted(more)}' if more else ''}"


def _quoted(words: Iterable[str]) -> str:
    return "".join(f"“{word}”" for word in words)
