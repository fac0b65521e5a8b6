"""Adrgen: Nygard's sections with a date that begins with the day."""

import re

from adr_app.domain.documents.family import Evidence, Family, Home, Look, Settings, home
from adr_app.domain.documents.structure import DECISION

_DATE = re.compile(r"\s*\d\d-\d\d-\d{4}\s*")
_STATED = re.compile(r"^Status:\s", re.M)


def _homes(path: str, settings: Settings) -> list[Home]:
    return home(path, settings.get("directory") if isinstance(settings, dict) else "")


def _evidence(look: Look) -> Evidence | None:
    if not look.names & DECISION:
        return None
    if look.housed_by("adrgen.config.yml"):
        return Evidence(80, "sections of a decision in a folder of adrgen")
    dated = any(one.key == "date" and _DATE.fullmatch(one.value) for one in look.header)
    if dated and "status" in look.names and _STATED.search(look.document.text):
        return Evidence(35, "a date that begins with the day, and “Status:” inside the section Status")
    return None


FAMILIES = (
    Family(
        "adrgen", "adrgen", _evidence, settings={"adrgen.config.yml": "yaml"}, homes=_homes, day_first=True
    ),
)
