"""检索: which cases say something, among a million, whether it is a rare word or one that every third case says.

A rare word is looked up in the index of pairs of characters. A common one would bring a third of all rows out of
that index before the newest fifty are known, so it is found by walking from the newest case on. Which of the two it
is, the newest few thousand cases tell. SQLite has no such index: it walks, which it does well up to its size.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, cast, func, select
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR
from sqlalchemy.orm import Session

from models.case import Case
from models.case_words import CaseWords
from models.report import Report

# Of the newest so many. Where 12 say it, fifty are found among the newest 17,000; where 40 do, walking also counts
# two hundred sooner than the index, which is asked about all of them first.
_LOOKED_AT, _WALKED_FROM, _COUNTED_FROM = 4000, 12, 40
_NUMBER = re.compile(r"[#＃]?([0-9]{1,18})")
_ORDER = re.compile(r"(?=.*[0-9])[0-9A-Za-z_-]{6,64}")


class Said(NamedTuple):
    """检索条件: the same in two forms, the first to bring the beginning of a list, the other to count it."""

    shown: ColumnElement[bool]
    counted: ColumnElement[bool]


def says(session: Session, words: str, channels: Iterable[str]) -> Said:
    """The condition that a case is meant by these words: its number, an order's number, or what it says.

    channels: the platforms, because an order's number is its platform's.
    """
    numbered = _numbered(session, words, channels)
    if numbered:
        meant = Case.id.in_(numbered)
        return Said(meant, meant)
    terms = words.lower().split()
    walked = _walked(session, terms)
    if session.get_bind().dialect.name != "postgresql":
        return Said(walked, walked)
    listed, share = _listed(session, terms), _share(session, terms)
    return Said(walked if share >= _WALKED_FROM else listed, walked if share >= _COUNTED_FROM else listed)


def _walked(session: Session, terms: Sequence[str]) -> ColumnElement[bool]:
    # Asked of each row in turn, and not joined: a join of two tables of a million rows is what the planner would
    # begin with, since it takes every long word for a rare one.
    said = select(CaseWords.words).where(CaseWords.case_id == Case.id).scalar_subquery()
    return and_(*_hold(session, said, terms))


def _listed(session: Session, terms: Sequence[str]) -> ColumnElement[bool]:
    listed = func.case_grams(CaseWords.words, type_=TSVECTOR).op("@@")(cast(_looked_up(terms), TSQUERY))
    return Case.id.in_(select(CaseWords.case_id).where(listed, *_hold(session, CaseWords.words, terms)))


def _hold(session: Session, words: Any, terms: Sequence[str]) -> list[ColumnElement[bool]]:
    """Whether every term is in the words. Not LIKE: the planner has no opinion on a place being above 0."""
    place = func.strpos if session.get_bind().dialect.name == "postgresql" else func.instr
    return [place(words, term) > 0 for term in terms]


def _looked_up(terms: Sequence[str]) -> str:
    """The terms as the index knows them: their pairs of characters; a single one is the beginning of a pair."""
    pairs = {term[n : n + 2] for term in terms for n in range(max(len(term) - 1, 1))}
    return " & ".join(_quoted(pair) + (":*" if len(pair) == 1 else "") for pair in sorted(pairs))


def _quoted(pair: str) -> str:
    return "'" + pair.replace("\\", "\\\\").replace("'", "''") + "'"


def _numbered(session: Session, words: str, channels: Iterable[str]) -> list[int]:
    """The cases whose number, or whose order's number, the words are."""
    found: list[int] = []
    number = _NUMBER.fullmatch(words)
    if number:
        found += session.scalars(select(Case.id).where(Case.id == int(number[1])))
    if _ORDER.fullmatch(words):
        named = Report.number.in_({words, words.upper()}), Report.number != "", Report.channel.in_(list(channels))
        found += session.scalars(select(Report.case_id).where(*named))
    return found


def _share(session: Session, terms: Sequence[str]) -> int:
    """How many of the newest cases say it."""
    newest = select(CaseWords.words).order_by(CaseWords.case_id.desc()).limit(_LOOKED_AT).subquery()
    held = select(func.count()).select_from(newest).where(*_hold(session, newest.c.words, terms))
    return session.scalars(held).one()
