"""指挥部设置: what differs between two installations' consoles."""

from datetime import timedelta

from pydantic import BaseModel

from bot.setting_values import STRICT, Span, TileUrl


class Console(BaseModel):
    """指挥部网页. demo: passwords that everybody knows may stay.  idle, session: how long a login lasts.

    tiles: address of map tiles in WGS-84 with {z}, {x} and {y}, "" for our own shapes alone.
    link_good_for: how long a link to a case's page in WeChat opens it.  qr_good_for: the same of a printed code.
    """

    model_config = STRICT

    demo: bool = False
    idle: Span = timedelta(hours=8)
    session: Span = timedelta(hours=12)
    tiles: TileUrl = ""
    link_good_for: Span = timedelta(days=7)
    qr_good_for: Span = timedelta(days=30)
