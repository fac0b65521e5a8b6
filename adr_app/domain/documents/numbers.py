"""A record's number, as text and integer, from its file name, its heading or its metadata.

A date or a timestamp at the start of a name is not a number.
"""

import re
from functools import lru_cache

from adr_app.domain.documents.dates import iso
from adr_app.domain.values import dataclass

_TIMESTAMP = re.compile(r"((?:19|20)\d\d)([01]\d)([0-3]\d)(?:[T_-]?\d{4}(?:\d\d)?)?(?!\d)")
_DATE = re.compile(r"((?:19|20)\d\d)([-_.])([01]?\d)\2([0-3]?\d)(?!\d)")
_PREFIX = (
    r"(?:adrs?|ad|dr|dec|rfcs?|rfds?|madr|decision|record|proposal|kep|tdr|tad"
    r"|edr|pdr|ddr|ladr|lep|cep|tip|ep|rec)"
)
_BEFORE_DATE = re.compile(rf"{_PREFIX}[-_ ](?=(?:19|20)\d\d)", re.I)
_ULID = re.compile(r"0(?=[0-9]*[A-Z])[0-9A-HJKMNP-TV-Z]{9,25}(?=-|$)")
_NAMED = re.compile(rf"{_PREFIX}[-_ #.]*(\d{{1,5}}(?:\.\d+)?)(?!\d)", re.I)
_TOPIC = re.compile(rf"(?i:{_PREFIX})[-_]([A-Z][A-Z0-9]{{1,11}}|(?:19|20)\d\d)[-_](\d{{3,5}})(?!\d)")
_PADDED = re.compile(r"[a-z]{1,12}[-_ ]?(0\d{2,4})(?!\d)", re.I)
_LEADING = re.compile(r"#?(\d{1,6}(?:\.\d+)?)(?=[-_. )a-z]|$)", re.I)
_AFTER_DATE = re.compile(r"[-_ .]+(\d{3,4})(?=[-_ .]|$)")
_HEAD_NAMED = re.compile(
    rf"(?:[\w’']+\s+){{0,3}}?\b{_PREFIX}\s?[-_#:.–]?\s?#?(\d{{1,5}}(?:\.\d+)?)(?=\s*(?:[:.)–—|]|-\s|$))"
    r"|(?:adr|madr|ad|dr|rfd)\s?[-_#:.–]?\s?#?(\d{1,5})\b"
    r"|(?:architectur(?:e|al) )?decision(?: record)?\s?[-#:]?\s?#?(\d{1,5})(?=\s*(?:[:.)–—|]|-\s|$))",
    re.I,
)
_HEAD_PLAIN = re.compile(
    r"#?(\d{1,5}(?:\.\d+)?)(?:\.\s|\)\s|\s?:\s|\s?[-–—|]\s|\.?$)|\[(?:(?i:adr|rfc|dr)[-_ ]?)?(\d{1,5})\]\s"
    r"|\((\d{1,5})\)\s|(0\d{2,4})(?:\s|-(?=[a-z]))"
)
_BEHIND_TOPIC = re.compile(r"\s*(?:[:.)–—|]|-\s|$)")
_META_KEYS = ("number", "id", "adr-id", "adr", "adr-number", "index", "rfc", "kep-number")
_META = re.compile(rf"(?:{_PREFIX}[-_ #]?)?(\d{{1,6}})", re.I)


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it is written, its integer, and where it stands: "file name", "heading" or "metadata"."""

    text: str
    value: int
    source: str


@dataclass(frozen=True, slots=True)
class Name:
    """What a file or folder name says: a number, a day as ISO text, and the words that are left.

    Numbers of a `topic` ("ADR-DB-001") are counted for themselves.
    """

    number: str | None
    day: str | None
    words: str
    topic: str = ""


@lru_cache(maxsize=16)  # a file's own name is asked for several times while it is read
def read_name(stem: str) -> Name:
    """Return the number, the day and the words of a name without its extension."""
    day: str | None = None
    rest = stem
    begin = match.end() if (match := _BEFORE_DATE.match(stem)) else 0
    stamp = _DATE.match(stem, begin)
    if stamp:
        day = iso(int(stamp[1]), int(stamp[3]), int(stamp[4]))
    else:
        stamp = _TIMESTAMP.match(stem, begin)
        if stamp:
            day = iso(int(stamp[1]), int(stamp[2]), int(stamp[3]))
    if stamp and day:
        rest = stem[stamp.end() :]
        match = _NAMED.match(rest.lstrip("-_ .")) or _AFTER_DATE.match(rest)
        if match is None:
            return Name(None, day, _words(rest))
        cut = rest.find(match[1]) + len(match[1])
        return Name(match[1], day, _words(rest[cut:]))
    if _ULID.match(stem):
        return Name(None, None, _words(stem.partition("-")[2]))
    topic = _TOPIC.match(stem)
    if stem[:1].isdigit():
        match = _LEADING.match(stem)
    else:
        match = _NAMED.match(stem) or _PADDED.match(stem)
    if topic and (match is None or match[1] == topic[1]):
        return Name(topic[2], None, _words(stem[topic.end() :]), topic[1])
    if match is None:
        return Name(None, None, _words(stem))
    return Name(match[1], None, _words(stem[match.end(1) :]))


def _words(text: str) -> str:
    return re.sub(r"[\s_-]+", " ", text).strip(" .")


def find_number(name: Name, heading: str, metadata: dict[str, str]) -> Number | None:
    """Return a record's number: of its name, else of its heading (plain words), else of its metadata."""
    if name.number is not None:
        return Number(name.number, _value(name.number), "file name")
    if name.day is None:
        said, _ = split_heading(heading)
        if said is not None:
            return Number(said, _value(said), "heading")
        for key in _META_KEYS:
            match = _META.fullmatch(metadata.get(key, "").strip())
            if match:
                return Number(match[1], _value(match[1]), "metadata")
    return None


def _value(text: str) -> int:
    return int(text.split(".", 1)[0])


def split_heading(heading: str) -> tuple[str | None, str]:
    """Return the number that a heading starts with, or None, and the rest of the heading."""
    topic = _TOPIC.match(heading)
    if topic and _BEHIND_TOPIC.match(heading, topic.end()):
        return topic[2], heading[topic.end() :].lstrip(" .:)–—-|·\t").strip()
    match = _HEAD_NAMED.match(heading) or _HEAD_PLAIN.match(heading)
    if match is None:
        return None, heading
    number = next(group for group in match.groups() if group)
    return number, heading[match.end() :].lstrip(" .:)–—-|·\t").strip()
