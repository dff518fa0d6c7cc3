"""案件清单: the list with its filters, and as an Excel file."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, render_template, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from console.gate import needs
from console.listing.choices import choices
from console.listing.conditions import Looking, conditions
from console.listing.filter import Filter, Parsed, Reader, Sort
from console.listing.lines import lines
from console.listing.paging import Seek, count
from console.listing.paging import page as one_page
from console.listing.spreadsheet import LIMIT, sheets
from console.listing.wording import told
from console.looking import look
from console.noting import note
from console.pages.bulk import offered
from console.premises import premises
from console.visitor import Right, visitor
from console.workbook import MIMETYPE, workbook
from models.saved_view import SavedView

cases = Blueprint("cases", __name__)


@cases.get("/cases")
@needs(Right.LOOK)
def page() -> Any:
    """案件清单: fifty rows of what the address asks for."""
    return render_template("cases/page.html", **_listed())


def _listed() -> dict[str, Any]:
    with premises().glance() as session:
        desk, looking = look(session)
        read = _read(looking)
        asked = conditions(read.filter, looking)
        seek = Seek.read(request.args.get("at", ""))
        found = one_page(session, read.filter, asked, seek)
        return {
            "filter": read.filter,
            "problems": [told(one) for one in read.unknown],
            "choices": choices(desk, read.filter, visitor().units),
            "lines": lines(desk, found.rows),
            "before": found.before,
            "after": found.after,
            "counted": count(session, read.filter, asked),
            "columns": {sort: _by(read.filter, sort) for sort in Sort},
            "views": _views(session),
            "deeds": offered(),
        }


def _read(looking: Looking) -> Parsed:
    return Reader(looking.pack).read(request.args)


def _by(filter_: Filter, sort: Sort) -> str:
    """The address of the same list in another order; pressed twice, the other way round."""
    turned = filter_.sort is sort and not filter_.backwards
    return replace(filter_, sort=sort, backwards=turned).query()


def _views(session: Session) -> list[SavedView]:
    """常用视图: one's own first, then everybody's."""
    mine = SavedView.person_id == visitor().person_id
    query = select(SavedView).where(mine | SavedView.shared.is_(True))
    return sorted(session.scalars(query), key=lambda view: (view.person_id != visitor().person_id, view.name))


@cases.get("/cases.xlsx")
@needs(Right.LOOK)
def excel() -> Response:
    """导出 Excel: what the address asks for, up to LIMIT rows; who took it stands in the journal."""
    here = premises()
    with here.glance() as session:
        desk, looking = look(session)
        filter_ = _read(looking).filter
        offered = choices(desk, filter_, visitor().units)
        data = workbook(sheets(desk, filter_, conditions(filter_, looking), offered.said(filter_)))
    with here.story() as session:
        note(session, here.now(), "cases.export", query=filter_.query(), limit=LIMIT)
    name = f"cases-{here.now().astimezone(here.zone):%Y%m%d-%H%M}.xlsx"
    return Response(data, mimetype=MIMETYPE, headers={"Content-Disposition": f'attachment; filename="{name}"'})
