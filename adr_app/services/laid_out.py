"""A revision's texts as HTML: stored with it, but for the whole text of a file, laid out when it is read.

Somebody who imports ten thousand files reads a few of them; laying all of them out took as long as reading
them. What is signed and recorded is the text itself.
"""

from functools import lru_cache
from typing import Any

from adr_app.models.decisions import Revision
from adr_app.services.rendering import render_revision

_KEPT = 200
_LONGEST_KEPT = 30_000
"""How many whole texts each process keeps laid out, and up to how many letters: some megabytes of memory."""


def stored(fields: dict[str, Any]) -> dict[str, Any]:
    """Return the HTML that is stored with a revision of these fields, by field."""
    return render_revision({name: value for name, value in fields.items() if name != "body"})


def html_of(revision: Revision) -> dict[str, Any]:
    """Return the HTML of every text of a revision, by field as `render_revision` gives it."""
    body = revision.fields.get("body")
    if not body or "body" in revision.html:  # versions were once stored with all of it
        return revision.html
    laid_out = _whole(body) if len(body) <= _LONGEST_KEPT else render_revision({"body": body})["body"]
    return {**revision.html, "body": laid_out}


@lru_cache(maxsize=_KEPT)
def _whole(body: str) -> str:
    laid_out: str = render_revision({"body": body})["body"]
    return laid_out
