"""Backstage: folders of any format, named by an annotation in catalog-info.yaml."""

import re

from adr_app.domain.documents.family import Family, Home, Settings, home

_LOCATION = re.compile(r"^[ \t]*[\"']?backstage\.io/adr-location[\"']?:[ \t]*([^\s#]{1,500})", re.M)


def _homes(path: str, settings: Settings) -> list[Home]:
    found: list[Home] = []
    for match in _LOCATION.finditer(settings if isinstance(settings, str) else ""):
        if "://" not in match[1]:
            found += home(path, match[1])
    return found


FAMILIES = (
    Family(
        "backstage",
        "Backstage",
        lambda look: None,
        settings={"catalog-info.yaml": "text", "catalog-info.yml": "text"},
        homes=_homes,
    ),
)
