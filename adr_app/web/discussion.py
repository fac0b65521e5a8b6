"""What a page shows of the discussion of a decision: threads, what each is about, and who may close it."""

from typing import Any
from urllib.parse import quote

from flask import g, request, url_for
from markupsafe import Markup

from adr_app.domain.permissions import Act, Role
from adr_app.models.decisions import Decision, Revision
from adr_app.services import comments, concerns, passages
from adr_app.services.comments import OPENING, Said
from adr_app.services.rendering import plain_text, render
from adr_app.web.access import now

SHORT = 300
"""How much of a question stands above the page; the whole stands in the discussion."""

LINKED = 6
"""How many words at each end of a passage a browser is given to find it by."""

PARTS = {
    "title": "the title",
    "plain_words": "the summary in plain words",
    "decision": "What we decide",
    "drivers": "Why",
    "context": "The situation",
    "body": "the text",
    "options": "Options",
    "consequences": "What follows",
    "cost_of_not_deciding": "What it costs not to decide",
}
"""What a part of a decision's text is called where a comment is about words in it."""


def content(
    decision: Decision,
    *,
    judges: bool = False,
    shown: Revision | None = None,
    newest: Revision | None = None,
) -> dict[str, Any]:
    """Return the discussion as its macros read it; `judges` says that the viewer may answer for security.

    `shown` is the version that stands on the page and `newest` the newest one, where it shows a text.
    """
    said = comments.discussion(decision, now())
    waiting = comments.open_question(said)
    words = plain_text(waiting.comment.text) if waiting else ""
    threads = _threads(decision, said, shown, newest)
    before = [one for one in threads if one["earlier"]]
    opened = [one for one in threads if not one["resolver"] and not one["earlier"]]
    return {
        "open": opened,
        "earlier": before,
        "resolved": [one for one in threads if one["resolver"]],
        "concerns": [one for one in opened if one["concern"]],
        "by_part": _by_part(opened),
        "asker": waiting.name if waiting else "",
        "asked": waiting.comment.id if waiting else 0,
        "question": words if len(words) <= SHORT else words[:SHORT].rsplit(" ", 1)[0] + " …",
        "mine": waiting is not None and waiting.comment.person_id == g.viewer.person.id,
        "may_say": g.viewer.may(Act.COMMENT),
        "may_ask": Role.LEADER in g.viewer.roles,
        "may_advise": judges,
        "may_raise": g.viewer.may(Act.COMMENT) and decision.status in concerns.ALIVE,
        "seen": shown.number if shown else 0,
        "typed": request.form,
        "ticked": [name for name in ("asks", "advice") if request.form.get(name) == "yes"],
    }


def _threads(
    decision: Decision, said: list[Said], shown: Revision | None, newest: Revision | None
) -> list[dict[str, Any]]:
    """Return what was said, each opening with its answers beneath it, oldest first."""
    about = {one.comment.passage for one in said if one.comment.passage}
    here = passages.still_there(shown, about) if shown else set()
    still = passages.still_there(newest, about) if newest and newest is not shown else here
    despite = concerns.decided_with(decision) if any(one.comment.concern for one in said) else ()
    found: dict[int, dict[str, Any]] = {}
    for one in said:
        if one.comment.reply_to in found:
            found[one.comment.reply_to]["replies"].append(_said(one))
            found[one.comment.reply_to]["earlier"] = False  # somebody took it up again
            continue
        thread = found[one.comment.id] = _said(one)
        thread["earlier"] = _is_earlier(one)
        thread |= {"replies": [], "decided": one.comment.id in despite}
        thread |= _acts(decision, one)
        if one.comment.passage:
            thread["about"] = _about(decision, one, here, still, known=shown is not None)
    return list(found.values())


def _is_earlier(one: Said) -> bool:
    """Return whether this is from before remarks could be resolved: nobody left it open on purpose."""
    comment = one.comment
    plain = comment.kind == "comment" and comment.resolved_at is None
    return plain and comment.id <= g.viewer.company.remarks_before


def _said(one: Said) -> dict[str, Any]:
    return {
        "id": one.comment.id,
        "name": one.name,
        "role": one.role,
        "at": one.comment.at,
        "kind": one.comment.kind,
        "concern": one.comment.concern,
        "resolver": one.resolver,
        "resolved_at": one.comment.resolved_at,
        # what was typed went through the one renderer that lets nothing through
        "html": Markup(render(one.comment.text, f"said-{one.comment.id}")),  # noqa: S704
    }


def _acts(decision: Decision, one: Said) -> dict[str, Any]:
    """Return the addresses of what the viewer may do with a thread: empty ones for what not."""
    comment, viewer = one.comment, g.viewer
    opens = comment.kind in OPENING
    closes = opens and comments.may_close(viewer, decision, comment)
    is_open = comment.resolved_at is None
    aside = is_open and comment.concern and one.gone and viewer.may(Act.SET_CONCERN_ASIDE)

    def at(name: str, may: Any) -> str:
        place = {"slug": viewer.company.slug, "number": decision.number, "comment": comment.id}
        return url_for(f"comments.{name}", **place) if may else ""

    return {
        "reply": at("reply", opens and is_open and viewer.may(Act.COMMENT)),
        "resolve": at("resolve", closes and is_open),
        "reopen": at("reopen", closes and not is_open),
        "set_aside": at("set_aside", aside),
        "gone": one.gone,
        "mine": comment.person_id == viewer.person.id,
    }


def _about(decision: Decision, one: Said, here: set[str], still: set[str], *, known: bool) -> dict[str, Any]:
    """Return the words that a comment is about, where they stood, and a way there.

    `known` says that the page shows the text; elsewhere nothing is said of whether it still has them.
    """
    comment = one.comment
    words = [PARTS.get(comment.part, comment.part)]
    if comment.section:
        words.append(f"“{comment.section}”")
    place = {"slug": g.viewer.company.slug, "number": decision.number}
    return {
        "passage": comment.passage,
        "part": comment.part,
        "version": comment.version,
        "where": ", ".join(words),
        "gone": known and comment.passage not in still,
        "href": f"#part-{comment.part}:~:{_text_directive(comment.passage)}"
        if comment.passage in here
        else url_for("versions.show", **place, version=comment.version),
        "here": comment.passage in here,
    }


def _text_directive(passage: str) -> str:
    """Return what tells a browser to scroll to some words and mark them; the page itself stays as it is."""
    words = passage.split()
    ends = [passage] if len(words) <= LINKED else [" ".join(words[:LINKED]), " ".join(words[-LINKED:])]
    return "text=" + ",".join(quote(end, safe="").replace("-", "%2D") for end in ends)


def _by_part(opened: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Return the open threads about words that the page shows, by the part they stand in."""
    found: dict[str, list[dict[str, Any]]] = {}
    for thread in opened:
        about = thread.get("about")
        if about and about["here"]:
            found.setdefault(about["part"], []).append(thread)
    return found
