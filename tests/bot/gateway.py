"""The gateway (大门): a real server in front of our web process, which can do to answers what proxies do."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.test import run_wsgi_app
from werkzeug.wrappers import Response

Change = Callable[[Response], Response]


class _Quiet(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


class Gateway:
    """Passes requests on to `app`, the web process behind; `change` touches the answer on its way out."""

    def __init__(self) -> None:
        self.app: Any = Response("nobody is here", 404)
        self.change: Change = lambda answer: answer
        self.url = ""

    def __call__(self, environ: Any, start: Any) -> Any:
        body, status, headers = run_wsgi_app(self.app, environ)
        answer = self.change(Response(list(body), status, list(headers)))
        return answer(environ, start)


@contextmanager
def open_gateway() -> Iterator[Gateway]:
    """A gateway on a free port of this machine."""
    gateway = Gateway()
    server = make_server("127.0.0.1", 0, gateway, threaded=True, request_handler=_Quiet)
    gateway.url = f"http://127.0.0.1:{server.port}/"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield gateway
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
