"""EventCatalog: one folder a decision, `index.mdx` (or .md) in it, earlier versions below `versioned`."""

import re
from collections.abc import Mapping

from adr_app.domain.documents.family import Evidence, Family, Look, Settings, Text
from adr_app.domain.documents.source import Source

_PATH = re.compile(r"(?:^|/)adrs/[^/]+/(?:versioned/[^/]+/)?index\.mdx?", re.I)
_EARLIER = re.compile(r"(?:^|/)adrs/[^/]+/versioned/[^/]+/[^/]+\.mdx?", re.I)
EARLIER = "an earlier version of the decision in the folder above"


def _evidence(look: Look) -> Evidence | None:
    if look.matter.keys() >= {"id", "name", "version"} and _PATH.search(look.path):
        return Evidence(90, "metadata with id, name and version in a folder of EventCatalog's adrs")
    return None


def _owns_folder(path: str, beside: Mapping[str, Settings], text: Text) -> bool:
    if not _PATH.search(path):
        return False
    source = text()
    return isinstance(source, Source) and {"id", "name", "status"} <= source.metadata.keys()


def _refuses(path: str) -> str | None:
    return EARLIER if _EARLIER.search(path) else None


FAMILIES = (Family("eventcatalog", "EventCatalog", _evidence, owns_folder=_owns_folder, refuses=_refuses),)
