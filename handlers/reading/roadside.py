"""文明交通志愿服务: short words from the roadside."""

import re
from dataclasses import dataclass

from handlers.reading.place_words import own_place
from handlers.reading.width import half_width


@dataclass(frozen=True, slots=True)
class Roadside:
    """路边来文: what was said, without whom it was said to and that one is on duty.

    words: behaviours, with place, direction and time left in them.  place_words, direction, at_time_text: the same
    again as far as they were named, as written.
    """

    words: str
    place_words: str
    direction: str
    at_time_text: str


_EDGES = " \t\r\n,;:|!。、，；：！"
# WeChat ends a mention with U+2005; a typed one ends with a space, with the robot's name, or with the message.
_MENTION = re.compile(
    r"(?<![0-9A-Za-z])@(?:[^\s@,。:;!]{0,12}?(?:机器人|小助手|助手|[Bb][Oo][Tt])|[^\s@,。:;!]{1,20}(?=[\s@]|$)|所有人)[\s,:]?"
)
# That somebody is on duty is said for the group; it is no finding.
_SHIFT = re.compile(
    r"(?:(?:今天|今日|本人|我)?(?:正?在)?(?:第?[一二三四1-4A-D]班|[早中晚夜]班|[早晚午平]高?峰|上午|下午)?(?:交通|文明)?(?:志愿者?)?"
    r"(?:执勤|值勤|执岗|值岗|上岗|在岗|站岗|到岗|值班|换岗|下岗|交接班)(?:中|时段?|期间|完毕)?|(?:[早中晚夜]班|第?[一二三四1-4A-D]班)(?:次)?"
    r"|(?:交通|文明)?志愿者?(?:报告|上报|反映)?(?=[,:。\s])|(?:报告|上报|汇报)(?=[,:]))(?:发现|看到)?"
)
_HEADS = "[东西南北]{1,2}"
# 经十东路 and the like hold a heading too, hence a verb, a second heading or a suffix.
_DIRECTION = re.compile(
    rf"(?:[由自从]{_HEADS}|(?<![\u4e00-\u9fa5]){_HEADS})[向往至到朝]{_HEADS}(?:方向)?|{_HEADS}[向往]{_HEADS}(?:方向)?|[往向朝]{_HEADS}(?:方向|行驶|走|去)"
    rf"|{_HEADS}方向|{_HEADS}(?:进口|出口|半幅|侧(?:道路|车道)?)|(?:东西|南北)向|{_HEADS}口"
)
_TIME = re.compile(
    r"(?:今[天早晚]|早[上晨]|上午|中午|下午|傍晚|晚上)?\s?[0-9]{1,2}\s?(?:[:.点时]\s?(?:[0-9]{2}|半|[一三]刻)分?|点钟?|时)(?:左右|许|多)?(?![0-9米])"
    "|(?:今[天早晚]|早[上晨]|上午|中午|下午|傍晚|晚上)?[一二三四五六七八九十]{1,2}点(?:半|[一三]刻|[一二三四五]?十?[一二三四五六七八九]?分)?(?:左右|多)?"
    "|刚才|刚刚|现在|目前|[早晚]高峰|今[早晚]|早[上晨]|傍晚"
)
# Who does it is no part of where: 外卖小哥历山路口闯红灯.
_SUBJECT = re.compile(
    r"^(?:(?:发现|看到|有)?(?:一|两|几|多|[0-9]{1,2})?(?:辆|个|位|名|台)?(?:的)?)?(?:送?外卖(?:小哥|员|车|骑手)?|快递(?:小哥|员|车)?|骑手|电动自行车|电动车|电瓶车"
    "|自行车|共享单车|私家车|小?轿车|小汽车|汽车|机动车|非机动车|出租车|公交车|大?货车|渣土车|三轮车|老头乐|摩托车|行人|大爷|大妈|学生|家长)(?:们)?(?:在|从)?"
)


def read(text: str) -> Roadside:
    """读路边来文: mentions and duty words taken out; place, direction and time shown apart as well."""
    words = _tidy(_blank(_SHIFT, _blank(_MENTION, text)))
    flat = half_width(words)
    time, direction = _TIME.search(half_width(_blank(_MENTION, text))), _DIRECTION.search(flat)
    return Roadside(words, _place(flat), direction[0] if direction else "", time[0].strip() if time else "")


def _blank(pattern: re.Pattern[str], text: str) -> str:
    pieces, done = [], 0
    for match in pattern.finditer(half_width(text)):
        pieces.append(text[done : match.start()])
        done = match.end()
    return " ".join([*pieces, text[done:]])


def _tidy(words: str) -> str:
    one_line = " ".join(words.split()).strip(_EDGES)
    return re.sub(r"\s*([,，;；。])[\s,，;；。]*", r"\1", one_line)


def _place(flat: str) -> str:
    """The first clause that names a place does, without its time, its direction and whoever is in it."""
    for clause in re.split(r"[,;。!\s]", flat):
        where = _TIME.sub("", clause)
        where = re.sub(rf"(?:[由自从]?{_HEADS}[向往至到朝]{_HEADS}(?:方向)?)", "", where)
        place = own_place(_SUBJECT.sub("", where))
        if place:
            return place
    return ""
