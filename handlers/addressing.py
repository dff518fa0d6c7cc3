"""称呼: in a group everybody reads along, so an answer begins with the name of whom it is for."""

from sqlalchemy import exists, select

from handlers.desk import Desk
from models.people import Person


def to(desk: Desk, name: str, text: str) -> str:
    """张三：已收到 …; the text alone for somebody we have no name of."""
    return desk.texts("group.to", name=name, text=text) if name else text


def is_from_us(desk: Desk, words: str) -> bool:
    """Whether words that somebody quotes are an answer of ours: they begin with the name of whom it was for."""
    name, mark, _ = words.partition(desk.texts("group.to", name="", text=""))
    return bool(mark and name) and bool(desk.session.scalar(select(exists().where(Person.name == name))))
