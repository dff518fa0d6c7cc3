"""下载: a file out of WeChat's API, bounded in size and time."""

import time

import requests

from bot.wechat.client import Guarded, attempt
from bot.wechat.errors import Fate, SendError

_SECONDS = 60
_CHUNK = 64 * 1024


class TooLarge(SendError):
    """文件太大: it is there, but larger than asked for; its sender can send a smaller one."""


def download(client: Guarded, media_id: str, max_bytes: int) -> bytes:
    """下载临时素材: the file as it is; raises SendError (REFUSED) when it is larger or a video."""
    return client.with_token(lambda token: _download(client, media_id, max_bytes, token))


def _download(client: Guarded, media_id: str, max_bytes: int, token: str) -> bytes:
    with client.fetch_stream("media/get", token, media_id=media_id) as response:
        body = attempt(read_capped, response, max_bytes)
    # Errors and videos come as JSON in place of the file, a proxy's trouble as a page; no file begins like them.
    if body.lstrip()[:1] in (b"{", b"<"):
        answer = client.read(body, token)
        # A video lies on another host, and nothing but this one is ever fetched.
        raise SendError(Fate.REFUSED, None, "视频无法下载" if "video_url" in answer else "没有得到文件")
    return body


def read_capped(response: requests.Response, max_bytes: int) -> bytes:
    """The body, as long as it stays within its size and a minute; raises SendError."""
    # The read timeout counts from byte to byte: a server that trickles would hold the thread for hours.
    deadline = time.monotonic() + _SECONDS
    body = bytearray()
    for chunk in response.iter_content(_CHUNK):
        body += chunk
        if len(body) > max_bytes:
            raise TooLarge(Fate.REFUSED, None, f"文件超过 {max_bytes} 字节")
        if time.monotonic() > deadline:
            raise SendError(Fate.RETRY, None, "下载超时")
    return bytes(body)
