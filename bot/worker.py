"""工作进程: RQ jobs in the main thread, the clock beside them. Start as many as you like."""

import logging
import signal
from threading import Event, Thread
from types import FrameType

import redis
from rq import SimpleWorker
from rq.exceptions import StopRequested
from rq.serializers import JSONSerializer
from rq.worker import WorkerStatus

from bot.clock import Clock, open_queue
from bot.installation import installed

log = logging.getLogger(__name__)

_RECONNECT_SECONDS = 1.0


def run_worker() -> None:
    """Work until SIGTERM or SIGINT. Redis going away costs nothing but its nudges: the clock goes on."""
    stop = Event()
    _listen(stop)
    clock = Thread(target=Clock(installed()).run, args=(stop,), name="clock", daemon=True)
    clock.start()
    url = installed().settings.redis.get_secret_value()
    while not stop.is_set():
        try:
            _work(url, stop)
        except (redis.RedisError, OSError) as error:
            log.warning("no Redis (%s); the clock works alone", type(error).__name__)
            stop.wait(_RECONNECT_SECONDS)
    clock.join(timeout=30)


def _listen(stop: Event) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())


def _work(url: str, stop: Event) -> None:
    connection = redis.Redis.from_url(url, socket_connect_timeout=3)
    connection.ping()
    worker = _Worker(
        [open_queue(connection)],
        connection=connection,
        serializer=JSONSerializer,
        worker_ttl=60,
        maintenance_interval=30,
    )
    worker.stop_event = stop
    try:
        worker.work(logging_level="WARNING")
    finally:
        # RQ leaves its own handlers behind, which raise an exception where nobody waits for one.
        _listen(stop)
        # Nor does it end its listener when Redis has died: that would call for it every two seconds for ever.
        if worker.pubsub_thread:
            worker.pubsub_thread.stop()
        connection.close()


class _Worker(SimpleWorker):
    """RQ's worker that runs jobs in its own process and tells our clock when it is asked to stop.

    No fork per job: ten times as many jobs a second, and no database connection is ever shared with a child.
    """

    stop_event: Event

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        """Stop after the job in hand. Unlike RQ's own this asks Redis nothing, which may be why we are stopped."""
        self.stop_event.set()
        if self.get_state() != WorkerStatus.BUSY:
            raise StopRequested
        self._stop_requested = True
