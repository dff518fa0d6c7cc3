"""闲聊: what is said in a group that tells of no problem, so that it need not be looked at."""

import re
import unicodedata

from handlers.reading import roadside
from handlers.reading.all_well import is_all_well
from handlers.reading.chat_marks import FACE
from handlers.reading.width import half_width

_LONGEST = 40
_MENTION = re.compile(r"@[^\s@]{1,30}")
_WHO = "大家|各位|所有人|老师|老师们|领导|同志们?|朋友们|群主|师傅|姐|哥|亲们?|伙伴们?|志愿者们?|你们?|您"
# Put together they are all that many a message says: "好的收到，谢谢领导".
_COURTESIES = (
    "已?收到了?|好的?呢?|好嘞|好滴|行|可以|没问题|嗯+|哦+|噢|是的?|对的?|ok+|okk|yes|明白了?|知道了?|知悉|了解了?|清楚了?"
    "|谢谢?您?|感谢|多谢|辛苦了?|不客气|客气了?|不用谢|应该的|早上?好?|上午好|中午好|下午好|晚上好|晚安|你好|您好|大家好"
    "|新年好|节日快乐|周末愉快|恭喜发财|大吉大利|欢迎|欢迎新人|新人|点?赞|给力|厉害|真?棒|优秀|加油|牛|哈+|呵+|嘿+|嘻+|马上到?|马上处理|稍等|来了|在的?|到了?|已到"
    f"|已?到岗|已?上岗|已?下岗|已?下班|再见|拜拜|[+]1|1+|6+|{_WHO}|啊|呀|哈|吧|了|呢|的|哟"
)
_CHATTER = re.compile(rf"(?:{_COURTESIES})+", re.IGNORECASE)


def is_chatter(words: str) -> bool:
    """Whether words are a greeting, a thank-you, a 收到, faces, or only that somebody is on duty and all is well."""
    said = _plain(words)
    if not said or _CHATTER.fullmatch(said):
        return True
    # A whole shift report is longer than a courtesy and still says nothing.
    return is_all_well(words) or not roadside.read(words).words


def _plain(words: str) -> str:
    """Letters, Chinese characters and digits alone: no faces, no marks, no names spoken to."""
    flat = FACE.sub("", _MENTION.sub("", half_width(words)))[: _LONGEST * 4]
    kept = "".join(one for one in flat if unicodedata.category(one)[0] in "LN" or one == "+")
    return kept if len(kept) <= _LONGEST else f"{kept}。"
