"""市民巡访团: one message that lists several problems becomes one entry each."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from handlers.reading import numbering, photo_numbers
from handlers.reading.place_words import FAULT, headline_place, is_only_place, own_place, within
from handlers.reading.width import half_width


@dataclass(frozen=True, slots=True)
class Entry:
    """一条: one problem, its place as far as the words give it, and the photos (from 1) they point to."""

    text: str
    place: str = ""
    photo_numbers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Patrol:
    """巡访清单: the line above the list, the place it gives to all of it, and the problems in their order."""

    headline: str
    place_hint: str
    entries: tuple[Entry, ...]


@dataclass(slots=True)
class _Block:
    """The lines of one problem, and the place that was named above them."""

    lines: list[str]
    place: str


_EDGES = " \t\r\n,;.:|!。、，；．：！"
# Thanks, requests and signatures: no problem of their own unless they name a place and a fault.
_CLOSING = re.compile(
    "以上|合计|总计|共扣|加分项|请|谢谢|感谢|多谢|望|希望|辛苦|麻烦|巡访(?:员|人|时间|团)|巡查(?:员|人)|测评(?:员|人|时间)|上报人|报告人|时间|日期|此致|特此|完毕|[0-9]{4}年|[0-9]{1,2}月[0-9]{1,2}日$"
)
# A line that begins so says more about the problem above it.
_GOES_ON = re.compile(
    "已经|都|也|而且|并且|很|好几天|多日|希望|影响|导致|造成|特别|非常|尤其|严重|一直|长期|同时|(?:见|如)?图|照片"
)
_ANNOUNCES = re.compile("发现|如下|以下|下列|巡访|巡查|走访|检查|转了|问题|情况")


def split(text: str) -> Patrol:
    """The problems of a message: numbered in any usual way, one a line, or a single one.

    Every text that says anything has at least one entry. Decimals, times and house numbers number nothing.
    """
    parts = [_one_list(section) for section in _sections(text)]
    return Patrol(parts[0].headline, parts[0].place_hint, tuple(entry for part in parts for entry in part.entries))


def _one_list(text: str) -> Patrol:
    flat = half_width(text)
    found = numbering.marks(flat)
    run = numbering.outer(found) or numbering.numbered(found)
    patrol = _numbered(text, flat, run) if run else _by_lines(text)
    if patrol.entries or not text.strip():
        return patrol
    return Patrol("", "", (_entry(text.strip(), ""),))


def _sections(text: str) -> list[str]:
    """Several lists one after the other, each under a line of its own: 北园大街 1. 2. 历山路 1. 2."""
    found = numbering.marks(half_width(text))
    opening = {text.rfind("\n", 0, mark.start) + 1 for mark in found if mark.opens}
    cuts = []
    for mark in found:
        line = text.rfind("\n", 0, mark.start) + 1
        above = text.rfind("\n", 0, max(line - 1, 0)) + 1
        if mark.opens and mark.ordinal == 1 and above < line and above not in opening and text[above:line].strip():
            cuts.append(above)
    # What stands above the first list's own headline belongs to it.
    starts = [0, *cuts[1:]]
    return [text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]


def _numbered(text: str, flat: str, run: list[numbering.Mark], deep: bool = True) -> Patrol:
    before, headline = _above(text[: run[0].start].strip())
    hint = headline_place(half_width(headline))
    entries = [*before] if _is_headline(headline) else [*before, _entry(headline, "")]
    ends = [mark.start for mark in run[1:]] + [len(text)]
    for mark, end in zip(run, ends, strict=True):
        body = _without_closing(text[mark.end : end]) if end == len(text) else text[mark.end : end]
        pictures = photo_numbers.find(flat[mark.start : mark.end]) if mark.family is numbering.Family.PHOTO else ()
        within_it = _entries(body, hint) if deep else _plain_entry(body, hint)
        entries += [replace(entry, photo_numbers=entry.photo_numbers or pictures) for entry in within_it]
    return Patrol(headline.rstrip(_EDGES) if _is_headline(headline) else "", hint, tuple(entries))


def _above(words: str) -> tuple[list[Entry], str]:
    """Findings on lines of their own above the list, as a message before it brings them, and what is left of it."""
    *lines, last = words.split("\n")
    own = [line for line in lines if _is_finding(line)]
    return [_entry(line.strip(), "") for line in own], "\n".join([*(line for line in lines if line not in own), last])


def _is_finding(line: str) -> bool:
    flat = half_width(line)
    return bool(FAULT.search(flat)) and not _announces(line) and not _is_closing(line)


def _is_headline(words: str) -> bool:
    """Whether nothing is lost when what stands above the list is no entry."""
    flat = half_width(words)
    return not FAULT.search(flat) or flat.endswith(":") or bool(_ANNOUNCES.search(flat))


def _entries(body: str, hint: str) -> Iterator[Entry]:
    """One entry, or those of a numbering inside it, which say what the words above them began."""
    flat = half_width(body)
    run = numbering.numbered(numbering.marks(flat))
    if len(run) < 2 or run[0].ordinal != 1:
        yield from _plain_entry(body, hint)
        return
    inner = _numbered(body, flat, run, deep=False)
    above = "" if is_only_place(half_width(inner.headline)) else inner.headline
    for entry in inner.entries:
        words = f"{above}:{entry.text}" if above else entry.text
        yield replace(entry, text=words, place=within(hint, entry.place))


def _plain_entry(body: str, hint: str) -> Iterator[Entry]:
    if any(c.isalnum() for c in body):
        yield _entry(body, hint)


def _entry(words: str, hint: str) -> Entry:
    flat = half_width(words)
    kept = " ".join(_cut(words, photo_numbers.spans(flat)).strip(_EDGES).split())
    place = within(hint, own_place(half_width(kept)))
    return Entry(kept or words.strip(), place, photo_numbers.find(flat))


def _cut(words: str, spans: list[tuple[int, int]]) -> str:
    pieces, done = [], 0
    for start, end in spans:
        pieces.append(words[done : max(start, done)])
        done = max(done, end)
    return "".join(pieces) + words[done:]


def _without_closing(body: str) -> str:
    """The last entry without the thanks and signatures on the lines below it."""
    lines = body.split("\n")
    while len(lines) > 1 and (not lines[-1].strip() or _is_closing(lines[-1])):
        lines.pop()
    return "\n".join(lines)


def _is_closing(line: str) -> bool:
    flat = half_width(line.strip())
    return bool(_CLOSING.match(flat)) and not (FAULT.search(flat) and own_place(flat))


def _by_lines(text: str) -> Patrol:
    """Each line a problem, under a line that is only a place or announces the rest."""
    lines = [line.strip() for line in text.split("\n") if line.strip() and not _is_closing(line)]
    if len(lines) < 2:
        return _one_line(lines[0] if lines else "")
    headline = lines[0] if _announces(lines[0]) else ""
    hint = headline_place(half_width(headline))
    blocks: list[_Block] = []
    place = hint
    for line in lines[1:] if headline else lines:
        flat = half_width(line)
        if is_only_place(flat):
            place = _take_place(blocks, within(hint, own_place(flat)))
        elif blocks and (_GOES_ON.match(flat) or not FAULT.search(flat)):
            blocks[-1].lines.append(line)
        else:
            blocks.append(_Block([line], place))
    return Patrol(headline.rstrip(_EDGES), hint, tuple(_entry(",".join(b.lines), b.place) for b in blocks))


def _announces(line: str) -> bool:
    flat = half_width(line)
    return flat.endswith(":") or (bool(_ANNOUNCES.search(flat)) and not FAULT.search(flat))


def _take_place(blocks: list[_Block], place: str) -> str:
    """A place on a line of its own: of the one problem above that has none, else of those below."""
    if len(blocks) == 1 and not blocks[0].place and not own_place(half_width(blocks[0].lines[0])):
        blocks[0].place = place
    return place


def _one_line(line: str) -> Patrol:
    """A single problem, or several with a place each between semicolons."""
    pieces = [piece.strip() for piece in re.split("[;；]", line) if piece.strip()]
    flats = [half_width(piece) for piece in pieces]
    if len(pieces) > 1 and all(FAULT.search(flat) and own_place(flat) for flat in flats):
        return Patrol("", "", tuple(_entry(piece, "") for piece in pieces))
    return Patrol("", "", (_entry(line, ""),) if line else ())
