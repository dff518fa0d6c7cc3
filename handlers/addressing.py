"""称呼: in a group everybody reads along, so an answer begins with the name of whom it is for."""

from handlers.desk import Desk


def to(desk: Desk, name: str, text: str) -> str:
    """张三：已收到 …; the text alone for somebody we have no name of."""
    return desk.texts("group.to", name=name, text=text) if name else text
