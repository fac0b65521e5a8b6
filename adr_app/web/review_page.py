"""What the page of a security review shows: to the vCISO, to the author, and to everybody who may read."""

from typing import Any

from flask import g, render_template, request, url_for

from adr_app.domain.conditions import OBJECTIONS
from adr_app.domain.decisions import TAKE_BACK_WITHIN, Status
from adr_app.domain.digest import check_integer
from adr_app.domain.permissions import Act, Role
from adr_app.domain.plain_words import WORDS_A_MINUTE
from adr_app.domain.review_parts import PARTS
from adr_app.domain.reviews import PHONE_ANSWERS, VERDICTS
from adr_app.domain.revisions import FIELDS
from adr_app.domain.security import LEVEL_NAMES
from adr_app.domain.security_questions import QUESTIONS
from adr_app.domain.worktime import local_day
from adr_app.models.decisions import Decision, Revision
from adr_app.models.flags import SpanRow
from adr_app.models.people import Engagement
from adr_app.models.reviews import Claim, Review, Verdict
from adr_app.services import (
    claims,
    comments,
    conditions,
    decision_rows,
    gates,
    lists,
    people,
    reviews,
)
from adr_app.services.laid_out import html_of
from adr_app.services.rendering import plain_text
from adr_app.web import absences, csrf, judging, next_answer, references, todo_rows
from adr_app.web.access import now
from adr_app.web.filters import day
from adr_app.web.reasons import reasons
from adr_app.web.standings import line_of, mark_of
from adr_app.web.versions import answer_words, difference

TODO_ROWS = 5
NOT_CARRIED = (csrf.FIELD, "edit")
LEVELS = [(level, words) for level, words in LEVEL_NAMES.items()]


def show(
    decision: Decision,
    *,
    typed: dict[str, Any] | None = None,
    errors: dict[str, str] | None = None,
    form: str = "answer",
    changed_since: Revision | None = None,
    meanwhile: str = "",
) -> str:
    """Return the page; `typed` and `errors` belong to the form that was refused.

    `changed_since` is the version somebody was about to answer when a newer one came; `meanwhile` says what
    else happened before they could.
    """
    at, viewer, newest = now(), g.viewer, decision_rows.revision(decision)
    given = gates.standing_verdicts(decision)
    review = gates.open_review(decision)
    span = lists.standings(decision.company_id, [decision.id], at).get(decision.id)
    claim = claims.latest(decision)
    names = _names(decision, review, given, claim)
    vcisos = people.holders(viewer.company.id, Role.VCISO, at)
    before = changed_since or _looked_at(decision, given, review)
    allowed = _what_may_be_done(decision, newest, review, given, span, claim, vcisos)
    todos = todo_rows.rows(decision, conditions.of(decision), given, allowed["decided_it"], at)
    open_to_answer = allowed["may_answer"] and not typed and not errors
    return render_template(
        "reviews/show.html",
        nav="decisions",
        decision=decision,
        newest=newest,
        review=review,
        given=[(one, VERDICTS[one.code]) for one in reversed(given)],
        last=given[-1] if given else None,
        claim=claim,
        names=names,
        todos=todos,
        before=before,
        changes=difference(before, newest) if before and before.number != newest.number else [],
        **_read(newest),
        mark=mark_of(span),
        standing=_sentence(span, given),
        remarks=comments.of(decision),
        plain_text=plain_text,
        level_words=LEVEL_NAMES[gates.level_of(decision)],
        vciso=vcisos[0] if vcisos else None,
        vcisos=vcisos,
        deserted=review is not None and gates.is_deserted(review, vcisos),
        link=url_for("reviews.show", slug=viewer.company.slug, number=decision.number, _external=True),
        typed=typed or {},
        errors=errors or {},
        form=form,
        absences=absences.sentences(review, vcisos),
        overtaken=changed_since is not None,
        meanwhile=meanwhile,
        seen=given[-1].id if given else 0,
        **allowed,
        **judging.content(decision, newest, given, todos, at),
        **(_next(decision, newest, review, given) if open_to_answer else {}),
        **_choices(),
    )


def newest_answer(decision: Decision) -> int:
    """Return the id of the newest answer that stands, 0 for none."""
    given = gates.standing_verdicts(decision)
    return given[-1].id if given else 0


def _read(newest: Revision) -> dict[str, Any]:
    """Return what there is to read of a text, part by part, why it matters, and how long it takes."""
    return {
        "reasons": reasons(newest),
        "answers": _answers(newest),
        "texts": _texts(newest),
        "options": _options(newest),
        "minutes": max(1, -(-newest.words // WORDS_A_MINUTE)),
    }


def _sentence(span: SpanRow | None, given: list[Verdict]) -> str:
    """Return what stands beneath the mark: the exact standing, or who answered where the mark says it all."""
    zone = g.viewer.company.zone
    line = line_of(span, local_day(now(), zone), zone)
    if line or not given:
        return line
    last = given[-1]
    return f"{last.person_name} {VERDICTS[last.code].record} on {day(last.at)}"


def _what_may_be_done(
    decision: Decision,
    newest: Revision,
    review: Review | None,
    given: list[Verdict],
    span: SpanRow | None,
    claim: Claim | None,
    vcisos: list[Engagement],
) -> dict[str, Any]:
    """Return which of the page's acts are this person's now."""
    viewer, me = g.viewer, g.viewer.person.id
    open_now = decision.status in reviews.ASKABLE
    judges = viewer.may(Act.GIVE_VERDICT) and open_now
    decided = gates.is_decided(decision)
    own = judges and gates.has_decided(decision, me)
    signed = [one for one in given if VERDICTS[one.code].clears]
    is_author = decision.author_id == me
    level = gates.level_of(decision)
    unclaimed = claim is None or claims.may_follow(claim, vcisos)
    may_claim = _lacks_input(span) and unclaimed and viewer.may(Act.DRAFT) and not judges
    return {
        "may_answer": judges and not own,
        "decided_it": own,
        "may_say_same": judges and not own and bool(signed) and signed[-1].digest != newest.digest,
        "may_take_back": not decided and bool(given) and _is_own_and_recent(given[-1]),
        "may_ask": (review is None or gates.is_deserted(review, vcisos))
        and open_now
        and viewer.may(Act.ASK_REVIEW, is_author=is_author),
        "may_reply": review is not None and review.state == "question" and viewer.may(Act.COMMENT),
        "may_take": review is not None
        and judges
        and not own
        and len(vcisos) > 1
        and (review.taken_at is None or review.asked_of_id != me),
        "asked_about_meeting": claim is not None and claim.yes is None and claim.of_id == me and not own,
        "may_claim": may_claim,
        "suggested": claims.suggested(decision, newest, vcisos) if may_claim else None,
        "may_raise": open_now and not judges and viewer.may(Act.RAISE_LEVEL) and level < max(LEVEL_NAMES),
        "may_lower": open_now and not own and viewer.may(Act.LOWER_LEVEL) and level > min(LEVEL_NAMES),
        "may_declare": not decided
        and open_now
        and review is None
        and not given
        and viewer.may(Act.DRAFT)
        and not judges,
        "higher": [pair for pair in LEVELS if pair[0] > level and pair[0] > 0],
        "lower": [pair for pair in LEVELS if pair[0] < level],
        "needs_leadership": decision.status == Status.PROPOSED
        and bool(given)
        and given[-1].code == "deny"
        and gates.running_risk(decision, now()) is None,
    }


def _next(
    decision: Decision, newest: Revision, review: Review | None, given: list[Verdict]
) -> dict[str, Any]:
    """Return whether the newest text has its answer and nobody waits for another, and what is next then."""
    asked = review is not None and review.state == "waiting"
    done = bool(given) and given[-1].number == newest.number and not asked
    return {"done": done, "next": next_answer.after(decision) if done else None}


def _is_own_and_recent(given: Verdict) -> bool:
    return given.person_id == g.viewer.person.id and now() - given.at <= TAKE_BACK_WITHIN


def _lacks_input(span: SpanRow | None) -> bool:
    return span is not None and span.code == "no-input"


def _choices() -> dict[str, Any]:
    """Return the answers the page offers: those of a phone first, the others a tap further."""
    return {
        "first_answers": [VERDICTS[code] for code in PHONE_ANSWERS],
        "other_answers": [one for code, one in VERDICTS.items() if code not in PHONE_ANSWERS],
        "levels": LEVELS,
        "todo_rows": range(TODO_ROWS),
        "objections": OBJECTIONS,
    }


def _names(
    decision: Decision, review: Review | None, given: list[Verdict], claim: Claim | None
) -> dict[int, str]:
    wanted = {decision.author_id} | {one.person_id for one in given}
    if decision.accepted_by_id:
        wanted.add(decision.accepted_by_id)
    if review is not None:
        wanted |= {review.asked_by_id, review.asked_of_id}
    if claim is not None:
        wanted |= {claim.of_id, claim.claimed_by_id}
    return people.names(wanted)


def _looked_at(decision: Decision, given: list[Verdict], review: Review | None) -> Revision | None:
    """Return the version this person answered last, else the one that was sent for review."""
    mine = [one.number for one in given if one.person_id == g.viewer.person.id]
    mine = mine or [one.number for one in given]
    if mine:
        return decision_rows.revision(decision, mine[-1])
    if review is None:
        return None
    return (
        Revision.select()
        .where(
            Revision.company == decision.company_id,
            Revision.decision_id == decision.id,
            Revision.created_at <= review.asked_at,
        )
        .order_by(Revision.number.desc())
        .first()
    )


def _answers(newest: Revision) -> list[tuple[str, str]]:
    """Return the security questions that were answered, in their order, each with its answer."""
    said = newest.answers
    return [(q.words, answer_words(code, said[code])) for code, q in QUESTIONS.items() if said.get(code)]


def _texts(newest: Revision) -> list[tuple[str, str]]:
    """Return the laid-out texts as (label, HTML), the whole text of an imported one alone."""
    laid_out = html_of(newest)
    if laid_out.get("body"):
        return [("Text", laid_out["body"])]
    named = [(field.label, laid_out.get(field.name, "")) for field in FIELDS if field.shape == "text"]
    return [(label, html) for label, html in named if html and label != "In plain words"]


def _options(newest: Revision) -> list[dict[str, Any]]:
    return [
        {
            "title": option.get("title", ""),
            "chosen": option.get("chosen", False),
            "pros": _points(option.get("pros", "")),
            "cons": _points(option.get("cons", "")),
        }
        for option in newest.fields.get("options", [])
    ]


def _points(text: str) -> list[str]:
    return [line.strip().removeprefix("- ").removeprefix("* ") for line in text.splitlines() if line.strip()]


def sent() -> dict[str, Any]:
    """Return the answer in this request's form: its code, parts, text, to-dos, level; `fields` as typed."""
    form = request.form
    code = form.get("answer", "")
    todos = [
        {
            "text": form.get(f"todo-{row}-text", ""),
            "risk": form.get(f"todo-{row}-risk", ""),
            "owner": form.get(f"todo-{row}-owner", ""),
            "due_on": form.get(f"todo-{row}-due_on", ""),
            "before_go_live": form.get(f"todo-{row}-before_go_live", "") == "yes",
            "build_days": form.get(f"todo-{row}-build_days", ""),
            "run_days": form.get(f"todo-{row}-run_days", ""),
        }
        for row in range(TODO_ROWS)
    ]
    level, seen = form.get("level", ""), form.get("seen", "")
    return {
        "answer": code,
        "seen": check_integer(seen, "seen", 0, references.HIGHEST) if seen else None,
        "parts": {part: form.get(f"part-{part}", "") for part in PARTS},
        "text": form.get(f"text-{code}", ""),
        "todos": todos,
        "level": int(level) if level in ("0", "1", "2", "3") else None,
        "fields": {name: value for name, value in form.items() if name not in NOT_CARRIED},
    }
