"""智能机器人: what a bot can do in a group besides answering at once: fetch pictures, and say one more thing."""

import re
from collections.abc import Sequence
from datetime import datetime
from fnmatch import fnmatchcase
from urllib.parse import urlsplit

import requests

from bot.wechat.client import attempt
from bot.wechat.codec import Codec, CodecError
from bot.wechat.download import read_capped
from bot.wechat.errors import Fate, SendError, from_status, read_answer
from bot.wechat.fields import clean
from bot.wechat.reply import cut
from bot.wechat.transport import Timeout, open_web
from bot.wechat.work_codes import GROUP

MAX_MARKDOWN_BYTES = 20480
# What is fetched comes padded to a full block, and a block more when it was full.
_PADDING = 32
# Beyond these, whoever checks an address and whoever asks it may read two hosts out of it: "localhost\\.qpic.cn".
_HOST = re.compile("[a-z0-9.-]+")


class GroupBot:
    """群机器人接口: one bot. It asks nobody but the hosts named in the settings, whatever a push says."""

    def __init__(
        self, key: str, codec: Codec, api_base_url: str, media_hosts: Sequence[str], timeout: Timeout = (3, 5)
    ) -> None:
        """api_base_url: where response_url leads.  media_hosts: where pictures lie, as patterns of host names."""
        self._key, self._codec = key, codec
        self._api = urlsplit(api_base_url)
        self._media_hosts = tuple(media_hosts)
        self._http = open_web(timeout)

    def __repr__(self) -> str:
        return f"<GroupBot {self._key}>"

    def respond(self, address: str, text: str, now: datetime) -> None:
        """群内回复: says something in the group through the response_url of a message; works once, within an hour."""
        if not self._is_ours(address, (str(self._api.netloc),)):
            raise SendError(Fate.REFUSED, None, "response_url 不是企业微信的地址")
        order = {"msgtype": "markdown", "markdown": {"content": cut(clean(text), MAX_MARKDOWN_BYTES)}}
        response = attempt(self._http.post, address, json=order, allow_redirects=False)
        if response.status_code != requests.codes.ok:
            raise from_status(response.status_code)
        read_answer(GROUP, response.content, now)

    def download(self, address: str, max_bytes: int) -> bytes:
        """取图片: fetched within its five minutes and opened with the bot's key; raises SendError."""
        if not self._is_ours(address, (str(self._api.netloc), *self._media_hosts)):
            raise SendError(Fate.REFUSED, None, "图片不在设置的 media_hosts 中")
        headers = {"Accept-Encoding": "identity"}
        with attempt(self._http.get, address, stream=True, allow_redirects=False, headers=headers) as response:
            if response.status_code in (requests.codes.forbidden, requests.codes.not_found, requests.codes.gone):
                raise SendError(Fate.REFUSED, None, "图片已过期")
            if response.status_code != requests.codes.ok:
                raise from_status(response.status_code)
            sealed = attempt(read_capped, response, max_bytes + _PADDING)
        try:
            return self._codec.decrypt_file(sealed)
        except CodecError as error:
            # A page that a proxy put in its place, or half of it; there are minutes left to ask again.
            raise SendError(Fate.RETRY, None, f"图片无法解密: {error}") from error

    def _is_ours(self, address: str, hosts: Sequence[str]) -> bool:
        """Whether an address is one we may ask: a known host, and never in clear where the API is not."""
        try:
            parts = urlsplit(address)
            host, port = parts.hostname or "", parts.port
        except ValueError:
            return False
        if not _HOST.fullmatch(host):
            return False
        if parts.scheme not in ("https", self._api.scheme) or parts.username or "@" in parts.netloc:
            return False
        if parts.netloc == self._api.netloc:
            return True
        return port in (None, 443) and parts.scheme == "https" and any(_matches(host, one) for one in hosts)


def _matches(host: str, pattern: str) -> bool:
    """Label by label: "*" in a pattern never stands for a dot."""
    labels, wanted = host.lower().split("."), pattern.lower().split(".")
    return len(labels) == len(wanted) and all(map(fnmatchcase, labels, wanted))
