"""聊天记录表格: a conversation as the rows of a table, whichever tool wrote it.

Heads seen in exports: 消息ID,类型,发送人,时间,内容,备注,昵称,更多信息 · localId,TalkerId,Type,SubType,IsSender,
CreateTime,Status,StrContent,StrTime,Remark,NickName,Sender (types in WeChat's numbers: 1 text, 3 picture, 34 voice …)
· time(Asia/Shanghai),group_id,group_name,from_id,from_nickname,content_type,content · what people type themselves.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import tzinfo

from handlers.reading import chat_marks
from handlers.reading.chat_said import Said, Transcript
from handlers.reading.chat_times import When
from handlers.reading.chat_times import read as read_time
from handlers.reading.width import half_width

# For every field the names of its column, the one that says most first: a group's nickname tells a person better
# than an id, and a time in words better than a number.
_COLUMNS = {
    "speaker": "群昵称 发送人 发送者 发言人 说话人 成员 姓名 备注 remark displayname sendername from_nickname"
    " nickname 昵称 from speaker name sender talker 用户 wxid",
    "time": "strtime 发送时间 消息时间 日期时间 时间 time datetime timestamp sent_at createtime create_time 日期"
    " date",
    "day": "日期 date",
    "kind": "类型 消息类型 type msgtype msg_type content_type type_name localtype",
    "words": "内容 消息内容 strcontent content text message msg body 消息 说明 parsedcontent",
    "files": "文件 文件名 附件 图片 照片 图片路径 文件路径 路径 file filename path src media attachment image images"
    " pictures picture",
    "chat": "群名 群聊 群名称 群 会话 chat group_name groupname group room talkername",
    "quoted": "引用 引用内容 quoted quote",
}
_TEXT, _PICTURE = "text", "picture"
BROKEN = "broken"  # the kind of a row that could not be read
_KINDS = {
    BROKEN: BROKEN,
    **dict.fromkeys(("1", "text", "文本", "文字", "文本消息", "文字消息", "引用", "244813135921"), _TEXT),
    **dict.fromkeys(("3", "image", "picture", "photo", "img", "图片", "照片", "图片消息"), _PICTURE),
    **dict.fromkeys(("34", "voice", "audio", "语音", "语音消息"), "voice"),
    **dict.fromkeys(("43", "62", "video", "视频", "视频消息"), "video"),
    **dict.fromkeys(("47", "sticker", "emoji", "emotion", "表情", "表情包", "动画表情"), "sticker"),
    **dict.fromkeys(("file", "文件"), "file"),
    **dict.fromkeys(("link", "链接", "分享", "名片", "card", "42", "小程序"), "link"),
    **dict.fromkeys(
        ("10000", "10002", "system", "系统", "系统消息", "系统通知", "notice", "撤回", "红包", "转账"), "system"
    ),
}
HEAD_WITHIN = 10
_XML = re.compile(r"\s*(?:<\?xml|<msg\b|<sysmsg\b)", re.IGNORECASE)
_BETWEEN_FILES = re.compile(r"[;,|\n，；]+")
_IS_FILE = re.compile(r"\S{1,300}\.(?:jpe?g|png|webp|heic|heif|bmp|gif|dat)", re.IGNORECASE)

Row = Sequence[str]


def read(rows: Sequence[Row], zone: tzinfo) -> Transcript:
    """读表格: rows below the first that names its columns. A table without such a row says nothing."""
    found = next(((n, _columns(row)) for n, row in enumerate(rows[:HEAD_WITHIN]) if is_head(row)), None)
    if found is None:
        return Transcript("", ())
    number, columns = found
    told = [_cells(row, columns) for row in rows[number + 1 :]]
    chat = next((cell("chat") for cell in told if cell("chat")), "")
    return Transcript(chat, tuple(said for cell in told if (said := _said(cell, zone))))


def is_head(row: Row) -> bool:
    """Whether a row names the columns of a conversation: who, and what or when."""
    columns = _columns(row)
    return "speaker" in columns and ("words" in columns or "files" in columns) and len(columns) > 2


def _columns(row: Row) -> dict[str, list[int]]:
    """Where each field stands; several columns may say the same."""
    names = [re.sub(r"\(.*\)|\s", "", half_width(cell)).lower() for cell in row]
    placed = {field: _places(names, known.split()) for field, known in _COLUMNS.items()}
    return {field: where for field, where in placed.items() if where}


def _places(names: Sequence[str], known: Sequence[str]) -> list[int]:
    return [names.index(name) for name in known if name in names]


def _cells(row: Row, columns: Mapping[str, list[int]]) -> Callable[[str], str]:
    def cell(field: str) -> str:
        """The first of a field's columns that says anything."""
        said = (row[n].strip() for n in columns.get(field, ()) if n < len(row))
        return next((text for text in said if text), "")

    return cell


def _said(cell: Callable[[str], str], zone: tzinfo) -> Said | None:
    kind = _KINDS.get(half_width(cell("kind")).lower(), "")
    written = "" if _XML.match(cell("words")) else cell("words")
    told = chat_marks.body(written)
    pictures = _pictures(kind, cell("files"), written, told)
    if not (told.words or pictures or kind or told.unread):
        return None
    when = _when(cell, zone)
    is_words = kind in (_TEXT, "") or bool(_XML.match(written))
    return Said(
        speaker=cell("speaker"),
        day=when.day,
        clock=when.clock,
        text=told.words if is_words else "",
        pictures=pictures,
        quoted=cell("quoted") or told.quoted,
        unread="" if kind == _PICTURE else told.unread if is_words else kind,
    )


def _pictures(kind: str, files: str, written: str, told: chat_marks.Body) -> tuple[str, ...]:
    """The files a row names; a picture that names none is one all the same."""
    named = [name.strip() for name in _BETWEEN_FILES.split(files) if _IS_FILE.fullmatch(name.strip())]
    if kind not in (_PICTURE, _TEXT, ""):
        return ()
    whole = written.strip()
    if kind == _PICTURE and _IS_FILE.fullmatch(whole):
        named = named or [whole]
    return tuple(named) or told.pictures or (("",) if kind == _PICTURE else ())


def _when(cell: Callable[[str], str], zone: tzinfo) -> When:
    """日期 and 时间 may stand in one column or in two."""
    when, day = read_time(cell("time"), zone), read_time(cell("day"), zone).day
    return when if when.day else When(day, when.clock)
