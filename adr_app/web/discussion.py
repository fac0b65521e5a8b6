"""What a page shows of the discussion of a decision."""

from typing import Any

from flask import g, request
from markupsafe import Markup

from adr_app.domain.permissions import Act, Role
from adr_app.models.decisions import Decision
from adr_app.services import comments
from adr_app.services.rendering import plain_text, render

SHORT = 300
"""How much of a question stands above the page; the whole stands in the discussion."""


def content(decision: Decision, *, judges: bool = False) -> dict[str, Any]:
    """Return the discussion as its macros read it; `judges` says that the viewer may answer for security."""
    said = comments.discussion(decision)
    waiting = comments.open_question(said)
    words = plain_text(waiting.comment.text) if waiting else ""
    return {
        "said": [
            {
                "name": one.name,
                "role": one.role,
                "at": one.comment.at,
                "kind": one.comment.kind,
                # what was typed went through the one renderer that lets nothing through
                "html": Markup(render(one.comment.text, f"said-{one.comment.id}")),  # noqa: S704
            }
            for one in said
        ],
        "asker": waiting.name if waiting else "",
        "question": words if len(words) <= SHORT else words[:SHORT].rsplit(" ", 1)[0] + " …",
        "mine": waiting is not None and waiting.comment.person_id == g.viewer.person.id,
        "may_say": g.viewer.may(Act.COMMENT),
        "may_ask": Role.LEADER in g.viewer.roles,
        "may_advise": judges,
        "typed": request.form.get("comment", ""),
        "ticked": [name for name in ("asks", "advice") if request.form.get(name) == "yes"],
    }
