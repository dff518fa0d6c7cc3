"""规则草稿页: a file edited as a draft, checked, tried, compared, put in use, and gone back from."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from sqlalchemy.orm import Session

from console.gate import needs, takes
from console.pages.rules import people
from console.premises import premises
from console.rulebook.comparing import compare
from console.rulebook.problem import Problem, problem_of
from console.visitor import Right, visitor
from handlers import editions as book
from handlers.desk import Desk
from handlers.editions import SHIPPED, NoSuchEdition, NotEditable, Overtaken, Written
from models.edition import Edition, EditionState
from routing.effect import Effect, effect
from routing.pack import EDITABLE, Pack, PackError
from routing.router import Router

editions = Blueprint("editions", __name__)

# A file of Chinese is three bytes a letter.
_BODY_AT_MOST = 3 * book.TEXT_AT_MOST + 64 * 1024


@editions.get("/rules/files/<file>/edit")
@needs(Right.RULES)
def edit(file: str) -> Any:
    """A new draft: begin with what is in use, or with an earlier edition."""
    _known(file)
    here, begin = premises(), request.args.get("begin", type=int)
    with here.glance() as session:
        folder = here.desk(session, here.now()).router.pack.folder
        now = book.text_in_use(session, folder, file)
        earlier = book.find(session, begin) if begin else None
        text = earlier.text if earlier is not None and earlier.file == file else now
        drafts = [one for one in book.history(session, file) if one.state is EditionState.DRAFT]
        values = {"base": book.digest(now), "drafts": drafts, "names": people(session, drafts)}
    return render_template("rules/edit.html", file=file, text=text, note="", draft=None, **values)


@editions.post("/rules/files/<file>/edit")
@takes(_BODY_AT_MOST)
@needs(Right.RULES)
def keep(file: str) -> Any:
    """Keep a new draft, whatever it says; then its page says what is wrong with it."""
    _known(file)
    here, written = premises(), _written(file)
    now = here.now()
    try:
        with here.story() as session:
            draft = book.keep(session, written, visitor().person_id, now)
    except NotEditable:
        abort(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return redirect(url_for("console.editions.page", number=draft.id))


@editions.get("/rules/editions/<int:number>")
@needs(Right.LOOK)
def page(number: int) -> Any:
    """A draft or an earlier edition: what it changes, whether it loads, and what that does to labelled reports."""
    return _page(number)


@editions.get("/rules/editions/<int:number>/edit")
@needs(Right.RULES)
def again(number: int) -> Any:
    """Go on with a draft."""
    here = premises()
    with here.glance() as session:
        draft = _found(session, number)
        if draft.state is not EditionState.DRAFT:
            return redirect(url_for("console.editions.edit", file=draft.file, begin=number))
        return _editor(here.desk(session, here.now()), draft, draft.text, draft.note)


@editions.post("/rules/editions/<int:number>/edit")
@takes(_BODY_AT_MOST)
@needs(Right.RULES)
def change(number: int) -> Any:
    """Keep a draft as it is now; whoever edited an older state of it hears so, and loses nothing."""
    here, seen = premises(), request.form.get("seen", "")
    now = here.now()
    with here.glance() as session:
        written = _written(_found(session, number).file)
    try:
        with here.story() as session:
            book.change(session, number, written, seen, visitor().person_id, now)
    except Overtaken:
        with here.glance() as session:
            told, draft = here.texts("rules.changed"), _found(session, number)
            return _editor(here.desk(session, now), draft, written.text, written.note, told), HTTPStatus.CONFLICT
    except (NoSuchEdition, NotEditable):
        abort(HTTPStatus.CONFLICT)
    return redirect(url_for("console.editions.page", number=number))


def _editor(desk: Desk, draft: Edition, text: str, note: str, told: str = "") -> str:
    """The editor, with the first thing that is wrong marked at its line."""
    problem = None
    try:
        book.checked(desk.session, desk.router.pack.folder, draft.file, text)
    except PackError as error:
        problem = problem_of(error, draft.file)
    seen = book.digest(draft.text)
    values = {"file": draft.file, "text": text, "note": note, "draft": draft, "base": "", "seen": seen}
    return render_template("rules/edit.html", told=told, problem=problem, drafts=[], names={}, **values)


@editions.post("/rules/editions/<int:number>/use")
@needs(Right.RULES)
def use(number: int) -> Any:
    """启用 a draft, or an earlier edition again."""
    with premises().glance() as session:
        file = _found(session, number).file
    return _use(file, number)


@editions.post("/rules/files/<file>/shipped")
@needs(Right.RULES)
def use_shipped(file: str) -> Any:
    """恢复 the file as it came with the program."""
    _known(file)
    return _use(file, SHIPPED)


def _use(file: str, number: int) -> Any:
    """Checked first, so that no lock is held while a pack is read; then in one story."""
    here, note = premises(), request.form.get("note", "").strip()
    now = here.now()
    if not note:
        return _after(file, number, here.texts("rules.why"))
    try:
        with here.glance() as session:
            folder = here.desk(session, now).router.pack.folder
            plan = book.plan(session, folder, file, number)
        with here.story() as session:
            book.use(session, plan, folder, note, visitor().person_id, now)
    except PackError as error:
        return _after(file, number, here.texts("rules.broken", problem=str(error)))
    except Overtaken as error:
        return _after(file, number, _overtaken(error))
    except NoSuchEdition:
        abort(HTTPStatus.CONFLICT)
    return redirect(url_for("console.editions.history", file=file, done=1))


def _overtaken(error: Overtaken) -> str:
    """Who was faster, and when."""
    here = premises()
    with here.glance() as session:
        desk = here.desk(session, here.now())
        edition = book.find(session, error.number) if error.number else None
        names = people(session, [edition] if edition else [])
        who = names.get(error.by or 0) or here.texts("rules.somebody")
        at = desk.clock_time(error.at) if error.at else ""
    return here.texts("rules.overtaken", file=error.file, who=who, at=at)


def _after(file: str, number: int, told: str) -> Any:
    if number == SHIPPED:
        return _history(file, told), HTTPStatus.CONFLICT
    return _page(number, told), HTTPStatus.CONFLICT


@editions.post("/rules/editions/<int:number>/rebase")
@needs(Right.RULES)
def rebase(number: int) -> Any:
    """以现行版本为准: its author has seen what came between, and means the draft all the same."""

    def act(session: Session, draft: Edition, folder: Any) -> None:
        base = book.digest(book.text_in_use(session, folder, draft.file))
        written = Written(draft.file, draft.text, draft.note, base)
        book.change(session, number, written, book.digest(draft.text), visitor().person_id, premises().now())

    return _acted(number, act)


@editions.post("/rules/editions/<int:number>/drop")
@needs(Right.RULES)
def drop(number: int) -> Any:
    """作废."""
    return _acted(
        number, lambda session, draft, folder: book.drop(session, number, visitor().person_id, premises().now())
    )


def _acted(number: int, act: Callable[[Session, Edition, Any], object]) -> Any:
    here = premises()
    try:
        with here.story() as session:
            draft = _found(session, number)
            act(session, draft, here.desk(session, here.now()).router.pack.folder)
    except (NoSuchEdition, Overtaken):
        abort(HTTPStatus.CONFLICT)
    return redirect(url_for("console.editions.page", number=number))


@editions.get("/rules/files/<file>/history")
@needs(Right.LOOK)
def history(file: str) -> Any:
    """历史: every edition, and every time one was put in use: who, when and why."""
    _known(file)
    told = premises().texts("rules.used") if "done" in request.args else ""
    return _history(file, told)


def _history(file: str, told: str = "") -> str:
    here = premises()
    with here.glance() as session:
        all_of_it, uses = book.history(session, file), book.uses(session, file)
        names = people(session, [*all_of_it, *uses])
        values = {"editions": all_of_it, "uses": uses, "names": names, "used": book.used(session).get(file)}
        return render_template("rules/history.html", file=file, told=told, State=EditionState, **values)


def _page(number: int, told: str = "") -> str:
    here = premises()
    with here.glance() as session:
        desk = here.desk(session, here.now())
        edition = _found(session, number)
        folder = desk.router.pack.folder
        now = book.text_in_use(session, folder, edition.file)
        return render_template(
            "rules/edition.html",
            edition=edition,
            State=EditionState,
            difference=compare(now, edition.text),
            problem=_checked(session, folder, edition)[1],
            behind=edition.state is EditionState.DRAFT and edition.base != book.digest(now),
            names=people(session, [edition]),
            platforms=desk.router.pack.platforms.values(),
            told=told,
        )


@editions.get("/rules/editions/<int:number>/effect")
@needs(Right.LOOK)
def weigh(number: int) -> Any:
    """对样例的影响: asked for by the page once it is there, because deciding hundreds of reports takes a while."""
    here = premises()
    with here.glance() as session:
        desk = here.desk(session, here.now())
        pack, _ = _checked(session, desk.router.pack.folder, _found(session, number))
    found = _effect(desk, pack)
    better, worse = (sum(one.helps == n for one in found.changes) if found else 0 for n in (1, -1))
    values = {"old": desk.router.pack, "new": pack, "better": better, "worse": worse}
    return render_template("rules/effect.html", effect=found, **values)


def _checked(session: Session, folder: Any, edition: Edition) -> tuple[Pack | None, Problem | None]:
    try:
        return book.checked(session, folder, edition.file, edition.text), None
    except PackError as error:
        return None, problem_of(error, edition.file)


def _effect(desk: Desk, pack: Pack | None) -> Effect | None:
    """What changes on the labelled reports; a pack may come without any."""
    if pack is None or pack.version == desk.router.pack.version:
        return None
    try:
        return effect(desk.router, Router(pack, desk.router.learned))
    except PackError:
        return None


def _found(session: Session, number: int) -> Edition:
    found = book.find(session, number)
    if found is None:
        abort(HTTPStatus.NOT_FOUND)
    return found


def _known(file: str) -> None:
    if file not in EDITABLE:
        abort(HTTPStatus.NOT_FOUND)


def _written(file: str) -> Written:
    form = request.form
    note = " ".join(form.get("note", "").split())[: book.NOTE_AT_MOST]
    return Written(file, book.plain(form.get("text", "")), note, form.get("base", "")[:64])
