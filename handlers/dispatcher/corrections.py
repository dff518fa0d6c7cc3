"""更正与拆分: what routing took wrongly, put right by a dispatcher, and kept for it to learn from."""

from collections.abc import Sequence

from handlers import labelling, notices, reporting, words
from handlers.desk import Desk
from handlers.dispatcher import triage
from handlers.people.caller import Caller
from models.actor import Actor
from models.case import Case
from models.learning import Said
from models.report import Report
from models.workflow import IllegalMove, Move, Part
from routing.categories import Category
from routing.finding import Finding
from routing.scan import normalise

SHOWN = 6


def category(desk: Desk, caller: Caller, case: Case, rest: str) -> str:
    """类别 12 垃圾满溢: what it is; the suggestions follow, running clocks stay as they are."""
    named = _categories_named(desk, rest)
    if len(named) != 1:
        names = "、".join(one.name for one in named[:SHOWN]) or desk.texts("correct.no_category")
        return desk.texts("correct.which_category", number=case.id, words=rest, names=names)
    chosen = named[0]
    if chosen.key == case.category:
        return desk.texts("correct.same_category", number=case.id, name=chosen.name)
    return _corrected(desk, caller, case, Said.CATEGORY, chosen.name, category=chosen.key)


def place(desk: Desk, caller: Caller, case: Case, rest: str) -> str:
    """地点 12 甸柳新村街道: where it is, in any words that name one street or one district."""
    spot = desk.router.locate(Finding(text=rest))
    if spot.district is None or spot.candidates:
        why = "；".join(spot.why)
        return desk.texts("correct.which_place", number=case.id, words=rest, why=why)
    name = desk.unit_name(spot.street or spot.district)
    facts = {"street": spot.street or "", "district": spot.district}
    if not case.place:
        facts["place"] = words.trimmed(rest)[:128]
    return _corrected(desk, caller, case, Said.PLACE, name, **facts)


def split(desk: Desk, caller: Caller, case: Case, rest: str) -> str:
    """拆分 12: what the same words say besides becomes a case of its own, with the same reporter and pictures."""
    found = case.decision.get("further", [])
    if not found:
        return desk.texts("split.nothing", number=case.id)
    try:
        case.move(Move.SPLIT, Actor(Part.DISPATCHER, caller.person.id), desk.now, found[0]["text"])
    except IllegalMove:
        return triage.wrong_state(desk, case)
    other = _second(desk, case, found[0])
    split = [*case.decision.get("split", []), found[0]["category"]]
    case.decision = {**case.decision, "further": found[1:], "split": split}
    labelling.keep(desk, other, caller.person.id, Said.CATEGORY)
    _tell_reporters(desk, case, other)
    return desk.texts(
        "split.done", number=case.id, other=other.id, name=desk.category_name(other), options=_options(desk, other)
    )


def _second(desk: Desk, case: Case, further: dict[str, str]) -> Case:
    decision = desk.router.decide(
        Finding(
            text=case.text,
            place=case.place,
            lat=case.lat,
            lon=case.lon,
            platform=case.channel,
            category=further["category"],
            category_word=further["text"],
        )
    )
    facts = {"channel": case.channel, "text": case.text, "place": case.place, "lat": case.lat, "lon": case.lon}
    other = Case.open(
        desk.session,
        desk.clocks,
        desk.now,
        category=further["category"],
        district=case.district,
        street=case.street,
        decision=decision.as_json(),
        **facts,
    )
    for report in notices.reporters(desk, case):
        desk.session.add(_copy(desk, report, other))
    desk.session.flush()
    return other


def _copy(desk: Desk, report: Report, other: Case) -> Report:
    """The same finding under the second case. The platform's own number stays with the first: it makes one case."""
    return Report(
        draft_id=report.draft_id,
        person_id=report.person_id,
        case_id=other.id,
        channel=report.channel,
        text=report.text,
        place=report.place,
        lat=report.lat,
        lon=report.lon,
        extra=dict(report.extra),
        reported_at=report.reported_at,
    )


def _tell_reporters(desk: Desk, case: Case, other: Case) -> None:
    text = desk.texts("split.reporter", number=case.id, other=other.id, name=desk.category_name(other))
    notices.tell_reporters(desk, other, text)


def _corrected(desk: Desk, caller: Caller, case: Case, said: Said, name: str, **facts: str) -> str:
    before = case.decision
    try:
        case.correct(Actor(Part.DISPATCHER, caller.person.id), desk.now, name, **facts)
    except IllegalMove:
        return triage.wrong_state(desk, case)
    labelling.keep(desk, case, caller.person.id, said)
    desk.session.flush()
    labelling.decide_again(desk, case)
    if case.lead is not None:
        # Who holds it holds it on the decision it was given by; only a dispatcher moves it on.
        case.decision = before
        return desk.texts("correct.held", number=case.id, name=name, unit=desk.unit_name(case.lead.unit_code))
    return desk.texts("correct.done", number=case.id, name=name, options=_options(desk, case))


def _options(desk: Desk, case: Case) -> str:
    return reporting.options(desk, case)


def _categories_named(desk: Desk, rest: str) -> Sequence[Category]:
    """By key or code, by name, by a part of a name, else by what the lexicon hears in the words."""
    said = normalise(rest).strip()
    known = list(desk.router.pack.categories.values())
    exact = [one for one in known if said in (one.key, one.code, normalise(one.name))]
    part = [one for one in known if said and said in normalise(one.name)]
    heard = [guess.category for guess in desk.router.pack.lexicon.guesses(said)[:1]]
    return exact or part or [desk.router.pack.categories[key] for key in heard]
