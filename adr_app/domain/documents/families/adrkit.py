"""Adrkit: metadata by a schema, with what a decision affects; references may name another log."""

from adr_app.domain.documents.family import Evidence, Family, Look

_MARKS = frozenset({"affects", "blastradius", "reversibility", "provenance", "reviewby", "schemaversion"})


def _evidence(look: Look) -> Evidence | None:
    keys = look.matter.keys()
    if {"id", "status"} <= keys and len(keys & _MARKS) >= 2:
        return Evidence(88, "metadata by adrkit's schema (id, status, what it affects)")
    return None


FAMILIES = (Family("adrkit", "adrkit", _evidence),)
