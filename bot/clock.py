"""时钟: looks into the tables every second and nudges RQ; what nobody does in time it does itself.

The database says what is due. With Redis emptied, away, or without a single worker, everything still happens,
a few seconds later.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event

import redis
from rq import Queue
from rq.exceptions import DuplicateJobError
from rq.serializers import JSONSerializer
from sqlalchemy.exc import SQLAlchemyError

from bot.installation import Installation, utc_now
from bot.jobs import CHORES, Chore

log = logging.getLogger(__name__)

QUEUE = "supervision"
TICK = 0.5
INLINE_AFTER = timedelta(seconds=5)
_BUCKET = 2  # seconds in which a chore is queued at most once
_JOB_SECONDS = 300  # chores end by themselves long before; RQ's own way of ending them breaks in anywhere


def open_queue(connection: redis.Redis) -> Queue:
    """The one queue. JSON, not pickle: who can write to Redis must not be able to run code here."""
    return Queue(QUEUE, connection=connection, serializer=JSONSerializer)


class Clock:
    """时钟: one in every worker process; any number may run."""

    def __init__(self, installation: Installation, now: Callable[[], datetime] = utc_now) -> None:
        self._installation = installation
        self._queue = open_queue(installation.redis)
        self._now = now

    def run(self, stop: Event) -> None:
        """Tick until told to stop."""
        while not stop.wait(TICK):
            try:
                self.tick()
            except SQLAlchemyError:
                log.exception("the clock cannot read the database; trying again")

    def tick(self) -> None:
        """See what is due; nudge, or do it."""
        with self._installation.database.glance() as session:
            due = {name: chore.due_since(self._installation, session) for name, chore in CHORES.items()}
        now = self._now()
        for name, since in due.items():
            if since is not None and since <= now:
                self._see_to(name, CHORES[name], now - since)

    def _see_to(self, name: str, chore: Chore, late: timedelta) -> None:
        if late < INLINE_AFTER and self._nudge(name):
            return
        try:
            chore.work(self._installation)
        except Exception:  # boundary: one broken chore must not stop the clock
            log.exception("chore %s failed", name)

    def _nudge(self, name: str) -> bool:
        """Queue the chore; False when Redis is not there."""
        bucket = int(self._now().timestamp()) // _BUCKET
        try:
            self._queue.enqueue_call(
                "bot.jobs.run_chore",
                args=(name,),
                job_id=f"{name}-{bucket}",
                unique=True,
                timeout=_JOB_SECONDS,
                result_ttl=0,
                failure_ttl=60,
                ttl=30,
            )
        except DuplicateJobError:
            return True
        except redis.RedisError as error:
            log.warning("Redis cannot be nudged (%s); doing %s here", type(error).__name__, name)
            return False
        return True
