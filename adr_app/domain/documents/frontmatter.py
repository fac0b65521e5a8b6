"""Find the metadata block before a document, and read its plain forms without a YAML parser.

Every value is text: a record's number `0042` must not become 34, nor its date a moment.
"""

import re

from adr_app.domain.values import dataclass

Metadata = dict[str, str | list[str]]

_LEAD_IN = re.compile(r"(?:[ \t]*(?:(?:&nbsp;|&#160;)[ \t]*)?\n|[ \t]*<!--(?:(?!-->).)*-->[ \t]*\n)*", re.S)
_LIMIT = 64_000
_KEY = re.compile(r"[\"']?[^\W\d_][\w .()/-]{0,60}[\"']?[ \t]*[:=](?:\s|$)")
_LOOSE = re.compile(r"[\"']?([^\W\d_][\w .()/-]{0,60}?)[\"']?[ \t]*[:=](?:[ \t]+|$)(.*)")
_PLAIN = re.compile(r"([^\W\d_][\w-]{0,60}):(?:[ \t]+(.*))?")
_TELLING = frozenset(
    {"status", "date", "title", "deciders", "decision-makers", "id", "number", "name", "tags"}
)
_NOT_PLAIN = frozenset("[]{}&*!|>@`%#?:,-\"'")
_ITEM = re.compile(r"[ \t]*-[ \t]+(.*)")


@dataclass(frozen=True, slots=True)
class Block:
    """A metadata block: `kind` is "yaml" or "toml"; it stands before character `end` of the document.

    One that is not `closed` ends at the first line that cannot be part of it.
    """

    kind: str
    text: str
    start: int
    end: int
    closed: bool = True


def find_block(text: str) -> Block | None:
    """Return the metadata block at the top of a document with LF line ends, or None."""
    head = text[:_LIMIT]
    start = 0
    if not head.startswith(("---", "+++")):
        lead = _LEAD_IN.match(head)
        start = lead.end() if lead else 0
    fence = head[start : start + 3]
    if fence not in ("---", "+++"):
        return None
    line_end = head.find("\n", start)
    if line_end < 0 or head[start:line_end].strip() != fence:
        return None
    closing = r"^(?:---|\.\.\.)[ \t]*$" if fence == "---" else r"^\+\+\+[ \t]*$"
    match = re.compile(closing, re.M).search(head, line_end + 1)
    if match is None:
        return None
    block = head[line_end + 1 : match.start()]
    first = next((x for x in block.split("\n") if x.strip() and not x.lstrip().startswith("#")), "")
    if not _KEY.match(first):
        return None
    return Block("yaml" if fence == "---" else "toml", block, start, min(match.end() + 1, len(text)))


def find_open_block(text: str) -> Block | None:
    """Return the block at the top that is never closed, as far as its lines are keys and values."""
    fence, line_feed, rest = text[:_LIMIT].partition("\n")
    if fence.strip() not in ("---", "+++") or not line_feed:
        return None
    end, known = len(fence) + 1, False
    for line in rest.split("\n"):
        match = _LOOSE.fullmatch(line.rstrip())
        if match is None and not _ITEM.fullmatch(line):
            break
        known = known or (match is not None and match[1].casefold() in _TELLING)
        end += len(line) + 1
    if not known:
        return None
    kind = "yaml" if fence.startswith("-") else "toml"
    end = min(end, len(text))
    return Block(kind, text[len(fence) + 1 : end], 0, end, closed=False)


def read_plain(block: str) -> Metadata | None:
    """Return the metadata of a block of plain `key: value` lines and simple lists, else None.

    None means that the block needs a real parser; what is returned is what one would have returned.
    """
    found: Metadata = {}
    key, last = "", ""
    for line in block.split("\n"):
        stripped = line.strip()
        if not stripped or stripped[0] == "#":
            continue
        item = _ITEM.fullmatch(line)
        if item and key:
            value = _plain_value(item[1].strip())
            held = found[key]
            if value is None or (held and isinstance(held, str)):
                return None
            if isinstance(held, list):
                held.append(value)
            else:
                found[key] = [value]
            continue
        match = _PLAIN.fullmatch(line.rstrip())
        if match is None or match[1] in found:
            return None
        last = (match[2] or "").strip()
        plain = _plain_value(last) if last else ""
        if plain is None:
            return None
        found[match[1]] = plain
        key = "" if last else match[1]
    return found


def _plain_value(value: str) -> str | None:
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        inner = value[1:-1]
        return None if "\\" in inner or value[0] in inner else inner
    if not value or value[0] in _NOT_PLAIN or ": " in value or " #" in value or value[-1] == ":":
        return None
    return value


def read_loosely(block: str) -> Metadata:
    """Return what line reading can save of a block that no parser accepts.

    A line that is neither a key nor a list item continues the value before it.
    """
    found: Metadata = {}
    key = ""
    for line in block.split("\n"):
        stripped = line.strip()
        if not stripped or stripped[0] == "#":
            continue
        match = _LOOSE.fullmatch(line.rstrip())
        item = _ITEM.fullmatch(line)
        if match and not line[0].isspace():
            key = match[1]
            found.setdefault(key, _unquote(match[2].strip()))
        elif item and key:
            held = found[key]
            if isinstance(held, list):
                held.append(_unquote(item[1].strip()))
            else:
                found[key] = [*([held] if held else []), _unquote(item[1].strip())]
        elif key and isinstance(found[key], str):
            found[key] = f"{found[key]} {_unquote(stripped)}".strip()
    return found


def _unquote(value: str) -> str:
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1]
    return value
