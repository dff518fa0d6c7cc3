"""Office (企业微信的账本): what WeCom remembers besides people and conversations."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from simulator.settings import Limits
from simulator.wecom.cards import Cards
from simulator.wecom.codes import Codes
from simulator.wecom.pacing import Pacer, Repeats
from simulator.wecom.tokens import CorpTokens


@dataclass(frozen=True, slots=True)
class BotFile:
    """群图片: a picture a bot may fetch for five minutes."""

    group: str
    media_id: str
    until: datetime


class Office:
    """账本: tokens, cards, codes, limits and the bots' pictures of one world."""

    def __init__(self, limits: Limits) -> None:
        self._file_life = timedelta(seconds=limits.bot_media_seconds)
        self._files: dict[str, BotFile] = {}
        self.tokens = CorpTokens(limits.token_seconds)
        self.cards = Cards()
        self.card_codes = Codes(limits.response_code_seconds)
        self.answer_codes = Codes(limits.response_url_seconds)
        self.pacer = Pacer(limits)
        self.repeats = Repeats()

    def offer_file(self, group: str, media_id: str, now: datetime) -> str:
        """Return the id under which a bot can fetch a picture from now on."""
        file_id = secrets.token_urlsafe(24)
        self._files[file_id] = BotFile(group, media_id, now + self._file_life)
        return file_id

    def file(self, file_id: str) -> BotFile | None:
        """Return an offered picture, also one whose time is over."""
        return self._files.get(file_id)

    def as_json(self) -> dict[str, Any]:
        """Return what has to be kept over a restart; cards are read back from the conversations."""
        return {"card_codes": self.card_codes.as_json(), "answer_codes": self.answer_codes.as_json()}

    def restore(self, kept: dict[str, Any]) -> None:
        """Take back what `as_json` gave."""
        self.card_codes.restore(kept.get("card_codes", []))
        self.answer_codes.restore(kept.get("answer_codes", []))
