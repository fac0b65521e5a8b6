"""What a repository asks of its gate: the table `[gate]` of its .adr-app.toml, read and checked."""

import difflib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import field
from typing import Any

from adr_app.domain.gate.keys import read_key
from adr_app.domain.gate.rules import RULES, SEVERITIES
from adr_app.domain.values import dataclass

FILE = ".adr-app.toml"
LARGEST = 65_536
OFF = "off"
_KEYS = ("company", "keys", "required", "severity")


class BadSettings(ValueError):
    """The settings cannot be used; the text says what to change."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Whose security OK is believed, what every record must have, and severities other than the usual."""

    company: str = ""
    keys: tuple[bytes, ...] = ()
    required: tuple[str, ...] = ()
    severity: Mapping[str, str] = field(default_factory=dict)

    def severity_of(self, code: str) -> str:
        """Return how grave a finding of this rule is here: error, warning, notice or off."""
        return self.severity.get(code, RULES[code].severity)


def read_settings(content: bytes) -> Settings:
    """Return the settings in a file.

    :raises BadSettings: when it is no TOML, or has something that is no setting or not of its shape.
    """
    if len(content) > LARGEST:
        raise BadSettings(f"is larger than {LARGEST // 1024} kB")
    try:
        whole = tomllib.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise BadSettings(f"is not TOML: {str(error)[:200]}") from error
    misplaced = sorted(set(_KEYS) & whole.keys())
    if misplaced:
        raise BadSettings(f"has “{misplaced[0]}” outside [gate]; put it below the line [gate]")
    gate = whole.get("gate", {})
    if not isinstance(gate, dict):
        raise BadSettings("has “gate” as a value; it is a table: write the line [gate]")
    _known(gate, _KEYS, "[gate]")
    settings = Settings(
        company=_text(gate.get("company", ""), "company"),
        keys=tuple(_key(line) for line in _texts(gate, "keys")),
        required=tuple(" ".join(name.split()).casefold() for name in _texts(gate, "required")),
        severity=_severities(gate.get("severity", {})),
    )
    if settings.keys and not settings.company:
        raise BadSettings("pins keys but no company; add the line `adr-app key --company …` prints")
    return settings


def _known(found: Mapping[str, Any], known: Iterable[str], where: str) -> None:
    for name in found:
        if name not in known:
            close = difflib.get_close_matches(name, list(known), n=1)
            hint = f"did you mean “{close[0]}”?" if close else "known are " + ", ".join(known)
            raise BadSettings(f"has “{name[:60]}” in {where}, which is no setting; {hint}")


def _text(value: Any, name: str) -> str:
    if not isinstance(value, str):
        raise BadSettings(f"has something else than text for “{name}”")
    return value


def _texts(gate: Mapping[str, Any], name: str) -> list[str]:
    value = gate.get(name, [])
    if not isinstance(value, list) or len(value) > 100:
        raise BadSettings(f"has something else than a list of texts for “{name}”")
    return [_text(item, name) for item in value]


def _key(line: str) -> bytes:
    try:
        return read_key(line)
    except ValueError as error:
        raise BadSettings(f"has “{line[:80]}” among its keys, which {error}") from error


def _severities(value: Any) -> dict[str, str]:
    if not isinstance(value, dict):
        raise BadSettings("has “severity” as a value; it is a table: write the line [gate.severity]")
    _known(value, RULES, "[gate.severity]")
    for code, severity in value.items():
        if severity not in (*SEVERITIES, OFF):
            raise BadSettings(f"has a severity for “{code}” that is none of {', '.join((*SEVERITIES, OFF))}")
    return dict(value)
