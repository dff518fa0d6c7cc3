"""绑定码页: codes made, withdrawn and printed, and rosters taken in."""

import base64
import binascii
import csv
import io
from datetime import timedelta
from http import HTTPStatus
from typing import Any, NamedTuple

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session

from console.gate import needs, takes
from console.noting import note
from console.premises import premises
from console.staff.codes import svg
from console.visitor import Right
from handlers.desk import Desk
from handlers.membership import invitations as codes
from handlers.membership.cells import Unreadable, read_name
from handlers.membership.choices import unit_choices
from handlers.membership.intake import NoApp, take_in
from handlers.membership.invitations import NoSuchCode, UnknownUnit
from handlers.membership.roster import Roster, RosterError, read_roster
from handlers.membership.spreadsheet import safe_cell
from models.people import Invitation, Role
from models.unit import Unit

invitations = Blueprint("invitations", __name__)

LONGEST, USES_AT_MOST = 90, 500
# WeChat is asked once for each, and a page holds six.
SHEET_AT_MOST = 36
# 5000 rows of an Excel roster; it comes back once more as text when the dry run is found good.
ROSTER_AT_MOST = 1024 * 1024
_BODY_AT_MOST = 2 * ROSTER_AT_MOST
_NEED_A_UNIT = (Role.OFFICER, Role.LEADER)


class Refused(ValueError):
    """What was asked for cannot be; says in Chinese why."""


class Sheet(NamedTuple):
    """一张码: an invitation as it is printed. is_wechat: the camera of WeChat binds by it at once."""

    invitation: Invitation
    unit: str
    picture: Markup
    is_wechat: bool


@invitations.get("/invitations")
@needs(Right.PEOPLE)
def page() -> Any:
    """The codes that can still be used, and a form for a new one. Codes give rights, so that looking is noted."""
    return _page()


def _page(told: str = "", made: Invitation | None = None) -> str:
    here = premises()
    now = here.now()
    with here.story() as session:
        desk = here.desk(session, now)
        note(session, now, "look.invitations")
        usable = codes.usable(session, now)
        return render_template(
            "invitations/page.html",
            codes=usable,
            units=_unit_names(session),
            roles=desk.router.pack.roles,
            made=made,
            told=told,
            longest=LONGEST,
            most=USES_AT_MOST,
            sheet_at_most=SHEET_AT_MOST,
            asked=request.form,
        )


def _unit_names(session: Session) -> dict[str, str]:
    query = select(Unit.code, Unit.name).where(Unit.retired.is_(False)).order_by(Unit.code)
    return {row.code: row.name for row in session.execute(query)}


@invitations.post("/invitations")
@needs(Right.PEOPLE)
def make() -> Any:
    """发码."""
    here = premises()
    now = here.now()
    try:
        with here.story() as session:
            made = _made(here.desk(session, now))
            facts = {"role": made.role, "unit": made.unit_code, "uses": made.uses_left}
            note(session, now, "people.invite", f"invitation:{made.id}", made.name, **facts)
    except (Refused, Unreadable) as error:
        return _page(str(error)), HTTPStatus.BAD_REQUEST
    return _page(made=made)


def _made(desk: Desk) -> Invitation:
    form, texts = request.form, premises().texts
    words = form.get("unit", "").strip()
    if form.get("role", "") not in set(Role):
        raise Refused(texts("people.which_role"))
    role, unit = Role(form["role"]), unit_choices(desk.router.pack).key(words) if words else None
    if role in _NEED_A_UNIT and unit is None:
        raise Refused(texts("people.which_unit"))
    name = read_name(form["name"].strip()) if form.get("name", "").strip() else ""
    days, uses = form.get("days", 0, type=int), form.get("uses", 0, type=int)
    if not (1 <= days <= LONGEST and 1 <= uses <= USES_AT_MOST):
        raise Refused(texts("people.how_long", days=LONGEST, uses=USES_AT_MOST))
    try:
        return codes.invite(desk.session, role, unit, name, desk.now, timedelta(days=days), uses)
    except UnknownUnit as error:
        raise Refused(texts("people.which_unit")) from error


@invitations.post("/invitations/<int:number>/withdraw")
@needs(Right.PEOPLE)
def withdraw(number: int) -> Any:
    """收回."""
    here = premises()
    now = here.now()
    try:
        with here.story() as session:
            found = codes.withdraw(session, number, now)
            note(session, now, "people.withdraw", f"invitation:{number}", found.name)
    except NoSuchCode:
        return _page(here.texts("people.code_gone")), HTTPStatus.CONFLICT
    return redirect(url_for("console.invitations.page"))


@invitations.get("/invitations/sheet")
@needs(Right.PEOPLE)
def sheet() -> Any:
    """印制: QR codes on A4, as many as are asked for; WeChat is asked before, so that no transaction waits for it."""
    here, wanted = premises(), request.args.getlist("id", type=int)[:SHEET_AT_MOST]
    now = here.now()
    with here.story() as session:
        found = [one for one in codes.usable(session, now) if one.id in wanted]
        names, roles = _unit_names(session), here.desk(session, now).router.pack.roles
        note(session, now, "people.print", "invitations", "", ids=[one.id for one in found])
    addresses = _addresses(found)
    sheets = [_sheet(one, names.get(one.unit_code or "", ""), addresses.get(one.code)) for one in reversed(found)]
    return render_template("invitations/sheet.html", sheets=sheets, roles=roles)


def _addresses(found: list[Invitation]) -> dict[str, str]:
    """What WeChat says each QR must hold. After a refusal it is not asked again: a dead line takes seconds a try."""
    addresses: dict[str, str] = {}
    for one in found:
        address = premises().qr_address(one.code)
        if address is None:
            break
        addresses[one.code] = address
    return addresses


def _sheet(one: Invitation, unit: str, address: str | None) -> Sheet:
    title = premises().texts("people.bind", code=one.code)
    return Sheet(one, unit, svg(address or title, title), address is not None)


@invitations.get("/invitations.csv")
@needs(Right.PEOPLE)
def table() -> Response:
    """Names and codes for a mail merge; what others typed is never calculated."""
    here = premises()
    now = here.now()
    with here.story() as session:
        roles, names = here.desk(session, now).router.pack.roles, _unit_names(session)
        usable = codes.usable(session, now)
        note(session, now, "people.codes_csv", "invitations", "", count=len(usable))
    lines = io.StringIO()
    writer = csv.writer(lines)
    writer.writerow(here.texts("people.columns").split())
    for one in usable:
        role = roles[one.role.value].name if one.role else ""
        last = one.expires_at.astimezone(here.zone).strftime("%Y-%m-%d")
        cells = (one.name, role, names.get(one.unit_code or "", ""), one.code, last)
        writer.writerow([safe_cell(cell) for cell in cells])
    headers = {"Content-Disposition": "attachment; filename=codes.csv"}
    return Response(f"\ufeff{lines.getvalue()}", content_type="text/csv; charset=utf-8", headers=headers)


@invitations.get("/people/import")
@needs(Right.PEOPLE)
def begin() -> Any:
    """名单导入: choose a file."""
    return render_template("invitations/import.html", roster=None)


@invitations.post("/people/import/check")
@takes(_BODY_AT_MOST)
@needs(Right.PEOPLE)
def check() -> Any:
    """试读: what the file says and what is wrong with it, row by row; nothing is changed by it."""
    file = request.files.get("roster")
    data = file.read(ROSTER_AT_MOST + 1) if file else b""
    return _shown(data)


def _shown(data: bytes, told: str = "") -> Any:
    here = premises()
    try:
        roster = _read(data)
    except (Refused, RosterError) as error:
        return render_template("invitations/import.html", roster=None, told=str(error)), HTTPStatus.BAD_REQUEST
    with here.glance() as session:
        values = {"names": _unit_names(session), "roles": here.desk(session, here.now()).router.pack.roles}
    kept = "" if roster.problems else base64.b64encode(data).decode()
    page = render_template("invitations/import.html", roster=roster, kept=kept, told=told, **values)
    return (page, HTTPStatus.BAD_REQUEST) if told else page


def _read(data: bytes) -> Roster:
    here = premises()
    if not data:
        raise Refused(here.texts("people.no_file"))
    if len(data) > ROSTER_AT_MOST:
        raise Refused(here.texts("people.too_big", megabytes=ROSTER_AT_MOST // 1024 // 1024))
    with here.glance() as session:
        pack = here.desk(session, here.now()).router.pack
    return read_roster(data, pack)


@invitations.post("/people/import")
@takes(_BODY_AT_MOST)
@needs(Right.PEOPLE)
def take() -> Any:
    """导入 what was found good; read anew, because a browser may send anything."""
    here, days = premises(), request.form.get("days", 0, type=int)
    now = here.now()
    try:
        data = base64.b64decode(request.form.get("kept", ""), validate=True)
    except binascii.Error:
        abort(HTTPStatus.BAD_REQUEST)
    if not 1 <= days <= LONGEST:
        return _shown(data, here.texts("people.how_long", days=LONGEST, uses=USES_AT_MOST))
    try:
        roster = _read(data)
        if roster.problems:
            return _shown(data)
        with here.story() as session:
            desk = here.desk(session, now)
            done = take_in(desk, roster, timedelta(days=days))
            note(session, now, "people.import", "roster", "", rows=len(done.issued), codes=done.coded)
            made = {one.code for one in done.issued if one.code}
            ids = [one.id for one in codes.usable(session, now) if one.code in made]
            values = {"names": _unit_names(session), "roles": desk.router.pack.roles}
    except (Refused, RosterError) as error:
        return render_template("invitations/import.html", roster=None, told=str(error)), HTTPStatus.BAD_REQUEST
    except NoApp as error:
        return _shown(data, here.texts("people.no_app", apps=error.apps))
    return render_template("invitations/imported.html", done=done, ids=ids[::-1], most=SHEET_AT_MOST, **values)
