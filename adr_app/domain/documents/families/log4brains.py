"""Log4brains: MADR 2 under names that begin with a day, in one folder or one for each package.

Its defaults are not ours: it shows a record without a status as accepted unknown words as a draft.
"""

import re

from adr_app.domain.documents.family import Evidence, Family, Home, Look, Settings, home
from adr_app.domain.documents.frontmatter import Metadata
from adr_app.domain.documents.record import Link

_OUTCOME = frozenset({"decision outcome", "considered options", "considered alternatives"})
_SLUG = re.compile(r"super[sc]eded by:?\s+((?:[\w.-]+/)?[\w.-]*[a-z][\w.-]*-[\w.-]+)\s*", re.I)
_NAMES = (".log4brains.yml", ".log4brains.yaml")


def _homes(path: str, settings: Settings) -> list[Home]:
    project = settings.get("project") if isinstance(settings, dict) else None
    if not isinstance(project, dict):
        return []
    found = home(path, project.get("adrFolder"))
    packages = project.get("packages")
    for package in packages if isinstance(packages, list) else []:
        if isinstance(package, dict):
            found += home(path, package.get("adrFolder"), package.get("name"))
    return found


def _evidence(look: Look) -> Evidence | None:
    dated = look.name.day is not None and look.fields & {"tags", "status"}
    if look.housed_by(*_NAMES) and (look.names & _OUTCOME or dated):
        package = f" of the package {look.home.scope}" if look.home and look.home.scope else ""
        return Evidence(75, f"in a folder of Log4brains{package}")
    if dated and look.fields >= {"status", "tags"} and look.fields & {"date", "deciders"}:
        return Evidence(62, "a day in the file's name, and a list of Status, Tags, and Date or Deciders")
    if look.names & _OUTCOME and dated:
        return Evidence(65, "a day in the file's name, and a list of Status, Deciders, Date, Tags")
    return None


def _links(look: Look) -> list[Link]:
    """Return successors named by their file's name alone, which may be any words joined by dashes."""
    stated = (one for one in look.header if one.key == "status")
    return [
        Link("supersedes", True, match[1], line=one.line + 1)
        for one in stated
        if (match := _SLUG.fullmatch(one.value))
    ]


def _metadata(look: Look) -> Metadata:
    """Return the metadata with the tags, which spaces separate where no comma does."""
    tags = next((one.value for one in look.header if one.key == "tags"), "")
    return {"tags": ", ".join(tags.split()), **look.matter} if tags and "," not in tags else look.matter


FAMILIES = (
    Family(
        "log4brains",
        "log4brains",
        _evidence,
        settings=dict.fromkeys(_NAMES, "yaml"),
        homes=_homes,
        links=_links,
        metadata=_metadata,
        day_first=True,
    ),
)
