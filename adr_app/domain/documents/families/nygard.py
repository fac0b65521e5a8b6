"""Records in the shape of Michael Nygard's article, as adr-tools writes them."""

from adr_app.domain.documents.family import Evidence, Family, Home, Look, Settings, home
from adr_app.domain.documents.structure import CONSEQUENCES, CONTEXT, DECISION, STATUS


def _homes(path: str, settings: Settings) -> list[Home]:
    return home(path, settings.split("\n")[0] if isinstance(settings, str) else "")


def _evidence(look: Look) -> Evidence | None:
    names = look.names
    if not names & DECISION:
        return None
    if names & STATUS and names & (CONTEXT | CONSEQUENCES):
        return Evidence(20, "sections Status, Context and Decision, as adr-tools writes them")
    if names & CONTEXT:
        return Evidence(15, "sections Context and Decision, as in Nygard's article")
    return None


FAMILIES = (Family("nygard", "adr-tools (Nygard)", _evidence, settings={".adr-dir": "text"}, homes=_homes),)
