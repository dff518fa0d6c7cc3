"""排名图: a published table as a card for WeChat."""

from collections.abc import Sequence

from photos import ranking_card
from photos.layout import Heading
from photos.ranking_card import Place, RankingCard, Section
from scoring.notice import Line, Table
from scoring.papers import wording
from scoring.papers.wording import TEXTS

MIMETYPE = "image/jpeg"
_MORE = 20


def card(table: Table, issuer: str, address: str = "", top: int = 10, bottom: int = 5) -> bytes:
    """The first `top` and last `bottom` as JPEG, or all of a table no longer than both. address: of its page."""
    return ranking_card.draw(card_of(table, issuer, address, top, bottom))


def card_of(table: Table, issuer: str, address: str, top: int, bottom: int) -> RankingCard:
    """What stands on it, in plain values."""
    ranked = table.ranked
    is_whole = len(ranked) <= top + bottom
    # Who shares the last of the places is on it as well, unless half the city does.
    first = ranked if is_whole else table.top(top)[: top + _MORE]
    last = () if is_whole or not bottom else [line for line in table.bottom(bottom) if line not in first][-_MORE:]
    key = "card.all" if is_whole else "card.first"
    sections = [Section(TEXTS(key, count=top), _places(first))] if first else []
    sections += [Section(TEXTS("card.last", count=bottom), _places(last), is_last=True)] if last else []
    period = wording.period(table.begins_on, table.ends_on)
    details = ((TEXTS("card.period"), period), (TEXTS("card.ranked"), TEXTS("card.units", count=len(ranked))))
    heading = Heading(TEXTS("card.title"), details, tag=wording.tier(table.tier))
    return RankingCard(heading, tuple(sections), tuple(_words(table)), tuple(_seal(table, issuer, address)))


def _places(lines: Sequence[Line]) -> tuple[Place, ...]:
    join = TEXTS.raw("vetoes.between")
    return tuple(Place(str(line.rank), line.name, line.score, join.join(line.vetoes)) for line in lines)


def _words(table: Table) -> list[str]:
    told = [TEXTS("card.few", count=len(table.apart))] if table.apart else []
    told += [TEXTS("card.none")] if not table.ranked else []
    return told + ([TEXTS("card.corrected", count=len(table.amendments))] if table.amendments else [])


def _seal(table: Table, issuer: str, address: str) -> list[str]:
    on = wording.day(table.published_on) if table.published_on else ""
    told = [TEXTS("card.issued", issuer=issuer, on=on, number=table.number)]
    told.append(TEXTS("card.digest", digest=table.digest))
    return [*told, TEXTS("card.at", address=address)] if address else told
