"""创城实地测评: third-party assessors. One visit, many findings; who they are only the command centre knows.

A sheet may be the result of a visit they were sent on (任务 3); what it says of the place is a report all the same.
"""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from handlers.channels import photo_sharing, plain
from handlers.channels.piece import Item, Piece, Standing
from handlers.desk import Desk
from handlers.message import Kind, Message
from handlers.reading import photo_numbers, sheet, task
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
    words, extra = _of_visit(message.text, standing)
    whole = sheet.read(words)
    is_sheet = bool(whole.point and whole.lines)
    changed = Piece(words=words, replace=is_sheet, extra={"confirmed": False, **extra})
    return photo_sharing.read(message.text) or changed


def of_task(number: int, place: str) -> dict[str, Any]:
    """What a draft keeps of the visit it is the sheet of."""
    return {"task": number, "point": place}


def _of_visit(text: str, standing: Standing) -> tuple[str, dict[str, Any]]:
    """任务 3 and 得分 95 are about the visit; the other words tell what was found there."""
    said = task.read(text)
    if not standing.tasks or (said is not None and said.number not in standing.tasks):
        return text, {}
    points, words = task.score(said.words if said else text)
    extra = of_task(said.number, standing.tasks[said.number]) if said else {}
    return words, extra if points is None else {**extra, "score": str(points)}


def items(draft: Draft, standing: Standing) -> list[Item]:
    """Every line of the sheet, with point, indicator and deduction; of a clean one the words that say so."""
    if is_clean(draft):
        return [Item(text=draft.text or str(draft.extra["score"]), place=draft.extra["point"])]
    visit = sheet.read(draft.text)
    point = visit.point or draft.extra.get("point", "") or draft.place
    site = standing.points.site_type(visit.site_type_text or point) or ""
    found = [_item(line, point, site, standing) for line in visit.lines]
    return photo_sharing.shared(draft, found, [photo_numbers.find(half_width(line.text)) for line in visit.lines])


def is_clean(draft: Draft) -> bool:
    """未发现问题: a visit's sheet that tells of nothing wrong."""
    if "task" not in draft.extra:
        return False
    return task.is_clean(draft.text) if draft.text else Decimal(draft.extra.get("score", 0)) == task.FULL


def result(draft: Draft, items: Iterable[Item]) -> Decimal:
    """得分: what was said as a whole, else a hundred less what was deducted."""
    if "score" in draft.extra:
        return Decimal(draft.extra["score"])
    return max(Decimal(0), task.FULL - sum((Decimal(item.extra.get("deduct") or 0) for item in items), Decimal(0)))


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
    if draft.extra.get("confirmed") or not (visit.lines or is_clean(draft)):
        return ""
    number = draft.extra.get("task")
    told = desk.texts("assessment.result", number=number, result=f"{result(draft, items):f}") if number else ""
    if is_clean(draft):
        return desk.texts("assessment.clean", place=draft.extra["point"], result=told)
    lines = tuple(
        replace(line, indicator=item.extra["indicator"]) for line, item in zip(visit.lines, items, strict=True)
    )
    shown = replace(visit, lines=lines, point=visit.point or draft.extra.get("point", ""))
    check = desk.texts("assessment.check", sheet=sheet.as_text(shown))
    return "\n".join(filter(None, (check, told, photo_sharing.question(desk, draft, items))))
