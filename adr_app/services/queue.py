"""Background work: put into the database by the act that causes it, so that it comes and goes with the act.

Huey keeps it in tables of ours. What is kept are names and numbers as JSON, never pickled objects: whoever
can write to the tables cannot make the worker run anything else than what is listed here.
"""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any

from huey import Huey, crontab
from huey.consumer import Consumer
from huey.contrib.sql_huey import SqlStorage
from huey.registry import Message
from huey.serializer import Serializer
from huey.storage import BaseStorage

from adr_app.models.base import database, is_sqlite, writing
from adr_app.models.queue import QueueLater, QueueTask, QueueValue

Clock = Callable[[], datetime]
_clock: list[Clock] = []


class Storage(SqlStorage):
    """Huey's tables on the product's own connections, under names of ours, made by our migrations."""

    def __init__(self, name: str = "adr", **_: Any) -> None:
        BaseStorage.__init__(self, name)
        self.database = database
        self.Task, self.Schedule, self.KV = QueueTask, QueueLater, QueueValue

    @property
    def atomic(self) -> Callable[[], AbstractContextManager[None]]:
        """Return what begins a transaction that writes."""
        return writing

    @property
    def for_update(self) -> str | None:
        """Return how workers pass over what another has taken."""
        return None if is_sqlite(database) else "FOR UPDATE SKIP LOCKED"

    def check_conn(self) -> None:
        """Connect a thread of the worker; within an act the act's connection is used."""
        if not database.is_closed() and not database.in_transaction() and not database.is_connection_usable():
            database.close()
        database.connect(reuse_if_open=True)

    def dequeue(self) -> bytes | None:
        """Take the next task; looking takes no lock where there is none."""
        self.check_conn()
        return super().dequeue() if self.tasks().exists() else None

    def read_schedule(self, timestamp: datetime) -> list[bytes]:
        """Take what has become due; looking takes no lock where there is nothing."""
        self.check_conn()
        due = self.schedule().where(QueueLater.timestamp <= timestamp).exists()
        return super().read_schedule(timestamp) if due else []


class Plain(Serializer):
    """Tasks as JSON: an id, a name, a time and whole numbers."""

    def _serialize(self, data: Any) -> bytes:
        if any(type(value) is not int for value in data.args) or data.kwargs:
            raise TypeError("a task takes whole numbers and nothing else")
        eta = data.eta.isoformat() if data.eta else None
        return json.dumps([data.id, data.name, eta, list(data.args)]).encode()

    def _deserialize(self, data: bytes) -> Any:
        key, name, eta, numbers = json.loads(data)
        when = datetime.fromisoformat(eta) if eta else None
        return Message(key, name, when, retries=0, retry_delay=0, args=tuple(map(int, numbers)), kwargs={})


huey = Huey("adr", results=False, serializer=Plain(), storage_class=Storage)


@huey.task(name="notice")
def deliver(notice_id: int) -> None:
    """Send one letter."""
    from adr_app.services import sending

    sending.deliver(notice_id, at=_now())


@huey.task(name="digest")
def deliver_digest(digest_id: int) -> None:
    """Send somebody's mail of the day."""
    from adr_app.services import sending

    sending.deliver_digest(digest_id, at=_now())


@huey.periodic_task(crontab(minute="*"), name="sweep")
def sweep() -> None:
    """Find what was interrupted; that two workers do so at once harms nothing."""
    from adr_app.services import sending

    sending.sweep(at=_now())


@huey.task(name="check-record")
def check_record(company_id: int, person_id: int) -> None:
    """Check the record of a company now, as somebody asked."""
    from adr_app.services import record_checks

    record_checks.run(company_id, way="asked", person=person_id, at=_now())


@huey.periodic_task(crontab(minute="*/10"), name="check-records")
def check_records() -> None:
    """Check the records that were not checked within a day."""
    from adr_app.services import record_checks

    record_checks.run_due(at=_now())


def later(task: Any, *numbers: int, when: datetime | None = None) -> None:
    """Put work into the queue within the act that causes it: at once, or for a moment to come."""
    made = task.s(*numbers)
    if when is None:
        huey.enqueue(made)
    else:
        made.eta = _naive(when)
        huey.add_schedule(made)


def set_up(clock: Clock) -> None:
    """Say what time it is for the work of this process."""
    _clock[:] = [clock]


def _now() -> datetime:
    return _clock[0]()


def _naive(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(tzinfo=None)


def work_off(clock: Clock) -> int:
    """Do all that is due now, in this thread, and return how many pieces of work that was."""
    set_up(clock)
    for task in huey.read_schedule(_naive(clock())):
        huey.enqueue(task)
    done = 0
    while (task := huey.dequeue()) is not None:
        huey.execute(task, _naive(clock()))
        done += 1
    return done


class _WithoutSignals(Consumer):
    """Works beside a server, whose signals are the server's."""

    def _set_signal_handlers(self) -> None:
        return


class Worker:
    """Threads that do the work while the body runs; what is under way is finished before it ends."""

    SECONDS = 5.0
    """How long the worker sleeps at most where there is nothing to do."""

    def __init__(self, clock: Clock, workers: int = 1) -> None:
        set_up(clock)
        self._consumer = _WithoutSignals(huey, workers=workers, max_delay=self.SECONDS, periodic=True)

    def __enter__(self) -> "Worker":
        self._consumer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._consumer.stop(graceful=True)
