"""Server (服务): the whole simulator as one Flask app on a threaded server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

from flask import Flask
from flask.json.provider import DefaultJSONProvider
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from simulator.aibot.media import make_bot_media
from simulator.api.gate import make_gate
from simulator.asking import make_asking
from simulator.control import make_control
from simulator.pages import make_pages
from simulator.push import Pusher
from simulator.settings import Settings
from simulator.speech import Speaker
from simulator.state import Keeper
from simulator.world import World

# Well above WeChat's 10 MB, so that a larger upload meets WeChat's own 45001 and not ours.
_LARGEST_REQUEST = 40 * 1024 * 1024
_POLL = 0.02  # seconds until a stop is noticed; tests start and stop a simulator each


class _Handler(WSGIRequestHandler):
    """Buffers what it writes, so that headers and body leave in one segment and nobody waits 40 ms for an ACK."""

    wbufsize = -1
    disable_nagle_algorithm = True

    def finish(self) -> None:
        """Close; what a caller who has gone away left in the buffer is of no interest."""
        try:
            super().finish()
        except ConnectionError:
            self.rfile.close()

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Stay silent: /sim/calls and /sim/pushes tell more, without access tokens."""


class _Json(DefaultJSONProvider):
    """Keeps Chinese readable and tables in their own order."""

    ensure_ascii = False
    sort_keys = False


class Simulator:
    """模拟器: a running simulator. Close it to save its state and free the port."""

    def __init__(self, settings: Settings, host: str = "127.0.0.1", port: int = 0) -> None:
        self._keeper = Keeper(settings)
        self.world: World = self._keeper.wake()
        self.pusher = Pusher(self.world)
        self._server: BaseWSGIServer = make_server(
            host, port, make_app(self.world, self.pusher), threaded=True, request_handler=_Handler
        )
        self.url = settings.public_url or f"http://{host}:{self._server.port}"
        # Last of all: when the port is taken, another simulator may well be using the same folder.
        self._keeper.start()

    def serve(self) -> None:
        """Serve until interrupted."""
        self._server.serve_forever(poll_interval=_POLL)

    def close(self) -> None:
        """Stop pushing, stop serving, save."""
        self.pusher.close()
        self._server.shutdown()
        self._server.server_close()
        self._keeper.close()
        self.world.media.close()


def make_app(world: World, pusher: Pusher) -> Flask:
    """Put WeChat's API, the control API and the chat page into one app."""
    app = Flask("simulator", static_folder=None, template_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = _LARGEST_REQUEST
    app.json = _Json(app)
    speaker = Speaker(world, pusher)
    app.register_blueprint(make_gate(world, speaker))
    app.register_blueprint(make_bot_media(world))
    app.register_blueprint(make_control(world, speaker, pusher))
    app.register_blueprint(make_pages(world))
    app.register_blueprint(make_asking(world))
    return app


@contextmanager
def running(settings: Settings, port: int = 0) -> Iterator[Simulator]:
    """Run a simulator in the background for the time of a `with`; port 0 takes a free one."""
    simulator = Simulator(settings, port=port)
    thread = Thread(target=simulator.serve, daemon=True)
    thread.start()
    try:
        yield simulator
    finally:
        simulator.close()
        thread.join(5)
