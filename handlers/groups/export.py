"""导出的群聊: the conversation in a file, folder, zip or mail, as a source of what was said in a group."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from pathlib import Path, PurePosixPath

from handlers.groups import files, tables
from handlers.groups.files import ExportError, Files
from handlers.groups.pictures import Mention, matched
from handlers.groups.source import GroupSaying, GroupSource
from handlers.groups.wording import TEXTS
from handlers.membership.spreadsheet import OLD_EXCEL, ZIP
from handlers.message import Media
from handlers.reading import chat_rows, chat_text
from handlers.reading.chat_said import Said, Transcript

SAYINGS_AT_MOST = 20_000
DOCUMENTS_AT_MOST = 20
_DOCUMENTS = (".txt", ".csv", ".tsv", ".xlsx", ".json", ".jsonl", ".eml", ".md", ".log")
_TEXT_LENGTH, _NAME_LENGTH = 4000, 60
# Seen by nobody, refused by PostgreSQL (NUL, half a surrogate pair), or telling equal names apart.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ud800-\udfff]")
_ACCOUNT = re.compile(r"\s*\((?:wxid_[0-9A-Za-z_-]+|[0-9A-Za-z_-]{6,30})\)$")
_MYSELF = ("", "我")


@dataclass(frozen=True, slots=True)
class Export(GroupSource):
    """导出的群聊: chat as the export calls it; document: which of its files was read; files: its pictures by name."""

    chat: str
    document: str
    said: tuple[GroupSaying, ...]
    files: Files

    def sayings(self) -> Sequence[GroupSaying]:
        """Everything in it; what was imported before is known by its marks."""
        return self.said

    def picture(self, media: Media, most: int) -> bytes | None:
        """A picture's bytes. Raises ExportError for one that is there and cannot be read."""
        opener = self.files.get(media.media_id)
        return opener(most) if opener else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """导出情况: what the export does not tell and its bringer knows.

    group: the group's name.  pictures: a folder or zip beside it.  day: the day of times without one.
    me: the name of who exported, whom tools call 我.
    """

    zone: tzinfo
    group: str = ""
    pictures: Path | None = None
    day: date | None = None
    me: str = ""


def read_export(path: Path, around: Circumstances) -> Export:
    """读导出. Raises ExportError for what cannot be read or holds no conversation."""
    found = files.files_at(path)
    name, transcript, enclosed = _longest(found, around.zone)
    shown = dict(enclosed) | {file: opener for file, opener in found.items() if _is_picture(file)}
    may_guess = bool(shown or around.pictures)
    if around.pictures:
        brought = files.files_at(around.pictures)
        shown |= {file: opener for file, opener in brought.items() if _is_picture(file)}
    if not may_guess and path.is_file():
        shown |= _beside(path)
    mentions = [Mention(picture, _moment(said, around)) for said in transcript.said for picture in said.pictures]
    where = matched(mentions, list(shown), around.zone, may_guess)
    chat = _clean(around.group or transcript.chat, _NAME_LENGTH)
    return Export(chat, name, tuple(_sayings(transcript, around, chat, where)), shown)


def _longest(found: Files, zone: tzinfo) -> tuple[str, Transcript, Files]:
    """Of the documents of an export the one that says most: tools write the same conversation in several ways."""
    suffixed = [name for name in found if PurePosixPath(name.lower()).suffix in _DOCUMENTS]
    names = (suffixed or [name for name in found if not _is_picture(name)])[:DOCUMENTS_AT_MOST]
    read: list[tuple[str, Transcript, Files]] = []
    refusal = ExportError(TEXTS("export.no_conversation"))
    for name in names:
        try:
            read.append((name, *_read(found[name](files.MAIL_BYTES), zone)))
        except ExportError as error:
            refusal = error
    best = max(read, key=lambda one: len(one[1].said), default=None)
    if best is None or not best[1].said:
        raise refusal if not read else ExportError(TEXTS("export.no_conversation"))
    return best


def _read(data: bytes, zone: tzinfo) -> tuple[Transcript, Files]:
    """One document, by what it holds and not by what it is called."""
    if data.startswith(OLD_EXCEL):
        raise ExportError(TEXTS("export.old_excel"))
    if files.is_mail(data) and len(data) <= files.MAIL_BYTES:
        text, attached = files.mail(data)
        return chat_text.read(text), {name: opener for name, opener in attached.items() if _is_picture(name)}
    if len(data) > files.TEXT_BYTES:
        raise ExportError(TEXTS("export.too_large"))
    if data.startswith(ZIP):
        return chat_rows.read(tables.excel_rows(data), zone), {}
    return _told(files.decoded(data), zone), {}


def _told(text: str, zone: tzinfo) -> Transcript:
    """A table where its head says so, else a conversation as text."""
    rows = tables.json_rows(text) if text.lstrip()[:1] in ("{", "[") else []
    if not any(map(chat_rows.is_head, rows[:1])):
        rows = tables.csv_rows(text)
    if any(map(chat_rows.is_head, rows[: chat_rows.HEAD_WITHIN])):
        return chat_rows.read(rows, zone)
    return chat_text.read(text)


def _beside(path: Path) -> Files:
    """Pictures next to a text, and in a folder that is called like it."""
    near = dict(files.folder(path.parent, deep=False))
    own = path.with_suffix("")
    if own.is_dir():
        near |= files.folder(own)
    return {name: opener for name, opener in near.items() if _is_picture(name)}


def _is_picture(name: str) -> bool:
    return name.lower().endswith(files.PICTURES)


def _moment(said: Said, around: Circumstances) -> datetime | None:
    day = said.day or around.day
    if day is None or said.clock is None:
        return None
    return datetime.combine(day, said.clock, around.zone).astimezone(UTC)


def _sayings(
    transcript: Transcript, around: Circumstances, chat: str, where: dict[int, str]
) -> Iterator[GroupSaying]:
    if len(transcript.said) > SAYINGS_AT_MOST:
        raise ExportError(TEXTS("export.too_long", count=SAYINGS_AT_MOST))
    place = 0
    for said in transcript.said:
        shown = [Media(where.get(place + n, _clean(name, 200))) for n, name in enumerate(said.pictures)]
        place += len(said.pictures)
        clock = f"{said.clock:%H:%M}" if said.clock else ""
        yield GroupSaying(
            chat=chat,
            speaker=_speaker(said.speaker, around.me),
            sent_at=_moment(said, around),
            text=_clean(said.text, _TEXT_LENGTH),
            pictures=tuple(shown),
            quoted=_clean(said.quoted, _TEXT_LENGTH),
            when=f"{said.day or ''} {clock}".strip(),
            unread=said.unread,
        )


def _speaker(name: str, me: str) -> str:
    name = " ".join(_ACCOUNT.sub("", _clean(name, 2 * _NAME_LENGTH)).split())[:_NAME_LENGTH]
    return me if me and name in _MYSELF else name


def _clean(text: str, most: int) -> str:
    seen = _UNSEEN.sub("", text).strip()
    return seen if len(seen) <= most else f"{seen[: most - 1]}…"
