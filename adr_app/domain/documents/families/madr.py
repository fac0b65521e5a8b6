"""Markdown Any Decision Records in their four versions, with the comments of ADR Manager."""

import re
from functools import partial

from adr_app.domain.documents.family import Evidence, Family, Look

_PINNED = re.compile(r"<!--\s*adr-manager-madr-version:\s*\"?(\d)")
_NEUTRAL = re.compile(r"^[ \t]*[-*][ \t]+neutral,?[ \t]+because", re.I | re.M)
_TOP = 4000
"""Characters in which a pinned comment stands."""

_OUTCOME = frozenset({"decision outcome", "considered options", "considered alternatives"})
_PEOPLE_4 = frozenset({"decision-makers", "decision makers"})


def _pinned(look: Look) -> str:
    text = look.source.text
    match = _PINNED.search(text, 0, _TOP) if text.find("adr-manager", 0, _TOP) >= 0 else None
    return match[1] if match else ""


def _evidence(look: Look, version: str) -> Evidence | None:
    pinned = _pinned(look)
    if pinned:
        return Evidence(100, "ADR Manager's comment names the version") if pinned == version else None
    return _OF_VERSION[version](look) if look.names & _OUTCOME else None


def _madr1(look: Look) -> Evidence | None:
    if "considered alternatives" in look.names:
        return Evidence(45, "a section Considered Alternatives and no metadata")
    return None


def _madr2(look: Look) -> Evidence | None:
    if look.fields & {"status", "deciders"}:
        return Evidence(50, "Considered Options or Decision Outcome below a list of Status, Deciders, Date")
    return Evidence(30, "sections Considered Options or Decision Outcome, no metadata of later versions")


def _madr3(look: Look) -> Evidence | None:
    keys = look.matter.keys()
    if keys & {"status", "deciders"} or ("date" in keys and "status" not in look.fields):
        return Evidence(60, "Considered Options or Decision Outcome below metadata of MADR 3")
    return None


def _madr4(look: Look) -> Evidence | None:
    if look.matter.keys() & _PEOPLE_4:
        return Evidence(70, "metadata names decision-makers, as MADR 4 does")
    if "confirmation" in look.names:
        return Evidence(70, "a section Confirmation, as MADR 4 has it")
    if look.names & {"consequences", "more information"} or _NEUTRAL.search(look.source.text):
        return Evidence(40, "sections Consequences or More Information beside Considered Options")
    return None


_OF_VERSION = {"1": _madr1, "2": _madr2, "3": _madr3, "4": _madr4}

FAMILIES = tuple(
    Family(f"madr{version}", f"MADR {version}", partial(_evidence, version=version))
    for version in _OF_VERSION
)
