"""Wounds (故障的样子): how a fault of the table looks to whoever calls the API."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterable, Mapping

from flask import Response, request

from simulator.errors import Refused
from simulator.faults import Fault


class Broken(Exception):
    """The call ends in something that is no answer of WeChat's."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.response = response


def suffer(faults: Iterable[Fault]) -> None:
    """Let the faults happen that come before any work. Raises Refused or Broken."""
    for fault in faults:
        _suffer(fault)


def _suffer(fault: Fault) -> None:
    if fault.kind.errcode:
        raise Refused(fault.kind.errcode)
    if fault.name in _WOUNDS:
        response = _WOUNDS[fault.name](fault)
        if response is not None:
            raise Broken(response)


def _slow(fault: Fault) -> None:
    # No lock is held here, so any number of calls can be slow side by side.
    time.sleep(fault.value / 1000)


def _server_error(fault: Fault) -> Response:
    del fault
    return Response("Internal Server Error", 500, content_type="text/plain")


def _web_page(fault: Fault) -> Response:
    del fault
    return Response("<html><body>502 Bad Gateway</body></html>", content_type="text/html")


def _code(fault: Fault) -> Response:
    raise Refused(int(fault.value))


def _silence(fault: Fault) -> Response:
    time.sleep(fault.value)
    return cut()


def _reset(fault: Fault) -> Response:
    del fault
    return cut()


def cut() -> Response:
    """Break the connection; the response returned here reaches nobody."""
    # shutdown, not close: the server still owns the descriptor and would close a stranger's by number.
    connection: socket.socket = request.environ["werkzeug.socket"]
    connection.shutdown(socket.SHUT_RDWR)
    return Response("")


_WOUNDS: Mapping[str, Callable[[Fault], Response | None]] = {
    "slow_api": _slow,
    "answer": _code,
    "api_500": _server_error,
    "api_html": _web_page,
    "api_timeout": _silence,
    "api_reset": _reset,
}
