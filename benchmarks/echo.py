"""The rivals (对照): the same pushes answered by what a user would take instead. Neither stores anything.

`python -m benchmarks.echo wechatpy|werobot SETTINGS` serves one of them with our own gunicorn settings.
"""

import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from flask import Flask, Response, request
from wechatpy import parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.replies import create_reply

from bot.settings import Account, load_settings
from bot.web import WebServer

ANSWER = "已收到,请继续发送。"


def wechatpy_echo(account: Account) -> Flask:
    """Flask with wechatpy, as its documents show it: decrypt, parse, answer, encrypt."""
    app = Flask("echo")
    app.add_url_rule("/healthz", view_func=lambda: "ok")
    aes_key = account.aes_key.get_secret_value() if account.aes_key else ""
    crypto = WeChatCrypto(account.token.get_secret_value(), aes_key, account.app_id)

    @app.post(f"/wechat/{account.key}")
    def echo() -> Response:
        query = request.args
        body = crypto.decrypt_message(request.data, query["msg_signature"], query["timestamp"], query["nonce"])
        reply = create_reply(ANSWER, parse_message(body))
        sealed = crypto.encrypt_message(reply.render(), query["nonce"], query["timestamp"])
        return Response(sealed, content_type="text/xml")

    return app


def werobot_echo(account: Account) -> Flask:
    """Flask with WeRoBot's own view; its session store, which would write to SQLite, is off."""
    werobot, view = import_module("werobot"), import_module("werobot.contrib.flask")
    app = Flask("echo")
    app.add_url_rule("/healthz", view_func=lambda: "ok")
    aes_key = account.aes_key.get_secret_value() if account.aes_key else ""
    token = account.token.get_secret_value()
    robot = werobot.WeRoBot(token=token, app_id=account.app_id, encoding_aes_key=aes_key)
    robot.config["SESSION_STORAGE"] = False
    robot.add_handler(lambda message: ANSWER, type="all")
    app.add_url_rule(f"/wechat/{account.key}", "werobot", view.make_view(robot), methods=["GET", "POST"])
    return app


RIVALS: dict[str, Callable[[Account], Flask]] = {"wechatpy": wechatpy_echo, "werobot": werobot_echo}


def main(name: str, config: Path) -> None:
    """Serve a rival until SIGTERM."""
    settings = load_settings(config)
    WebServer(settings.web, lambda: RIVALS[name](settings.accounts[0])).run()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
