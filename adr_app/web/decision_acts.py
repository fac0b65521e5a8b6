"""What one person may do on a decision now: the buttons of its page."""

from datetime import datetime
from typing import Any

from flask import g, url_for

from adr_app.domain.acceptance import Gate, Need, Seen, Way
from adr_app.domain.decisions import TAKE_BACK_WITHIN, Move, Status
from adr_app.domain.permissions import Act
from adr_app.domain.reviews import VERDICTS
from adr_app.domain.security import marks_of
from adr_app.domain.security_questions import QUESTIONS
from adr_app.domain.standing_rules import HIGHEST
from adr_app.domain.standing_words import MARKS, STANDINGS
from adr_app.models.decisions import Decision, Revision
from adr_app.models.people import Engagement
from adr_app.models.reviews import Review
from adr_app.services import deciders, decisions, drafts, gates, go_live, remembered, reviews, risks
from adr_app.services.engagements import who_is_both
from adr_app.web import absences
from adr_app.web.filters import day
from adr_app.web.versions import answer_words

ASKED = "This company wants the vCISO's OK first, and it has been asked for."
ASKED_BACK = "This company wants the vCISO's OK first. Answer the vCISO's question, and the review goes on."


def open_to_viewer(
    decision: Decision, newest: Revision, security: dict[str, Any], at: datetime
) -> dict[str, Any]:
    """Return what this person may do now: the buttons of the page, the first of them the main one."""
    viewer = g.viewer
    moves = set(decisions.may_move(viewer, decision))
    review: Review | None = security["review"]
    vciso: Engagement | None = security["vciso"]
    found: dict[str, Any] = {"moves": moves, "review": None, "accept": None, "blocked": ""}
    askable = decision.status in reviews.ASKABLE
    undecided = decision.status in (Status.DRAFT, Status.PROPOSED)
    may_ask = viewer.may(Act.ASK_REVIEW, is_author=decision.author_id == viewer.person.id)
    given = security["verdicts"][-1] if security["verdicts"] else None
    settled = given is not None and VERDICTS[given.code].clears and given.digest == newest.digest
    settled = settled or (security["allowed"] and decision.in_force in (None, newest.number))
    nobody_looks = review is None or security["deserted"]
    found["answered"] = given is not None and review is None
    found |= _leadership(security) | _both(decision, security, at)
    found["leadership"] = _concerns_leadership(decision, newest, security, at)
    found["ask"] = bool(vciso and nobody_looks and askable and may_ask and not settled)
    found["absences"] = absences.sentences(review, security["vcisos"]) if review or found["ask"] else []
    judges = askable and viewer.may(Act.GIVE_VERDICT)
    found["answer"] = judges and not gates.has_decided(decision, viewer.person.id)
    found["allow"] = viewer.may(Act.SIGN_RULE) and _could_be_allowed(newest)
    found["look"] = found["answer"] and go_live.is_live(decision)
    found["reply"] = bool(review and review.state == "question" and viewer.may(Act.COMMENT))
    found["edit"] = viewer.may(Act.DRAFT) and decision.status in drafts.EDITABLE
    found["draft"] = viewer.may(Act.DRAFT)
    known = remembered.of(viewer, decision, newest) if undecided and found["edit"] else None
    found["remembered"], found["answered_lower"] = _in_words(known) if known else ({}, [])
    found["propose"] = Move.PROPOSE in moves
    found["propose_words"] = _on_proposing(decision, vciso, at) if found["propose"] else ""
    waits = decision.status == Status.ACCEPTED and decision.in_force != decision.latest
    found["accept_text"] = viewer.may(Act.ACCEPT) and waits
    found["take_back"] = (
        Move.TAKE_BACK in moves
        and decision.accepted_by_id == viewer.person.id
        and at - decision.accepted_at <= TAKE_BACK_WITHIN
    )
    found["state"] = [move for move in moves if move.value.startswith("state-")]
    found["ends"] = [
        (url_for(f"decisions.{name}", slug=viewer.company.slug, number=decision.number), words)
        for move, name, words in (
            (Move.REJECT, "reject", "Reject"),
            (Move.REVISE, "reopen", "Back to draft"),
            (Move.WITHDRAW, "withdraw", "Withdraw"),
            (Move.DEPRECATE, "deprecate", "No longer used"),
        )
        if move in moves
    ]
    last = given.id if given else 0
    found["seen"], found["say_so"] = Seen(last, ""), gates.SAY_SO
    if found["accept_text"]:
        gate = found["text_gate"] = gates.gate_for(viewer, decision, at)
        found["seen"] = Seen(last, gate.token)
        found["text_blocked"] = "" if gate.open else blocked_words(gate, review)
    found["urgent"] = False
    if Move.ACCEPT in moves and undecided:
        _add_acceptance(found, decision, review, at)
    return found


def _in_words(known: remembered.Remembered) -> tuple[dict[str, Any], list[str]]:
    """Return what can be kept of earlier answers, and where an answer says less than an earlier one."""
    lower = [
        f"{QUESTIONS[fact.question].words} “{answer_words(fact.question, fact.answer)}” for {fact.name} "
        f"in {fact.ref} on {day(fact.on)}"
        for fact in known.lower
    ]
    if not known.facts:
        return {}, lower
    said = [f"{fact.name} in {fact.ref} on {day(fact.on)}" for fact in known.sources]
    pairs = [(QUESTIONS[f.question].words, answer_words(f.question, f.answer)) for f in known.facts]
    return {"said": said, "answers": pairs, "seen": known.seen}, lower


def _could_be_allowed(newest: Revision) -> bool:
    """Return whether a rule of the vCISO's could clear decisions with these answers."""
    return bool(newest.answers) and newest.level is not None and newest.level <= HIGHEST


def _both(decision: Decision, security: dict[str, Any], at: datetime) -> dict[str, Any]:
    """Return who decides and checks here, while that matters: until the decision is made."""
    return {"both": "" if gates.is_decided(decision) else who_is_both(security["vcisos"], at)}


def _leadership(security: dict[str, Any]) -> dict[str, bool]:
    """Return whether leadership has been asked, and whether this person may answer for it."""
    asked = security["question_to_leadership"] is not None
    return {"leads": g.viewer.may(Act.ACCEPT_RISK), "leadership_asked": asked}


def _concerns_leadership(
    decision: Decision, newest: Revision, security: dict[str, Any], at: datetime
) -> bool:
    """Return whether this person may ask leadership to take the risk of this decision, or take it."""
    if not (g.viewer.may(Act.DRAFT) or g.viewer.may(Act.ACCEPT_RISK)):
        return False
    if security["question_to_leadership"] is not None:
        return True
    if decision.in_force and "deviates" in marks_of(newest.answers) and risks.is_uncovered(decision, at):
        return True
    objected = any(VERDICTS[given.code].objects for given in security["verdicts"])
    return objected and risks.objection_stands(decision, at)


def lacks_exception(decision: Decision, newest: Revision, security: dict[str, Any]) -> bool:
    """Return whether this person may ask for an exception on a proposal that departs from a rule."""
    if decision.status != Status.PROPOSED or not g.viewer.may(Act.DRAFT):
        return False
    return "deviates" in marks_of(newest.answers) and not any(one["runs"] for one in security["exceptions"])


def _on_proposing(decision: Decision, vciso: Engagement | None, at: datetime) -> str:
    """Return what follows where a draft is proposed unasked: who can accept it, and what it will say."""
    words = f"Once proposed, {deciders.in_words(g.viewer, at)} can accept it."
    gate = gates.gate_for(g.viewer, decision, at)
    if gate.need is Need.SOMEBODY_ELSE:
        return gates.NEEDS[gate.need]
    if not gate.open:
        return f"{words} {gates.NEEDS[gate.need]}"
    if gate.way is not Way.UNASKED:
        return words
    if vciso is None:
        return f"{words} It will say that nobody was engaged as vCISO."
    name = vciso.person.name.split()[0]
    if gate.need is Need.NOTHING or gate.only_concerns:
        return f"{words} If nobody asks {name}, it will say “{STANDINGS['self-declared'].words}”."
    return f"{words} If nobody asks {name} before, it will always say “{MARKS['without-input']}”."


def _accept_words(gate: Gate, review: Review | None) -> str:
    """Return what the button says where a reason is needed, the gravest of the reasons first."""
    if gate.only_concerns:
        return "Accept with a concern open"
    if gate.way is Way.NO_ANSWER:
        return "Decide without the answer"
    if gate.way is Way.UNASKED:
        return "Accept without the answer" if review else "Accept without asking"
    return "Accept against the advice" if gate.against else "Accept"


def blocked_words(gate: Gate, review: Review | None) -> str:
    """Return what is still missing, in words, where a reason would not be enough."""
    if gate.need is Need.SECURITY_OK and review is not None:
        return ASKED_BACK if review.state == "question" else ASKED
    return gates.NEEDS[gate.need]


def _add_acceptance(found: dict[str, Any], decision: Decision, review: Review | None, at: datetime) -> None:
    gate = gates.gate_for(g.viewer, decision, at)
    found["gate"], found["seen"] = gate, Seen(found["seen"].verdict, gate.token)
    found["urgent"] = gate.emergency_open
    if gate.need is Need.NOTHING:
        found["accept"] = "at-once"
    elif gate.need is Need.REASON:
        found["accept"] = "with-reason"
        found["accept_words"] = _accept_words(gate, review)
    else:
        found["blocked"] = blocked_words(gate, review)
        found["questions"] = gate.need is Need.FIRST_ANSWERS
