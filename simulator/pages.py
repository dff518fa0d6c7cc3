"""Pages (页面): the chat page as WeChat looks on the phone, two phones side by side, and WeChat's own pages."""

from __future__ import annotations

import io
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from flask import Blueprint, Response, redirect, render_template, request, url_for
from PIL import Image, ImageDraw
from werkzeug.wrappers import Response as Answer

from simulator.people import Person
from simulator.screens import Screen, find_screen, listed, screens
from simulator.world import World


def make_pages(world: World) -> Blueprint:
    """Return the blueprint with the pages."""
    look = "static"
    pages = Blueprint("pages", __name__, template_folder="templates", static_folder=look, static_url_path="/static")
    desk = _Desk(world)
    pages.add_url_rule("/", "chat", desk.chat)
    pages.add_url_rule("/split", "split", desk.split)
    pages.add_url_rule("/cgi-bin/showqrcode", "showqrcode", desk.show_qrcode)
    pages.add_url_rule("/mp/subscribemsg", "subscribe", desk.subscribe)
    pages.add_url_rule("/mp/subscribemsg/done", "subscribed", desk.subscribed, methods=["POST"])
    pages.add_app_template_filter(avatar_hue)
    return pages


def avatar_hue(name: str) -> int:
    """Return a colour angle that is always the same for a name."""
    return sum(ord(character) * 47 for character in name) % 360


class _Desk:
    """The views of the pages."""

    def __init__(self, world: World) -> None:
        self._world = world

    def chat(self) -> Answer | str:
        """Show one conversation; `person` is a name, an openid or an address of the list, `alone` hides the list."""
        found = screens(self._world)
        screen = find_screen(found, request.args.get("person", ""))
        # A wrong name leads to somebody rather than to an empty page.
        if screen is None and found:
            return redirect(url_for("pages.chat", person=found[0].who, **_rest("person")))
        return render_template(
            "chat.html", screen=screen, groups=_groups(list(listed(found))), alone="alone" in request.args,
            banner=self._world.settings.clock_note,
            members=[one for one in found if screen and one.family == "group" and one.key == screen.key],
        )  # fmt: skip

    def split(self) -> str:
        """Show two phones side by side."""
        found = screens(self._world)
        asked = [find_screen(found, request.args.get(side, "")) for side in ("left", "right")]
        left = asked[0] or next(iter(found), None)
        right = asked[1] or next((one for one in found if one is not left), left)
        return render_template("split.html", left=left, right=right, screens=found)

    def show_qrcode(self) -> Answer:
        """换取二维码: a picture with the scene's text, for those who want to see what would be scanned."""
        ticket = request.args.get("ticket", "")
        scene = next((key[1] for key, known in self._world.scenes.items() if known == ticket), None)
        if scene is None:
            return Response("ticket 无效", 404, content_type="text/plain; charset=utf-8")
        return Response(_qr_picture(scene, ticket), content_type="image/png")

    def subscribe(self) -> Answer | str:
        """一次性订阅: WeChat's own page that asks for one message."""
        person = self._find(request.args.get("as", ""))
        account = self._world.by_app_id.get(request.args.get("appid", ""))
        if person is None or account is None:
            return Response("链接无效：appid 或人物不对", 404, content_type="text/plain; charset=utf-8")
        return render_template("subscribe.html", person=person, account=account, query=request.args)

    def subscribed(self) -> Answer:
        """Keep the person's answer and go where the link said, as WeChat does."""
        form = request.form
        person = self._find(form.get("as", ""))
        if person is not None and form.get("action") == "confirm":
            person.scenes.add(int(form.get("scene", 0)))
        # WeChat hands these back so that the caller knows which question was answered.
        told = {name: form.get(name, "") for name in ("template_id", "action", "scene", "reserved")}
        return redirect(_with_query(form.get("redirect_url") or "/", {"openid": form.get("as", ""), **told}))

    def _find(self, who: str) -> Person | None:
        return next((one for one in self._world.people if who in (one.openid, one.name)), None)


def _groups(found: list[Screen]) -> dict[str, list[Screen]]:
    """Headings in the order in which they first come up."""
    groups: dict[str, list[Screen]] = {}
    for screen in found:
        groups.setdefault(screen.heading, []).append(screen)
    return groups


def _rest(*without: str) -> dict[str, Any]:
    return {name: value for name, value in request.args.items() if name not in without}


def _with_query(url: str, more: dict[str, str]) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(query=urlencode([*parse_qsl(parts.query), *more.items()])))


def _qr_picture(scene: str, ticket: str) -> bytes:
    image = Image.new("RGB", (430, 430), "white")
    pen = ImageDraw.Draw(image)
    # No real QR code: nobody can scan a local address, so the scene is written out instead.
    bits = [ord(character) for character in (ticket * 30)]
    for n in range(33 * 33):
        if bits[n % len(bits)] * (n + 7) % 5 < 2:
            x, y = 17 + n % 33 * 12, 17 + n // 33 * 12
            pen.rectangle((x, y, x + 11, y + 11), fill=(40, 40, 40))
    pen.rectangle((60, 180, 370, 250), fill="white", outline=(7, 193, 96), width=4)
    pen.text((74, 200), ascii(scene).strip("'")[:32], fill=(7, 130, 70), font_size=22)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
