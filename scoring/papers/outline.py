"""提纲: a 通报 as a row of blocks, each with its role in an official paper (GB/T 9704-2012)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from scoring.notice import Line, Notice, Suggested, Table
from scoring.papers import wording
from scoring.papers.wording import TEXTS

# How many of the best and of the last the text itself names.
_NAMED = 3


class Part(StrEnum):
    """公文要素."""

    RED_HEAD = "red_head"  # 发文机关标志, with the red line below
    NUMBER = "number"  # 发文字号
    TITLE = "title"  # 标题
    TO = "to"  # 主送机关
    BODY = "body"  # 正文
    HEADING = "heading"  # 一、
    SECOND = "second"  # （一）
    CLOSING = "closing"  # 特此通报
    ATTACHMENT = "attachment"  # 附件说明, its first line
    ATTACHED = "attached"  # and each further one
    SIGNED = "signed"  # 发文机关署名
    DATED = "dated"  # 成文日期
    LABEL = "label"  # 附件1, on a page of its own
    CAPTION = "caption"  # 附件标题
    NOTE = "note"  # 表注


@dataclass(frozen=True, slots=True)
class Words:
    """文字."""

    part: Part
    words: str


@dataclass(frozen=True, slots=True)
class Grid:
    """表格. widths: in millimetres, together no more than the type area (156).  left: columns of words.

    strong: rows at the end that are set apart, such as the mean.
    """

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    left: tuple[int, ...]
    strong: int = 0


Block = Words | Grid
AREA = 156.0


def outline(notice: Notice) -> list[Block]:
    """The whole paper, from the red head to the last attachment."""
    return [*_head(notice), *_body(notice), *_end(notice), *_attachments(notice)]


def title(notice: Notice) -> str:
    """标题."""
    return TEXTS("title", period=_period(notice))


def _period(notice: Notice) -> str:
    first = notice.tables[0]
    return wording.period(first.begins_on, first.ends_on)


def _head(notice: Notice) -> Iterator[Block]:
    if notice.red_head:
        yield Words(Part.RED_HEAD, notice.red_head)
    if notice.number:
        yield Words(Part.NUMBER, notice.number)
    yield Words(Part.TITLE, title(notice))
    yield Words(Part.TO, TEXTS("to"))
    yield Words(Part.BODY, TEXTS("opening", method=notice.tables[0].method, period=_period(notice)))


def _body(notice: Notice) -> Iterator[Block]:
    """Its sections, numbered as they come."""
    sections = [_method(notice), _results(notice), _vetoes(notice), _corrections(notice), _suggestions(notice)]
    for n, section in enumerate(section for section in sections if section):
        heading, *rest = section
        yield Words(Part.HEADING, TEXTS("heading", numeral=wording.numeral(n), words=heading.words))
        yield from rest
    yield Words(Part.CLOSING, TEXTS("closing"))


def _method(notice: Notice) -> list[Words]:
    tiers = TEXTS.raw("results.between").join(wording.tier(table.tier) for table in notice.tables)
    weights = [TEXTS("method.weights", tier=wording.tier(one.tier), weights=_weights(one)) for one in notice.tables]
    least = max(table.least for table in notice.tables)
    shrunk = TEXTS("method.shrunk", least=f"{least:g}") if least else TEXTS("method.shrunk_always")
    return [
        Words(Part.HEADING, TEXTS("method.heading")),
        Words(Part.BODY, TEXTS("method.tiers", tiers=tiers, count=len(notice.tables)) + "".join(weights)),
        Words(Part.BODY, shrunk + TEXTS("method.fair")),
    ]


def _weights(table: Table) -> str:
    parts = zip(table.indicators, table.weights, strict=True)
    told = [TEXTS("method.weight", name=wording.indicator(n), share=f"{100 * w:g}%") for n, w in parts]
    return TEXTS.raw("results.between").join(told)


def _results(notice: Notice) -> list[Words]:
    found = [Words(Part.HEADING, TEXTS("results.heading"))]
    for n, table in enumerate(notice.tables):
        words = TEXTS("second", numeral=wording.numeral(n), words=wording.tier(table.tier))
        found += [Words(Part.SECOND, words), Words(Part.BODY, _result(table, n + 1))]
    return found


def _result(table: Table, number: int) -> str:
    where = TEXTS("results.where", number=number)
    if not table.ranked:
        return TEXTS("results.none") + where
    mean = sum(float(line.score) for line in table.ranked) / len(table.ranked)
    key = "results.count" if table.apart else "results.count_all"
    told = TEXTS(key, ranked=len(table.ranked), mean=f"{mean:.2f}", apart=len(table.apart))
    told += TEXTS("results.top", names=_named(table.top(_NAMED)))
    last = table.bottom(_NAMED)
    return told + (TEXTS("results.bottom", names=_named(last)) if last else "") + where


def _named(lines: Sequence[Line]) -> str:
    told = [TEXTS("results.name", name=line.name, rank=line.rank, score=line.score) for line in lines]
    return TEXTS.raw("results.between").join(told)


def _vetoes(notice: Notice) -> list[Words]:
    join = TEXTS.raw("vetoes.between")
    told = [
        TEXTS("vetoes.one", tier=wording.tier(table.tier), name=line.name, vetoes=join.join(line.vetoes))
        for table in notice.tables
        for line in table.lines
        if line.vetoes
    ]
    return _section("vetoes.heading", told)


def _corrections(notice: Notice) -> list[Words]:
    many, number = len(notice.amendments), len(notice.tables) + 1
    return _section("corrections.heading", [TEXTS("corrections.count", count=many, number=number)] if many else [])


def _suggestions(notice: Notice) -> list[Words]:
    told = [_suggestion(one) for one in notice.suggestions]
    return _section("suggestions.heading", [TEXTS("suggestions.only"), *told] if told else [])


def _suggestion(one: Suggested) -> str:
    side = "top" if one.places > 0 else "bottom"
    key = f"suggestions.{side}" if one.times > 1 else f"suggestions.once_{side}"
    words = one.words.removeprefix(TEXTS("suggestions.mark"))
    return TEXTS(key, name=one.name, times=one.times, places=abs(one.places), words=words)


def _section(heading: str, bodies: Sequence[str]) -> list[Words]:
    return [Words(Part.HEADING, TEXTS(heading)), *(Words(Part.BODY, one) for one in bodies)] if bodies else []


def _end(notice: Notice) -> Iterator[Block]:
    names = [_caption(table) for table in notice.tables] + [TEXTS("attachments.seals")]
    yield Words(Part.ATTACHMENT, TEXTS("attachments.first", name=names[0]))
    for n, name in enumerate(names[1:], start=2):
        yield Words(Part.ATTACHED, TEXTS("attachments.next", number=n, name=name))
    yield Words(Part.SIGNED, notice.issuer)
    yield Words(Part.DATED, wording.day(notice.on))


def _caption(table: Table) -> str:
    period = wording.period(table.begins_on, table.ends_on)
    return TEXTS("attachments.table", period=period, tier=wording.tier(table.tier))


def _attachments(notice: Notice) -> Iterator[Block]:
    for n, table in enumerate(notice.tables, start=1):
        yield Words(Part.LABEL, TEXTS("attachments.label", number=n))
        yield Words(Part.CAPTION, _caption(table))
        yield from _table(table)
    yield Words(Part.LABEL, TEXTS("attachments.label", number=len(notice.tables) + 1))
    yield Words(Part.CAPTION, TEXTS("attachments.seals"))
    yield from _seals(notice)


def _table(table: Table) -> Iterator[Block]:
    """The ranked ones with the mean at the end, what the figures are, and 样本不足 apart."""
    if table.ranked:
        rows = [(str(line.rank), *_figures(line)) for line in table.ranked]
        nothing = ("",) * 3
        mean = ("", TEXTS("table.mean"), "", *(wording.percent(rate) for rate in table.means), *nothing)
        yield _grid(table, [*rows, mean], strong=1)
    veto = wording.vetoes(table)
    yield Words(Part.NOTE, TEXTS("table.percent") + veto)
    if table.apart:
        few = TEXTS("table.few", least=f"{table.least:g}") if table.least else TEXTS("table.few_always")
        yield Words(Part.NOTE, few)
        yield _grid(table, [(TEXTS("table.no_figure"), *_figures(line)) for line in table.apart])


def _figures(line: Line) -> tuple[str, ...]:
    rates = (wording.percent(rate) for rate in line.rates)
    bonus, cases = wording.points(line.bonus), wording.count(line.cases)
    return (wording.unit(line), line.score, *rates, wording.points(line.deducted), bonus, cases)


def _grid(table: Table, rows: Sequence[tuple[str, ...]], strong: int = 0) -> Grid:
    indicators = [_halved(wording.indicator(name)) for name in table.indicators]
    ends = [_halved(TEXTS(f"table.{name}")) for name in ("deducted", "bonus", "cases")]
    heads = (TEXTS("table.rank"), TEXTS("table.name"), TEXTS("table.score"), *indicators, *ends)
    narrow = 11.0
    name = AREA - 11.0 - 14.0 - narrow * (len(indicators) + len(ends))
    widths = (11.0, name, 14.0, *(narrow,) * (len(indicators) + len(ends)))
    return Grid(heads, tuple(rows), widths, left=(1,), strong=strong)


def _halved(words: str) -> str:
    """认领及时 in two lines of two, because its column is narrow."""
    middle = (len(words) + 1) // 2
    return f"{words[:middle]}\n{words[middle:]}" if len(words) > 3 else words


def _seals(notice: Notice) -> Iterator[Block]:
    heads = (TEXTS("seals.table"), TEXTS("seals.version"), TEXTS("seals.digest"))
    rows = tuple((wording.tier(table.tier), table.rules_version, table.digest) for table in notice.tables)
    yield Grid(heads, rows, (30.0, 38.0, 88.0), left=(1, 2))
    yield Words(Part.NOTE, TEXTS("seals.how"))
    if not notice.amendments:
        yield Words(Part.NOTE, TEXTS("seals.none"))
        return
    yield Words(Part.NOTE, TEXTS("seals.corrections"))
    words = tuple(TEXTS(f"seals.{name}") for name in ("date", "table", "unit", "words"))
    told = tuple(
        (wording.day(one.on), wording.tier(table.tier), one.name or TEXTS("seals.whole"), wording.amended(one))
        for table, one in notice.amendments
    )
    yield Grid(words, told, (28.0, 22.0, 34.0, 72.0), left=(2, 3))
