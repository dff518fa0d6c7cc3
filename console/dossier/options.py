"""可办事项: what this visitor can do to a case as it stands now, as forms for a page."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from console.premises import premises
from console.visitor import Right, Visitor
from handlers import reporting
from handlers.desk import Desk
from handlers.doubts import settling
from models.case import Case
from models.petition import Petition, Ruling
from models.workflow import OPEN_STATUSES, Status


@dataclass(frozen=True, slots=True)
class Option:
    """可办事项. deed: as console/acting.py knows it.  words: "", "maybe" or "must".  value: given already.

    key: the key that presses it.  tone: main, plain or danger.  is_first: shown without asking for more.
    """

    deed: str
    label: str
    words: str = ""
    hint: str = ""
    value: str = ""
    key: str = ""
    tone: str = "plain"
    is_first: bool = True


# What is on every open case; where something waits to be settled, it steps back.
_USUAL = frozenset({"assign", "reject", "join", "enlist", "category", "place", "ask", "split"})
_IN_WORK = (Status.ASSIGNED, Status.CLAIMED)


def options(desk: Desk, who: Visitor, case: Case) -> list[Option]:
    """What can be done now, the likeliest first."""
    makers: tuple[Callable[[Desk, Visitor, Case], Iterator[Option]], ...]
    makers = (_ruling, _verifying, _dispatching, _own, _helping)
    found = [option for maker in makers for option in maker(desk, who, case)]
    settling_first = found[0].deed not in _USUAL if found else False
    return [
        replace(one, is_first=one.tone != "plain" and not (settling_first and one.deed in _USUAL)) for one in found
    ]


def suggestions(desk: Desk, case: Case) -> list[tuple[str, str, str]]:
    """三个建议: unit code, its name and why; pressed by 1, 2 and 3."""
    lines = reporting.options(desk, case).split("\n")
    codes = reporting.suggested_units(desk, case)
    return [(code, desk.unit_name(code), _reason(line)) for code, line in zip(codes, lines, strict=False)]


def _reason(line: str) -> str:
    """Of "1. 某街道（why）" the why."""
    return line.partition("（")[2].removesuffix("）")


def _ruling(desk: Desk, who: Visitor, case: Case) -> Iterator[Option]:
    if not who.may(Right.DISPATCH):
        return
    for petition in case.petitions:
        if petition.state is Ruling.PENDING:
            yield from _rule_on(petition)


def _rule_on(petition: Petition) -> Iterator[Option]:
    texts, plea = premises().texts, petition.plea
    name = texts(f"plea.{plea}")
    unit = petition.suggested_unit or ""
    yield Option(
        f"accept.{plea}", texts("option.accept", plea=name), "maybe", texts(f"option.grant.{plea}"), unit, "y", "main"
    )
    yield Option(f"refuse.{plea}", texts("option.refuse", plea=name), "must", texts("option.why"), "", "n", "danger")


def _verifying(desk: Desk, who: Visitor, case: Case) -> Iterator[Option]:
    afterwards = settling.closed_unseen(desk, case)
    if not who.may(Right.VERIFY) or not (case.status is Status.RECTIFIED or afterwards):
        return
    texts = premises().texts
    on_site = case.needs_look or afterwards
    hint = texts("option.seen_on_site" if on_site else "option.seen")
    yield Option("pass", texts("option.pass"), "must" if on_site else "maybe", hint, "", "p", "main")
    if who.may(Right.DISPATCH) or not afterwards:
        yield Option("fail", texts("option.fail"), "must", texts("option.why_fail"), "", "f", "danger")


def _dispatching(desk: Desk, who: Visitor, case: Case) -> Iterator[Option]:
    if not who.may(Right.DISPATCH) or case.status not in OPEN_STATUSES:
        return
    texts = premises().texts
    if case.status is Status.REPORTED or case.status in _IN_WORK:
        label = texts("option.assign" if case.status is Status.REPORTED else "option.hand_on")
        yield Option("assign", label, "must", texts("option.which_unit"), "", "a", "main")
    if case.status is Status.REPORTED:
        yield Option("reject", texts("option.reject"), "must", texts("option.why_reject"), "", "r", "danger")
        yield Option("join", texts("option.join"), "must", texts("option.which_case"), "", "m")
    if case.status in _IN_WORK:
        yield Option("enlist", texts("option.enlist"), "must", texts("option.which_units"), "", "h")
    yield Option("category", texts("option.category"), "must", texts("option.which_category"), "", "c")
    yield Option("place", texts("option.place"), "must", texts("option.which_place"), "", "l")
    yield Option("ask", texts("option.ask"), "must", texts("option.ask_what"), "", "q")
    if case.decision.get("further"):
        yield Option("split", texts("option.split"), "", case.decision["further"][0]["text"], "", "s")


def _own(desk: Desk, who: Visitor, case: Case) -> Iterator[Option]:
    """What the visitor's own unit may do; photos are put right in WeChat, where the phone is."""
    lead = case.lead
    if lead is None or lead.unit_code not in who.own:
        return
    texts = premises().texts
    if case.status is Status.ASSIGNED:
        yield Option("claim", texts("option.claim"), "", "", "", "k", "main")
    for deed in ("return", "transfer") if case.status in _IN_WORK else ():
        yield Option(deed, texts(f"option.{deed}"), "must", texts(f"option.{deed}_why"))
    for deed in ("extension", "deferral") if case.status is Status.CLAIMED else ():
        yield Option(deed, texts(f"option.{deed}"), "must", texts(f"option.{deed}_why"))
    if case.exposed and case.status in _IN_WORK:
        yield Option("pledge", texts("option.pledge"), "must", texts("option.pledge_what"))
    yield Option("appeal", texts("option.appeal"), "must", texts("option.appeal_why"))


def _helping(desk: Desk, who: Visitor, case: Case) -> Iterator[Option]:
    """协办: what the visitor's own unit may do where another answers for the case."""
    texts = premises().texts
    if any(helper.unit_code in who.own for helper in case.helping):
        yield Option("feed_back", texts("option.feed_back"), "must", texts("option.feed_back_what"), tone="main")
