"""企业微信应用: what a self-built app can say to members of a company. Every failure is a SendError, nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.wechat.client import Clock, GuardedWorkClient
from bot.wechat.download import download
from bot.wechat.errors import Fate, SendError
from bot.wechat.fields import clean
from bot.wechat.official_account import picture_file, utc_now
from bot.wechat.reply import cut
from bot.wechat.token import TokenKeeper
from bot.wechat.transport import Timeout
from bot.wechat.work_codes import NOT_A_MEMBER, NOT_LICENSED

MAX_TEXT_BYTES = 2048
MAX_PEOPLE = 1000
CARD_LIFE = timedelta(hours=72)
# How far back WeCom looks for the same message. Asked for with every first try as well, since nobody says whether one
# without it is remembered, and short there, because people may be told the same again. Four hours is the most.
_SAME_FOR = {False: timedelta(minutes=2), True: timedelta(hours=4)}


@dataclass(frozen=True, slots=True)
class Sent:
    """发送结果: who of those written to could not be given it, and why; the code that can change a card."""

    failed: Mapping[str, SendError]
    response_code: str = ""


class WorkApp:
    """企业微信应用接口: one app of one company; share it between threads."""

    def __init__(
        self,
        corp_id: str,
        agent_id: int,
        secret: str,
        api_base_url: str,
        tokens: TokenKeeper,
        timeout: Timeout = (3, 5),
        clock: Clock = utc_now,
    ) -> None:
        """api_base_url: https://qyapi.weixin.qq.com, or a simulator.  timeout: connect, read, in seconds."""
        self._corp_id, self._agent_id = corp_id, agent_id
        self._client = GuardedWorkClient(corp_id, secret, api_base_url, tokens, timeout, clock)

    def __repr__(self) -> str:
        return f"<WorkApp {self._corp_id}:{self._agent_id}>"

    def send_text(self, people: Sequence[str], text: str, *, again: bool = False) -> Sent:
        """文本消息 to up to 1,000 members by userid; WeCom would cut it silently at 2048 bytes.

        WeCom drops what it showed the same people in the same words within two minutes; again: it may have gone
        through before, so within hours.
        """
        words = cut(clean(text), MAX_TEXT_BYTES)
        return self._send(people, {"msgtype": "text", "text": {"content": words}}, again=again)

    def send_image(self, people: Sequence[str], media_id: str) -> Sent:
        """图片消息: a picture from upload_image."""
        return self._send(people, {"msgtype": "image", "image": {"media_id": media_id}})

    def send_card(self, people: Sequence[str], card: Mapping[str, Any], *, again: bool = False) -> Sent:
        """模板卡片: `card` as WeCom documents it; its task_id must never have been used."""
        return self._send(people, {"msgtype": "template_card", "template_card": dict(card)}, again=again)

    def change_card(self, people: Sequence[str], response_code: str, label: str) -> None:
        """更新卡片: in the place of its buttons one that says `label`; a code works once, within 72 h."""
        order = {
            "userids": list(people),
            "agentid": self._agent_id,
            "response_code": response_code,
            "button": {"replace_name": clean(label)},
        }
        self._client.post("message/update_template_card", data=order)

    def upload_image(self, content: bytes, filename: str) -> str:
        """上传临时素材: the media_id, good for three days."""
        answer = self._client.media.upload("image", picture_file(filename, content))
        return str(answer.get("media_id", ""))

    def download(self, media_id: str, max_bytes: int) -> bytes:
        """下载临时素材: the file as it is; raises SendError (REFUSED) when it is larger than that."""
        return download(self._client, media_id, max_bytes)

    def user_of(self, code: str) -> str:
        """网页授权, 扫码登录: the userid a code stands for, "" for who is no member. Once per code."""
        answer = self._client.get("auth/getuserinfo", params={"code": code})
        # Older answers write it with a capital letter.
        return str(answer.get("userid") or answer.get("UserId") or "")

    def create_menu(self, menu: dict[str, Any]) -> None:
        """应用菜单: replaces the app's menu; `menu` is {"button": [...]} as WeCom documents it."""
        self._client.post("menu/create", params={"agentid": self._agent_id}, data=menu)

    def callback_ips(self) -> list[str]:
        """企业微信推送服务器 IP."""
        return [str(address) for address in self._client.get("getcallbackip").get("ip_list", ())]

    def _send(self, people: Sequence[str], message: dict[str, Any], *, again: bool = False) -> Sent:
        if not 0 < len(people) <= MAX_PEOPLE:
            raise SendError(Fate.REFUSED, None, f"收件人应为 1 到 {MAX_PEOPLE} 名，实为 {len(people)}")
        checks = {"enable_duplicate_check": 1, "duplicate_check_interval": int(_SAME_FOR[again].total_seconds())}
        answer = self._client.message.send(self._agent_id, list(people), msg={**message, **checks})
        failed = _named(answer, "unlicenseduser", NOT_LICENSED) | _named(answer, "invaliduser", NOT_A_MEMBER)
        # WeCom writes the userids it names in small letters, whatever we sent.
        return Sent({who: failed[who.lower()] for who in people if who.lower() in failed}, _code(answer))


def _named(answer: Mapping[str, Any], field: str, why: tuple[Fate, str]) -> dict[str, SendError]:
    names = str(answer.get(field) or "").lower().split("|")
    return {name: SendError(why[0], None, why[1]) for name in names if name}


def _code(answer: Mapping[str, Any]) -> str:
    return str(answer.get("response_code") or "")
