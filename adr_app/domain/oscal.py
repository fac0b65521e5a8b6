"""Reading a catalog of safeguards in the OSCAL format (JSON, version 1): ids, titles and texts, nothing else.

Whatever is sent is bounded in size, depth and number before it is walked, and walked without recursion.
"""

import json
import re
from collections import ChainMap
from collections.abc import Iterator, Mapping
from typing import Any

from adr_app.domain.digest import printable
from adr_app.domain.errors import Invalid
from adr_app.domain.values import dataclass

MOST_BYTES = 24 * 1024 * 1024
MOST_CONTROLS = 5_000
MOST_GROUPS = 5_000
DEEPEST = 30
LONGEST_TEXT = 20_000
LONGEST_LINE = 4_000
LONGEST_VALUE = 1_000
MOST_VALUES = 20
"""Of a parameter, which a text may name as often as it is long: a small file else made gigabytes of text."""

Params = ChainMap[str, Any]
_INSERT = re.compile(r"\{\{\s*(?:insert:\s*param\s*,\s*)?([^{}\s]{1,200})\s*\}\}")
_KNOWN = (
    (re.compile(r"800-53\b(?!A)"), "5", "800-53-r5"),
    (re.compile(r"800-171\b(?!A)"), "2", "800-171-r2"),
    (re.compile(r"800-171\b(?!A)"), "3", "800-171-r3"),
    (re.compile(r"Cybersecurity Framework|\bCSF\b", re.I), "2", "csf-2.0"),
)
"""Titles of catalogs, with their major version, that are of a standard this product knows."""


@dataclass(frozen=True, slots=True)
class Read:
    """One safeguard of a catalog."""

    code: str
    title: str
    text: str
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class Catalog:
    """What a catalog says: the key it is kept under, its title and version, and its safeguards in order."""

    key: str
    title: str
    version: str
    controls: tuple[Read, ...]


def read(content: bytes) -> Catalog:
    """Return what a catalog says.

    :raises Invalid: under `file`, saying what is wrong with it.
    """
    catalog = _catalog(content)
    about = _mapping(catalog.get("metadata"), "its “metadata” is missing")
    title, version = _line(about.get("title")), _line(about.get("version"))
    if not title:
        raise _refused("its metadata has no title")
    found: dict[str, Read] = {}
    for number, (control, params) in enumerate(_controls(catalog)):
        if number >= MOST_CONTROLS:  # each is counted, also under an id that was there before
            raise _refused(f"it has more than {MOST_CONTROLS:,} safeguards")
        one = _control(control, params)
        found.setdefault(one.code, one)
    if not found:
        raise _refused("there is no safeguard in it")
    return Catalog(_key(title, version), title, version, tuple(found.values()))


def _catalog(content: bytes) -> dict[str, Any]:
    if len(content) > MOST_BYTES:
        raise _refused(f"it is larger than {MOST_BYTES // 1024 // 1024} megabytes")
    try:
        whole = json.loads(content)
    except RecursionError:
        raise _refused("its parts lie deeper in each other than any catalog's") from None
    except ValueError:  # also where the bytes are no text
        raise _refused("it is not JSON. Choose the JSON form of the catalog, not XML or YAML") from None
    if not isinstance(whole, dict) or "catalog" not in whole:
        other = next(iter(whole), "") if isinstance(whole, dict) else ""
        named = f"; it begins with “{printable(str(other), 40)}”" if other else ""
        raise _refused(f"it holds no “catalog”{named}")
    return _mapping(whole["catalog"], "its “catalog” is not an object")


def _controls(catalog: dict[str, Any]) -> Iterator[tuple[dict[str, Any], Mapping[str, Any]]]:
    """Yield every control in the order of the file, with the parameters that it and what holds it declare."""
    waiting: list[tuple[dict[str, Any], Params, int, bool]] = [(catalog, ChainMap(), 0, False)]
    groups = 0
    while waiting:
        part, outer, depth, is_control = waiting.pop()
        if depth > DEEPEST:
            raise _refused("its groups and safeguards lie deeper in each other than any catalog's")
        own = {str(p.get("id")): p for p in _list(part, "params")}
        params = outer.new_child(own) if own else outer  # looked through, not copied
        if is_control:
            yield part, params
        elif (groups := groups + 1) > MOST_GROUPS:
            raise _refused(f"it has more than {MOST_GROUPS:,} groups")
        inner = [(one, params, depth + 1, True) for one in _list(part, "controls")]
        inner += [(one, params, depth + 1, False) for one in _list(part, "groups")]
        waiting += reversed(inner)


def _control(control: dict[str, Any], params: Mapping[str, Any]) -> Read:
    own = control.get("id")
    if not isinstance(own, str) or not _line(own):
        raise _refused("a safeguard in it has no id")
    labels = [
        p for p in _list(control, "props") if p.get("name") == "label" and isinstance(p.get("value"), str)
    ]
    plain = [p for p in labels if not p.get("class")]
    code = _line((plain or labels or [{"value": own}])[0]["value"], 60).replace(" ", "") or _line(own, 60)
    status = [str(p.get("value")).casefold() for p in _list(control, "props") if p.get("name") == "status"]
    title = _line(_filled(control.get("title"), params), 500) or code
    return Read(code, title, _text(control, params), "withdrawn" in status)


def _text(control: dict[str, Any], params: Mapping[str, Any]) -> str:
    """Return what the safeguard asks for: its statement with the items of it, one on a line."""
    lines: list[str] = []
    length = 0
    waiting = [(part, 0) for part in reversed(_list(control, "parts")) if part.get("name") == "statement"]
    while waiting and len(lines) < 500 and length < LONGEST_TEXT:
        part, depth = waiting.pop()
        if depth > DEEPEST:
            raise _refused("the parts of a text in it lie deeper in each other than any catalog's")
        label = next((str(p.get("value")) for p in _list(part, "props") if p.get("name") == "label"), "")
        prose = _filled(part.get("prose"), params)
        if prose.strip():
            lines.append(_line(f"{label if depth else ''} {prose}", LONGEST_LINE))
            length += len(lines[-1])
        waiting += [(inner, depth + 1) for inner in reversed(_list(part, "parts"))]
    return "\n".join(lines)[:LONGEST_TEXT]


def _filled(text: object, params: Mapping[str, Any]) -> str:
    """Return a text with its parameters put in; one that nobody set stays readable in brackets.

    It is cut where it grows beyond what is kept of a line, before any more is put in.
    """
    filled = text[:LONGEST_LINE] if isinstance(text, str) else ""
    for _ in range(3):  # a choice may name parameters again
        if "{{" not in filled:
            break
        made, length, end = [], 0, 0
        for found in _INSERT.finditer(filled):
            made += [filled[end : found.start()], _value(found[1], params)]
            length, end = length + len(made[-2]) + len(made[-1]), found.end()
            if length > LONGEST_LINE:
                break
        filled = "".join((*made, filled[end:]))[:LONGEST_LINE]
    return filled


def _value(name: str, params: Mapping[str, Any]) -> str:
    param = params.get(name)
    if not isinstance(param, dict):
        return f"[{name}]"
    if values := _texts(param.get("values")):
        return ", ".join(values)
    select = param.get("select")
    if choices := _texts(select.get("choice") if isinstance(select, dict) else None):
        return f"[{' or '.join(choices)}]"
    return f"[{(_texts([param.get('label')]) or [name])[0]}]"


def _texts(value: object) -> list[str]:
    """Return the texts of a list, as many and as much of each as is kept of a parameter."""
    some = value[:MOST_VALUES] if isinstance(value, list) else []
    return [one[:LONGEST_VALUE] for one in some if isinstance(one, str) and one]


def _key(title: str, version: str) -> str:
    """Return the key of a catalog: that of the standard it is of, else one made of its title."""
    stated = re.search(r"rev(?:ision)?\.?\s*(\d+)", title, re.I)
    major = stated[1] if stated else (re.match(r"\D{0,3}(\d+)", version) or ["", ""])[1]
    for named, of, key in _KNOWN:
        if named.search(title) and major == of:
            return key
    made = re.sub(r"[^a-z0-9]+", "-", title.casefold()).strip("-")[:60]
    return f"catalog-{made or 'without-a-name'}"


def _mapping(value: object, otherwise: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _refused(otherwise)
    return value


def _list(part: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    found = part.get(name)
    if found is None:
        return []
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise _refused(f"its “{name}” are not a list of objects")
    return found


def _line(value: object, most: int = 300) -> str:
    return printable(" ".join(str(value or "").split()), most)


def _refused(why: str) -> Invalid:
    message = f"This is not an OSCAL catalog that can be read: {why}."
    return Invalid(message, {"file": message})
