"""A decision's history in sentences: who did what, when, and what the rules found."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any

from flask import g, url_for

from adr_app.domain.acceptance import Way
from adr_app.domain.conditions import OBJECTIONS
from adr_app.domain.decisions import IMPLEMENTATION, STATUS_NAMES, Status
from adr_app.domain.event_kinds import HANDING_OVER
from adr_app.domain.events import KINDS
from adr_app.domain.exceptions import CLOSINGS
from adr_app.domain.flag_rules import RULES, SET_ASIDE
from adr_app.domain.frameworks import EFFECTS
from adr_app.domain.reviews import VERDICTS
from adr_app.domain.security import LEVEL_NAMES
from adr_app.domain.timeline_acts import UNREADABLE
from adr_app.models.decisions import Decision
from adr_app.models.events import Event
from adr_app.models.flags import SpanRow
from adr_app.services.histories import History
from adr_app.services.links import KINDS as LINKS
from adr_app.web.filters import day, due_day, moment

Entry = dict[str, str]
Data = dict[str, Any]

WAYS = {
    Way.UNASKED: "accepted it; the vCISO was not asked",
    Way.NO_ANSWER: "accepted it without the answer",
    Way.EMERGENCY: "accepted it at once, to be checked afterwards",
    Way.RISK_TAKEN: "accepted it, with the risk taken by leadership",
}
SECURITY = ("review.", "condition.", "risk.", "level.", "flag.")
UNTOLD = frozenset({"review-waiting", SET_ASIDE.code})
"""Findings that the history leaves out: the acts beside them tell the same."""

DISCUSSED = frozenset({"decision.commented", "concern.raised", "concern.set-aside"})

ENDED = {
    "answered": "answered",
    "taken back": "taken back",
    "no longer in force": "no longer in force",
    "set aside": "set aside: leadership takes the risk",
    "not known any more": "not known since",
    "dealt with": "dealt with",
    "overdue": "overdue",
    "time passed": "the time is over",
    "decided": "decided",
}


def entries(history: History, decision: Decision, spans: list[SpanRow], at: datetime) -> list[Entry]:
    """Return acts and findings together, newest first."""
    found = [(event.at, event.seq, _act(event, data, history, decision)) for event, data in history.acts]
    for span in spans:
        if span.kind == "flag" and span.starts <= at and span.code not in UNTOLD:
            found.append((span.starts, 1 << 40, _finding(span, at)))
    found.sort(key=lambda row: row[:2], reverse=True)
    return [entry for _, _, entry in found]


def told(history: History, decision: Decision, places: Sequence[int]) -> list[Entry]:
    """Return some acts by their places in the record, as far as this person may know of them."""
    wanted = set(places)
    return [_act(event, data, history, decision) for event, data in history.acts if event.seq in wanted]


def _act(event: Event, data: Data, history: History, decision: Decision) -> Entry:
    actor = history.name(event.actor_id)
    if event.subject_type == "decision" and event.subject_id != decision.id:
        words = f"{actor} {_of_other(event, data, history.others[event.subject_id], decision)}"
    elif event.subject_type == "debt":
        words = (
            f"{actor} {'removed the link to' if event.kind.endswith('unlinked') else 'linked'} a debt item"
        )
    elif event.kind in HANDING_OVER:
        words = f"{actor} handed the security review over to {history.name(data['of'])}"
    else:
        words = f"{actor} {verb(event, data, history)}"
    said = data.get("said") if event.kind not in DISCUSSED else None  # that stands in the discussion
    return {
        "when": moment(event.at),
        "machine": event.at.isoformat(),
        "sentence": f"{words}.",
        "detail": history.said.get(said["comment"], "") if said else "",
        "kind": "security" if event.kind.startswith(SECURITY) else "",
    }


def verb(event: Event, data: Data, history: History) -> str:
    """Return what an act did, such as “accepted it (version 2)”; who did it stands before it."""
    try:
        return _SENTENCES.get(event.kind, _plain)(event, data, history)
    except UNREADABLE:  # the decision's page says that it could not be checked, and stays readable
        return "did something that this program cannot read"


def _finding(span: SpanRow, at: datetime) -> Entry:
    rule = RULES[span.code]
    ended = ENDED.get(span.ended_as, span.ended_as) if span.ends <= at else ""
    detail = f"{ended[:1].upper()}{ended[1:]} on {day(span.ends)}." if ended else ""
    return {
        "when": moment(span.starts),
        "machine": span.starts.isoformat(),
        "sentence": f"{rule.title}: {rule.sentence[:1].lower()}{rule.sentence[1:]}",
        "detail": detail,
        "kind": "flag",
    }


_REPLACING = {
    "decision.accepted": "accepted",
    "decision.status-stated": "stated the status of",
    "decision.imported": "imported",
    "decision.reimported": "imported",
    "decision.recorded": "recorded",
}


_CLOSING = {"decision.rejected": "rejected", "decision.deprecated": "ended the use of"}
_RESTS_ON = {True: "which replaces what this one rests on", False: "which this one rests on"}


def _of_other(event: Event, data: Data, other: Decision, decision: Decision) -> str:
    if event.kind in _REPLACING:
        edges = [edge for edge in data.get("supersedes") or () if edge["decision"] == decision.id]
        if not edges:
            return f"{_REPLACING[event.kind]} {other.ref}, {_RESTS_ON[bool(data.get('supersedes'))]}"
        part = "a part of " if edges[0]["part"] else ""
        return f"{_REPLACING[event.kind]} {other.ref}, which replaces {part}this one"
    if event.kind == "decision.taken-back":
        restored = decision.id in (data.get("restores") or ())
        so = "this one" if restored else "what this one rests on"
        return f"took {other.ref} back, so {so} is in force again"
    if event.kind in _CLOSING:
        return f"{_CLOSING[event.kind]} {other.ref}, {_RESTS_ON[False]}"
    return f"linked {other.ref} with this one" if event.kind == "decision.linked" else f"changed {other.ref}"


def _plain(event: Event, data: Data, history: History) -> str:
    return KINDS[event.kind].sentence


def _revised(event: Event, data: Data, history: History) -> str:
    return f"wrote version {data['number']}"


def _recorded(event: Event, data: Data, history: History) -> str:
    claim = data.get("claim")
    with_her = f" and said that {history.names.get(claim['of'], 'the vCISO')} took part" if claim else ""
    return f"recorded it as decided on {_date(data.get('decided_on'))}{with_her}"


def _accepted(event: Event, data: Data, history: History) -> str:
    despite = ", decided with a concern open" if data.get("concerns") else ""
    return f"{WAYS.get(data.get('way', ''), 'accepted it')} (version {data['number']}){despite}"


def _text_accepted(event: Event, data: Data, history: History) -> str:
    despite = ", with a concern open" if data.get("concerns") else ""
    return f"{KINDS[event.kind].sentence}{despite}"


def _commented(event: Event, data: Data, history: History) -> str:
    if data.get("to"):
        return "answered a comment"
    return "asked a question" if data.get("asks") else "commented"


def _asked(event: Event, data: Data, history: History) -> str:
    name = history.names.get(data["of"], "the vCISO")
    return f"asked {name} for a security review, due {_limit(data['due_at'])}"


def _answered(event: Event, data: Data, history: History) -> str:
    kind = VERDICTS.get(data["code"])
    return f"{kind.record if kind else 'answered'} on version {data['number']}"


def _claimed(event: Event, data: Data, history: History) -> str:
    name = history.names.get(data.get("of") or 0, "the vCISO")
    return f"said that {name} took part in the meeting on {_date(data['on'])}"


def _claim_answered(event: Event, data: Data, history: History) -> str:
    return "confirmed having advised in the meeting" if data["yes"] else "said: I was not part of it"


def _look_on(event: Event, data: Data, history: History) -> str:
    return f"will look on {_date(data['on'])}"


def _moved(event: Event, data: Data, history: History) -> str:
    return f"moved the date of a to-do to {_date(data['due_on'])}"


def _contested(event: Event, data: Data, history: History) -> str:
    return f"contested a to-do: {OBJECTIONS[data['why']].lower()}"


def _recommended(event: Event, data: Data, history: History) -> str:
    return f"recommended {data['code']} on an exception"


def _risk_taken(event: Event, data: Data, history: History) -> str:
    return f"took the risk for the company until {_limit(data['until'])}"


def _risk_ended(event: Event, data: Data, history: History) -> str:
    said = f": {CLOSINGS[data['how']].lower()}" if data.get("how") else ""
    return f"{KINDS[event.kind].sentence}{said}"


def _put_aside(event: Event, data: Data, history: History) -> str:
    return f"set “{RULES[data['code']].title}” aside until {_limit(data['until'])}"


def _level(event: Event, data: Data, history: History) -> str:
    verb = "asked for a closer look" if event.kind == "level.raised" else "lowered what is needed"
    return f"{verb}: {LEVEL_NAMES[data['level']]}"


def _linked(event: Event, data: Data, history: History) -> str:
    other = history.others.get(data.get("to") or 0)
    where = other.ref if other else "another decision"
    if event.kind == "decision.unlinked":
        return f"removed the link to {where}"
    return f"noted that it {LINKS[data['kind']][0]} {where}"


def _system(event: Event, data: Data, history: History) -> str:
    verb = "put a system inside" if data["inside_boundary"] else "took a system out of"
    return f"{verb} what an auditor looks at"


def _implementation(event: Event, data: Data, history: History) -> str:
    return f"noted how far the work is: {IMPLEMENTATION[data['state']].lower()}"


def _status(event: Event, data: Data, history: History) -> str:
    return f"stated its status: {STATUS_NAMES[Status(data['status'])].lower()}"


def _mapped(event: Event, data: Data, history: History) -> str:
    if event.kind == "decision.unmapped":
        return f"said that it does nothing to safeguard {data['control']}"
    return f"said that it {EFFECTS[data['effect']]} safeguard {data['control']}"


def _again(event: Event, data: Data, history: History) -> str:
    verb, on = KINDS[event.kind].sentence, data.get("on")
    if event.kind == "decision.looked-again":
        return f"{verb}, and will again on {_date(on)}" if on else verb
    return f"{verb}: {_date(on)}" if on else "took away the day to look at it again"


def _date(text: str | None) -> str:
    return day(date.fromisoformat(text)) if text else "an unknown day"


def _limit(epoch: int) -> str:
    return due_day(datetime.fromtimestamp(epoch, UTC))


CHECKED = {
    "whole": "found that the record verifies again",
    "broken": "found that the record does not verify",
    "error": "could not check the record",
}
"""What a check is told as: it is an act only where it came out otherwise than the one before."""

_SENTENCES: dict[str, Callable[[Event, Data, History], str]] = {
    "record.checked": lambda event, data, history: CHECKED[data["result"]],
    "decision.revised": _revised,
    "decision.recorded": _recorded,
    "decision.accepted": _accepted,
    "decision.text-accepted": _text_accepted,
    "decision.implementation-set": _implementation,
    "decision.status-stated": _status,
    "decision.linked": _linked,
    "decision.unlinked": _linked,
    "decision.review-on-set": _again,
    "decision.looked-again": _again,
    "system.added": _system,
    "decision.mapped": _mapped,
    "decision.unmapped": _mapped,
    "decision.commented": _commented,
    "review.asked": _asked,
    "review.verdict": _answered,
    "review.claimed": _claimed,
    "review.claim-answered": _claim_answered,
    "review.look-on": _look_on,
    "condition.moved": _moved,
    "condition.contested": _contested,
    "risk.accepted": _risk_taken,
    "risk.advised": _recommended,
    "risk.ended": _risk_ended,
    "flag.set-aside": _put_aside,
    "level.raised": _level,
    "level.lowered": _level,
}


def copied_line(decision: Decision, standing: str) -> str:
    """Return one line for a chat: reference, title, how it stands, link."""
    address = url_for("decisions.show", slug=g.viewer.company.slug, number=decision.number, _external=True)
    words = f"{standing[:1].lower()}{standing[1:]}" if standing.startswith("With ") else standing
    return f"{decision.ref} {decision.title} – {words} – {address}"
