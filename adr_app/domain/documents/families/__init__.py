"""The families of decision records, one file each: adding a family is adding its file (and its fixtures)."""

import importlib
import pkgutil
from itertools import chain

from adr_app.domain.documents.family import Evidence, Family, Look

FAMILIES: tuple[Family, ...] = tuple(
    chain.from_iterable(
        importlib.import_module(f"{__name__}.{module.name}").FAMILIES
        for module in sorted(pkgutil.iter_modules(__path__), key=lambda module: module.name)
    )
)
"""Every family there is, in the order of their files."""

SETTINGS: dict[str, str] = {name: kind for family in FAMILIES for name, kind in family.settings.items()}
"""The names of the settings files that tell where decisions live, with how each is read."""

STATING = frozenset(name for family in FAMILIES if family.metadata is not None for name in family.settings)
"""The names of those settings files that may state things of the records beside them, such as a status."""

HAND_WRITTEN = Family("hand-written", "No known format", lambda look: None)
LABELS: dict[str, str] = {family.name: family.label for family in (*FAMILIES, HAND_WRITTEN)}
"""What people call each family, by the name that is kept of a file."""

_NO_MARKS = Evidence(0, "no marks of a known format; read by the general rules")


def recognise(look: Look) -> tuple[Family, Evidence]:
    """Return the family with the best evidence for a file, and that evidence."""
    best, why = HAND_WRITTEN, _NO_MARKS
    for family in FAMILIES:
        found = family.evidence(look)
        if found is not None and found.score > why.score:
            best, why = family, found
    if look.home is not None:
        why = Evidence(why.score, f"{why.reason}; {look.home.said_in} names its folder")
    return best, why
