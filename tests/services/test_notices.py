"""Who is told by mail that somebody waits for them: real letters at a real mail server, on each engine."""

import threading
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import peewee
import pytest

from adr_app.domain.notices import DAILY, NEVER, PAUSES
from adr_app.domain.permissions import Role
from adr_app.domain.worktime import local_day
from adr_app.models.base import writing
from adr_app.models.decisions import Decision
from adr_app.models.notices import Digest, Notice
from adr_app.models.people import Engagement
from adr_app.models.queue import QueueLater, QueueTask
from adr_app.services import (
    comments,
    concerns,
    decisions,
    drafts,
    engagements,
    exceptions,
    levels,
    post,
    queue,
    reviews,
    risks,
    sending,
    stopping,
)
from adr_app.services.people import Viewer
from tests.casts import Cast, cast_of
from tests.conftest import START, Clock
from tests.mailbox import KEY, Mailbox, free_port, links_in, text_of
from tests.mailbox import sending as sends
from tests.services.test_exceptions import DEVIATES


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with Mailbox() as kept, sends(kept):
        yield kept


def proposed(cto: Viewer, title: str = "Move billing to Stripe") -> Decision:
    made = drafts.draft(cto, {"title": title, "context": "Why we talk of it."}, at=START)
    reviews.ask(cto, made.number, at=START)
    return made


def test_an_act_and_its_letter_are_kept_together_or_not_at_all(
    cto: Viewer, mailbox: Mailbox, clock: Clock, cast: Cast
) -> None:
    made = drafts.draft(cto, {"title": "Move billing to Stripe"}, at=START)
    with pytest.raises(ZeroDivisionError), writing():
        reviews.ask(cto, made.number, at=START)
        assert QueueTask.select().count() == 1
        raise ZeroDivisionError
    assert (QueueTask.select().count(), Notice.select().count(), queue.work_off(clock)) == (0, 0, 0)
    reviews.ask(cto, made.number, at=START)
    assert mailbox.letters == []
    assert queue.work_off(clock) == 1
    (letter,) = mailbox.letters
    assert letter["To"].addresses[0].addr_spec == cast.vciso.email
    assert letter["Subject"] == "[Larkspur] Your answer by Tue 1 Dec: Move billing to Stripe"
    assert "Cto asks for your security answer on AD-0001 Move billing to Stripe, by Tue 1 Dec." in text_of(
        letter
    )
    assert links_in(letter)[0] == "http://localhost/larkspur/decisions/AD-0001/review"


def test_a_letter_is_tried_again_with_growing_pauses_and_two_workers_send_it_once(
    cto: Viewer, mailbox: Mailbox, clock: Clock
) -> None:
    proposed(cto)
    notice = Notice.get()
    post.set_up(mailbox.post(port=free_port()))
    queue.work_off(clock)
    assert (Notice.get().state, Notice.get().attempts) == ("waiting", 1)
    assert "cannot be reached" in Notice.get().trouble
    post.set_up(mailbox.post())
    mailbox.refusals = [("RCPT", 450)]
    clock.advance(seconds=59)
    assert queue.work_off(clock) == 0
    clock.advance(seconds=1)
    assert queue.work_off(clock) == 1
    assert mailbox.letters == []
    clock.advance(minutes=5)
    for _ in range(3):  # the same work three times, as several workers after a restart might have it
        queue.later(queue.deliver, notice.id)
    assert queue.work_off(clock) == 4
    assert (len(mailbox.letters), Notice.get().state, Notice.get().attempts) == (1, "sent", 3)
    assert [Decision.get().status, QueueTask.select().count(), QueueLater.select().count()] == [
        "proposed",
        0,
        0,
    ]


def test_two_workers_at_once_claim_a_letter_once(cto: Viewer, mailbox: Mailbox, clock: Clock) -> None:
    proposed(cto)
    for _ in range(9):
        queue.later(queue.deliver, Notice.get().id)
    over = threading.Event()
    done: list[str] = []

    @queue.huey.signal("complete")
    def note(signal: str, task: Any) -> None:
        done.extend([task.id] if task.name == "notice" else [])
        if len(done) == 10:
            over.set()

    with queue.Worker(clock, workers=2):
        assert over.wait(30)
    queue.huey.disconnect_signal(note)
    assert (len(set(done)), len(mailbox.letters), Notice.get().attempts) == (10, 1, 1)


def test_a_letter_is_given_up_where_trying_again_does_not_help(
    cto: Viewer, mailbox: Mailbox, clock: Clock
) -> None:
    mailbox.refused_for["vciso@"] = 550
    proposed(cto)
    queue.work_off(clock)
    assert (Notice.get().state, "550" in Notice.get().trouble) == ("failed", True)
    mailbox.refused_for["vciso@"] = 450
    proposed(cto, "Another")
    for pause in (*PAUSES, timedelta(days=9)):
        queue.work_off(clock)
        clock.advance(seconds=pause.total_seconds())
    second = Notice.select().order_by(Notice.id.desc()).get()
    assert (second.state, second.attempts) == ("failed", len(PAUSES) + 1)
    assert (
        sending.given_up(cto.company.id) == [(2, second.trouble)]
        or len(sending.given_up(cto.company.id)) == 2
    )


def test_what_was_interrupted_is_taken_up_again(cto: Viewer, mailbox: Mailbox, clock: Clock) -> None:
    proposed(cto)
    QueueTask.delete().execute()  # a worker that ended took it along
    clock.advance(minutes=16)
    sending.sweep(at=clock())
    sending.sweep(at=clock())
    queue.work_off(clock)
    assert (len(mailbox.letters), Notice.get().state) == (1, "sent")
    Notice.update(state="sending", tried_at=clock()).execute()
    clock.advance(minutes=16)
    sending.sweep(at=clock())
    clock.advance(minutes=1)
    queue.work_off(clock)
    assert {letter["Message-ID"] for letter in mailbox.letters} == {mailbox.letters[0]["Message-ID"]}


def test_only_who_is_still_waited_for_and_may_know_is_told(
    cto: Viewer, vciso: Viewer, mailbox: Mailbox, clock: Clock, cast: Cast
) -> None:
    made = proposed(cto)
    reviews.answer(vciso, made.number, "question", base=1, text="Where are the numbers?", at=START)
    queue.work_off(clock)
    assert [letter["Subject"] for letter in mailbox.letters] == [
        "[Larkspur] Vciso asks you: Move billing to Stripe"
    ]
    reviews.reply(cto, made.number, "In the vault.", at=START)
    reviews.answer(vciso, made.number, "approve", base=1, at=START)
    queue.work_off(clock)
    (letter,) = mailbox.letters[1:]
    assert letter["Subject"] == "[Larkspur] Answered: Move billing to Stripe"
    proposed(cto, "Leaves before it is sent")
    leader = cast.viewer("leader", START)
    held = Engagement.get(Engagement.role == Role.VCISO)
    engagements.end(leader, held.id, at=START)
    clock.advance(seconds=1)
    queue.work_off(clock)
    assert len(mailbox.letters) == 2
    member = cast.viewer("member", START)
    comments.write(leader, made.number, "Who tells the patients?", asks=True, at=clock())
    Decision.update(restricted=True, author=member.person.id).where(Decision.id == made.id).execute()
    Engagement.update(ends_at=clock()).where(Engagement.role == Role.CTO).execute()
    clock.advance(seconds=1)
    queue.work_off(clock)
    assert [letter["To"].addresses[0].addr_spec for letter in mailbox.letters[2:]] == []
    assert {row.state for row in Notice.select()} == {"sent", "dropped"}


def test_a_concern_is_told_to_whom_it_waits_for_in_turn(
    cto: Viewer, vciso: Viewer, mailbox: Mailbox, clock: Clock, cast: Cast
) -> None:
    member, delegate = cast.viewer("member", START), cast.viewer("delegate", START)
    made = drafts.draft(member, {"title": "Move billing"}, at=START)

    def told() -> list[str]:
        """Return who is written to now, after the letters were emptied out."""
        queue.work_off(clock)
        names = sorted(one["To"].addresses[0].username for one in mailbox.letters)
        mailbox.letters.clear()
        clock.advance(minutes=1)
        return names

    one = concerns.raise_one(vciso, made.number, "Nobody at night", "The list is empty.", at=START)
    queue.work_off(clock)
    assert "“Nobody at night” about AD-0001 Move billing" in " ".join(text_of(mailbox.letters[0]).split())
    assert told() == ["cto", "delegate", "member"]
    comments.reply(delegate, made.number, one.id, "Two names.", at=clock())
    assert told() == ["vciso"]
    comments.reply(vciso, made.number, one.id, "Which?", at=clock())
    comments.reply(cto, made.number, one.id, "Mia and Tom.", at=clock())
    assert told() == ["vciso"], "who was waited for a moment ago is no longer"
    comments.reply(vciso, made.number, one.id, "And at weekends?", at=clock())
    comments.resolve(vciso, made.number, one.id, at=clock())
    assert told() == []


def test_to_dos_changes_and_leaderships_answers_reach_whom_they_are_for(
    cto: Viewer, vciso: Viewer, mailbox: Mailbox, clock: Clock, cast: Cast
) -> None:
    first, second = proposed(cto, "One"), proposed(cto, "Two")
    todo = {"text": "Change the keys", "risk": "Theft.", "due_on": "2026-12-01", "owner": "member"}
    reviews.answer(vciso, first.number, "approve-with-conditions", base=1, todos=[todo], at=START)
    reviews.answer(vciso, second.number, "deny", base=1, text="No.", at=START)
    put = {"question": "May we?", "technology_says": "Yes.", "answer_by": date(2026, 11, 27)}
    exceptions.ask(cto, second.number, **put, at=START)
    at_once = drafts.draft(cto, {"title": "Three", "kind": "incident"}, at=START)
    levels.raise_to(cto, at_once.number, 3, at=START)
    decisions.propose(cto, at_once.number, at=START)
    decisions.accept(cto, at_once.number, base=1, emergency=True, reason="Attack.", at=START)
    queue.work_off(clock)
    risks.refuse(cast.viewer("leader", START), second.number, reason="Not worth it.", at=START)
    queue.work_off(clock)
    told = sorted((one["To"].addresses[0].username, one["Subject"]) for one in mailbox.letters)
    assert told == [
        ("cto", "[Larkspur] Answered: One"),
        ("cto", "[Larkspur] Answered: Two"),
        ("cto", "[Larkspur] Leadership answered: Two"),
        ("leader", "[Larkspur] Your answer by Fri 27 Nov: May we?"),
        ("member", "[Larkspur] To do by Tue 1 Dec: One"),
        ("vciso", "[Larkspur] Your answer by Thu 26 Nov, 09:00: Three"),
    ]


def test_whoever_leads_from_now_is_told_of_the_exception_that_nobody_was_there_to_answer(
    vciso: Viewer, mailbox: Mailbox, clock: Clock, cast: Cast
) -> None:
    leader = cast.viewer("leader", START)
    engagements.appoint(leader, role="leader", email=cast.member.email, at=START)
    clock.advance(minutes=1)
    asker = cast.viewer("member", clock())
    made = drafts.draft(asker, {"title": "Codes"}, answers=DEVIATES, at=clock())
    decisions.propose(cast.viewer("cto", clock()), made.number, at=clock())
    put = {"question": "May we?", "technology_says": "Yes.", "answer_by": date(2026, 11, 27)}
    exceptions.ask(asker, made.number, **put, at=clock())
    Engagement.update(ends_at=clock()).where(Engagement.person == cast.leader).execute()
    exceptions.advise(vciso, made.number, code="no", text="They can be stolen.", at=clock())
    later = local_day(clock(), cast.company.zone) + timedelta(days=9)
    engagements.appoint(asker, role="leader", email=cast.admin.email, starts_on=later, at=clock())
    engagements.appoint(asker, role="admin", email=cast.cto.email, at=clock())
    engagements.appoint(asker, role="leader", email=cast.reader.email, at=clock())
    queue.work_off(clock)
    told = [(one["To"].addresses[0].username, one["Subject"]) for one in mailbox.letters]
    assert told == [("reader", "[Larkspur] An exception waits for leadership: Codes")]
    assert "Member asks for an exception on AD-0001 Codes: May we?" in " ".join(
        text_of(mailbox.letters[-1]).split()
    )


def test_a_mail_a_day_tells_of_all_that_still_waits_and_comes_once(
    cto: Viewer, vciso: Viewer, mailbox: Mailbox, clock: Clock, cast: Cast
) -> None:
    stopping.choose(cast.vciso, cast.company.id, {"review-asked": DAILY}, mine=[cast.company.id])
    first, _, third = proposed(cto, "One"), proposed(cto, "Two"), proposed(cto, "Three")
    reviews.answer(vciso, third.number, "approve", base=1, at=START)
    stopping.choose(cast.cto, cast.company.id, {"answer-given": NEVER}, mine=[cast.company.id])
    assert first.number == 1
    clock.advance(hours=22)
    queue.work_off(clock)
    mailbox.letters.clear()  # the answer that was given at once
    clock.advance(hours=1)
    queue.later(queue.deliver_digest, Digest.get().id)
    assert queue.work_off(clock) == 2
    (letter,) = mailbox.letters
    assert letter["Subject"] == "[Larkspur] 2 things wait for you"
    words = text_of(letter)
    assert "AD-0001 One" in words and "AD-0002 Two" in words and "Three" not in words
    proposed(cto, "Four")
    clock.advance(hours=23)
    queue.work_off(clock)
    assert len(mailbox.letters) == 1
    clock.advance(hours=1)
    queue.work_off(clock)
    assert [one["Subject"] for one in mailbox.letters[1:]] == ["[Larkspur] 1 thing waits for you"]
    token = links_in(letter)[-1].rpartition("/")[2]
    assert stopping.read(token, KEY).person == cast.vciso
    stopping.stop(token, KEY)
    assert stopping.choices(cast.vciso, [cast.company.id])[cast.company.id, "review-asked"] == NEVER


def test_a_mail_a_day_is_one_for_companies_in_every_zone(
    cast: Cast, mailbox: Mailbox, clock: Clock, engine: str
) -> None:
    if engine == "postgresql":
        return  # days are the same there
    far = cast_of("Ostara", START, zone="America/New_York")
    leader = far.viewer("leader", START)
    Engagement.update(ends_at=START).where(Engagement.person == far.vciso.id).execute()
    engagements.appoint(leader, role="vciso", email=cast.vciso.email, at=START)
    for company in (cast.company, far.company):
        stopping.choose(cast.vciso, company.id, {"review-asked": DAILY}, mine=[company.id])
    proposed(cast.viewer("cto", START))
    proposed(far.viewer("cto", START), "Rent a van")
    for _ in range(60):
        clock.advance(hours=1)
        queue.work_off(clock)
    (letter,) = mailbox.letters
    assert letter["Subject"] == "2 things wait for you at 2 companies"
    assert text_of(letter).index("LARKSPUR") < text_of(letter).index("OSTARA")


def test_nothing_is_kept_where_no_mail_is_sent(cto: Viewer, database: peewee.Database) -> None:
    proposed(cto)
    assert (Notice.select().count(), QueueTask.select().count()) == (0, 0)
