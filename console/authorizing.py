"""微信授权: how the console learns from WeChat who somebody is. The program that runs it speaks with WeChat."""

from typing import Protocol

from handlers.console_logins import Attempt


class WechatTrouble(Exception):
    """微信没有回答: nobody can say now who it is; the same again later."""


class Authorization(Protocol):
    """授权: of one account or app. back: an address of ours.  state: letters and digits that come back unchanged."""

    def page(self, back: str, state: str) -> str:
        """Where a browser inside WeChat is sent."""

    def scan_page(self, back: str, state: str) -> str:
        """Where any browser shows a QR code to scan; "" where there is no such page."""

    def whose(self, code: str) -> str:
        """The openid or userid a code stands for, "" for a code that is none. Raises WechatTrouble."""


class Logins(Protocol):
    """登录请求: browsers that wait until somebody says in WeChat that they are theirs."""

    def ask(self, attempt: Attempt) -> tuple[str, str]:
        """The code to say and the secret the browser keeps; two "" where none can be had now."""

    def confirmed(self, code: str, secret: str) -> int | None:
        """Who has confirmed this browser, once; 0 while nobody has, None when it is over."""
