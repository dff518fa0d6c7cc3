"""脱敏: whatever names a person is masked; enough of it is left to see what kind of thing it was."""

import re
from collections.abc import Callable

from handlers.reading.names import ANY, SURE, TITLE
from handlers.reading.width import half_width

_GAP = r"[ \t.·•\-–—_]{0,3}"
# A star counts as a digit, so that masked text is left as it is.
_START, _END = r"(?<![0-9*])(?<![0-9]\.)", r"(?![0-9*])"
_IS = r"[】\]\s::是为叫]{0,4}"

_BIRTHDAY = r"(?:19|20)[0-9]{2}[ \-]?(?:0[1-9]|1[0-2])[ \-]?(?:0[1-9]|[12][0-9]|3[01])"
# Fifteen digits are an old card's only where 身份证 says so; an order number has as many.
_IDENTITY = (
    rf"{_START}[1-9][0-9]{{5}}[ \-]?{_BIRTHDAY}[ \-]?[0-9]{{3}}[0-9Xx](?![0-9A-Za-z*])"
    rf"|(?<=身份证)(?:号码|号)?{_IS}(?P<short_identity>[0-9]{{6,17}}[0-9Xx])(?![0-9A-Za-z*])"
)

_GROUPINGS = ((3, 4, 4), (4, 3, 4), (4, 4, 3), (3, 3, 5), (3, 5, 3), (1,) * 11)
# People part the digits in all these ways, and some put a space after each to be kept.
_MOBILE = rf"{_START}(?:\+?(?:00)?86{_GAP})?(?=1[ \-]?[3-9])(?:%s){_END}" % "|".join(
    _GAP.join(f"[0-9]{{{n}}}" for n in grouping) for grouping in _GROUPINGS
)
_MOBILE_IN_WORDS = "[一幺][三四五六七八九][零〇一幺二两三四五六七八九]{9}(?![零〇一幺二两三四五六七八九])"

_AREA = "0(?:10|2[0-9]|[3-9][0-9]{2})"
# Without an area code eight digits may be anything, a date among others: only a label makes them a phone.
_LOCAL = r"[2-8][0-9]{2,3}[ \-]?[0-9]{4}"
_LANDLINE = (
    rf"{_START}(?:\({_AREA}\)|{_AREA})[\- ]{{0,3}}{_LOCAL}{_END}"
    rf"|(?:电话|座机|固话|来电号码|联系方式|致电|拨打)(?:号码|号)?{_IS}(?P<local>{_LOCAL}){_END}"
)

_PROVINCE = "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]"
_PLATE_GAP = r"[ .·•\-]{0,2}"
# No hyphen inside a plate: 1-2-301 is a flat.
_BODY_GAP = "[ .·]?"
_KINDS_OF_CAR = "[挂学警港澳领试超使]"
_PLATE = (
    rf"{_PROVINCE}{_PLATE_GAP}[A-Za-z]{_PLATE_GAP}(?=[^0-9]{{0,4}}[0-9])(?:[A-Za-z0-9]{{4,5}}{_KINDS_OF_CAR}"
    # In one piece first: of "鲁A12345 3号楼" the 3 is not the plate's.
    r"|[A-Za-z0-9]{5,6}(?![A-Za-z0-9*])"
    rf"|[A-Za-z0-9](?:{_BODY_GAP}[A-Za-z0-9]){{3,4}}?{_BODY_GAP}(?:{_KINDS_OF_CAR}|[A-Za-z0-9](?![A-Za-z0-9*])))"
    # Without its province, as it is called out at the roadside.
    rf"|(?<![A-Za-z0-9*\-_./@])[AS](?=[A-Z]{{0,4}}[0-9][A-Z]{{0,3}}[0-9])[A-Z0-9]{{5,6}}(?![A-Za-z0-9*\-_./@])"
    rf"|(?:车牌|牌照|车号)(?:号码|号)?{_IS}[\u4e00-\u9fa5]{{0,4}}(?P<short_plate>(?=[A-Za-z]{{0,5}}[0-9])[A-Za-z0-9]{{5,7}})(?![A-Za-z0-9*])"
)

_HAN = "[\u4e00-\u9fa5]"
_CALLER = "(?:来电人|来访人|来信人|联系人|诉求人|反映人|投诉人|举报人|申请人|当事人|上报人|报案人|求助人|姓名|名字)"
_DOES = "(?:我叫|我是|本人|巡访员|巡查员|志愿者|测评员|拍客|记者|通讯员|车主|司机)"
_CITIZEN = "(?:市民|居民|业主|群众|网友|村民|住户)"
_SAYS = "(?:反映|来电|投诉|举报|致电|表示|咨询|建议|求助|提出|诉称|称|说)"
_AFTER_NAME = rf"(?:{TITLE}|{_SAYS}|于|在|电话|手机|联系|住|{_HAN}{{0,2}}[::]|[^\u4e00-\u9fa5]|$)"
_GIVEN = "(?!先生|女士|小姐|同志)[^\\W0-9A-Za-z_路街道区店院桥站村镇县市局办队处所厂校楼庄门口的和与或]"
# What forms put in the name's place when there is none.
_NOBODY = "(?!匿名|不详|保密|市民|本人|同上|居民|群众|业主|社区|物业|先生|女士)"
# 历下区城管局 begins with a surname too, but ends as offices and places do.
_OFFICE = "(?<![区县市街道办局队处所站部院校镇村组会司])"
_NAME = (
    rf"{_CALLER}(?:姓名)?{_IS}(?P<caller>{_NOBODY}(?:{_HAN}{{1,3}}?(?={TITLE})|{ANY}{_HAN}{{1,3}}?{_OFFICE}(?={_AFTER_NAME})"
    rf"|(?<=[::】\]]){_HAN}{{2,4}}{_OFFICE}(?!{_HAN})|(?<=[::】\] ])[A-Za-z]{{2,20}}(?![A-Za-z0-9])))"
    rf"|{_CITIZEN}[::\s]{{0,2}}(?P<citizen>(?!白天|夏天|马上){SURE}(?:{_GIVEN}){{1,2}}?)(?={_SAYS}|[::])"
    # Who signs or is named by what they do: 志愿者刘洋, 车主王强.
    rf"|{_DOES}{_IS}(?P<doing>(?!白天|夏天|马上|严重){SURE}(?:{_GIVEN}){{1,2}})(?={_AFTER_NAME}|报告|上报)"
    # Beside a phone number a name needs no label.
    rf"|(?<!{_HAN})(?P<before>{ANY}(?:{_GIVEN}){{1,2}})(?=[\s,:;]{{1,3}}1[3-9][0-9]{{9}}(?![0-9]))"
    rf"|(?<=1[3-9][0-9]{{9}}[\s,:;])(?P<behind>{ANY}(?:{_GIVEN}){{1,2}})(?!{_HAN})"
    rf"|(?P<titled>{SURE}(?:{_GIVEN}){{0,2}}(?=先生|女士|小姐|同志)|{ANY}(?={TITLE}))"
)

_HANDLE = rf"(?:微信号?|QQ号?|qq号?|邮箱){_IS}(?P<called>[A-Za-z0-9][A-Za-z0-9_\-@.]{{4,30}})"

# 工单编号 and the like are kept, unless what follows is a mobile number to the digit.
_ORDER = (
    r"(?:(?:工单|受理|案件|订单|流水|诉求|登记|派单|任务)(?:编号|号码|单号|号)|编号|单号|工单|No\.?)"
    r"[】\]\s::#是为]{0,4}(?!1[3-9][0-9]{9}(?![0-9A-Za-z\-]))[A-Za-z0-9][A-Za-z0-9\-]*"
)


_NAMES = ("caller", "citizen", "doing", "before", "behind", "titled")


def _keep(text: str, head: int, tail: int) -> str:
    return text[:head] + "*" * max(len(text) - head - tail, 1) + text[len(text) - tail :]


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isascii() and c.isalnum())


def _identity(match: re.Match[str]) -> str:
    return _keep(_digits(match["short_identity"] or match[0]).upper(), 4, 4)


def _mobile(match: re.Match[str]) -> str:
    return _keep(_digits(match[0])[-11:], 3, 4)


def _mobile_in_words(match: re.Match[str]) -> str:
    return _keep(match[0], 3, 4)


def _landline(match: re.Match[str]) -> str:
    if match["local"]:
        return "****" + match["local"][-4:]
    area = re.match("0(?:10|2.|...)", _digits(match[0]))
    return f"{area[0] if area else ''}-****{match[0][-4:]}"


def _plate(match: re.Match[str]) -> str:
    if match["short_plate"]:
        return _keep(match["short_plate"].upper(), 0, 1)
    return _keep(re.sub(r"[ .·•\-]", "", match[0]).upper(), 2, 1)


def _handle(match: re.Match[str]) -> str:
    return _keep(match["called"], 1, 0)


def _name(match: re.Match[str]) -> str:
    return "*" * min(len(next(match[name] for name in _NAMES if match[name])), 3)


# One alternation, tried in this order at every place.
_KINDS: dict[str, tuple[str, Callable[[re.Match[str]], str]]] = {
    "order": (_ORDER, lambda match: match[0]),
    "identity": (_IDENTITY, _identity),
    "mobile": (_MOBILE, _mobile),
    "mobile_in_words": (_MOBILE_IN_WORDS, _mobile_in_words),
    "landline": (_LANDLINE, _landline),
    "plate": (_PLATE, _plate),
    "handle": (_HANDLE, _handle),
    "name": (_NAME, _name),
}
_ANY_KIND = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, (pattern, _) in _KINDS.items()))
# Parts of a match that alone are hidden; what stands before them in the match is a label and is kept.
_VALUES = ("short_identity", "local", "short_plate", "called", *_NAMES)


def mask(text: str) -> str:
    """脱敏: phones, identity cards, plates and callers' names with stars in them; everything else as it was.

    "13812345678" becomes "138****5678", "鲁A12345" "鲁A****5", "来电人:张三" "来电人:**", "张先生" "*先生".
    Masking what is masked already changes nothing.
    """
    masked = _mask_once(text)
    # Stars can part what stood together, and then it may read as a label and its value; every turn leaves less.
    while masked != text:
        text, masked = masked, _mask_once(masked)
    return masked


def _mask_once(text: str) -> str:
    pieces, done = [], 0
    for match in _ANY_KIND.finditer(half_width(text)):
        kind = match.lastgroup or "order"
        if kind == "order":
            continue
        start, end = _hidden(match)
        pieces += [text[done:start], _KINDS[kind][1](match)]
        done = end
    return "".join(pieces) + text[done:]


def _hidden(match: re.Match[str]) -> tuple[int, int]:
    return next((match.span(name) for name in _VALUES if match[name] is not None), match.span())


def has_personal_data(text: str) -> bool:
    """Whether a text names a person, a phone, an identity card or a plate that is not masked yet."""
    return mask(text) != text
