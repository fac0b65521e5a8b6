"""What people are told by mail: only that somebody waits for them. One table of kinds."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from adr_app.domain.permissions import WRITERS, Role
from adr_app.domain.values import dataclass

AT_ONCE, DAILY, NEVER = "at-once", "daily", "never"

WAYS = {AT_ONCE: "at once", DAILY: "once a day, with the rest", NEVER: "not by mail"}
"""How somebody is told, by what is kept; at once unless they chose."""

DAILY_AT = time(8)
"""When the mail of the day goes out, in the company's zone."""

PAUSES = tuple(timedelta(minutes=n) for n in (1, 5, 30, 120, 480, 1440))
"""How long a letter that was not taken waits before each further attempt; after the last it is given up."""

INTERRUPTED_AFTER = timedelta(minutes=15)
"""A letter that has been on its way for so long was interrupted, and is tried again."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of thing that somebody waits for.

    `title` is what the settings call it, `subject` and `sentence` what a mail says, with `{who}` for whoever
    waits, `{due}` for the day, `{ref}` and `{title}` of the decision, `{what}` for the rest; `page` is what
    the address of the decision goes on with, `roles` whom it may concern.
    """

    code: str
    title: str
    subject: str
    sentence: str
    button: str
    page: str = ""
    roles: frozenset[Role] = WRITERS


_KINDS = (
    Kind(
        "review-asked",
        "A security answer is wanted of you",
        "Your answer by {due}: {title}",
        "{who} asks for your security answer on {ref} {title}, by {due}.",
        "Look and answer",
        "/review",
        frozenset({Role.VCISO}),
    ),
    Kind(
        "claim-made",
        "Somebody says that you took part in a meeting",
        "Did you advise on it? {title}",
        "{who} says you advised on {ref} {title} in a meeting on {due}. It counts once you confirm it.",
        "Yes, I did, or no",
        roles=frozenset({Role.VCISO}),
    ),
    Kind(
        "question-asked",
        "The vCISO asks you something",
        "{who} asks you: {title}",
        "{who} has a question on {ref} {title}, and goes on once it is answered.",
        "Read and answer",
    ),
    Kind(
        "changes-asked",
        "The vCISO wants a decision changed",
        "Changes wanted: {title}",
        "{who} looked at {ref} {title} and wants it changed before it goes on.",
        "See what to change",
    ),
    Kind(
        "answer-given",
        "An answer that you asked for",
        "Answered: {title}",
        "{who} answered on {ref} {title}: {what}",
        "Read it and go on",
    ),
    Kind(
        "exception-asked",
        "An exception waits for what you recommend",
        "Your recommendation by {due}: {title}",
        "{who} asks for an exception on {ref} {title}: {what} Say what you recommend by {due}.",
        "Look and recommend",
        "/risk",
        frozenset({Role.VCISO}),
    ),
    Kind(
        "leadership-asked",
        "Leadership is asked about a risk",
        "Your answer by {due}: {what}",
        "{who} asks you one question about {ref} {title}: {what} Please answer by {due}.",
        "Read and answer",
        "/risk",
        frozenset({Role.LEADER}),
    ),
    Kind(
        "exception-waits",
        "An exception waits for somebody in leadership",
        "An exception waits for leadership: {title}",
        "{who} asks for an exception on {ref} {title}: {what} The vCISO has said what to do, and nobody "
        "was there to answer.",
        "Read and answer",
        "/risk",
        frozenset({Role.LEADER}),
    ),
    Kind(
        "leadership-answered",
        "Leadership answers a question of yours",
        "Leadership answered: {title}",
        "{who} answered the question about {ref} {title}: {what}",
        "See the answer",
        "/risk",
    ),
    Kind(
        "todo-given",
        "A to-do is yours",
        "To do{due}: {title}",
        "{who} gave an OK on {ref} {title} with a to-do for you{due}: {what}",
        "See the to-do",
    ),
    Kind(
        "discussion-asked",
        "Somebody asks in a discussion",
        "{who} asks: {title}",
        "{who} asked something about {ref} {title} that nobody has answered.",
        "Read and answer",
    ),
    Kind(
        "concern-raised",
        "A blocking concern waits for your word",
        "A blocking concern: {title}",
        "{who} spoke last on the blocking concern “{what}” about {ref} {title}. The next word is yours.",
        "Read and answer",
    ),
)

KINDS = {kind.code: kind for kind in _KINDS}
"""Every kind of notice by its code, in the order of the settings."""


def next_mail_of_the_day(at: datetime, zone: str) -> datetime:
    """Return the moment after `at` at which the mail of the day goes out in a zone."""
    here = at.astimezone(ZoneInfo(zone))
    today = datetime.combine(here.date(), DAILY_AT, here.tzinfo)
    chosen = (
        today if today > here else datetime.combine(here.date() + timedelta(days=1), DAILY_AT, here.tzinfo)
    )
    return chosen.astimezone(at.tzinfo)


def pause_after(attempts: int) -> timedelta | None:
    """Return how long a letter waits after so many attempts failed; None where it is given up."""
    return PAUSES[attempts - 1] if attempts <= len(PAUSES) else None
