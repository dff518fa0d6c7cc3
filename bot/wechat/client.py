"""wechatpy 的外壳: wechatpy's client with its traps closed: our token, our timeouts, our errors, one retry."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

import requests
from wechatpy import WeChatClient
from wechatpy.client.base import BaseWeChatClient
from wechatpy.enterprise import WeChatClient as WorkClient
from wechatpy.exceptions import WeChatClientException

from bot.wechat.errors import Family, Fate, SendError, from_status, no_answer, read_answer
from bot.wechat.official_codes import OFFICIAL
from bot.wechat.token import TokenKeeper
from bot.wechat.transport import Timeout, open_session
from bot.wechat.work_codes import WORK

T = TypeVar("T")
Clock = Callable[[], datetime]


class Guarded(BaseWeChatClient):  # type: ignore[misc]
    """护栏: every call of wechatpy's passes through `_request`, and so through the guards here."""

    _family: Family
    secret: str

    def __init__(
        self,
        owner: str,
        secret: str,
        api_base_url: str,
        tokens: TokenKeeper,
        timeout: Timeout,
        clock: Clock,
    ) -> None:
        """owner: AppID or CorpID."""
        # auto_retry asks again without bound for as long as a token stays refused.
        super().__init__(owner, secret, auto_retry=False)
        self._http = open_session(api_base_url, timeout)
        self._tokens = tokens
        self._clock = clock

    @property
    def access_token(self) -> str:
        """The keeper's token, in the place of wechatpy's unlocked one."""
        return self._tokens.get(self._clock())

    def with_token(self, ask: Callable[[str], T]) -> T:
        """Ask with the current token; once more with another when WeChat refuses it."""
        token = self.access_token
        try:
            return ask(token)
        except SendError as error:
            if error.fate is not Fate.TOKEN:
                raise
        return ask(self._tokens.renew(token, self._clock()))

    def read(self, body: bytes, token: str) -> dict[str, Any]:
        """Read an answer; raises SendError, whose words hold neither this token nor the secret."""
        return read_answer(self._family, body, self._clock(), (token, self.secret))

    def fetch_stream(self, path: str, token: str, **params: str) -> requests.Response:
        """GET without reading the body; raises SendError for anything but HTTP 200."""
        response: requests.Response = attempt(
            self._http.get,
            self.API_BASE_URL + path,
            params={**params, "access_token": token},
            # What is counted against a limit must be what arrives, so no compression.
            headers={"Accept-Encoding": "identity"},
            stream=True,
            allow_redirects=False,
        )
        if response.status_code != requests.codes.ok:
            response.close()
            raise from_status(response.status_code)
        return response

    def _request(self, method: str, url_or_endpoint: str, **kwargs: Any) -> Any:
        params = kwargs.pop("params", {})

        def ask(token: str) -> Any:
            return attempt(
                super(Guarded, self)._request,
                method,
                url_or_endpoint,
                params={**params, "access_token": token},
                allow_redirects=False,
                **kwargs,
            )

        return self.with_token(ask)

    def _handle_result(
        self,
        res: requests.Response,
        method: str | None = None,
        url: str | None = None,
        result_processor: Callable[[Any], Any] | None = None,
        **kwargs: Any,
    ) -> Any:
        # wechatpy lets redirects pass and hands out the raw response when the body is no JSON.
        if res.status_code != requests.codes.ok:
            raise from_status(res.status_code)
        answer = self.read(res.content, kwargs["params"]["access_token"])
        return result_processor(answer) if result_processor else answer


class GuardedClient(Guarded, WeChatClient):  # type: ignore[misc]
    """公众号客户端."""

    _family = OFFICIAL


class GuardedWorkClient(Guarded, WorkClient):  # type: ignore[misc]
    """企业微信客户端."""

    _family = WORK


def attempt(act: Callable[..., T], *args: Any, **kwargs: Any) -> T:
    """Act; whatever the network does becomes a SendError without a trace of the address."""
    try:
        return act(*args, **kwargs)
    except WeChatClientException as error:
        failure = from_status(error.response.status_code)
    except requests.RequestException as error:
        failure = no_answer(error)
    except KeyError as error:
        failure = SendError(Fate.RETRY, None, f"微信接口的回答缺少 {error}")
    # Raised out here, or the library's error with the token in its words would travel along as the context.
    raise failure
