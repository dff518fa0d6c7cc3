"""创城媒体监督: an article as it was shared, and the promise (整改承诺) a unit owes for it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from handlers.reading import dates
from handlers.reading.names import CLEAR, COMPOUND
from handlers.reading.place_words import named_place
from handlers.reading.width import half_width


@dataclass(frozen=True, slots=True)
class Article:
    """报道: "" and None where nothing is said. words: what the journalist wrote, else title and description."""

    title: str
    url: str
    outlet: str
    column: str
    published_on: date | None
    words: str


@dataclass(frozen=True, slots=True)
class Pledge:
    """承诺: who answers for it ("" when nobody is named), by when, and the promise in its own words."""

    who: str
    by: date | None
    words: str


_EDGES = " \t\r\n,;:|_!。、，；：！-—–"
_URL = re.compile(r"https?://[^\s\u3000\u4e00-\u9fff，。；！？、《》【】（）]+", re.IGNORECASE)
_HOST = re.compile(r"^[a-z]+://(?:[^/@?#]*@)?([^/:?#]+)", re.IGNORECASE)
_MEDIA = (
    "(?:日报|晚报|时报|早报|晨报|都市报|商报|女报|法治报|广播电视台|电视台|广播电台|电台|新闻网|频道|客户端|融媒体?中心|融媒"
    "|卫视|壹点|舜网|爱济南|网|报)"
)
_SOURCE = re.compile(r"(?:来源|转自|稿源|出处|媒体)\s{0,3}[::]\s{0,3}[《【\[]?([^\s,;。、|:《》【】()\[\]]{2,20})")
_BRACKETED = re.compile(r"[【\[]([^【】\[\]\n]{2,20})[】\]]")
# 报 and 网 alone end too many words (报亭, 渔网): the name of a region or a group must stand before them.
_MENTIONED = re.compile(
    rf"(?:济南|齐鲁|大众|山东|人民|新华|中国|央视|生活|经济|都市|鲁网|海报|澎湃|新京)[\u4e00-\u9fa5]{{0,6}}?{_MEDIA}|新华社|央视新闻|齐鲁壹点|舜网|爱济南"
)
_COLUMN = (
    re.compile(r"《([^《》\n]{2,20})》\s?(?:栏目|节目|专栏|版块)"),
    re.compile(rf"{_MEDIA}[^《\n。]{{0,8}}《([^《》\n]{{2,20}})》"),
    re.compile(r"(?:栏目|专栏|节目)\s{0,3}[::]\s{0,3}[《【]?([^\s,;。《》【】]{2,20})"),
    re.compile(
        r"[【\[《]([^【】\[\]《》\n]{0,12}(?:曝光|问政|聚焦|直通车|啄木鸟|热线|监督)[^【】\[\]《》\n]{0,6})[】\]》]"
    ),
)
_WORK = re.compile(r"《([^《》\n]{2,60})》(?!\s?(?:栏目|节目|专栏|版块))")


def read(
    title: str, description: str, url: str, words: str, today: date, outlets: Mapping[str, str] | None = None
) -> Article:
    """读报道: from a link message's title, description and address, and the words sent with it.

    today: the day it was sent, for 昨日 and days without a year.  outlets: domain → outlet ("e23.cn" → "舜网").
    """
    address = url.strip() or next(iter(_URL.findall(words)), "")
    own_words = _URL.sub(" ", words).strip(_EDGES)
    said = (words, title, description)
    flat = "\n".join(half_width(text) for text in said)
    shown = title.strip() or _title_in(own_words)
    return Article(
        title=shown,
        url=address,
        outlet=_outlet(flat, address, outlets or {}),
        column=next((match[1].strip() for pattern in _COLUMN if (match := pattern.search(flat))), ""),
        published_on=dates.published(_URL.sub(" ", flat), today) or dates.in_address(address, today),
        words=own_words or "\n".join(dict.fromkeys(text.strip() for text in (title, description) if text.strip())),
    )


_SURELY = re.compile("[路街巷区镇村]")
_BETWEEN = re.compile(r"【[^【】]*】|《[^《》]*》|[\s,;。!?:、|]+")


def place(words: str) -> str:
    """地点: from the first clause that names a road or an area, else any place; before it stands who published it."""
    found = [place for clause in _BETWEEN.split(half_width(words)) if (place := named_place(clause))]
    return next((place for place in found if _SURELY.search(place)), "") or next(iter(found), "")


def _title_in(words: str) -> str:
    """The work named in 《》, else the first line."""
    named = next((m[1] for m in _WORK.finditer(words) if not any(p.search(m[0]) for p in _COLUMN[3:])), "")
    return (named or words.partition("\n")[0])[:64].strip(_EDGES)


def _outlet(flat: str, url: str, outlets: Mapping[str, str]) -> str:
    """What is named as the source, the outlet in brackets, the address's owner, then any outlet mentioned."""
    source = _SOURCE.search(flat)
    if source:
        return source[1]
    bracketed = next((name for name in _BRACKETED.findall(flat) if re.search(rf"{_MEDIA}$", name)), "")
    return bracketed.strip() or _owner(url, outlets) or _mentioned(flat, outlets)


def _owner(url: str, outlets: Mapping[str, str]) -> str:
    host = _HOST.match(url)
    labels = host[1].lower().split(".")[-6:] if host else []
    domains = (".".join(labels[n:]) for n in range(len(labels)))
    return next((outlets[domain] for domain in domains if domain in outlets), "")


def _mentioned(flat: str, outlets: Mapping[str, str]) -> str:
    known = max((name for name in outlets.values() if name and name in flat), key=len, default="")
    mention = _MENTIONED.search(flat)
    return known or (mention[0] if mention else "")


_LABELLED = re.compile(
    r"(?:责任人|负责人|承诺人|责任领导|包保领导|牵头人|牵头领导|经办人|联系人|责任单位|牵头单位)\s{0,3}(?:[::]|为|是|\s)\s{0,3}([^\s,;。、:]{1,20})"
)
# 由李某负责 names a person surely; 李某负责 only at the head of a clause.
_BY_WHOM = re.compile(
    r"[由请]([^,;。:\s]{1,20}?)(?:同志)?(?:具体|牵头|全权|亲自)?(?:负责|牵头|落实|包保|整改|处理|组织|督办|盯办|办理)"
)
_IN_CHARGE = re.compile(r"(?:^|[,;。:\s])([^,;。:\s0-9]{2,16}?)(?:同志)?(?:具体|全权|亲自)?(?:负责|牵头)")
_OFFICE = "(?:主任|科长|局长|处长|队长|书记|经理|所长|站长|院长|股长|组长|部长|镇长|区长|校长|班长|先生|女士|同志)"
_UNIT = "(?:局|队|街道|街道办|街办|办事处|所|公司|社区|物业|中心|处|部|站|镇政府)"
_PERSON = f"(?:{COMPOUND}|[{CLEAR}于高金石方任田安史康万管关季曲付牛房曾])"
_AT_START = re.compile(
    rf"((?!马上|立即|今|明|本|已|我)(?:[\u4e00-\u9fa5]{{1,14}}?{_OFFICE}|[\u4e00-\u9fa5]{{2,14}}?{_UNIT}(?:{_PERSON}[\u4e00-\u9fa5某]{{1,2}})?|{_PERSON}[\u4e00-\u9fa5某]{{1,2}}))(?=[\s,;。:0-9]|$)"
)
_OPENING = re.compile(r"^\s*(?:整改)?承诺(?:书|人)?\s{0,3}[::,]?\s{0,3}")


def pledge(text: str, today: date) -> Pledge:
    """读承诺: "承诺:由李某负责,11月30日前整改完". Who and by when stay empty when they are not said."""
    opening = _OPENING.match(half_width(text))
    # 承诺人 labels a name; it is not the word the message opens with.
    start = opening.end() if opening and "承诺人" not in opening[0] else 0
    words = text[start:].strip(_EDGES)
    flat = half_width(words)
    return Pledge(next(_who(flat, today), ""), dates.due(flat, today), words)


def _who(flat: str, today: date) -> Iterator[str]:
    for pattern in (_LABELLED, _BY_WHOM, _IN_CHARGE):
        yield from (match[1] for match in pattern.finditer(flat) if dates.due(match[1], today) is None)
    # "李主任11月30日前": a name may run straight into the day.
    day = dates.first_day(flat, today)
    named = _AT_START.match(flat if day is None else flat[:day])
    if named:
        yield named[1]
