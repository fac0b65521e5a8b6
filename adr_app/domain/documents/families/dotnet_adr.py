"""Dotnet-adr: several templates, a successor named without a link, a folder that a JSON file names."""

from adr_app.domain.documents.family import Evidence, Family, Home, Look, Settings, home
from adr_app.domain.documents.structure import DECISION

_TEMPLATE_KEYS = frozenset({"authors", "license", "effort", "more info", "version", "last modified"})


def _homes(path: str, settings: Settings) -> list[Home]:
    return home(path, settings.get("path") if isinstance(settings, dict) else "")


def _evidence(look: Look) -> Evidence | None:
    if len(look.matter.keys() & _TEMPLATE_KEYS) >= 4:
        return Evidence(80, "the metadata of dotnet-adr's templates")
    if look.housed_by("adr.config.json") and look.names & (DECISION | {"considered options"}):
        return Evidence(78, "sections of a decision in a folder of dotnet-adr")
    return None


FAMILIES = (
    Family("dotnet-adr", "dotnet-adr", _evidence, settings={"adr.config.json": "json"}, homes=_homes),
)
