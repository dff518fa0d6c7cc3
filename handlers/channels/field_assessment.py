"""创城实地测评: third-party assessors. One visit, many findings; who they are only the command centre knows."""

from dataclasses import replace

from handlers.channels import photo_sharing, plain
from handlers.channels.piece import Item, Piece, Standing
from handlers.desk import Desk
from handlers.message import Kind, Message
from handlers.reading import photo_numbers, sheet
from handlers.reading.width import half_width
from models.draft import Draft

KEY = "field_assessment"

_YES = ("确认", "无误", "核对无误", "确认无误")

record = plain.nothing_more


def read(message: Message, standing: Standing) -> Piece:
    """A whole sheet takes the place of the one before; 确认 says that it is right."""
    if message.kind is not Kind.TEXT:
        return plain.read(message)
    if message.text.strip("。.!！ ") in _YES:
        return Piece(extra={"confirmed": True}, answers=True)
    whole = sheet.read(message.text)
    is_sheet = bool(whole.point and whole.lines)
    changed = Piece(words=message.text, replace=is_sheet, extra={"confirmed": False})
    return photo_sharing.read(message.text) or changed


def items(draft: Draft, standing: Standing) -> list[Item]:
    """Every line of the sheet, with point, indicator and deduction."""
    visit = sheet.read(draft.text)
    site = standing.points.site_type(visit.site_type_text or visit.point) or ""
    found = [_item(line, visit.point or draft.place, site, standing) for line in visit.lines]
    return photo_sharing.shared(draft, found, [photo_numbers.find(half_width(line.text)) for line in visit.lines])


def _item(line: sheet.SheetLine, point: str, site: str, standing: Standing) -> Item:
    known = standing.points.indicator(f"{line.indicator} {line.text}")
    return Item(
        text=line.text,
        place=" ".join(dict.fromkeys(filter(None, (point, line.place)))),
        category=known.category if known else "",
        category_word=f"{known.code} {known.name}" if known else "",
        extra={
            "point": point,
            "site_type": site,
            "indicator": known.code if known else line.indicator,
            "deduct": "" if line.deduct is None else str(line.deduct),
        },
    )


def question(desk: Desk, draft: Draft, items: list[Item]) -> str:
    """The sheet as it was understood, to be confirmed or sent back corrected, and what the photos show."""
    visit = sheet.read(draft.text)
    if draft.extra.get("confirmed") or not visit.lines:
        return ""
    lines = tuple(
        replace(line, indicator=item.extra["indicator"]) for line, item in zip(visit.lines, items, strict=True)
    )
    check = desk.texts("assessment.check", sheet=sheet.as_text(replace(visit, lines=lines)))
    return "\n".join(filter(None, (check, photo_sharing.question(desk, draft, items))))
