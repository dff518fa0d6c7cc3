"""聊天记录: what an exported conversation holds, as the readers of the several kinds of export give it."""

from dataclasses import dataclass
from datetime import date, time


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """一条发言: one person's message, by the clock of the phone it was exported from.

    day, clock: None where the export does not tell.  pictures: their names, "" for one without a name.
    quoted: the words it answers.  unread: what is in it that no text can hold ("voice", "sticker" …), "" for nothing.
    """

    speaker: str
    day: date | None = None
    clock: time | None = None
    text: str = ""
    pictures: tuple[str, ...] = ()
    quoted: str = ""
    unread: str = ""


@dataclass(frozen=True, slots=True)
class Transcript:
    """聊天记录: the name of the group, "" where it is not told, and what was said, in its order."""

    chat: str
    said: tuple[Said, ...]
