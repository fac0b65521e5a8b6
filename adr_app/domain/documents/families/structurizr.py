"""Structurizr: folders of adr-tools, MADR or Log4brains records that a workspace names, one a scope."""

import re

from adr_app.domain.documents.family import Family, Home, Settings, home

_FOLDER = re.compile(r"^[ \t]*!(?:adrs|decisions)[ \t]+\"?([^\s\"]{1,500})", re.M | re.I)


def _homes(path: str, settings: Settings) -> list[Home]:
    found: list[Home] = []
    for match in _FOLDER.finditer(settings if isinstance(settings, str) else ""):
        found += home(path, match[1])
    return found


FAMILIES = (
    Family("structurizr", "Structurizr", lambda look: None, settings={"workspace.dsl": "text"}, homes=_homes),
)
