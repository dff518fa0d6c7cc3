"""闲聊: what is said in a group that tells of no problem, so that it need not be looked at."""

import re
import unicodedata

from handlers.reading import roadside
from handlers.reading.all_well import is_all_well
from handlers.reading.chat_marks import FACE
from handlers.reading.width import half_width

_LONGEST = 40
_MENTION = re.compile(r"@[^\s@]{1,30}")
# Put together they are all that many a message says: "好的收到，谢谢领导".
_SAID_OUT_OF_COURTESY = (
    "收到 已收到 好 好的 好嘞 好滴 行 可以 没问题 嗯 哦 噢 是 对 ok okk yes 明白 知道 知悉 了解 清楚 谢 谢谢"
    " 感谢 多谢 辛苦 客气 不客气 不用谢 应该 早 早上 上午 中午 下午 晚上 晚安 节日 新年 快乐 周末 愉快 恭喜发财"
    " 大吉大利 欢迎 新人 赞 点赞 给力 厉害 真棒 棒 优秀 加油 牛 哈 呵 嘿 嘻 马上 马上到 马上处理 稍等 来了 在 到"
    " 已到 到岗 已到岗 上岗 已上岗 下岗 已下岗 下班 已下班 再见 拜拜 +1 1 6 大家 各位 所有人 老师 领导 同志 朋友"
    " 群主 师傅 姐 哥 亲 伙伴 志愿者 你 您 们 啊 呀 吧 了 呢 的 哟"
)
_COURTESIES = tuple(_SAID_OUT_OF_COURTESY.split())


def is_chatter(words: str) -> bool:
    """Whether words are a greeting, a thank-you, a 收到, faces, or only that somebody is on duty and all is well."""
    said = _plain(words)
    if not said or _is_put_together(said.lower()):
        return True
    # A whole shift report is longer than a courtesy and still says nothing.
    return is_all_well(words) or not roadside.read(words).words


def _is_put_together(said: str) -> bool:
    """Whether courtesies one after the other make all of it, by the places that can be reached so."""
    reached = {0}
    for place in range(len(said)):
        if place in reached:
            reached |= {place + len(word) for word in _COURTESIES if said.startswith(word, place)}
    return len(said) in reached


def _plain(words: str) -> str:
    """Letters, Chinese characters and digits alone: no faces, no marks, no names spoken to."""
    flat = FACE.sub("", _MENTION.sub("", half_width(words)))[: _LONGEST * 4]
    kept = "".join(one for one in flat if unicodedata.category(one)[0] in "LN" or one == "+")
    return kept if len(kept) <= _LONGEST else f"{kept}。"
