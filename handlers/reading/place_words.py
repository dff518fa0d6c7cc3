"""地点词: where in a sentence the words for a place stand."""

import re

from handlers.reading.width import half_width

# The looks ahead keep 路灯, 街面, 楼道, 口子 and their like from being taken for places.
_WHERE = re.compile(
    "号楼|单元|路[东西南北](?=[有,。]|$)|[路街道]口|门口|[东西南北大正侧后]门|广场|公园|市场|商场|超市|[大中小]学|学校|医院|宾馆|车站|站台|站牌|工地|桥(?:[上下头]|(?![墩面洞梁栏]))"
    "|小区|社区|新[村区]|家园|花园|宿舍|[东西南北内外两]侧|附近|旁边?|对面|周边|沿线|停车[场位]|大厅|[东西南北]头|[东西南北]{1,2}角"
    "|路(?![灯面牌沿边石缘障过况]|人(?!行))|街(?![道面])|街道(?!口)|巷|胡同|弄|里(?!面)|村|庄|苑|园(?!林)|栋|楼(?![道顶梯下房体])|楼[上下顶]"
    "|(?<![编单工型账信])号(?![码称线])|区(?!别)|口(?!子)|前(?![天几面])|后(?![面来续])|镇|乡|河[边道]?|湖[边]?|厕所?|高架[下]?"
)
# Words that are troubles wherever they stand, and characters that may just as well belong to a name (无影山路).
_TROUBLES = (
    "垃圾(?!站|中转|房|[箱桶](?:旁|边|附近|对面))|积水|积存|污水|张贴|烟头|杂物|飞线|裸露|异味|摆摊|停车(?!场|位|区|库)|逆行|违[停建章规]|车辆|有[人一个两三几大很不很]"
    "|没[有人]|不[礼让亮清管齐平见文按戴]|无人|缺[失损少]|破[损裂碎]|损坏|施工|扬尘|噪音|噪声|油烟|井盖|路灯|杂草|枯[死枝树]|僵尸|小广告|黄土|散落"
    "|丢失|塌陷|断裂|脱落|冒溢|遛狗|散养|粪便|高空|私[搭拉自]|闯红灯|乱[停堆扔贴画搭倒丢放]|占[道用压]|堵[塞住]|礼让|养鸡|种菜|抽烟|吸烟|陈旧"
)
_FAULTY = "堆破坏损乱占脏污倒缺没不无漏堵裂坑锈贴晾臭摊违闯烧断掉翘松歪淤溢冒飘满失灭斜陷沉褪挡扔吐吵围种挤差丑烂"
_SEEN = "存在|发现|看到|出现|巡访|巡查"
_CERTAIN = re.compile(f"{_TROUBLES}|{_SEEN}")
_NAMES = "无影山|斜马路"  # where such a character is part of a name of this city
_POSSIBLE = re.compile(f"{_TROUBLES}|{_SEEN}|(?!{_NAMES})[{_FAULTY}]")
FAULT = re.compile(f"{_TROUBLES}|(?!{_NAMES})[{_FAULTY}]")

_IN = re.compile(r"^[\s::]*(?:(?:还)?在|位于|地点|位置|地址|地段)?[::\s]*")
# Where the trouble is said first: "垃圾成堆,在山师东街北头".
_LATER = re.compile(r"(?:在|位于|地点:|位置:|地址:)([^,。;!?()、\s:]{2,24})")
_CLAUSE = re.compile(r"[,。;!?(\n]")
# A place that says nothing without the one above it: 3号楼, 北门, 2单元, 小区内.
_PART = re.compile(
    "(?:[0-9A-Za-z一二三四五六七八九十]+(?:#|号|单元|栋|区|楼|期)|[东西南北中正侧后大]{1,2}(?:门|侧|区|头|口|边|院|角)|小区|社区|楼|院|门|路口"
    "|沿街|路边|垃圾[箱桶站房]|幼儿园|学校|[小中]学|超市|菜?市场|广场|公园|医院|公?厕|停车场|工地|物业|公交站|站[台牌]|宣传栏|大厅|绿化带|花坛|草坪|[人便]行?道|地面|墙)"
)
_HERE = re.compile("[这那此本我]|(?:路|街|巷|楼|村|镇|河|公交)[口边里上下内道站]")
_OFFICE = re.compile("[\u4e00-\u9fa5]{2,9}?(?:街道(?:办事处)?|街办|镇)(?![口面])")
_ORDINAL = "第?[一二三四五六七八九十0-9]{0,3}支?"
# What headlines say beside the place; it is cut out, and the last piece that is a place stays.
_NOISE = re.compile(
    r"\([^()]*\)|[0-9]{2,4}年|[0-9]{1,2}月(?:[0-9]{1,2}[日号])?|[0-9]{1,2}日|[0-9]{1,2}[::点时][0-9]{0,2}分?|[0-9.\-/]{4,10}"
    "|今[天日早晚]|昨[天日]|[上下中]午|早[上晨]|晚上|刚才|我们|[我本]队|"
    rf"{_ORDINAL}(?:市民)?(?:文明)?巡访(?:{_ORDINAL}(?:小?[团队组]|员))?|巡查|走访|检查|现场|(?:发现|看到|存在|去)了|发现|存在|看到|了"
    "|有?(?:以下|如下|下列)|几[个处点]|问题|情况|汇报|报告|反映|各位|领导|大家好?|[您你]好|方面|部分|路线|线路|[:,。!;、的\\s]|还?在|位于|^[到对]"
)


_COUNTED = re.compile("[0-9一二两三四五六七八九十几多]+个")


def own_place(text: str) -> str:
    """The place a finding begins with, or names after 在; "" when there is none. Half-width text."""
    clause = _CLAUSE.split(text.strip(), maxsplit=1)[0]
    first = _up_to_place(_IN.sub("", clause, count=1))
    return first or next((place for m in _LATER.finditer(text) if (place := _up_to_place(m[1]))), "")


def named_place(text: str) -> str:
    """The same where it names a place of its own; "" for what could be anywhere (路口, 小区门口, 这里)."""
    place = own_place(half_width(text))
    return "" if _PART.match(place) or _HERE.match(place) else place


def tells_of_trouble(text: str) -> bool:
    """Whether words speak of a trouble or of seeing one, by more than a character that a name may hold as well."""
    return bool(_CERTAIN.search(half_width(text)))


def headline_place(headline: str) -> str:
    """The place a headline gives to all below it: "11月20日在甸柳新村三区巡访发现:" gives 甸柳新村三区."""
    pieces = [piece for piece in _NOISE.split(headline) if piece and not _COUNTED.match(piece)]
    with_place_word = next((place for piece in reversed(pieces) if (place := _up_to_place(piece))), "")
    if with_place_word:
        return with_place_word
    # A name without a place word (甸柳) is a place when it is what was walked through.
    walked = re.search("([\u4e00-\u9fa5]{2,8}?)(?=巡访|巡查|走访|发现)", headline)
    return walked[1] if walked and walked[1] in pieces and not FAULT.search(walked[1]) else ""


def _up_to_place(words: str) -> str:
    """Everything up to the last word for a place that stands before the trouble."""
    words = words[:48]
    first = _WHERE.search(words)
    certain = _CERTAIN.search(words)
    if first is None or (certain and certain.start() < first.start()):
        return ""
    trouble = _POSSIBLE.search(words, first.end())
    limit = trouble.start() if trouble else len(words)
    end = max((m.end() for m in _WHERE.finditer(words) if m.end() <= limit), default=first.end())
    start = words.rfind("在", 0, first.start()) + 1  # 停在泉城路口
    place = words[start:end].strip(" :、(")
    return place if len(place) > 1 else ""


def within(whole: str, part: str) -> str:
    """A part of a place (3号楼) said with the whole (甸柳新村三区); the part alone when it says enough.

    Of the whole the 街道 is kept in any case: who walks through one stays in it.
    """
    if not part or (whole and _PART.match(part)):
        return f"{whole}{part}"
    office = _OFFICE.match(whole)
    return f"{office[0]}{part}" if office and not _OFFICE.match(part) else part


def is_only_place(line: str) -> bool:
    """Whether a line names a place and nothing else."""
    words = _IN.sub("", line, count=1).strip(" :。,")
    return 1 < len(words) <= 30 and _up_to_place(words) == words
