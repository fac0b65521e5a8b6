"""Adrs in its own mode: everything in metadata, links with target and kind. Its other mode is adr-tools."""

from adr_app.domain.documents.family import Evidence, Family, Home, Look, Settings, home

_MARKS = frozenset({"number", "title", "status"})


def _homes(path: str, settings: Settings) -> list[Home]:
    return home(path, settings.get("adr_dir") if isinstance(settings, dict) else "")


def _evidence(look: Look) -> Evidence | None:
    if look.source.kind == "yaml" and look.matter.keys() >= _MARKS:
        return Evidence(85, "metadata with number, title and status, as adrs writes it")
    return None


FAMILIES = (
    Family("adrs", "adrs", _evidence, settings={"adrs.toml": "toml", ".adrs.toml": "toml"}, homes=_homes),
)
