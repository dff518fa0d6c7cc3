"""指挥部的场所: what this installation gives its console."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from bot import photo_keeping
from bot.console_links import purpose_key
from bot.console_logins import ConsoleLogins
from bot.health import examine
from bot.installation import ROOT, Installation, utc_now
from bot.registry import door
from bot.wechat import oauth
from bot.wechat.errors import SendError
from console.authorizing import WechatTrouble
from console.premises import Premises
from models.wording import Texts
from photos.intake import Taken
from scoring.projection import ground_of
from scoring.rules import load_rules

log = logging.getLogger(__name__)


def premises_of(here: Installation) -> Premises:
    """Everything the console may ask of us."""
    console = here.settings.console
    return Premises(
        story=here.database.story,
        glance=here.database.glance,
        desk=here.desk,
        now=utc_now,
        shown=lambda sha256, name: photo_keeping.shown(here.vault, sha256, name),
        keep_photo=lambda data: _kept(here, data),
        logins=ConsoleLogins(here.redis),
        qr_address=lambda scene: _qr_address(here, scene),
        health=lambda: _health(here),
        texts=Texts(ROOT / "console" / "texts.yaml"),
        score_texts=Texts(ROOT / "scoring" / "texts.yaml"),
        score_rules=lambda: load_rules(here.settings.data),
        ground=lambda: ground_of(here.router.pack),
        zone=here.settings.timezone,
        key=purpose_key(here.settings, "console"),
        authorizations={key: _Authorization(own) for key, own in here.doors.oauth.items()},
        public_url=here.settings.web.public_url,
        tiles=console.tiles,
        is_demo=console.demo,
        idle=console.idle,
        session=console.session,
    )


@dataclass(frozen=True, slots=True)
class _Authorization:
    """授权, with WeChat's troubles in the console's words."""

    own: oauth.Authorization

    def page(self, back: str, state: str) -> str:
        return self.own.page(back, state)

    def scan_page(self, back: str, state: str) -> str:
        return self.own.scan_page(back, state)

    def whose(self, code: str) -> str:
        try:
            return self.own.whose(code)
        except SendError as error:
            log.warning("WeChat does not say whose a code is: %s", error)
            if oauth.not_known(error):
                return ""
        raise WechatTrouble


def _kept(here: Installation, data: bytes) -> Taken:
    return photo_keeping.keep(here.vault, data)


def _qr_address(here: Installation, scene: str) -> str | None:
    """What a QR with this scene value must hold, as WeChat says; None where it cannot be asked."""
    account = here.settings.accounts[0]
    try:
        return door(here, account.key).api.create_scene(scene, here.settings.console.qr_good_for).url
    except SendError as error:
        log.warning("no QR code from WeChat: %s", error)
        return None


def _health(here: Installation) -> tuple[Mapping[str, float], list[str]]:
    health = examine(here, utc_now())
    return health.lags, [*health.problems, *health.notes]
