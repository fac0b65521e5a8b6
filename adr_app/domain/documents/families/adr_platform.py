"""Exports of adr-platform: bold fields, a rule, four sections, and “Not provided.” where one is empty."""

from adr_app.domain.documents.family import Evidence, Family, Look

_FIELDS = frozenset({"status", "date", "author"})
_SECTIONS = frozenset({"context", "decision", "consequences", "alternatives considered"})


def _evidence(look: Look) -> Evidence | None:
    if look.fields >= _FIELDS and look.names >= _SECTIONS and "**Author:**" in look.source.text:
        return Evidence(60, "bold Status, Date and Author above four sections, as adr-platform exports them")
    return None


FAMILIES = (Family("adr-platform", "adr-platform", _evidence),)
