"""规则版本: files of the data pack edited in the command centre, from draft to in use, and back.

A draft may say anything. It is put in use only when the whole pack loads with it, and only over the very text its
author began with: who was faster is told to the other one. Nothing is ever changed once it was in use.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.edition import Edition, EditionState
from models.journal import Act, JournalEntry, write
from routing.pack import EDITABLE, Pack, PackError, load, shipped

# As an edition's number: the file as it came with the program.
SHIPPED = 0
TEXT_AT_MOST, NOTE_AT_MOST = 400_000, 120
USED = "pack.use"


class NoSuchEdition(LookupError):
    """There is no such edition, or it cannot be done with one in that state."""


class NotEditable(ValueError):
    """The text cannot be one of the files that may be edited."""


class Overtaken(Exception):
    """Somebody was faster. number: of what they left, SHIPPED for the file as it came; by and at: who and when."""

    def __init__(self, file: str, edition: Edition | None) -> None:
        """Keep plain values: the row is gone when the story that raised this has been rolled back."""
        self.file, self.number = file, edition.id if edition else SHIPPED
        self.by = (edition.used_by or edition.person_id) if edition else None
        self.at = (edition.used_from or edition.changed_at) if edition else None
        super().__init__(
            f"{file} has changed since: {f'edition {self.number}' if edition else 'as it came'} is newer"
        )


@dataclass(frozen=True, slots=True)
class Written:
    """写下的: a file's text, what it is for, and the digest of the text its author began with."""

    file: str
    text: str
    note: str = ""
    base: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """启用方案, checked before any lock is taken: edition in the place of what is in use, and what that was.

    pack: None where the pack stays broken, see `plan`.
    """

    file: str
    edition_id: int
    beside: Mapping[str, int]
    pack: Pack | None


def digest(text: str) -> str:
    """What tells one text from another."""
    return sha256(text.encode()).hexdigest()


def plain(text: str) -> str:
    """A text as it came out of a browser's field, as it would stand in a file."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").rstrip("\n")
    return f"{lines}\n"


def used(session: Session) -> dict[str, Edition]:
    """What is in use instead of the files that came with the program, by file."""
    query = select(Edition).where(Edition.state == EditionState.USED, Edition.file.in_(EDITABLE))
    return {edition.file: edition for edition in session.scalars(query)}


def used_ids(session: Session) -> dict[str, int]:
    """The same without the texts."""
    query = select(Edition.file, Edition.id).where(Edition.state == EditionState.USED, Edition.file.in_(EDITABLE))
    return {row.file: row.id for row in session.execute(query)}


def used_texts(session: Session) -> dict[str, str]:
    """The texts that stand in for the files."""
    return {file: edition.text for file, edition in used(session).items()}


def text_in_use(session: Session, folder: Path, file: str) -> str:
    """What a file says now. Raises NotEditable, PackError."""
    _editable(file)
    edition = used(session).get(file)
    return edition.text if edition else shipped(folder, file)


def packed(folder: Path, texts: Mapping[str, str]) -> Pack:
    """The whole pack with these texts in it; raises PackError. The same texts again cost nothing."""
    return _packed(folder, tuple(sorted(texts.items())))


@lru_cache(maxsize=2)
def _packed(folder: Path, texts: tuple[tuple[str, str], ...]) -> Pack:
    return load(folder, dict(texts))


def checked(session: Session, folder: Path, file: str, text: str) -> Pack:
    """检查: the whole pack with one file changed; raises PackError with file, line and reason, NotEditable."""
    _editable(file)
    return packed(folder, used_texts(session) | {file: text})


def trouble(session: Session, folder: Path) -> str:
    """What is wrong with what is in use, "" for nothing; then every process goes by the files instead."""
    texts = used_texts(session)
    try:
        if texts:
            packed(folder, texts)
    except PackError as error:
        return str(error)
    return ""


def keep(session: Session, written: Written, person_id: int | None, now: datetime) -> Edition:
    """起草: a new draft. Raises NotEditable."""
    _check(written)
    draft = Edition(
        file=written.file,
        text=written.text,
        note=written.note[:NOTE_AT_MOST],
        base=written.base,
        person_id=person_id,
        made_at=now,
        changed_at=now,
    )
    session.add(draft)
    session.flush()
    _note(session, now, person_id, "pack.draft", draft)
    return draft


def change(
    session: Session, number: int, written: Written, seen: str, person_id: int | None, now: datetime
) -> Edition:
    """改草稿. seen: digest of the draft as its editor had it. Raises NoSuchEdition, NotEditable, Overtaken."""
    draft = _draft(session, number)
    _check(written)
    if digest(draft.text) != seen:
        raise Overtaken(draft.file, draft)
    draft.text, draft.note, draft.changed_at = written.text, written.note[:NOTE_AT_MOST], now
    if written.base:
        draft.base = written.base
    _note(session, now, person_id, "pack.change", draft)
    return draft


def drop(session: Session, number: int, person_id: int | None, now: datetime) -> Edition:
    """作废: nobody wants the draft any more. Raises NoSuchEdition."""
    draft = _draft(session, number)
    draft.state = EditionState.DROPPED
    _note(session, now, person_id, "pack.drop", draft)
    return draft


def plan(session: Session, folder: Path, file: str, number: int) -> Plan:
    """Check what putting an edition in use would give; SHIPPED for the file as it came.

    Raises NoSuchEdition, PackError; but where the pack in use is broken already, going back to a file as it came
    is always allowed, because it may take several such steps to mend it.
    """
    _editable(file)
    texts = used_texts(session)
    others = {name: text for name, text in texts.items() if name != file}
    if number != SHIPPED:
        others[file] = _known(session, file, number).text
    try:
        pack = packed(folder, others)
    except PackError:
        if number != SHIPPED or not trouble(session, folder):
            raise
        pack = None
    return Plan(file, number, used_ids(session), pack)


def use(session: Session, plan: Plan, folder: Path, note: str, person_id: int | None, now: datetime) -> None:
    """启用, as planned. Raises Overtaken where anything was put in use meanwhile, or since a draft was begun."""
    before = plan.beside.get(plan.file, SHIPPED)
    told = {"edition": plan.edition_id, "before": before}
    # First of all: there is one writer of the journal at a time, so whoever comes second sees what the first did.
    write(session, now, person_id, Act(USED, f"pack:{plan.file}", note[:NOTE_AT_MOST], told))
    there = used(session)
    if {file: edition.id for file, edition in there.items()} != plan.beside:
        raise Overtaken(plan.file, there.get(plan.file))
    chosen = _known(session, plan.file, plan.edition_id) if plan.edition_id != SHIPPED else None
    old = there.get(plan.file)
    if chosen is not None and chosen.state is EditionState.DRAFT and chosen.base != _base(old, folder, plan.file):
        raise Overtaken(plan.file, old)
    if old is not None:
        old.state = EditionState.PAST
        session.flush()  # out first, then in: at most one may be in use at any moment
    if chosen is not None:
        chosen.state, chosen.used_from, chosen.used_by = EditionState.USED, now, person_id
        chosen.note = note[:NOTE_AT_MOST] or chosen.note
        session.flush()


def _base(old: Edition | None, folder: Path, file: str) -> str:
    return digest(old.text if old else shipped(folder, file))


def uses(session: Session, file: str) -> list[JournalEntry]:
    """启用记录: every time something was put in use, the latest first."""
    about = JournalEntry.act == USED, JournalEntry.subject == f"pack:{file}"
    return list(session.scalars(select(JournalEntry).where(*about).order_by(JournalEntry.id.desc())))


def before(session: Session, file: str) -> int:
    """What was in use before what is in use now; raises NoSuchEdition where nothing else ever was."""
    latest = next(iter(uses(session, file)), None)
    if latest is None:
        raise NoSuchEdition(f"nothing but the file itself was ever in use for {file}")
    return int(latest.data["before"])


def history(session: Session, file: str) -> list[Edition]:
    """Every edition of a file, the latest first."""
    query = select(Edition).where(Edition.file == file)
    return list(session.scalars(query.order_by(Edition.id.desc())))


def find(session: Session, number: int) -> Edition | None:
    """An edition by its number, of a file that may be edited."""
    found = session.get(Edition, number)
    return found if found is not None and found.file in EDITABLE else None


def _known(session: Session, file: str, number: int) -> Edition:
    found = session.get(Edition, number)
    if found is None or found.file != file or found.state is EditionState.DROPPED:
        raise NoSuchEdition(f"there is no edition {number} of {file}")
    return found


def _draft(session: Session, number: int) -> Edition:
    found = session.get(Edition, number, with_for_update=True)
    if found is None or found.state is not EditionState.DRAFT:
        raise NoSuchEdition(f"{number} is no draft")
    return found


def _editable(file: str) -> None:
    if file not in EDITABLE:
        raise NotEditable(f"{file!r} cannot be edited; there are: {', '.join(EDITABLE)}")


def _check(written: Written) -> None:
    _editable(written.file)
    if len(written.text) > TEXT_AT_MOST:
        raise NotEditable(f"more than {TEXT_AT_MOST} characters")


def _note(session: Session, now: datetime, person_id: int | None, act: str, draft: Edition) -> None:
    told = {"edition": draft.id, "digest": digest(draft.text)}
    write(session, now, person_id, Act(act, f"pack:{draft.file}", draft.note, told))
