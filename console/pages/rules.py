"""规则页: rules, categories and files as they are in use, and where something would go by them."""

from datetime import timedelta
from http import HTTPStatus
from typing import Any

from flask import Blueprint, abort, render_template, request

from console.gate import needs
from console.premises import premises
from console.rulebook import tree, trial
from console.visitor import Right
from handlers import editions
from handlers.desk import Desk
from models.clock import Duty
from models.edition import EditionState
from models.people import Person
from routing.categories import Category
from routing.pack import EDITABLE, UNITS, PackError
from routing.router import Router

rules = Blueprint("rules", __name__)

# Shown although it is not edited here: its units are rows of a table too.
SHOWN = (*EDITABLE, UNITS)


@rules.get("/rules")
@needs(Right.LOOK)
def page() -> Any:
    """派单规则, from the top; with ?q= only the rules that speak of it."""
    here, words = premises(), request.args.get("q", "").strip()
    with here.glance() as session:
        pack = here.desk(session, here.now()).router.pack
    values = {"nodes": tree.nodes(pack, words), "count": tree.count(pack), "pack": pack}
    return render_template("rules/page.html", q=words, **values)


@rules.get("/rules/try")
@needs(Right.LOOK)
def attempt() -> Any:
    """试一试: where would this go? With ?draft= beside what a draft would say."""
    here, number = premises(), request.args.get("draft", type=int)
    with here.glance() as session:
        desk = here.desk(session, here.now())
        draft = editions.find(session, number) if number else None
        told, trials, trouble = "", [], ""
        try:
            finding = trial.read(request.args, desk.now, desk.zone)
            routers = [desk.router]
            if draft is not None:
                pack = editions.checked(session, desk.router.pack.folder, draft.file, draft.text)
                routers.append(Router(pack, desk.router.learned))
            if finding is not None:
                trials = [trial.decide(router, finding, desk.rules.sure_from) for router in routers]
        except trial.Unreadable as error:
            told = here.texts(error.key)
        except PackError as error:
            trouble = str(error)
        part = "rules/tried.html" if "HX-Request" in request.headers else "rules/try.html"
        platforms = desk.router.pack.platforms.values()
        return render_template(
            part, trials=trials, told=told, trouble=trouble, draft=draft, platforms=platforms, asked=request.args
        )


@rules.get("/rules/categories")
@needs(Right.LOOK)
def categories() -> Any:
    """类别: code, name, who answers for it, its clocks, and what a rectification has to show."""
    here = premises()
    with here.glance() as session:
        desk = here.desk(session, here.now())
    pack = desk.router.pack
    found = [one for one in pack.categories.values() if _is_wanted(desk, one)]
    return render_template(
        "rules/categories.html",
        categories=[(one, tree.acting(pack, one.key)) for one in found],
        total=len(pack.categories),
        hours_usual={one.value: _usual_hours(desk, one) for one in (Duty.CLAIM, Duty.RECTIFY)},
        campaigns=[(name, name) for name in _kinds(desk, "campaign")],
        vetoes=[(name, name) for name in _kinds(desk, "veto")],
        departments={one.department: pack.units[one.department].name for one in pack.categories.values()},
        asked=request.args,
    )


def _usual_hours(desk: Desk, duty: Duty) -> float:
    """The city's general time limit, for categories without one of their own."""
    return desk.clocks.of(duty).within / timedelta(hours=1)


def _kinds(desk: Desk, name: str) -> list[str]:
    return sorted({getattr(one, name) for one in desk.router.pack.categories.values()} - {""})


def _is_wanted(desk: Desk, one: Category) -> bool:
    """Whether a category meets what was asked for in the address."""
    asked = request.args
    words = " ".join([one.key, one.name, one.plain, desk.router.pack.units[one.department].name]).lower()
    same = all(asked.get(name, "") in ("", getattr(one, name)) for name in ("kind", "campaign", "veto", "department"))
    return same and asked.get("q", "").strip().lower() in words


@rules.get("/rules/files")
@needs(Right.LOOK)
def files() -> Any:
    """规则文件: what is in use of each, since when, and the drafts there are."""
    here = premises()
    with here.glance() as session:
        desk = here.desk(session, here.now())
        used = editions.used(session)
        drafts = {
            file: [one for one in editions.history(session, file) if one.state is EditionState.DRAFT]
            for file in EDITABLE
        }
        shown = [*used.values(), *(one for several in drafts.values() for one in several)]
        return render_template(
            "rules/files.html",
            files=EDITABLE,
            used=used,
            drafts=drafts,
            sizes={file: len(text.splitlines()) for file, text in desk.router.pack.texts.items()},
            names=people(session, shown),
            trouble=editions.trouble(session, desk.router.pack.folder),
            pack=desk.router.pack,
        )


def people(session: Any, rows: Any) -> dict[int, str]:
    """The names of whoever made or used editions, by number."""
    ids = {one for row in rows for one in (row.person_id, getattr(row, "used_by", None)) if one}
    return {one: person.name for one in ids if (person := session.get(Person, one)) is not None}


@rules.get("/rules/files/<file>")
@needs(Right.LOOK)
def file(file: str) -> Any:
    """A file as it is in use, every line with its number to point at."""
    if file not in SHOWN:
        abort(HTTPStatus.NOT_FOUND)
    here = premises()
    with here.glance() as session:
        pack = here.desk(session, here.now()).router.pack
        edition = editions.used(session).get(file)
        text = editions.text_in_use(session, pack.folder, file) if file in EDITABLE else pack.texts[file]
        return render_template(
            "rules/file.html",
            file=file,
            lines=text.splitlines(),
            edition=edition,
            editable=file in EDITABLE,
            names=people(session, [edition] if edition else []),
        )
