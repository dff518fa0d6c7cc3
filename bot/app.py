"""网页服务: the Flask app: the webhook, the health pages, the metrics."""

from typing import Any

from flask import Blueprint, Flask, Response, current_app, jsonify
from flask.json.provider import DefaultJSONProvider
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from werkzeug.middleware.proxy_fix import ProxyFix

from bot.console_room import premises_of
from bot.health import count_rows, examine
from bot.hotline_api import hotline_api
from bot.installation import Installation, utc_now
from bot.public_photos import public_photos
from bot.publishing_page import publishing_page
from bot.subscribed_page import subscribed_page
from bot.webhook import webhook
from bot.wechat.push import MAX_BODY
from console.app import register as register_console

pages = Blueprint("pages", __name__)


class _ShallowJson(DefaultJSONProvider):
    """JSON whose thousands of brackets are bad JSON like any other, and no error of ours."""

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        try:
            return super().loads(s, **kwargs)
        except RecursionError as error:
            raise ValueError("nested too deeply") from error


def create_app(installation: Installation) -> Flask:
    """The app of one process."""
    app = Flask(__name__)
    app.json = _ShallowJson(app)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    app.url_map.strict_slashes = False  # a redirect would turn WeChat's POST into a GET
    app.extensions["installation"] = installation
    app.register_blueprint(webhook)
    app.register_blueprint(pages)
    app.register_blueprint(hotline_api)
    app.register_blueprint(subscribed_page)
    app.register_blueprint(public_photos)
    app.register_blueprint(publishing_page)
    register_console(app, premises_of(installation))
    proxies = installation.settings.web.proxies
    if proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies)  # type: ignore[method-assign]
    return app


@pages.get("/healthz")
def alive() -> Response:
    """This process answers."""
    return Response("ok\n", content_type="text/plain")


@pages.get("/readyz")
def ready() -> tuple[Response, int]:
    """Whether messages can be kept and nothing is stuck; says what is wrong."""
    health = examine(_installation(), utc_now())
    body = {"problems": health.problems, "notes": health.notes, "redis": health.redis, "lag_seconds": health.lags}
    return jsonify(body), 503 if health.problems else 200


@pages.get("/metrics")
def metrics() -> Response:
    """Prometheus figures, read from the tables at each scrape, so that any process tells the whole truth."""
    health = examine(_installation(), utc_now())
    registry = CollectorRegistry()
    lag = Gauge("supervision_lag_seconds", "How far behind each chore is", ["chore"], registry=registry)
    rows = Gauge("supervision_rows", "Rows by what they wait for", ["what"], registry=registry)
    Gauge("supervision_redis_up", "Whether Redis answers", registry=registry).set(health.redis)
    Gauge("supervision_database_up", "Whether the database answers", registry=registry).set(bool(health.lags))
    for chore, seconds in health.lags.items():
        lag.labels(chore).set(seconds)
    for what, count in (count_rows(_installation()) if health.lags else {}).items():
        rows.labels(what).set(count)
    return Response(generate_latest(registry), content_type="text/plain; version=0.0.4; charset=utf-8")


def _installation() -> Installation:
    installation: Installation = current_app.extensions["installation"]
    return installation
