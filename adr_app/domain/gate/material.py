"""The part of a record's text that a security OK binds to, so that accepting it does not undo the OK.

Material text, version 1, is every line of the file that is not blank, in order, as NFC, without spaces and
tabs at its end, except for what changes when a decision is accepted:

- the status, wherever the reader takes it from, as far as it says nothing but a status, a day and names;
- dates, people and tags in the front matter and the header, as far as they are nothing else;
- the key `security-review` and the lines right below the heading `Security Review`, but not the answers to
  the security questions there;
- lines of the status section by which another record says that it acts on this one ("Amended by …");
- the number and a status in the heading that is the title.

Whatever else stands in such a place counts: words put behind a status are words of the decision.
"""

import re
from unicodedata import is_normalized, normalize

from adr_app.domain.digest import canonical_json, digest
from adr_app.domain.documents import people
from adr_app.domain.documents.dates import find_day
from adr_app.domain.documents.dating import DATE_KEYS
from adr_app.domain.documents.frontmatter import find_block
from adr_app.domain.documents.header import Field, is_item, read_header
from adr_app.domain.documents.inline import plain
from adr_app.domain.documents.numbers import read_name
from adr_app.domain.documents.places import STATUS_KEYS, status_section
from adr_app.domain.documents.record import Record, file_of
from adr_app.domain.documents.shelf import letters
from adr_app.domain.documents.structure import Document, Heading, comparable, is_section_name
from adr_app.domain.documents.titles import tidy
from adr_app.domain.documents.vocabulary import HEAD
from adr_app.domain.security_questions import QUESTIONS

MATERIAL_VERSION = 1
SECURITY_KEY = "security-review"

_SECURITY_SECTION = "security review"
_LONGEST_REVIEW = 40
_LONGEST_LINE = 500
_LONGEST_STATED = 300
_PEOPLE = people.DECIDERS | people.CONSULTED | people.INFORMED | people.TAGS
_TOP_KEY = re.compile(r"[\"']?([^\W\d_][\w .()/-]{0,60}?)[\"']?[ \t]*[:=](?:[ \t]+(.*))?")
_DAY = re.compile(
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:[T ]\d\d:\d\d(?::\d\d)?Z?)?|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}"
    r"|\d{1,2}(?:st|nd|rd|th|\.)?[ -][^\W\d_]{3,9}\.?,?[ -]\d{4}"
    r"|[^\W\d_]{3,9}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}"
)
_NAME = (
    r"(?:@[\w.-]{1,60}|[A-ZÀ-Þ][\w.'’-]{0,60}"
    r"|(?:architecture|steering|technical|working|leadership|board|team|groups?|committee|council)\b)"
)
_BEHIND_STATUS = re.compile(
    rf"(?:\W|\b(?:on|since|as of|at|in)\b)*"
    rf"(?:\bby\s+(?:the\s+)?{_NAME}(?:(?:\s+|,\s*|\s+and\s+){_NAME}){{0,9}}(?:\W|\b(?:on|since|at|in)\b)*)?"
)
_RULE = re.compile(r" {0,3}(?:(?:-[ \t]*){3,80}|(?:\*[ \t]*){3,80}|(?:_[ \t]*){3,80})")
_BACK_LINK = re.compile(
    r"\W*(?:(?:partially|partly)\s+)?"
    r"(?:super[sc]{1,2}e{1,3}ded|replaced|amended|clarified|extended|refined|updated)\s+by\s*:?\s*"
    r"\[([^\[\]\n]{1,200})\]\((?:\./)?([^():\s]{1,200}\.md)\)\W*",
    re.I,
)


def material_text(text: str) -> str:
    """Return the lines of a record that a security OK binds to, each ended by a line feed.

    `text` is the decoded file with LF line ends, without a byte-order mark.
    """
    text = text if is_normalized("NFC", text) else normalize("NFC", text)
    block = find_block(text)
    body_at = block.end if block else 0
    lines: list[str | None] = list(text.split("\n"))
    document = Document(text, text.count("\n", 0, body_at))
    if block:
        first = text.count("\n", 0, block.start) + 1
        _drop_from_front_matter(lines, first, first + block.text.count("\n"))
    _drop_status_section(lines, document)
    _drop_security_review(lines, document)
    _drop_from_header(lines, document)
    _tidy_title(lines, document)
    kept = (line.rstrip(" \t") for line in lines if line is not None)
    return "".join(f"{line}\n" for line in kept if line.strip(" \t"))


def material_digest(text: str) -> str:
    """Return the SHA-256, in hexadecimal, over the version and the material text of a decoded file."""
    return digest(canonical_json({"material": MATERIAL_VERSION, "text": material_text(text)}))


def record_digest(record: Record) -> str:
    """Return the digest of the material text of a record as it was read."""
    return digest_at(record.path, record.front_matter + record.body)


def digest_at(path: str, text: str) -> str:
    """Return the digest of the material part of `text`, that of the record at `path`.

    Of one of several records in a file `text` is its own part, whose last line may be a rule that only parts
    it from the next one.
    """
    return material_digest(text if file_of(path) == path else _without_rule(text))


def _without_rule(text: str) -> str:
    lines = text.split("\n")
    while lines and (not lines[-1].strip() or _RULE.fullmatch(lines[-1])):
        lines.pop()
    return "".join(f"{line}\n" for line in lines)


def is_only_status(value: str) -> bool:
    """Return whether a text states a status and nothing else but a day and who decided."""
    if len(value) > _LONGEST_STATED or "](" in value:
        return False
    shown = plain(value).strip(" \t\"'")
    match = HEAD.match(shown.lstrip("✅☑✔🟢🟡 "))
    if match is None:
        return not any(char.isalnum() for char in shown)
    rest = _DAY.sub(" ", shown[shown.index(match[0]) + len(match[0]) :])
    return _BEHIND_STATUS.fullmatch(rest) is not None


def _is_only_day(value: str) -> bool:
    shown = plain(value).strip(" \t\"'")
    if len(shown) > 40 or (shown and find_day(shown) is None):
        return False
    return not any(char.isalnum() for char in _DAY.sub(" ", shown))


def _is_only_names(value: str | list[str]) -> bool:
    parts = value if isinstance(value, list) else [value]
    if not any(part.strip() for part in parts):
        return True
    found = people.names(value)
    return bool(found) and all(len(name.split()) <= 5 for name in found)


def _is_unsigned(key: str, value: str | list[str]) -> bool:
    """Return whether a key with this value may change without a new OK; `key` has dashes or spaces."""
    if key == SECURITY_KEY or key.replace(" ", "-") == SECURITY_KEY:
        return isinstance(value, str) and len(value) <= _LONGEST_LINE
    if key in STATUS_KEYS:
        return isinstance(value, str) and is_only_status(value)
    if key.replace("-", " ") in DATE_KEYS:
        return isinstance(value, str) and _is_only_day(value)
    return key in _PEOPLE and _is_only_names(value)


def _drop_from_front_matter(lines: list[str | None], first: int, end: int) -> None:
    """Drop the unsigned keys of the block that takes lines `first` to `end`, and its two rules."""
    lines[first - 1] = lines[end] = None
    at = first
    while at < end:
        line = lines[at] or ""
        following = at + 1
        while following < end and (
            not (lines[following] or "").strip() or (lines[following] or "")[0] in " \t-"
        ):
            following += 1
        match = _TOP_KEY.fullmatch(line.rstrip())
        if match and not line[0].isspace():
            value, comment = _value_of(match[2] or "", [x or "" for x in lines[at + 1 : following]])
            key = match[1].strip().casefold().replace("_", "-")
            if value is not None and _is_unsigned(key, value):
                lines[at:following] = [comment or None, *[None] * (following - at - 1)]
        at = following


def _value_of(said: str, below: list[str]) -> tuple[str | list[str] | None, str]:
    """Return a plain value or list of values, or None for anything else; and the comment behind it."""
    value, mark, comment = said.partition(" #")
    if value.startswith("#"):
        value, mark, comment = "", "#", value[1:] + mark + comment
    value = value.strip()
    rest = [line.strip() for line in below if line.strip()]
    if not rest:
        odd = value[:1] in ("|", ">", "&", "*", "!", "{") or (value[:1] == "[" and value[-1:] != "]")
        return (None if odd else _unquoted(value)), f"#{comment}" if mark else ""
    if value or any(not line.startswith("- ") or ": " in line or " #" in line for line in rest):
        return None, ""
    return [_unquoted(line[2:].strip()) for line in rest], f"#{comment}" if mark else ""


def _unquoted(value: str) -> str:
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value


def _drop_status_section(lines: list[str | None], document: Document) -> None:
    """Drop the heading of the section that the reader believes, and what states only a status in it."""
    section = status_section(document)
    if section is None:
        return
    lines[section.heading.line : section.start] = [None] * (section.start - section.heading.line)
    for at in range(section.start, section.own):
        if _shows_all(document, at) and _is_stated(document.shown[at]):
            lines[at] = None
    for heading in document.headings:
        _drop_status_heading(lines, heading)


def _shows_all(document: Document, at: int) -> bool:
    """Return whether a line is shown as it is written: one with a comment in it is more than it shows."""
    return document.shown[at] == document.lines[at]


def _is_stated(line: str) -> bool:
    text = line.strip().lstrip(">").strip()
    text = is_item(text) or text
    return is_only_status(text) or _is_only_day(text) or _is_back_link(text)


def _is_back_link(text: str) -> bool:
    """Return whether a line only names another record that acts on this one, by its number or its words."""
    match = _BACK_LINK.fullmatch(text)
    if match is None:
        return False
    name = read_name(match[2].rpartition("/")[2].removesuffix(".md"))
    words = letters(name.words)
    said = letters(match[1]).removeprefix("adr")
    if said == words:
        return bool(words)
    number = (name.number or "").lstrip("0")
    return bool(number) and said.lstrip("0") in (number, number + words)


def _drop_status_heading(lines: list[str | None], heading: Heading) -> None:
    key, colon, _ = heading.name.partition(":")
    said = heading.text.partition(":")[2]
    if colon and heading.level <= 4 and key.strip() in STATUS_KEYS and said and is_only_status(said):
        lines[heading.line] = None


def _drop_security_review(lines: list[str | None], document: Document) -> None:
    """Drop the first section that tells of the review: its own lines, not those of sections within it."""
    for section in document.sections:
        if section.heading.level == 2 and section.heading.name == _SECURITY_SECTION:
            lines[section.heading.line : section.start] = [None] * (section.start - section.heading.line)
            for at in range(section.start, min(section.own, section.start + _LONGEST_REVIEW)):
                line = document.lines[at]
                short = len(line) <= _LONGEST_LINE and _shows_all(document, at)
                if short and not _answers_a_question(line):
                    lines[at] = None
            return


_QUESTIONS = tuple(
    comparable(words)
    for words in (
        *(question.words for question in QUESTIONS.values()),
        "data about people, money or health",
        "changes who gets in",
        "an outside firm",
        "hard to undo",
    )
)


def _answers_a_question(line: str) -> bool:
    return comparable(is_item(line) or line).startswith(_QUESTIONS)


def _drop_from_header(lines: list[str | None], document: Document) -> None:
    """Drop header lines whose every field is unsigned; of others, only the unsigned values."""
    by_line: dict[int, list[Field]] = {}
    for field in read_header(document):
        by_line.setdefault(field.line, []).append(field)
    for at, on_line in by_line.items():
        line = lines[at]
        if line is None or not _shows_all(document, at):
            continue
        unsigned = [f for f in on_line if _is_unsigned(f.key, f.value) and f.value in line]
        if len(unsigned) == len(on_line):
            lines[at] = None
            continue
        for field in unsigned:
            line = line.replace(field.value, "", 1) if field.value else line
        lines[at] = " ".join(line.split()) if unsigned else line


def _tidy_title(lines: list[str | None], document: Document) -> None:
    """Take number and status out of the heading that is the title, where the reader takes them out too."""
    for heading in document.headings[:4]:
        if heading.level == 1 and not is_section_name(heading.name):
            if lines[heading.line] is not None:
                lines[heading.line] = f"# {tidy(heading.text)[0] or heading.text}"
            return
