"""导出文件: the files of an export, in a folder, a zip or a mail, without ever trusting a name or a size."""

import email
import email.policy
import html
import io
import os
import re
import unicodedata
from collections.abc import Callable, Mapping
from email.message import EmailMessage
from functools import partial
from pathlib import Path, PurePosixPath
from zipfile import ZipFile, ZipInfo

from handlers.groups.wording import TEXTS
from handlers.membership.spreadsheet import DAMAGED, MARKS, MEGABYTE, ZIP

FILES_AT_MOST = 5000
TEXT_BYTES = 8 * MEGABYTE
MAIL_BYTES = 60 * MEGABYTE
PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif", ".bmp", ".gif")
_UTF8_NAME = 0x800  # the bit by which a zip says that a name is UTF-8
_ENCODINGS = ("utf-8-sig", "gb18030")
# More than this share of control characters is no text, whatever it can be decoded as.
_RUBBISH = 0.01
_BREAKS = re.compile(r"\s*<(?:br|/p|/div|/tr|/li)\b[^>]{0,200}>\s*", re.IGNORECASE)
_TAGS = re.compile(r"<(?:style|script)\b.{0,20000}?</(?:style|script)>|<[^>]{0,2000}>", re.IGNORECASE | re.DOTALL)

_HEADER = re.compile(rb"(?:[A-Za-z-]{2,40}:[^\n]{0,2000}\n(?:[ \t][^\n]{0,2000}\n)*){3,}")
_OF_MAIL = re.compile(rb"^(?:MIME-Version|Message-ID|Received|From|Subject):", re.IGNORECASE | re.MULTILINE)

# Gives at most so many bytes, and one more where there are more.
Opener = Callable[[int], bytes]
Files = Mapping[str, Opener]


class ExportError(Exception):
    """导出读不了: the export as a whole cannot be read; says in Chinese what to do."""


def files_at(path: Path) -> Files:
    """Every file of an export, by its path in it: of a folder, a zip, or the one file it is."""
    if path.is_dir():
        return folder(path)
    return archive(path) if is_archive(path) else {path.name: partial(_read, path)}


def folder(path: Path, deep: bool = True) -> Files:
    """The files in a folder; links are not followed, because they may lead anywhere."""
    found: dict[str, Opener] = {}
    for here, below, names in os.walk(path):
        below.sort()
        plain = [Path(here, name) for name in sorted(names) if not name.startswith(".")]
        found |= {
            file.relative_to(path).as_posix(): partial(_read, file)
            for file in plain
            if file.is_file() and not file.is_symlink()
        }
        if len(found) > FILES_AT_MOST:
            raise ExportError(TEXTS("export.too_many_files", count=FILES_AT_MOST))
        if not deep:
            break
    return found


def is_archive(path: Path) -> bool:
    """Whether a file is a zip of files; an Excel workbook is a zip as well, but one file to everybody."""
    if not _read(path, 4).startswith(ZIP):
        return False
    return not any(name.startswith("xl/") for name in _members(path))


def archive(path: Path) -> Files:
    """The files in a zip. Nothing is unpacked: a name that leads elsewhere is only a name."""
    return {name: partial(_unpack, path, info) for name, info in _members(path).items()}


def _members(path: Path) -> dict[str, ZipInfo]:
    try:
        with ZipFile(path) as packed:
            infos = [info for info in packed.infolist() if not info.is_dir()]
    except DAMAGED as error:
        raise ExportError(TEXTS("export.damaged_zip")) from error
    if len(infos) > FILES_AT_MOST:
        raise ExportError(TEXTS("export.too_many_files", count=FILES_AT_MOST))
    return {_member_name(info): info for info in infos if "__MACOSX" not in info.filename}


def _member_name(info: ZipInfo) -> str:
    """A name as it was meant: Windows writes GBK and says nothing of it, and Python takes it for IBM's of 1981."""
    name = info.filename
    if not info.flag_bits & _UTF8_NAME:
        try:
            name = name.encode("cp437").decode("gb18030")
        except UnicodeError:
            name = info.filename
    parts = [part for part in PurePosixPath(name.replace("\\", "/")).parts if part not in ("/", "..", ".")]
    return "/".join(parts)


def _unpack(path: Path, info: ZipInfo, most: int) -> bytes:
    """What a zip says of a size proves nothing, so no more is unpacked than may be."""
    try:
        with ZipFile(path) as packed, packed.open(info) as file:
            return file.read(most + 1)
    except DAMAGED as error:  # a password, a method nobody knows, a wrong checksum
        raise ExportError(TEXTS("export.damaged_member", name=info.filename)) from error


def _read(path: Path, most: int) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(most + 1)
    except OSError as error:
        raise ExportError(TEXTS("export.cannot_open", name=path.name, reason=error.strerror)) from error


def decoded(data: bytes) -> str:
    """The text in a file, in UTF-8, GBK or UTF-16 with or without its mark. Raises ExportError for what is none."""
    marked = MARKS.get(data[:2]) or _unmarked(data)
    for encoding in (marked,) if marked else _ENCODINGS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if sum(unicodedata.category(one) == "Cc" and one not in "\r\n\t" for one in text) <= _RUBBISH * len(text):
            return text.replace("\r\n", "\n").replace("\r", "\n")
    raise ExportError(TEXTS("export.no_text"))


def _unmarked(data: bytes) -> str:
    """UTF-16 without a mark: every other byte of the line ends and digits is nought."""
    head = data[:4000]
    if head.count(b"\0") < len(head) // 20:
        return ""
    return "utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be"


def is_mail(data: bytes) -> bool:
    """Whether a file is a saved mail: it begins with a header, and one that only mails have."""
    head = _HEADER.match(data[:20_000])
    return head is not None and _OF_MAIL.search(head[0]) is not None


def mail(data: bytes) -> tuple[str, Files]:
    """The words of a mail and what is attached to it."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    parts = [part for part in message.walk() if isinstance(part, EmailMessage) and not part.is_multipart()]
    attached = {part.get_filename() or "": part for part in parts[:FILES_AT_MOST]}
    words = [part for part in parts if not part.get_filename() and part.get_content_maintype() == "text"]
    told = sorted(words, key=lambda part: part.get_content_subtype() != "plain")
    return _words(told[0]) if told else "", {name: _opener(part) for name, part in attached.items() if name}


def _words(part: EmailMessage) -> str:
    data = part.get_payload(decode=True)
    text = decoded(data if isinstance(data, bytes) else b"")
    if part.get_content_subtype() != "html":
        return text
    return html.unescape(_TAGS.sub("", _BREAKS.sub("\n", text)))


def _opener(part: EmailMessage) -> Opener:
    def read(most: int) -> bytes:
        data = part.get_payload(decode=True)
        return io.BytesIO(data if isinstance(data, bytes) else b"").read(most + 1)

    return read
