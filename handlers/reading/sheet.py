"""创城实地测评: a visit's sheet (测评单), from an assessor's own layout and back from the tidy one."""

import re
from dataclasses import dataclass
from decimal import Decimal

from handlers.reading import numbered_list
from handlers.reading.place_words import headline_place, is_only_place, own_place
from handlers.reading.width import half_width


@dataclass(frozen=True, slots=True)
class SheetLine:
    """一条扣分: what was found, by which indicator (code or words), how many points it costs, where at the point."""

    text: str
    indicator: str = ""
    deduct: Decimal | None = None
    place: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """测评单: the point visited, the words for its type, and the findings."""

    point: str
    site_type_text: str
    lines: tuple[SheetLine, ...]


@dataclass(frozen=True, slots=True)
class Recheck:
    """复查: whether a closed case is really solved; None when the words do not say."""

    case_number: int
    solved: bool | None
    words: str


_TITLE = "测评单"
_NOTHING = "无"
_EDGES = " \t\r\n,;:|!。、，；：！"
# Only as they stand in brackets or alone in a headline; the data pack has the full list with its aliases.
_SITE_TYPES = (
    "主次干道|主干道|次干道|背街小巷|商业大街|交通路口|主要路口|路口|城市社区|社区|小学|中学|中小学|广场公园|公园广场|建筑工地|工地|宾馆饭店|宾馆"
    "|集贸市场|农贸市场|商场超市|商场|超市|政务大厅|景区景点|景区|网吧|图书馆|医院|公交车?|公交站|出租车?|车站"
)
_HEADER = re.compile(
    r"(?P<point>(?:(?:测评|实地|检查)?(?:点位|地点)(?:名称)?|测评点)[】\]]?\s{0,3}:|(?:(?<=\A)|(?<=\n))点位(?=[ \t]))"
    r"|(?P<type>(?:点位|场所|测评|地点)?类[型别形][】\]]?\s{0,3}:|(?<=\s)类型(?=[ \t]))"
)
_TYPE_ASIDE = re.compile(
    rf"[(\[【]\s*(?P<type>{_SITE_TYPES})\s*[)\]】]|(?:^|(?<=[\s,;、-]))(?P<word>{_SITE_TYPES})(?=$|[\s,;、:])"
)
# The city's own codes (H01) stand at either end or in brackets; in the middle B12 may be a house.
_CODE = "[A-Za-z][0-9]{2}(?![0-9A-Za-z号栋座楼区路#])"
_CODED = re.compile(rf"\s*{_CODE}")
# Labelled, in brackets, or a code such as II-3 or A1-2 at the very beginning.
_INDICATOR = re.compile(
    r"(?:测评)?指标(?:代码|编号|名称)?\s{0,3}:?\s{0,3}(?P<named>[0-9A-Za-zⅠ-Ⅻ][0-9A-Za-zⅠ-Ⅻ.\-]{0,15}|[^\s,;。、:()【】\[\]扣]{1,20})"
    r"|【(?P<bracketed>[^【】\n]{1,20})】|\[(?P<squared>[^\[\]\n]{1,20})\]"
    r"|\A\s*(?P<code>(?:[A-Z]{1,2}|[Ⅰ-Ⅻ]|I{1,3}|IV)[0-9]{0,2}(?:[\-.][0-9]{1,2}){1,3})(?![0-9])"
    rf"|\A\s*(?P<ours>{_CODE})|\(\s*(?P<aside>{_CODE})\s*\)|(?<![0-9A-Za-z])(?P<last>{_CODE})\s*\Z"
)
_AMOUNT = (
    r"(?P<{0}>[0-9]{{1,3}}(?:\.[0-9]{{1,2}})?|\.[0-9]{{1,2}}"
    r"|[零半一二两三四五六七八九十](?:点[零一二三四五六七八九]{{1,2}})?)"
)
# "-0.5" without 分 counts only at the end; elsewhere a hyphen joins things.
_DEDUCT = re.compile(
    rf"(?:扣|扣除|减|扣分|扣减)(?:分值?)?\s{{0,3}}[::]?\s{{0,3}}-?\s?{_AMOUNT.format('said')}\s?[分份]?(?![号楼米个])"
    rf"|(?<![0-9A-Za-z])-\s?{_AMOUNT.format('minus')}\s?分|(?<![0-9A-Za-z])-(?P<end>[0-9](?:\.[0-9]{{1,2}})?)\s*\Z|(?P<none>不扣分)"
)
_HAN_DIGITS = {han: str(n) for n, han in enumerate("零一二三四五六七八九")} | {
    "两": "2",
    "十": "10",
    "点": ".",
    "半": "0.5",
}

_TIDY = re.compile(
    r"^(?:[0-9]{1,3}[.、)]\s?)?(?P<text>[^【】]*)【指标】(?P<indicator>[^【】]*)【扣分】(?P<deduct>[^【】]*)【位置】(?P<place>[^【】]*)$"
)
_TIDY_HEADER = re.compile(r"^\s*(?P<name>点位|类型):(?P<value>.*)$")
_TIDY_LINE = "{}. {}【指标】{}【扣分】{}【位置】{}"


def read(text: str) -> Sheet:
    """读测评单: the point, its type and one line for each finding, from any layout."""
    flat = half_width(text)
    tidy = flat.strip().startswith(_TITLE) or any(
        "【指标】" in line and _TIDY.match(line.strip()) for line in flat.split("\n")
    )
    return _read_tidy(text) if tidy else _read_free(text)


def as_text(sheet: Sheet) -> str:
    """The sheet in a layout that shows what is still empty and that `read` reads back to the same sheet."""
    lines = [f"{_TITLE}(可改后发回)", f"点位:{sheet.point}", f"类型:{sheet.site_type_text}"]
    for n, line in enumerate(sheet.lines, start=1):
        deduct = _NOTHING if line.deduct is None else f"{line.deduct:f}"
        lines.append(_TIDY_LINE.format(n, line.text, line.indicator or _NOTHING, deduct, line.place or _NOTHING))
    return "\n".join(lines)


def _read_tidy(text: str) -> Sheet:
    """Our own layout, perhaps corrected: what is labelled is taken as it stands, added lines are read as new."""
    header: dict[str, str] = {}
    lines: list[SheetLine] = []
    for line in text.split("\n"):
        flat = half_width(line)
        named = _TIDY_HEADER.match(flat)
        if named:
            header[named["name"]] = _clean(line[named.start("value") :])
        elif line.strip() and not flat.strip().startswith(_TITLE):
            lines.append(_tidy_line(line.strip()))
    return Sheet(header.get("点位", ""), header.get("类型", ""), tuple(line for line in lines if line.text))


def _tidy_line(line: str) -> SheetLine:
    match = _TIDY.match(half_width(line)) if "【指标】" in half_width(line) else None
    if match is None:
        return _line(re.sub(r"^[0-9]{1,3}[.、)．）]\s?", "", line))
    words = {name: _clean(line[match.start(name) : match.end(name)]) for name in match.groupdict()}
    said = {name: "" if value == _NOTHING else value for name, value in words.items()}
    return SheetLine(words["text"], said["indicator"], _points(half_width(said["deduct"])), said["place"])


def _read_free(text: str) -> Sheet:
    point, site_type, rest = _header(text)
    headline, entries = _findings(rest, has_point=bool(point))
    if not site_type and (aside := _TYPE_ASIDE.search(headline)):
        site_type = aside["type"] or aside["word"]
    point = point or _clean(headline_place(_TYPE_ASIDE.sub(" ", headline)))
    lines = [_line(entry) for entry in entries]
    return Sheet(point, site_type, tuple(line for line in lines if any(c.isalpha() for c in line.text)))


def _findings(text: str, has_point: bool) -> tuple[str, list[str]]:
    """The half-width headline ("" where there is none), and the words of each finding."""
    first, _, below = text.partition("\n")
    is_headline = not has_point and below and is_only_place(_TYPE_ASIDE.sub(" ", half_width(first)).strip())
    headline, rest = (half_width(first), below) if is_headline else ("", text)
    lines = [line for line in rest.split("\n") if line.strip()]
    # Where each line has its indicator no other numbering is needed.
    if lines and all(_CODED.match(half_width(line)) for line in lines):
        return headline, lines
    patrol = numbered_list.split(rest)
    return headline or half_width(patrol.headline), [entry.text for entry in patrol.entries]


def _header(text: str) -> tuple[str, str, str]:
    """What is labelled as point and type, and the text without it."""
    found: dict[str, str] = {}
    pieces, done = [], 0
    for label in _HEADER.finditer(half_width(text)):
        kind = label.lastgroup or "point"
        if label.start() < done or kind in found:
            continue
        end = _header_end(half_width(text), label.end())
        opened = label.start() - (text[: label.start()].endswith(("【", "[")))
        pieces.append(text[done : max(opened, done)])
        found[kind], done = _clean(text[label.end() : end]), end
    point, site_type = found.get("point", ""), found.get("type", "")
    aside = _TYPE_ASIDE.search(half_width(point))
    if aside and aside["type"]:
        site_type, point = site_type or aside["type"], _clean(point[: aside.start()] + point[aside.end() :])
    return point, site_type, "\n".join([*pieces, text[done:]]).strip()


_HEADER_ENDS = re.compile(
    r"[\n;。,]|\s(?=[0-9]{1,2}[.、)])|(?<=[^0-9])(?=1[.、)][^0-9])|\s?(?=[①-⑳⑴-⒇])|[\[【]?(?=(?:点位|场所|测评)?类[型别]\s{0,3}:)|\s(?=指标|类型|扣|[A-Z][0-9]{2}(?![0-9号栋座]))"
)


def _header_end(flat: str, start: int) -> int:
    end = _HEADER_ENDS.search(flat, start)
    return end.start() if end else len(flat)


def _line(words: str) -> SheetLine:
    """One finding: indicator and deduction are taken out of its words."""
    deduct, words = _take_deduct(words)
    indicator, words = _take_indicator(words)
    text = _clean(words)
    return SheetLine(text or indicator, indicator, deduct, _clean(own_place(half_width(text))))


def _take_deduct(words: str) -> tuple[Decimal | None, str]:
    match = next(iter(_DEDUCT.finditer(half_width(words))), None)
    if match is None:
        return None, words
    amount = "0" if match["none"] else next(value for value in match.groups() if value)
    return _points(amount), _without(words, match)


def _take_indicator(words: str) -> tuple[str, str]:
    match = _INDICATOR.search(half_width(words))
    if match is None:
        return "", words
    value = next(name for name, found in match.groupdict().items() if found)
    indicator = half_width(_clean(words[match.start(value) : match.end(value)])).upper()
    return "" if indicator == _NOTHING else indicator, _without(words, match)


def _without(words: str, match: re.Match[str]) -> str:
    before, after = words[: match.start()].rstrip(_EDGES + "(（"), words[match.end() :].lstrip(_EDGES + ")）")
    return f"{before},{after}" if before and after else before + after


def _points(amount: str) -> Decimal | None:
    """0.5, 零点五 or 半 as a number of points; None for anything else."""
    digits = "".join(_HAN_DIGITS.get(c, c) for c in amount.strip().lstrip("-扣").rstrip("分").strip())
    return Decimal(digits) if re.fullmatch(r"[0-9]{0,3}(?:\.[0-9]{1,2})|[0-9]{1,3}", digits) else None


def _clean(words: str) -> str:
    """One line without brackets of ours, so that a tidy sheet reads back as it was."""
    return " ".join(re.sub("[【】]", " ", words).split()).strip(_EDGES)


_RECHECK = re.compile(
    r"^\s*(?:(?:案件|编号)?\s?(?P<before>[0-9]{1,9})\s?号?\s?[,:]?\s?)?(?:暗访|现场)?(?:复查|复核|回头看|复检)"
    r"(?:\s?[,:#]?\s?(?:案件|编号|第)?\s?[:#]?\s?(?P<after>[0-9]{1,9})(?![0-9])\s?号?)?"
)
_UNSOLVED = re.compile(
    "未(?:完成)?(?:整改|解决|处理|清[理运除]|修复|到位|完成|落实)|没有?(?:整改|解决|处理|清|修|到位|完成|落实|动)|不(?:到位|合格|彻底|通过|达标)|仍|依旧|依然|还是|还在|还有"
    "|反弹|部分|又(?:出现|有|是)|原样|老样子"
)
_SOLVED = re.compile(
    "整改(?:完毕|完成|到位|好了|合格)|已(?:经)?(?:整改|解决|处理|清|修|完成|到位|拆|恢复)|合格|通过|达标|解决了|清(?:理|运|走)?(?:完|干净|了)|修好|到位|完成|属实整改|没问题|无问题"
)


def recheck(text: str) -> Recheck | None:
    """复查: "复查 12 未整改 垃圾还在", "复查12号:已整改"; None when the text is no re-check of a case."""
    match = _RECHECK.match(half_width(text))
    number = match and (match["after"] or match["before"])
    if not match or not number:
        return None
    words = text[match.end() :].strip(_EDGES)
    flat = half_width(words)
    solved = False if _UNSOLVED.search(flat) else True if _SOLVED.search(flat) else None
    return Recheck(int(number), solved, words)
