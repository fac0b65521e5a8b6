"""The work of sending: each letter is claimed by one worker, tried again with growing pauses, and given up.

Nothing here undoes or delays an act: a letter is sent after the act it tells of is kept.
"""

import logging
from datetime import datetime
from typing import Any

from peewee import fn

from adr_app.domain.notices import DAILY, INTERRUPTED_AFTER, pause_after
from adr_app.models.base import writing
from adr_app.models.notices import Digest, Notice
from adr_app.models.people import Company, Person
from adr_app.services import letters, notices, post, queue
from adr_app.services.letters import Told
from adr_app.services.post import Letter, NotSent, Post

log = logging.getLogger(__name__)
AT_ONCE_TOGETHER = 200
"""How many interrupted letters are taken up in one round."""

INTERRUPTED = "The program ended while this letter was on its way."


def deliver(notice_id: int, *, at: datetime) -> None:
    """Send one letter, unless it was sent, nobody waits any more, or no mail is sent here."""
    out = post.current()
    notice = _claimed(Notice, notice_id, at) if out is not None else None
    if out is None or notice is None:
        return
    found = letters.told(notice, out, at)
    if found is None:
        _ended(notice, "dropped")
        return
    _tried(notice, letters.of_one(found, out), out, at, [])


def deliver_digest(digest_id: int, *, at: datetime) -> None:
    """Send somebody's mail of the day, with all that still waits for them."""
    out = post.current()
    digest = _claimed(Digest, digest_id, at) if out is not None else None
    if out is None or digest is None:
        return
    mine = list(
        Notice.select()
        .where(Notice.person == digest.person_id, Notice.how == DAILY, Notice.state == "waiting")
        .order_by(Notice.company, Notice.id)
    )
    found: list[Told] = []
    for notice in mine:
        one = letters.told(notice, out, at)
        if one is None:
            _ended(notice, "dropped")
        else:
            found.append(one)
    if not found:
        _ended(digest, "dropped")
        return
    person = Person.get_by_id(digest.person_id)
    letter = letters.of_the_day(person, found, digest.day, out)
    _tried(digest, letter, out, at, [one.notice for one in found])


def _claimed(table: Any, key: int, at: datetime) -> Any:
    """Return a letter that is now this worker's alone; None where it is another's, or not due."""
    row = table.get_or_none(table.id == key)
    if row is None:
        return None
    # The number of attempts is the key: of two workers with the same task, one changes the row.
    claim = table.update(state="sending", attempts=row.attempts + 1, tried_at=at).where(
        table.id == key, table.state == "waiting", table.attempts == row.attempts, table.due_at <= at
    )
    return table.get_by_id(key) if claim.execute() == 1 else None


def _tried(row: Any, letter: Letter, out: Post, at: datetime, within: list[Notice]) -> None:
    try:
        post.send(letter, out, at)
    except NotSent as error:
        log.warning("%s %s was not sent: %s", type(row).__name__.lower(), row.id, error)
        _not_sent(row, str(error), at, within, lasting=error.lasting)
    else:
        with writing():
            for one in (row, *within):
                _ended(one, "sent")


def _not_sent(row: Any, why: str, at: datetime, within: list[Notice], *, lasting: bool) -> None:
    pause = None if lasting else pause_after(row.attempts)
    with writing():
        if pause is None:
            for one in (row, *within):
                _ended(one, "failed", why)
            return
        table = type(row)
        table.update(state="waiting", due_at=at + pause, trouble=why).where(table.id == row.id).execute()
        queue.later(queue.deliver if table is Notice else queue.deliver_digest, row.id, when=at + pause)


def _ended(row: Any, state: str, why: str = "") -> None:
    table = type(row)
    table.update(state=state, trouble=why).where(table.id == row.id).execute()


def sweep(*, at: datetime) -> None:
    """Take up letters whose worker ended under way, or whose task was lost with it."""
    if post.current() is None:
        return
    before = at - INTERRUPTED_AFTER
    for table, task in ((Notice, queue.deliver), (Digest, queue.deliver_digest)):
        under_way = table.select().where(table.state == "sending", table.tried_at <= before)
        for row in list(under_way.limit(AT_ONCE_TOGETHER)):
            _not_sent(row, INTERRUPTED, at, [], lasting=False)
        lost = table.select().where(table.state == "waiting", table.due_at <= before)
        if table is Notice:
            lost = lost.where(Notice.how != DAILY)
        for row in list(lost.order_by(table.due_at).limit(AT_ONCE_TOGETHER)):
            with writing():
                queue.later(task, row.id)
    _left_behind(before, at)


def _left_behind(before: datetime, at: datetime) -> None:
    """Give what came too late for a mail of the day to the next one."""
    missed = Notice.select().where(Notice.state == "waiting", Notice.how == DAILY, Notice.due_at <= before)
    for notice in list(missed.limit(AT_ONCE_TOGETHER)):
        again = Digest.select().where(
            Digest.person == notice.person_id, Digest.state.in_(("waiting", "sending"))
        )
        if again.where(Digest.due_at <= at).exists():
            continue  # it is on its way
        with writing():
            due = notices.with_the_rest(Company.get_by_id(notice.company_id), notice.person_id, at)
            Notice.update(due_at=due).where(Notice.id == notice.id).execute()


def given_up(company_id: int) -> list[tuple[int, str]]:
    """Return how many letters of a company could not be sent, by the reason, the most first."""
    many = fn.COUNT(Notice.id)
    rows = (
        Notice.select(many, Notice.trouble)
        .where(Notice.company == company_id, Notice.state == "failed")
        .group_by(Notice.trouble)
        .order_by(many.desc(), Notice.trouble)
    )
    return list(rows.tuples())
