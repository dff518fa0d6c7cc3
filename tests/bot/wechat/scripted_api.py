"""A scripted API server on loopback and a handle on a real Valkey: nothing of ours is replaced in these tests."""

import json
import socket
import struct
import subprocess
from collections import defaultdict, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from threading import Event, Lock
from typing import Any

import redis
from werkzeug.serving import WSGIRequestHandler
from werkzeug.wrappers import Request, Response

from bot.wechat.token_store import token_redis

Script = Callable[[Request], Response]


def says(answer: object, status: int = 200) -> Script:
    """Answer with JSON."""
    return lambda _request: Response(json.dumps(answer), status, content_type="application/json")


def sends(body: bytes, status: int = 200, **headers: str) -> Script:
    """Answer with these very bytes."""
    return lambda _request: Response(body, status, {name.replace("_", "-"): v for name, v in headers.items()})


def resets(request: Request) -> Response:
    """Cut the connection in the way a dying proxy does."""
    connection = request.environ["werkzeug.socket"]
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.shutdown(socket.SHUT_RDWR)
    return Response()


def cuts_off(_request: Request) -> Response:
    """Promise more bytes than come."""
    return Response(iter([b"short"]), headers={"Content-Length": "900", "Connection": "close"})


@dataclass(frozen=True)
class Call:
    """One request as the server saw it."""

    path: str
    query: dict[str, str]
    body: bytes
    headers: dict[str, str]

    @property
    def said(self) -> Any:
        return json.loads(self.body)


@dataclass
class FakeApi:
    """WeChat's API server: hands out T1, T2 … and plays what the test has written for a path."""

    url: str = ""
    calls: list[Call] = field(default_factory=list)
    scripts: dict[str, deque[Script]] = field(default_factory=lambda: defaultdict(deque))
    always: dict[str, Script] = field(default_factory=dict)
    over: Event = field(default_factory=Event)
    token: int = 0
    lock: Any = field(default_factory=Lock)

    def plays(self, path: str, *scripts: Script) -> None:
        """Answer the next calls of this path like this, one after the other."""
        self.scripts[path].extend(scripts)

    def paths(self) -> list[str]:
        return [call.path for call in self.calls]

    def hangs(self, _request: Request) -> Response:
        """Say nothing until the test is over."""
        self.over.wait(10)
        return Response()

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        request = Request(environ)
        with self.lock:
            path = request.path.removeprefix("/cgi-bin/")
            self.calls.append(Call(path, request.args.to_dict(), request.get_data(), dict(request.headers)))
            script = self.scripts[path].popleft() if self.scripts[path] else self.always.get(path)
            answer = script or self._answer(path)
        return answer(request)(environ, start)

    def _answer(self, path: str) -> Script:
        if path in ("stable_token", "token"):
            self.token += 1
            return says({"access_token": f"T{self.token}-{'x' * 500}", "expires_in": 7200})
        return says({"errcode": 0, "errmsg": "ok", "msgid": 7, "media_id": "M", "url": "U", "ticket": "K"})


class Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, *_args: object) -> None:
        pass

    def handle(self) -> None:
        try:
            super().handle()
        except (ConnectionError, OSError, ValueError):  # the client hung up, or `resets` did
            self.close_connection = True


@dataclass
class Valkey:
    """A running server; `kill` ends it as a power cut would."""

    process: subprocess.Popen[bytes]
    address: str

    def client(self) -> redis.Redis:
        return token_redis(self.address)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
