"""The findings as people, programs, code scanners and GitHub read them."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any
from urllib.parse import quote

from adr_app.domain.digest import digest
from adr_app.domain.gate.findings import Finding
from adr_app.domain.gate.rules import RULES, SEVERITIES
from adr_app.domain.values import dataclass

_SARIF_LEVELS = {"error": "error", "warning": "warning", "notice": "note"}
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


@dataclass(frozen=True, slots=True)
class Told:
    """A finding with the severity it has in this repository."""

    finding: Finding
    severity: str


def counts(found: Iterable[Told]) -> dict[str, int]:
    """Return how many findings there are of each severity."""
    severities = [told.severity for told in found]
    return {severity: severities.count(severity) for severity in SEVERITIES}


def fails(found: Iterable[Told], fail_on: str) -> bool:
    """Return whether anything found is as grave as `fail_on` or graver."""
    limit = SEVERITIES.index(fail_on)
    return any(SEVERITIES.index(told.severity) <= limit for told in found)


def _shown(text: str) -> str:
    """Return text of a file as a terminal may show it: on one line, without control characters."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)


def for_people(found: Sequence[Told], place: Callable[[str], str]) -> list[str]:
    """Return a line for each finding: where, what, and what to do; `place` makes a path relative."""
    lines = []
    for told in found:
        finding = told.finding
        where = f"{place(finding.path)}:{finding.line}"
        said = f"{told.severity}: {finding.message} {finding.rule.todo} [{finding.code}]"
        lines.append(_shown(f"{where}: {said}"))
    return lines


def as_rows(found: Sequence[Told], place: Callable[[str], str]) -> list[dict[str, Any]]:
    """Return the findings as plain values."""
    return [
        {
            "path": place(told.finding.path),
            "line": told.finding.line,
            "code": told.finding.code,
            "severity": told.severity,
            "title": told.finding.rule.title,
            "message": told.finding.message,
            "todo": told.finding.rule.todo,
        }
        for told in found
    ]


def for_github(found: Sequence[Told], place: Callable[[str], str]) -> list[str]:
    """Return the workflow commands by which GitHub shows each finding beside its line."""
    lines = []
    for told in found:
        finding = told.finding
        where = f"file={_property(place(finding.path))},line={finding.line}"
        title = _property(f"{finding.rule.title} [{finding.code}]")
        said = _data(f"{finding.message} {finding.rule.todo}")
        lines.append(f"::{told.severity} {where},title={title}::{said}")
    return lines


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def as_sarif(found: Sequence[Told], place: Callable[[str], str], version: str) -> dict[str, Any]:
    """Return the findings as a SARIF 2.1.0 log with one run; `version` is the product's."""
    order = {code: at for at, code in enumerate(RULES)}
    rules = [
        {
            "id": rule.code,
            "shortDescription": {"text": rule.title},
            "fullDescription": {"text": rule.sentence.replace("{}", "…")},
            "help": {"text": rule.todo},
            "defaultConfiguration": {"level": _SARIF_LEVELS[rule.severity]},
        }
        for rule in RULES.values()
    ]
    driver = {"name": "adr-app check", "version": version, "rules": rules}
    return {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": driver},
                "columnKind": "unicodeCodePoints",
                "originalUriBaseIds": {"SRCROOT": {"description": {"text": "The root of the repository."}}},
                "results": [_result(told, place, order[told.finding.code]) for told in found],
            }
        ],
    }


def _result(told: Told, place: Callable[[str], str], index: int) -> dict[str, Any]:
    finding = told.finding
    uri = quote(place(finding.path))
    same = digest("\0".join((finding.path, finding.code, finding.detail)).encode("utf-8", "replace"))
    return {
        "ruleId": finding.code,
        "ruleIndex": index,
        "level": _SARIF_LEVELS[told.severity],
        "message": {"text": f"{finding.message} {finding.rule.todo}"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": uri, "uriBaseId": "SRCROOT"},
                    "region": {"startLine": finding.line},
                }
            }
        ],
        "partialFingerprints": {"finding/v1": same},
    }
