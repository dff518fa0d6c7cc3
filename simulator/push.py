"""Push (推送): our webhook is called as WeChat calls it, in order for each person, again when it fails."""

from __future__ import annotations

import time
from collections import defaultdict, deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from threading import Condition, Event
from typing import Any, Protocol

import requests

from simulator.conversations import Key
from simulator.faults import Fault
from simulator.people import Person
from simulator.wire import BadAnswer, Fields, Request
from simulator.world import World

FAILURE = "该公众号提供的服务出现故障，请稍后再试"
_SESSION_HEADERS = {"User-Agent": "Mozilla/4.0", "Accept": "*/*", "Pragma": "no-cache"}


class _Failed(Exception):
    """One attempt was in vain; `again` tells whether WeChat would try once more."""

    def __init__(self, reason: str, *, again: bool) -> None:
        super().__init__(reason)
        self.again = again


class Channel(Protocol):
    """通道: how one kind of account writes its pushes and reads what comes back."""

    @property
    def retries_bad_answers(self) -> bool:
        """WeCom looks at the status only; the Official Account tries again after an answer it cannot read."""

    def request(self, push: Push, now: datetime) -> Request:
        """Write one signed POST."""

    def read(self, push: Push, body: str) -> dict[str, Any] | None:
        """Return a passive reply, None when there is none. Raises BadAnswer."""

    def show(self, push: Push, reply: dict[str, Any], now: datetime) -> str:
        """Show the reply on the phone and return its text. Raises BadAnswer."""


@dataclass(slots=True)
class Push:
    """推送: one message or event on its way, with every attempt made."""

    id: int
    person: Person
    kind: str
    fields: Fields | str
    channel: Channel = field(repr=False)
    msg_id: int = 0
    # Nobody waits on the phone for an answer to a delivery report, so no failure is shown for it.
    shows_failure: bool = True
    # Seconds to wait before it leaves.
    after: float = 0
    attempts: list[dict[str, Any]] = field(default_factory=list)
    outcome: str = "waiting"
    reply: str = ""
    done: Event = field(default_factory=Event, repr=False)

    def as_json(self) -> dict[str, Any]:
        """Return what tests and the page want to know."""
        return {
            "push_id": self.id, "account": self.person.account, "openid": self.person.openid, "kind": self.kind,
            "msg_id": self.msg_id, "attempts": self.attempts, "outcome": self.outcome, "reply": self.reply,
        }  # fmt: skip


class Pusher:
    """推送员: a small ordered queue for each person; people are served side by side."""

    def __init__(self, world: World, threads: int = 32) -> None:
        self._world = world
        self._queues: defaultdict[Key, deque[Push]] = defaultdict(deque)
        self._busy: set[Key] = set()
        self._changed = Condition()
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="push")
        self._ids = count(1)
        # Kept for tests to look at; the oldest go when there are too many.
        self.pushes: deque[Push] = deque(maxlen=5_000)

    def send(
        self, channel: Channel, person: Person, kind: str, fields: Fields | str,
        *, msg_id: int = 0, shows_failure: bool = True, after: float = 0,
    ) -> Push:  # fmt: skip
        """Queue a push behind the person's others and return at once."""
        push = Push(next(self._ids), person, kind, fields, channel, msg_id, shows_failure, after)
        # One drain per person at a time keeps their order; the pool lets others go on meanwhile.
        with self._changed:
            self.pushes.append(push)
            self._queues[person.key].append(push)
            self._changed.notify_all()
            if person.key not in self._busy:
                self._busy.add(person.key)
                self._pool.submit(self._drain, person.key)
        return push

    def find(self, push_id: int) -> Push | None:
        """Return a push that is still remembered."""
        return next((one for one in list(self.pushes) if one.id == push_id), None)

    def close(self) -> None:
        """Let go of the threads; pushes that wait are dropped."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _drain(self, key: Key) -> None:
        while (push := self._next(key)) is not None:
            try:
                self._deliver(push)
            # Whoever waits must be let go even when a bug in here ends the delivery.
            finally:
                push.done.set()

    def _next(self, key: Key) -> Push | None:
        with self._changed:
            queue = self._queues[key]
            if not queue:
                self._busy.discard(key)
                return None
            held = self._world.faults.take("push", "", key[1], only="reorder_pushes")
            if held:
                # Waiting releases the lock, so nobody else is held up while this one lets another pass.
                self._changed.wait_for(lambda: len(queue) > 1, held[0].value)
                _swap_first(queue)
            return queue.popleft()

    def _deliver(self, push: Push) -> None:
        faults = self._world.faults.take("push", "", push.person.openid, only="delay_push")
        time.sleep(push.after + sum(fault.value for fault in faults))
        self._deliver_with_retries(push)
        if self._world.faults.take("push", "", push.person.openid, only="duplicate_push"):
            self._deliver_with_retries(push, again=True)

    def _deliver_with_retries(self, push: Push, *, again: bool = False) -> None:
        limits = self._world.limits
        request = push.channel.request(push, self._world.clock())
        for attempt in range(1 + limits.push_retries):
            # CreateTime and MsgId never change between attempts: they are what a receiver tells a retry by.
            if attempt and limits.sign_retries_afresh:
                request = push.channel.request(push, self._world.clock())
            try:
                return self._finish(push, self._attempt(push, request), shown=not again)
            except _Failed as failure:
                if not failure.again:
                    break
                time.sleep(limits.push_retry_pause_seconds)
        return self._give_up(push)

    def _attempt(self, push: Push, request: Request) -> dict[str, Any] | None:
        record: dict[str, Any] = {"at": self._world.clock().isoformat(), "status": 0, "problem": ""}
        push.attempts.append(record)
        started = time.monotonic()
        try:
            return self._exchange(push, request, record)
        except _Failed as failure:
            record["problem"] = str(failure)
            raise
        finally:
            record["ms"] = round((time.monotonic() - started) * 1000)

    def _exchange(self, push: Push, request: Request, record: dict[str, Any]) -> dict[str, Any] | None:
        response = self._post(request)
        record["status"] = response.status_code
        # The fault comes after the exchange on purpose: the webhook did its work and only WeChat does not know.
        lost: list[Fault] = self._world.faults.take("push", "", push.person.openid, only="drop_answer")
        if lost:
            raise _Failed("drop_answer", again=True)
        retry = self._world.limits.retry_on_error
        if response.status_code != 200:
            raise _Failed(f"HTTP {response.status_code}", again=retry)
        try:
            return push.channel.read(push, response.content.decode("utf-8", "replace"))
        except BadAnswer as error:
            raise _Failed(str(error), again=retry and push.channel.retries_bad_answers) from error

    def _post(self, request: Request) -> requests.Response:
        # A redirect would turn the POST into a GET without a body; following it would hide a real mistake.
        headers = {**_SESSION_HEADERS, "Content-Type": request.content_type}
        # A session each: WeChat opens a new connection for every push, and a kept one would hide trouble there.
        with requests.Session() as session:
            session.trust_env = False  # a proxy of this machine has no business between the two
            try:
                return session.post(
                    request.url, data=request.body, headers=headers, allow_redirects=False,
                    timeout=self._world.limits.push_timeout_seconds,
                )  # fmt: skip
            except requests.RequestException as error:
                raise _Failed(type(error).__name__, again=True) from error

    def _finish(self, push: Push, reply: dict[str, Any] | None, *, shown: bool) -> None:
        # A push repeated by a fault may be answered twice; the phone shows the first answer only.
        push.outcome = "accepted" if reply is None else "answered"
        if reply is not None and shown:
            try:
                push.reply = push.channel.show(push, reply, self._world.clock())
            except BadAnswer as error:
                push.attempts[-1]["problem"] = str(error)
                self._give_up(push)

    def _give_up(self, push: Push) -> None:
        push.outcome = "failed"
        if push.shows_failure:
            self._world.conversations.add(push.person.key, "system", "failure", FAILURE, self._world.clock())


def _swap_first(queue: deque[Push]) -> None:
    if len(queue) > 1:
        queue[0], queue[1] = queue[1], queue[0]
