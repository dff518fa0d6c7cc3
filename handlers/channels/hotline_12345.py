"""12345市民服务热线(创城监督专线): work orders, forwarded as text by operators or sent by the hotline's system."""

from handlers.channels import plain
from handlers.channels.piece import Item, Piece, Standing
from handlers.desk import Desk
from handlers.message import Kind, Message
from handlers.reading import work_order
from models.case import Case
from models.draft import Draft
from models.hotline import HotlineOrder
from models.report import Report

KEY = "hotline_12345"

question = plain.no_question


def read(message: Message, standing: Standing) -> Piece:
    """The forwarded text as it is; it is read when the draft is."""
    return plain.read(message) if message.kind is not Kind.TEXT else Piece(words=message.text)


def items(draft: Draft, standing: Standing) -> list[Item]:
    """One finding an order. Its words are the demand alone: who called stays with the command centre."""
    orders = work_order.read_all(draft.text)
    if not orders:
        return [Item(text=draft.text, place=draft.place)] if draft.text else []
    return [item_of(order) for order in orders]


def item_of(order: work_order.WorkOrder) -> Item:
    """One order as a finding, whichever way it came."""
    return Item(
        text=order.demand,
        place=order.address,
        number=order.number,
        extra={"category": order.category, "received": order.received_at_text},
        aside={"caller": order.caller, "phone": order.phone},
    )


def record(desk: Desk, case: Case, report: Report, item: Item) -> None:
    """Keep the caller's data apart from report and case. An order without a number stays in its raw message."""
    if item.number:
        desk.session.add(
            HotlineOrder(number=item.number, report_id=report.id, body=item.text, received_at=desk.now, **item.aside)
        )
