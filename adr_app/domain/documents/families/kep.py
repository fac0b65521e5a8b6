"""Kubernetes enhancement proposals: a folder with kep.yaml and a read-me, together one record."""

from collections.abc import Mapping

from adr_app.domain.documents.family import Evidence, Family, Look, Settings, Text
from adr_app.domain.documents.frontmatter import Metadata

_FILE = "kep.yaml"
_WORDS = {
    "provisional": "proposed", "implementable": "accepted", "implemented": "accepted", "deferred": "proposed",
    "rejected": "rejected", "withdrawn": "rejected", "replaced": "superseded",
}  # fmt: skip
_KEYS = {
    "approvers": "decision-makers", "reviewers": "consulted", "creation-date": "date",
    "replaces": "supersedes", "superseded-by": "superseded-by", "see-also": "see-also",
}  # fmt: skip


def _evidence(look: Look) -> Evidence | None:
    if _FILE in look.beside:
        return Evidence(99, "kep.yaml beside the read-me")
    if look.matter.keys() >= {"kep-number", "owning-sig"}:
        return Evidence(90, "metadata with kep-number and owning-sig")
    return None


def _metadata(look: Look) -> Metadata:
    """Return what kep.yaml says, under what the read-me itself says."""
    settings = look.beside.get(_FILE)
    found: Metadata = {}
    for key, value in settings.items() if isinstance(settings, dict) else ():
        if isinstance(value, str):
            found[key.casefold()] = value
        elif isinstance(value, list):
            found[key.casefold()] = [item for item in value if isinstance(item, str)]
        else:
            found[key.casefold()] = ", ".join(f"{name}: {said}" for name, said in value.items())
    found |= look.matter
    return {_KEYS.get(key, key): value for key, value in found.items()}


def _owns_folder(path: str, beside: Mapping[str, Settings], text: Text) -> bool:
    return _FILE in beside


FAMILIES = (
    Family(
        "kep",
        "Kubernetes enhancement proposal",
        _evidence,
        settings={_FILE: "yaml"},
        words=_WORDS,
        metadata=_metadata,
        owns_folder=_owns_folder,
    ),
)
