"""网页进程: gunicorn around the Flask app, set up from config.yaml."""

from collections.abc import Callable
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from bot.app import create_app
from bot.installation import installed
from bot.settings import Settings, Web


class WebServer(BaseApplication):  # type: ignore[misc]
    """gunicorn with our settings. make_app is called in each process, after the fork."""

    def __init__(self, web: Web, make_app: Callable[[], Flask]) -> None:
        self._web = web
        self._make_app = make_app
        super().__init__()

    def load_config(self) -> None:
        web = self._web
        options: dict[str, Any] = {
            "bind": f"{web.host}:{web.port}",
            "workers": web.processes,
            "threads": web.threads,
            "worker_class": "gthread",
            "timeout": 30,
            "graceful_timeout": 10,
            "keepalive": 15,
            "loglevel": "warning",
            "proc_name": "supervision-web",
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self._make_app()


def serve(settings: Settings) -> None:
    """Serve until SIGTERM."""
    WebServer(settings.web, lambda: create_app(installed())).run()
