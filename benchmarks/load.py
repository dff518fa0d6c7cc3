"""The load (压力): requests over a fixed number of kept-alive connections, one in flight on each."""

import re
import selectors
import socket
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_PATIENCE = 10.0


class LoadFailed(RuntimeError):
    """The server went silent or away; says when."""


@dataclass(slots=True)
class Answers:
    """应答: how long each took (seconds), what came back, and how long it took in all."""

    seconds: float = 0.0
    waits: list[float] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)

    @property
    def per_second(self) -> float:
        return len(self.waits) / self.seconds if self.seconds else 0.0


class _Connection:
    """One keep-alive connection: sends a request, collects its answer."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._began = 0.0
        self._read = b""

    def send(self, request: bytes) -> None:
        self._read, self._began = b"", time.perf_counter()
        self.socket.sendall(request)

    def receive(self) -> bytes | None:
        """The whole answer, or None when some of it is still to come. Raises LoadFailed when cut off."""
        chunk = self.socket.recv(65536)
        if not chunk:
            raise LoadFailed("the server closed a connection in the middle of an answer")
        self._read += chunk
        head, found, body = self._read.partition(b"\r\n\r\n")
        length = _LENGTH.search(head) if found else None
        return self._read if length and len(body) >= int(length[1]) else None

    @property
    def waited(self) -> float:
        return time.perf_counter() - self._began


def fire(port: int, requests: Sequence[bytes], connections: int, seconds: float) -> Answers:
    """Send the requests as fast as they are answered, for at most so many seconds. Raises LoadFailed.

    A request once sent is always waited for, so that what was counted here can be counted in the tables.
    """
    answers, waiting = Answers(), iter(requests)
    began = time.perf_counter()
    with selectors.DefaultSelector() as ready:
        opened = [_Connection(port) for _ in range(connections)]
        busy = sum(_next(ready, connection, waiting, True) for connection in opened)
        while busy:
            for connection in _answering(ready):
                answer = connection.receive()
                if answer is None:
                    continue
                _count(answers, connection, answer)
                ready.unregister(connection.socket)
                in_time = time.perf_counter() - began < seconds
                busy -= not _next(ready, connection, waiting, in_time)
        for connection in opened:
            connection.socket.close()
    answers.seconds = time.perf_counter() - began
    return answers


def _answering(ready: selectors.BaseSelector) -> list[_Connection]:
    events = ready.select(_PATIENCE)
    if not events:
        raise LoadFailed(f"no answer within {_PATIENCE:.0f} s")
    return [key.data for key, _ in events]


def _next(ready: selectors.BaseSelector, connection: _Connection, waiting: Iterator[bytes], in_time: bool) -> bool:
    request = next(waiting, None) if in_time else None
    if request is None:
        return False
    connection.send(request)
    ready.register(connection.socket, selectors.EVENT_READ, connection)
    return True


def _count(answers: Answers, connection: _Connection, answer: bytes) -> None:
    answers.waits.append(connection.waited)
    kind = "reply" if b"<Encrypt>" in answer else "success" if answer.endswith(b"success") else "other"
    answers.statuses[f"{answer[9:12].decode('ascii', 'replace')} {kind}"] += 1
