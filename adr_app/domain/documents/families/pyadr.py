"""Pyadr: MADR 2 in a folder that `.adr` names, undecided records under XXXX instead of a number."""

import configparser

from adr_app.domain.documents.family import Evidence, Family, Home, Look, Settings, home


def _homes(path: str, settings: Settings) -> list[Home]:
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(settings if isinstance(settings, str) else "")
    except configparser.Error:
        return []
    return home(path, parser.get("adr", "records-dir", fallback=""))


def _evidence(look: Look) -> Evidence | None:
    if look.fields & {"status"} and look.housed_by(".adr"):
        return Evidence(80, "a list of Status and Date in a folder of pyadr")
    base = look.path.rpartition("/")[2]
    if look.fields & {"status"} and base.startswith("XXXX-"):
        return Evidence(55, "a list of Status and Date, and XXXX for the number that it has not got yet")
    return None


FAMILIES = (Family("pyadr", "pyadr", _evidence, settings={".adr": "text"}, homes=_homes),)
