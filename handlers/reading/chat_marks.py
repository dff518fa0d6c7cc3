"""聊天标记: what stands in an export for pictures, stickers, voices, quotes, and what WeChat itself said."""

import re
from dataclasses import dataclass

from handlers.reading.width import half_width

_SUFFIX = r"\.(?:jpe?g|png|webp|heic|heif|bmp|gif|dat)"
_SEE = r"\((?:可|请)?(?:在|见)?附件(?:中查看|中)?\)"
_PICTURE = re.compile(
    # [图片]  [图片3]  [图片: ab12.jpg(请在附件中查看)]  [Photo]
    rf"[\[【<](?:图片|照片|image|photo|picture)\s?(?P<count>[0-9]{{0,4}})(?::\s?(?P<name>[^\]】>\n]{{1,160}}?))?\s?(?:{_SEE})?[\]】>]"
    # 图片3(可在附件中查看)  ab12.jpg(可在附件中查看)
    rf"|图片\s?(?P<number>[0-9]{{1,4}})\s?{_SEE}"
    rf"|(?P<file>[^\s/\\\[\]()]{{1,120}}{_SUFFIX})\s?{_SEE}"
    # Nothing else on the line: a file's name, as computers show a picture.
    rf"|^[ \t]*(?P<path>(?:[^\n\[\]<>|*?]{{0,200}}[/\\])?[^\s/\\\[\]]{{1,120}}{_SUFFIX})[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_UNREAD = {
    "语音": "voice",
    "语音通话": "voice",
    "voice": "voice",
    "视频": "video",
    "视频通话": "video",
    "视频号": "video",
    "video": "video",
    "表情": "sticker",
    "动画表情": "sticker",
    "动态表情": "sticker",
    "sticker": "sticker",
    "文件": "file",
    "file": "file",
    "链接": "link",
    "小程序": "link",
    "聊天记录": "link",
    "名片": "link",
    "音乐": "link",
    "红包": "system",
    "微信红包": "system",
    "转账": "system",
    "位置共享": "system",
}
_OTHER = re.compile(
    rf"[\[【<](?P<what>{'|'.join(sorted(_UNREAD, key=len, reverse=True))})(?:[:\s(][^\]】>\n]{{0,300}})?[\]】>]"
    r"(?:\s?[0-9]{1,4}\s?(?:秒|\"|″|''))?",
    re.IGNORECASE,
)
_LOCATION = re.compile(
    r"[\[【<](?:位置|地理位置|location)(?::\s?(?P<place>[^\]】>\n]{1,120}))?[\]】>]", re.IGNORECASE
)
# WeChat's own yellow faces, as an export writes them. Other words in brackets are words.
_FACES = (
    "微笑|撇嘴|色|发呆|得意|流泪|害羞|闭嘴|睡|大哭|尴尬|发怒|调皮|呲牙|惊讶|难过|囧|抓狂|吐|偷笑|愉快|白眼|傲慢|困|惊恐|憨笑|悠闲|咒骂|疑问|嘘|晕|衰"
    "|骷髅|敲打|再见|擦汗|抠鼻|鼓掌|坏笑|右哼哼|鄙视|委屈|快哭了|阴险|亲亲|可怜|笑脸|生病|脸红|破涕为笑|恐惧|失望|无语|嘿哈|捂脸|奸笑|机智|皱眉|耶"
    "|吃瓜|加油|汗|天啊|Emm|社会社会|旺柴|好的|打脸|哇|翻白眼|666|让我看看|叹气|苦涩|裂开|嘴唇|爱心|心碎|拥抱|强|弱|握手|胜利|抱拳|勾引|拳头|OK"
    "|合十|啤酒|咖啡|蛋糕|玫瑰|凋谢|菜刀|炸弹|便便|月亮|太阳|庆祝|礼物|發|福|烟花|爆竹|猪头|跳跳|发抖|转圈"
)
FACE = re.compile(rf"\[(?:{_FACES})\]", re.IGNORECASE)
_SYSTEM = re.compile(
    r"[^\n]{0,60}(?:邀请[^\n]{1,80}(?:加入了?群聊|进群)|加入了?群聊|退出了?群聊|移出了?群聊|撤回了?一条(?:成员)?消息(?:\s?重新编辑)?"
    r"|领取了[^\n]{0,30}红包|拍了拍[^\n]{0,40}|修改群名为[^\n]{0,80}|(?:开启|关闭)了[^\n]{0,20}(?:邀请确认|朋友验证)[^\n]{0,40}"
    r"|成为(?:新的?)?群主|发起了(?:语音|视频)通话|(?:语音|视频)通话已?经?结束)[。.]?"
    r"|收到红包,请在手机上查看|[-—\s]*以下[是为]新消息[-—\s]*|发自我的\s?(?:iPhone|iPad|手机|小米手机|华为手机)"
)
_QUOTE_ABOVE = re.compile(
    r"^\s*[「“\"](?P<who>[^:\n]{1,40}):\s?(?P<words>[^」]{0,2000}?)[」”\"]\s*\n\s*(?:[-—–]\s?){5,}\s*(?:\n|$)"
)
_QUOTE_BELOW = re.compile(
    r"(?:^|\n)\s*[\[(]?引用\s?(?P<who>[^:\n]{0,40}?)\s?(?:的消息)?\s?:\s?(?P<words>[^\n]{0,2000})[\])]?\s*$"
)


# Nobody types so much; what is longer was made to keep somebody waiting.
_LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class Body:
    """消息内容: the words that are left, the pictures it names, what it answers and what cannot be read in it."""

    words: str
    pictures: tuple[str, ...]
    quoted: str
    unread: str


def body(text: str) -> Body:
    """Read the text of one message."""
    words, quoted = _without_quote(text[:_LONGEST])
    pictures = tuple(_name(found) for found in _PICTURE.finditer(half_width(words)))
    words = _blank(_PICTURE, words)
    unread = [_UNREAD[found["what"].lower()] for found in _OTHER.finditer(half_width(words))]
    words = FACE.sub("", _place_told(_blank(_OTHER, words)))
    kept = [line for line in words.split("\n") if not is_system(line)]
    if len(kept) < words.count("\n") + 1:
        unread.append("system")
    words = "\n".join(line for line in map(str.strip, kept) if line)
    return Body(words, pictures, quoted, next(iter(unread), ""))


def is_system(line: str) -> bool:
    """Whether a line was said by WeChat and by nobody in the group: who came, who left, what was withdrawn."""
    return _SYSTEM.fullmatch(half_width(line).strip()) is not None


def _without_quote(text: str) -> tuple[str, str]:
    """The words, and the words they answer; half-width is as long as what it was made of."""
    flat = half_width(text)
    found = _QUOTE_ABOVE.match(flat) or _QUOTE_BELOW.search(flat)
    if found is None:
        return text, ""
    return f"{text[: found.start()]}\n{text[found.end() :]}", text[found.start("words") : found.end("words")].strip()


def _name(found: re.Match[str]) -> str:
    said = found["name"] or found["file"] or found["path"]
    number = found["count"] or found["number"]
    return said.strip() if said else f"图片{number}" if number else ""


def _place_told(text: str) -> str:
    """A place sent as a card is as good as a place in words."""
    flat = half_width(text)
    for found in reversed(list(_LOCATION.finditer(flat))):
        told = text[found.start("place") : found.end("place")] if found["place"] else ""
        text = f"{text[: found.start()]}\n{told}\n{text[found.end() :]}"
    return text


def _blank(pattern: re.Pattern[str], text: str) -> str:
    for found in reversed(list(pattern.finditer(half_width(text)))):
        text = f"{text[: found.start()]}\n{text[found.end() :]}"
    return text
