"""To-dos as a page shows them: what was said on each, how it stands, and what this person may do about it."""

from datetime import date, datetime
from typing import Any

from flask import g

from adr_app.domain.conditions import GONE, OBJECTIONS, State, binds
from adr_app.domain.permissions import Act
from adr_app.domain.worktime import last_day
from adr_app.models.decisions import Decision
from adr_app.models.reviews import Condition, ConditionWord, Verdict
from adr_app.services import condition_words
from adr_app.web.filters import day, days_effort

SAID = {
    "agreed": "agreed",
    "contested": "contests it",
    "kept": "keeps it",
    "changed": "changed it",
    "dropped": "dropped it",
    "moved": "moved the day",
}


def rows(
    decision: Decision, todos: list[Condition], given: list[Verdict], decided: bool, at: datetime
) -> list[dict[str, Any]]:
    """Return the to-dos of a decision for its page; `decided` says that the viewer made the decision."""
    if not todos:
        return []
    words = condition_words.words_on(decision)
    asked_by = {verdict.id: verdict.person_id for verdict in given}
    return [_row(todo, words.get(todo.id, []), asked_by, decided, at) for todo in todos]


def _row(
    todo: Condition, words: list[ConditionWord], asked_by: dict[int, int], decided: bool, at: datetime
) -> dict[str, Any]:
    viewer, zone = g.viewer, g.viewer.company.zone
    stands = todo.state not in GONE
    bound = binds(todo.state, todo.binds_at, at)
    undone = stands and todo.done_at is None
    mine = asked_by.get(todo.verdict_id) == viewer.person.id
    reviews = viewer.may(Act.GIVE_VERDICT) and not decided
    return {
        "todo": todo,
        "gone": not stands,
        "tag": tag_of(todo, bound, at.date()),
        "when": when_words(todo),
        "cost": cost_words(todo.build_days, todo.run_days),
        "words": [f"{word.person.name} {SAID[word.kind]}: {said_of(word)}" for word in words],
        "binds": f"Without a word from the CTO it binds after {day(last_day(todo.binds_at, zone))}."
        if undone and not bound and todo.state == State.PROPOSED
        else "",
        "may_answer": undone and not bound and viewer.may(Act.ANSWER_TODO) and not mine,
        "may_contest": todo.state == State.PROPOSED,
        "may_finish": undone and viewer.may(Act.DRAFT),
        "may_assign": undone and not todo.who and viewer.may(Act.DRAFT),
        "may_settle": undone and reviews,
        "contested": undone and todo.state == State.CONTESTED,
        "may_check": stands
        and todo.done_at is not None
        and todo.verified_at is None
        and reviews
        and todo.done_by_id != viewer.person.id,
    }


def tag_of(todo: Condition, bound: bool, today: date) -> tuple[str, str]:
    """Return how a to-do stands, in words and with a tone."""
    if todo.state in GONE:
        return ("Changed" if todo.state == State.CHANGED else "Dropped"), "gone"
    if todo.verified_at:
        return "Checked", "good"
    if todo.done_at:
        return "Done, not checked yet", "warn"
    if todo.state == State.CONTESTED:
        return "Contested", "warn"
    if not bound:
        return "With the CTO", "strong"
    if todo.due_on and todo.due_on < today:
        return "Overdue", "bad"
    return "Open", "plain"


def when_words(todo: Condition) -> str:
    """Return who does a to-do and by when."""
    due = f"by {day(todo.due_on)}" if todo.due_on else ""
    return ", ".join(filter(None, (todo.who, due, "before it goes live" if todo.before_go_live else "")))


def cost_words(build: int | None, run: int | None) -> str:
    """Return what a to-do costs in words, empty where nobody said."""
    parts = []
    if build is not None:
        parts.append(f"{_days(build)} to do")
    if run is not None:
        parts.append(f"{_days(run)} a month to keep")
    return ", ".join(parts)


def _days(hundredths: int) -> str:
    return f"{days_effort(hundredths)} {'day' if hundredths == 100 else 'days'}"


def said_of(word: ConditionWord) -> str:
    """Return what somebody said on a to-do, with the kind of their objection first."""
    return f"{OBJECTIONS[word.why]}. {word.text}" if word.why else word.text
