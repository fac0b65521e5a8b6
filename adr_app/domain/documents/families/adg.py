"""ADG, the tool of Architectural Decision Guidance: sections known by their anchors, whatever they say."""

import re

from adr_app.domain.documents.family import Evidence, Family, Look
from adr_app.domain.documents.frontmatter import Metadata
from adr_app.domain.documents.record import Link
from adr_app.domain.documents.structure import Document

_ANCHOR = re.compile(r"<a\s+name=\"(question|options|criteria|outcome)\"", re.I)
_ROLES = {
    "question": "context and problem statement",
    "options": "considered options",
    "criteria": "decision drivers",
    "outcome": "decision outcome",
}
_ORDER = re.compile(r"(precedes|succeeds):\s*((?:\[[^\]\n]{0,2000}\])|(?:\n?\s*-\s[^\n]{1,100})*)")
_REFERENCE = re.compile(r"\w[\w-]*")


def _evidence(look: Look) -> Evidence | None:
    if "adr-id" in look.matter:
        return Evidence(95, "metadata with adr_id, as ADG writes it")
    return None


def _headings(document: Document) -> dict[int, str]:
    found = ((h.line, _ANCHOR.search(h.text)) for h in document.headings if "<" in h.text)
    return {line: _ROLES[match[1].lower()] for line, match in found if match}


def _metadata(look: Look) -> Metadata:
    """Return the metadata without the links, which ADG keeps as two lists of their own."""
    return {key: value for key, value in look.matter.items() if key != "links"}


def _links(look: Look) -> list[Link]:
    value = look.source.metadata.get("links", "")
    text = value if isinstance(value, str) else "\n".join(value)
    return [
        Link("precedes", match[1] == "succeeds", target[0])
        for match in _ORDER.finditer(text)
        for target in _REFERENCE.finditer(match[2])
    ]


FAMILIES = (Family("adg", "ADG", _evidence, metadata=_metadata, headings=_headings, links=_links),)
