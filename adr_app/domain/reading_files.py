"""Reading the files of other tools: measures as SonarQube's web API gives them, and findings as SARIF.

Only counts and measures are taken. Whatever is sent is bounded in size and number, and walked without
recursion.
"""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

from adr_app.domain.digest import printable
from adr_app.domain.errors import Invalid
from adr_app.domain.readings import (
    LONGEST_LINE,
    LONGEST_SETTINGS,
    MOST_METRICS,
    MOST_TOOLS,
    SONARQUBE,
    Measure,
    Reading,
    measure,
)

MOST_BYTES = 20 * 1024 * 1024
LEVELS = ("error", "warning", "note")
"""Levels of SARIF that are counted; a finding of level *none* is none (SARIF 2.1.0, section 3.27.10)."""


def read(content: bytes) -> list[Reading]:
    """Return what a file says, told apart by what is in it: SonarQube's measures, or SARIF.

    :raises Invalid: under `file`, saying what is wrong with it.
    """
    whole = parsed(content)
    if "component" in whole:
        return [sonarqube(whole)]
    if "runs" in whole:
        return sarif(whole)
    if "measures" in whole:
        raise refused(
            "it holds a history, or measures of several projects. Save the answer of "
            "api/measures/component for one project"
        )
    named = printable(", ".join(map(str, list(whole)[:3])), 60)
    raise refused(
        "it is neither SARIF nor SonarQube's measures" + (f"; it begins with “{named}”" if named else "")
    )


def parsed(content: bytes) -> dict[str, Any]:
    """Return the JSON object that some bytes are.

    :raises Invalid: under `file`, when they are none, or too many.
    """
    if len(content) > MOST_BYTES:
        raise refused(f"it is larger than {MOST_BYTES // 1024 // 1024} megabytes")
    if not content.strip():
        raise refused("it is empty")
    try:
        whole = json.loads(content, parse_constant=_no_number)
    except RecursionError:
        raise refused("its parts lie deeper in each other than in any such file") from None
    except ValueError:  # also where the bytes are no text
        raise refused("it is not JSON. SARIF and SonarQube's measures are") from None
    if not isinstance(whole, dict):
        raise refused("it is neither SARIF nor SonarQube's measures")
    return whole


def sonarqube(whole: dict[str, Any], *, version: str = "", settings: str = "") -> Reading:
    """Return the measures in an answer of `api/measures/component`; the file itself says no version.

    Measures of new code alone, and those that are no number, are passed over.

    :raises Invalid: under `file`, when there is no measure in it.
    """
    component = whole.get("component")
    given = component.get("measures") if isinstance(component, dict) else None
    if not isinstance(given, list) or not given:
        raise refused("there is no measure in it. Ask for some with metricKeys")
    if len(given) > MOST_METRICS:
        raise refused(f"it has more than {MOST_METRICS} metrics")
    found: dict[str, Measure] = {}
    passed: list[str] = []
    for one in given:
        name = _line(one.get("metric")) if isinstance(one, dict) else ""
        value = one.get("value") if isinstance(one, dict) else None
        taken = measure(name, value) if name and isinstance(value, str) else None
        if taken is not None:
            found.setdefault(name, taken)
        elif name:
            passed.append(name)
    if not found:
        raise refused("none of its measures is a number")
    return Reading(SONARQUBE, version, settings, tuple(found.values()), None, tuple(passed))


def sarif(whole: dict[str, Any]) -> list[Reading]:
    """Return the number of findings by level of each run in a SARIF file (version 2).

    What was suppressed is counted apart, what is gone since a baseline or is no failure not at all.

    :raises Invalid: under `file`, when a run cannot be read.
    """
    if not str(whole.get("version", "")).startswith("2."):
        raise refused("it is no SARIF of version 2")
    runs = whole.get("runs")
    if not isinstance(runs, list) or not runs:
        raise refused("there is no run in it")
    if len(runs) > MOST_TOOLS:
        raise refused(f"it has more than {MOST_TOOLS} runs")
    readings = [_run(run) for run in runs]
    names = Counter((one.tool, one.settings) for one in readings)
    if twice := [tool for (tool, _), n in names.items() if n > 1]:
        raise refused(
            f"{twice[0]} ran more than once in it, and nothing tells the runs apart (automationDetails.id)"
        )
    return readings


def _run(run: Any) -> Reading:
    tool = run.get("tool") if isinstance(run, dict) else None
    driver = tool.get("driver") if isinstance(tool, dict) else None
    name = _line(driver.get("name")) if isinstance(driver, dict) else ""
    if not isinstance(tool, dict) or not isinstance(driver, dict) or not name:
        raise refused("a run does not say which tool it is of")
    results = run.get("results")
    if not isinstance(results, list):
        raise refused(f"the run of {name} has no results: it did not look for any")
    extensions = [one for one in _list(tool.get("extensions")) if isinstance(one, dict)]
    rules = _Rules(driver, extensions)
    counts: Counter[str] = Counter()
    for result in results:
        if not isinstance(result, dict):
            raise refused(f"a result in the run of {name} cannot be read")
        if result.get("kind", "fail") == "fail" and result.get("baselineState") != "absent":
            level = rules.level_of(result)
            counts["suppressed" if _is_suppressed(result) else level] += level != "none"
    named = [(f"sarif_{level}", counts[level]) for level in (*LEVELS, "suppressed")]
    measures = tuple(found for key, n in named if (found := measure(key, str(n))) is not None)
    return Reading(name, _version(driver), _settings(run, extensions), measures, _on(run))


class _Rules:
    """The level that each rule of a run gives its findings, where a finding gives none itself."""

    def __init__(self, driver: dict[str, Any], extensions: list[dict[str, Any]]) -> None:
        self._by_place = [_list(driver.get("rules")), *(_list(one.get("rules")) for one in extensions)]
        self._by_id = {
            str(rule.get("id")): rule
            for rules in reversed(self._by_place)
            for rule in rules
            if isinstance(rule, dict)
        }

    def level_of(self, result: dict[str, Any]) -> str:
        """Return a finding's level: its own, else its rule's, else *warning* (SARIF 2.1.0, 3.27.10)."""
        level = result.get("level")
        if level is None:
            defaults = self._rule(result).get("defaultConfiguration")
            level = defaults.get("level") if isinstance(defaults, dict) else None
        return level if level in (*LEVELS, "none") else "warning"

    def _rule(self, result: dict[str, Any]) -> dict[str, Any]:
        points = result.get("rule") if isinstance(result.get("rule"), dict) else {}
        component = points.get("toolComponent") if points else None
        where = component.get("index") if isinstance(component, dict) else None
        rules = self._by_place[_place(where, len(self._by_place) - 1) + 1]
        at = _place(points.get("index") if points else result.get("ruleIndex"), len(rules))
        found = rules[at] if at >= 0 else None
        if isinstance(found, dict):
            return found
        return self._by_id.get(str(result.get("ruleId") or (points or {}).get("id")), {})


def _place(value: Any, most: int) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < most else -1


def _is_suppressed(result: dict[str, Any]) -> bool:
    """Return whether a finding was suppressed and nobody has that under review, or refused it."""
    given = [one for one in _list(result.get("suppressions")) if isinstance(one, dict)]
    return bool(given) and all(one.get("status", "accepted") == "accepted" for one in given)


def _version(component: dict[str, Any]) -> str:
    for name in ("version", "semanticVersion", "dottedQuadFileVersion"):
        if found := _line(component.get(name)):
            return found
    return ""


def _settings(run: dict[str, Any], extensions: list[dict[str, Any]]) -> str:
    """Return what a run says of how the tool was set up: its category, and its plug-ins by version."""
    details = run.get("automationDetails")
    category = _line(details.get("id")).rpartition("/")[0] if isinstance(details, dict) else ""
    plugs = sorted({f"{_line(one.get('name'))} {_version(one)}".strip() for one in extensions} - {""})
    return "; ".join(part for part in (category, *plugs) if part)[:LONGEST_SETTINGS].rstrip("; ")


def _on(run: dict[str, Any]) -> date | None:
    """Return the day on which a run ended, in UTC, where it says so."""
    for one in _list(run.get("invocations")):
        ended = one.get("endTimeUtc") if isinstance(one, dict) else None
        if isinstance(ended, str):
            try:
                return date.fromisoformat(ended[:10])
            except ValueError:
                return None
    return None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _line(value: Any) -> str:
    return " ".join(printable(value, LONGEST_LINE).split()) if isinstance(value, str) else ""


def _no_number(text: str) -> Iterator[Any]:
    raise ValueError(f"{text} is no number")


def refused(why: str) -> Invalid:
    """Return the refusal of a file, which says why and what to do."""
    message = f"This file cannot be read: {why}."
    return Invalid(message, {"file": message})
