"""公开排名页: published tables for everybody, without login: units, ranks, figures, corrections, digest, downloads.

Not a page of the console: it has no visitor, no cookie and no form. What is not published does not exist here.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from hashlib import sha256
from http import HTTPStatus
from json import dumps, loads
from threading import Lock
from typing import Any, NamedTuple

from flask import Blueprint, Response, render_template, request, url_for

from console.premises import premises
from console.ranking_book import ranking_book
from console.workbook import MIMETYPE as EXCEL
from models.score import Ranking, RankingState
from scoring.notice import Notice, Table, table_of
from scoring.notices import issuer, of_period
from scoring.papers import card, pdf, word, wording
from scoring.published import is_genuine, public, sealed_text
from scoring.rules import TIERS
from scoring.tables import published

public_ranking = Blueprint("public_ranking", __name__, url_prefix="/ranking")

# A correction is seen by everybody after so long.
_FRESH = "public, max-age=300"
_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
# Making a paper takes a second of a processor: one at a time, and what was made is kept.
_MADE_AT_MOST = 24
_lock = Lock()


class Found(NamedTuple):
    """找到的表, and all of its period, as scoring/published.py tells them, in JSON so that they can be compared."""

    number: int
    kept: tuple[str, ...]
    issuer: str
    address: str


class _Paper(NamedTuple):
    """材料: a download. shown: in the browser, not kept as a file."""

    mimetype: str
    make: Callable[[Mapping[str, Any], Found], bytes]
    suffix: str
    shown: bool = False


class NotPublished(Exception):
    """没有公布: a draft, a table in appeals or frozen, or none at all."""


@public_ranking.get("/")
def page() -> Any:
    """Every published table, the newest first."""
    with premises().glance() as session:
        tables = [table_of(public(one, premises().zone)) for one in published(session)]
    periods: dict[str, list[Table]] = {}
    for one in sorted(tables, key=lambda one: (-one.begins_on.toordinal(), TIERS.index(one.tier), -one.number)):
        periods.setdefault(wording.period(one.begins_on, one.ends_on), []).append(one)
    return render_template("public/list.html", periods=periods, w=wording)


@public_ranking.get("/<int:number>")
def table(number: int) -> Any:
    """排名表, as it was published, with its corrections beside it."""
    found = _found(number)
    kept = _kept(found)
    return render_template(
        "public/table.html",
        table=table_of(kept[number]),
        others=[table_of(one) for one in kept.values() if one["id"] != number],
        genuine=is_genuine(kept[number]),
        w=wording,
    )


@public_ranking.get("/<int:number>/verify")
def verify(number: int) -> Any:
    """核对: the digest recomputed from what is published, and how anybody does the same at home."""
    kept = _kept(_found(number))[number]
    digest = sha256(sealed_text(kept).encode()).hexdigest()
    return render_template(
        "public/verify.html", table=table_of(kept), digest=digest, genuine=is_genuine(kept), w=wording
    )


@public_ranking.get("/<int:number>.<kind>")
def paper(number: int, kind: str) -> Any:
    """下载."""
    if kind not in PAPERS:
        raise NotPublished
    found, wanted = _found(number), PAPERS[kind]
    answer = Response(_made(kind, found), content_type=wanted.mimetype)
    how = "inline" if wanted.shown else "attachment"
    answer.headers["Content-Disposition"] = f"{how}; filename=ranking-{number}.{wanted.suffix}"
    return answer


def _made(kind: str, found: Found) -> bytes:
    with _lock:
        return _once(kind, found)


@lru_cache(maxsize=_MADE_AT_MOST)
def _once(kind: str, found: Found) -> bytes:
    return PAPERS[kind].make(_kept(found)[found.number], found)


def _notice(found: Found) -> Notice:
    """通报 of all tables of the period, dated when the last of them came out; nothing in it is for insiders."""
    tables = tuple(table_of(one) for one in _kept(found).values())
    return Notice(tables, found.issuer, max(one.published_on or one.ends_on for one in tables))


def _book(found: Found) -> bytes:
    """Without cases: which number is whose is not for everybody."""
    return ranking_book(_notice(found), [one["rules"] for one in _kept(found).values()])


PAPERS: Mapping[str, _Paper] = {
    "docx": _Paper(word.MIMETYPE, lambda _, found: word.word(_notice(found)), "docx"),
    "pdf": _Paper(pdf.MIMETYPE, lambda _, found: pdf.pdf(_notice(found)), "pdf"),
    "xlsx": _Paper(EXCEL, lambda _, found: _book(found), "xlsx"),
    "jpg": _Paper(
        card.MIMETYPE, lambda own, found: card.card(table_of(own), found.issuer, found.address), "jpg", shown=True
    ),
    "json": _Paper(
        "application/json", lambda own, _: dumps(own, ensure_ascii=False, indent=1).encode(), "json", True
    ),
    "sealed": _Paper("text/plain; charset=utf-8", lambda own, _: sealed_text(own).encode(), "sealed.txt"),
}


def _found(number: int) -> Found:
    """A published table and its period's others. Raises NotPublished for all else, whatever it is."""
    with premises().glance() as session:
        own = session.get(Ranking, number)
        if own is None or own.state is not RankingState.PUBLISHED:
            raise NotPublished
        same = of_period(session, own, inside=False)
        kept = tuple(dumps(public(one, premises().zone)) for one in same)
        return Found(number, kept, issuer(session), _address(number))


def _kept(found: Found) -> dict[int, dict[str, Any]]:
    tables = [loads(one) for one in found.kept]
    return {one["id"]: one for one in tables}


def _address(number: int) -> str:
    root = premises().public_url
    return f"{root.rstrip('/')}{url_for('public_ranking.table', number=number)}" if root else ""


@public_ranking.after_request
def told(answer: Response) -> Response:
    """What every answer tells the browser: strict, and for anybody's cache."""
    answer.headers["Content-Security-Policy"] = _POLICY
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    if answer.status_code != HTTPStatus.OK:
        answer.headers["Cache-Control"] = "no-store"
        return answer
    answer.headers["Cache-Control"] = _FRESH
    answer.add_etag()
    answer.make_conditional(request)
    return answer


@public_ranking.errorhandler(NotPublished)
def missing(_: NotPublished) -> Any:
    """没有: the same for a draft, for a table there never was, and for a kind of paper there is none of."""
    return render_template("public/missing.html"), HTTPStatus.NOT_FOUND
