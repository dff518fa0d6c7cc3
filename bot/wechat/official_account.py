"""公众号: what the Official Account can say and fetch. Every failure is a SendError and nothing else."""

import mimetypes
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.wechat.client import Clock, GuardedClient, attempt
from bot.wechat.download import download
from bot.wechat.errors import Fate, SendError
from bot.wechat.fields import clean
from bot.wechat.token import TokenKeeper
from bot.wechat.transport import Timeout

MAX_TEXT_BYTES = 2048
MAX_TITLE, MAX_CONTENT = 15, 200
MAX_SCENE = 64
MAX_SCENE_LIFE = timedelta(days=30)
_TOO_LONG = 45002


@dataclass(frozen=True, slots=True)
class QrCode:
    """场景二维码: url is the text to draw as a QR code; ticket gets WeChat's own picture of it."""

    url: str
    ticket: str


def utc_now() -> datetime:
    """The clock of the calls themselves: tokens age by it, whatever time the story is told at."""
    return datetime.now(UTC)


class OfficialAccount:
    """公众号接口: one account; share it between threads, it keeps up to 64 connections open."""

    def __init__(
        self,
        app_id: str,
        app_secret: str,
        api_base_url: str,
        tokens: TokenKeeper,
        timeout: Timeout = (3, 5),
        clock: Clock = utc_now,
    ) -> None:
        """api_base_url: https://api.weixin.qq.com, or a simulator.  timeout: connect, read, in seconds."""
        self._app_id = app_id
        self._client = GuardedClient(app_id, app_secret, api_base_url, tokens, timeout, clock)

    def __repr__(self) -> str:
        return f"<OfficialAccount {self._app_id}>"

    def send_text(self, openid: str, text: str) -> None:
        """客服消息: at most 2048 bytes of text, within the 48 h window and its five messages."""
        words = clean(text)
        _check_size(len(words.encode()), MAX_TEXT_BYTES, "消息正文")
        self._client.message.send_text(openid, words)

    def send_image(self, openid: str, media_id: str) -> None:
        """客服消息: a picture from upload_image."""
        self._client.message.send_image(openid, media_id)

    def send_menu(self, openid: str, head: str, choices: Sequence[tuple[str, str]], tail: str) -> None:
        """菜单消息: choices (id, words) to tap; a tap comes back as a text with bizmsgmenuid."""
        menu = {
            "head_content": clean(head),
            "list": [{"id": choice, "content": clean(words)} for choice, words in choices],
            "tail_content": clean(tail),
        }
        self._client.message.send_msg_menu(openid, menu)

    def send_template(self, openid: str, template_id: str, fields: Mapping[str, str], url: str = "") -> str:
        """模板消息: WeChat cuts fields beyond 20 characters; the msgid comes back in a delivery notice."""
        answer = self._client.message.send_template(openid, template_id, _values(fields), url=url or None)
        return str(answer.get("msgid", ""))

    def send_subscription(self, openid: str, template_id: str, fields: Mapping[str, str], page: str = "") -> None:
        """订阅通知: uses up one authorisation; a field that is too long is an error here, not a cut."""
        self._client.message.send_subscribe_message(openid, template_id, _values(fields), page=page or None)

    def send_once(
        self, openid: str, template_id: str, scene: int | str, title: str, content: str, url: str = ""
    ) -> None:
        """一次性订阅消息: the one message bought by one authorisation; title 15, content 200 characters."""
        _check_size(len(title), MAX_TITLE, "标题")
        _check_size(len(content), MAX_CONTENT, "正文")
        data = {"content": {"value": clean(content)}}
        self._client.message.send_subscribe_template(openid, template_id, str(scene), clean(title), data, url)

    def upload_image(self, content: bytes, filename: str) -> str:
        """上传临时素材: the media_id, good for three days."""
        return _need(self._client.media.upload("image", picture_file(filename, content)), "media_id")

    def download(self, media_id: str, max_bytes: int) -> bytes:
        """下载临时素材: the file as it is; raises SendError (REFUSED) when it is larger or a video."""
        return download(self._client, media_id, max_bytes)

    def create_scene(self, scene: str, expires: timedelta) -> QrCode:
        """带参二维码: scene of 1 to 64 characters, for at most 30 days."""
        _check_size(len(scene), MAX_SCENE, "场景值")
        order = {
            "expire_seconds": int(min(expires, MAX_SCENE_LIFE).total_seconds()),
            "action_name": "QR_STR_SCENE",
            "action_info": {"scene": {"scene_str": scene}},
        }
        answer = self._client.qrcode.create(order)
        return QrCode(_need(answer, "url"), _need(answer, "ticket"))

    def create_menu(self, menu: dict[str, Any]) -> None:
        """自定义菜单: replaces the account's menu; `menu` is {"button": [...]} as WeChat documents it."""
        self._client.menu.create(menu)

    def callback_ips(self) -> list[str]:
        """微信推送服务器 IP: the addresses and networks pushes come from."""
        addresses: list[str] = self._client.misc.get_wechat_ips()
        return addresses


def picture_file(filename: str, content: bytes) -> tuple[str, bytes, str]:
    """A picture as a part of a form. WeChat reads neither percent-encoded nor Chinese file names."""
    suffix = filename.rpartition(".")[2].lower()
    kind = mimetypes.types_map.get(f".{suffix}", "image/jpeg")
    return f"image.{suffix if suffix.isascii() and suffix.isalnum() else 'jpg'}", content, kind


def _values(fields: Mapping[str, str]) -> dict[str, dict[str, str]]:
    return {name: {"value": clean(value)} for name, value in fields.items()}


def _need(answer: Mapping[str, Any], name: str) -> str:
    return str(attempt(answer.__getitem__, name))


def _check_size(size: int, limit: int, what: str) -> None:
    """Refuse here what WeChat would refuse, or cut in the middle of a word, after a round trip."""
    if not 0 < size <= limit:
        raise SendError(Fate.REFUSED, _TOO_LONG, f"{what}的长度为 {size}，应在 1 到 {limit} 之间")
