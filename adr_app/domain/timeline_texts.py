"""How acts bring versions of a decision's text: which there are, which one an act is about."""

from collections.abc import Mapping
from typing import Any

from adr_app.domain.events import Happening
from adr_app.domain.levels import TEXT, LevelAct
from adr_app.domain.security import UNKNOWN_LEVEL, marks_of
from adr_app.domain.timeline_states import DecisionState, Revision


def with_text(state: DecisionState, act: Happening) -> DecisionState:
    """Add the version an act names, if it is new, with the level its answers ask for.

    Without answers it counts as unknown; what somebody set beyond the answers goes on holding. An act on a
    known version only repeats the level of its text.
    """
    data = act.data
    number, level = data.get("number"), data.get("level")
    if number is None or any(r.number == number for r in state.revisions):
        return state
    answers = data.get("answers") or {}
    revision = Revision(
        number,
        data.get("digest") or "",
        UNKNOWN_LEVEL if level is None else level,
        tuple(sorted(answers.items())),
        bool(data.get("inside")),
        act.actor,
        tuple(data.get("owners") or ()),
        act.at,
        act.kind in _FROM_A_FILE,
        ("unanswered",) if level is None else marks_of(answers),
        bool(data.get("government")),
    )
    state = state._replace(revisions=tuple(sorted((*state.revisions, revision), key=_number)))
    return state.leveled((*state.level_acts, LevelAct(TEXT, level)))


_FROM_A_FILE = frozenset({"decision.imported", "decision.reimported"})


def _number(revision: Revision) -> int:
    return revision.number


def sent(state: DecisionState) -> DecisionState:
    """Return the state once its newest text is sent for review: drafts before it are the author's."""
    if state.sent_from or state.latest is None:
        return state
    return state._replace(sent_from=state.latest.number)


def named(state: DecisionState, data: Mapping[str, Any]) -> Revision:
    """Return the version an act is about: the one it numbers, else the newest."""
    number = data.get("number")
    latest = state.latest or Revision(0, "", state.level)
    if number is None:
        return latest
    return next((r for r in state.revisions if r.number == number), latest)
