"""Oxide's requests for discussion in Markdown: state, discussion and authors above the title."""

import re
from collections.abc import Mapping

from adr_app.domain.documents.family import Evidence, Family, Look, Settings, Text
from adr_app.domain.documents.structure import Document

_FOLDER = re.compile(r"(?:^|/)rfds?/\d{1,5}[^/]*/", re.I)
_OWN = re.compile(r"(?:^|/)rfds?/\d{1,5}/readme\.mdx?$", re.I)
_STATES = {
    "prediscussion": "draft", "predraft": "draft", "ideation": "draft", "discussion": "proposed",
    "published": "accepted",
    "committed": "accepted", "abandoned": "rejected",
}  # fmt: skip


def _evidence(look: Look) -> Evidence | None:
    stated = look.matter.get("state") or next((f.value for f in look.header if f.key == "state"), "")
    known = isinstance(stated, str) and stated.strip(" *_`").casefold() in _STATES
    if known and (look.fields | look.matter.keys()) & {"discussion", "authors", "labels"}:
        return Evidence(85, "state, discussion and authors above the title, as Oxide's RFDs have them")
    if known and _FOLDER.search(look.path):
        return Evidence(80, "a state of Oxide's RFDs in a numbered folder")
    return None


def _headings(document: Document) -> dict[int, str]:
    return {h.line: "decision" for h in document.headings if h.name in ("determination", "determinations")}


def _owns_folder(path: str, beside: Mapping[str, Settings], text: Text) -> bool:
    return _OWN.search(path) is not None


FAMILIES = (
    Family("oxide-rfd", "Oxide RFD", _evidence, words=_STATES, headings=_headings, owns_folder=_owns_folder),
)
