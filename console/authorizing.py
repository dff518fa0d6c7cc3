"""微信授权: how the console learns from WeChat who somebody is. The program that runs it speaks with WeChat."""

from typing import Protocol


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
