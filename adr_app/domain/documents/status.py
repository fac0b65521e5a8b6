"""What a stated status means. Nothing is guessed: words that state no status give none.

Rules: the first clause must begin with a status; a later clause may change it ("Accepted. Superseded by …",
"Proposed on …, Accepted on …"), and being superseded always wins. A list of all possible statuses is a
template that nobody filled in.
"""

import re

from adr_app.domain.documents.dates import find_day
from adr_app.domain.documents.inline import plain, unlink, unstrike
from adr_app.domain.documents.vocabulary import HEAD, WORD, status_of
from adr_app.domain.values import dataclass

_CLAUSE = re.compile(
    r"\n|(?<!\bv)[.;](?=\s|$)|,\s|\s[-–—/|→·]\s|\s->\s|\s/|/(?=[A-Za-z])|\s(?=\()|[|:]\s"
    r"|\s(?:and|but)\s(?=\w)"
)
_EITHER = re.compile(r"[\w -]{3,30} ?/ ?[\w -]{3,30}")
_CHOICE = re.compile(r"[|,/]|\bor\b|\boder\b|\bou\b|\bo\b|、")
_LEADING = re.compile(r"^[^\w\[{(<]+|^(?:x\s+)(?=\w)")
_LABEL = re.compile(r"^(?:(?:adr |decision )?stat(?:us|ut|e)\s*[:=]|decision\s*:)\s*", re.I)
_BOX = re.compile(r"(?<!\])\[([ xX✓✔])\](?![(\[])\s*")
_SHORTCODE = re.compile(r":[a-z0-9_+-]{2,40}:")
_EXAMPLE = re.compile(r"(?:example|template|xxx|nnn|yyy|0000?-)", re.I)
_HELP = re.compile(
    r"^(?:what is the status|a decision may be|the status|choose|one of|e\.g\.|status of the|select)\b", re.I
)
_REVOKING = re.compile(r"part(?:ly|ially)?\b|in[- ]part\b", re.I)
_PROGRESS = re.compile(
    r"(?:\s|-)*(?:to\s|by\s|on\s|at\s|in\s|as\s|since\s|with\s|from\s|\(|\d|\[|@|:|$|[-–—,.;!]|\W*$)", re.I
)
_DENIED = re.compile(
    r"\b(?:not|no|non|never|nothing|nobody|yet|until|unless|before|without|if|once|when|needs?|needed|to|nicht|kein"
    r"|keine|noch|nie|niet|nog|não|ainda|ne|pas|aún|todavía|sin|не|ещё|еще|ikke|inte|ej|ei)\b",
    re.I,
)
"""What turns a remark such as "not decided" or "nicht angenommen" into one that states no status."""

_UNDER_WAY = frozenset(
    {"done", "complete", "completed", "implemented", "deployed", "released", "shipped", "merged"}
)
"""Words for work, which behind a first clause tell of an acceptance only with a day, or alone."""

_ENDED_WORK = re.compile(r"[\s:(]*(?:(?:on|at|in|since)\s+)?(?:\d|\W*$)", re.I)
_TO_DO = frozenset({"accept", "propose", "reject"})
"""What somebody is asked to do, behind a first clause ("Proposed (to edit and accept)"): no status."""

_LONG = 400


@dataclass(frozen=True, slots=True)
class Stated:
    """What a text says: `status` or None, whether it was `partly` superseded, whether it is a `template`."""

    status: str | None
    partly: bool = False
    template: bool = False


NOTHING = Stated(None)


def understand(text: str) -> Stated:
    """Return the status that a value or the lines of a status section state."""
    if not text.strip():
        return NOTHING
    if _BOX.search(text):
        text = _ticked(text)
        if not text:
            return Stated(None, template=True)
    text = newest(text)
    shown = plain(_SHORTCODE.sub(" ", _joined(unstrike(text))))
    bare = _undecorated(shown)
    if not bare:
        return NOTHING
    if _is_choice(bare, text):
        return Stated(None, template=True)
    return _last_word(_clauses(bare))


def newest(text: str) -> str:
    """Return the line with the latest day where every line has one and a status, else the text."""
    lines = [line for line in text.split("\n") if line.strip()]
    if not 2 <= len(lines) <= 30 or not all(WORD.search(line) for line in lines):
        return text
    days = [day.text if (day := find_day(plain(line)[:200])) else None for line in lines]
    if None in days:
        return text
    return max(zip(days, range(len(lines)), lines, strict=True), key=lambda one: (one[0] or "", one[1]))[2]


def _ticked(text: str) -> str:
    """Return what is ticked in a list of boxes, with what stands before them."""
    before, *pairs = _BOX.split(text)
    ticked = [words for mark, words in zip(pairs[::2], pairs[1::2], strict=True) if mark.strip()]
    return "\n".join([before, *ticked]) if ticked else ""


def _joined(text: str) -> str:
    return ". ".join(line.strip() for line in text.split("\n") if line.strip())


def _undecorated(text: str) -> str:
    text = _LEADING.sub("", text.strip()).strip()
    for opening, closing in ("[]", "{}", "()", "<>", '""', "''"):
        if text.startswith(opening):
            inner = text[1:].strip()
            text = inner.replace(closing, " ", 1) if closing in inner else inner
    return _LABEL.sub("", _LEADING.sub("", text).strip(), count=1)


def _is_choice(bare: str, raw: str) -> bool:
    """Return whether the text offers statuses to choose from instead of stating one."""
    if _HELP.match(bare):
        return True
    parts = [part.strip(" \"'`*[]{}()<>….") for part in _CHOICE.split(bare[:_LONG])]
    parts = [part for part in parts if part]  # "and so on" offers nothing more
    meant = [(status_of(match), part) for part in parts if (match := HEAD.match(part))]
    different = {status for status, _ in meant}
    short = sum(len(part.split()) <= 3 or "supersed" in part.casefold() for _, part in meant)
    if (len(different) >= 3 and short >= 3 and "|" in bare + raw) or (len(different) >= 4 and short >= 4):
        return True
    if len(different) < 2 or len(parts) != len(meant):
        return len(different) >= 2 and "{" in raw and "|" in raw
    if "accepted" in different and len(parts) == 2 and _EITHER.fullmatch(bare):
        return True
    if re.search(r"\bor\b|\boder\b|\bou\b", bare[:_LONG]) and len(bare) < 80:
        return True
    if "|" in bare:
        replaced = any(status == "superseded" for status, _ in meant)
        return not replaced or bool(_EXAMPLE.search(unlinked_targets(raw)))
    return len(different) >= 3 and not re.search(r"\d", bare)


def unlinked_targets(raw: str) -> str:
    """Return the targets of the links in a text, where a template gives itself away."""
    return " ".join(re.findall(r"\]\(([^()\s]{1,300})", raw)) or unlink(raw)


def _clauses(bare: str) -> list[str]:
    parts = _CLAUSE.split(bare[: _LONG * 5])
    bare_parts = (_LEADING.sub("", part.strip(" \"'`*_")).strip() for part in parts)
    return [part for part in bare_parts if any(letter.isalpha() for letter in part)]


def _last_word(clauses: list[str]) -> Stated:
    status: str | None = None
    partly = False
    for i, clause in enumerate(clauses):
        match = HEAD.match(clause)
        if match is None:
            if i == 0 and (match := _late_word(clause)) is None:
                return NOTHING if not _superseded_later(clauses) else Stated("superseded")
            if match is None:
                continue
        if i and status is not None and match["not_yet"]:
            continue
        found = status_of(match)
        rest = clause[match.end() :]
        word = match[0].casefold()
        if i and (word in _TO_DO or (word in _UNDER_WAY and not _ENDED_WORK.match(rest))):
            continue
        if found == "superseded":
            if (match.re is HEAD and match["part"]) or _REVOKING.match(rest.lstrip(" -")):
                partly = True
                status = status or "accepted"
                continue
            if status is None or _PROGRESS.match(rest):
                status = "superseded"
                break
            continue
        if status is None and len(clause.split()) > 9 and not _PROGRESS.match(rest):
            return NOTHING
        if status is None or (found != status and i and _PROGRESS.match(rest) and len(clause) < 60):
            status = found
    return Stated(status, partly)


def _superseded_later(clauses: list[str]) -> bool:
    later = (HEAD.match(clause) for clause in clauses[1:])
    return any(
        m and not m["part"] and status_of(m) == "superseded" and "by" in m.string[m.end() : m.end() + 4]
        for m in later
    )


def _late_word(clause: str) -> re.Match[str] | None:
    """Return the one status word of a short remark such as "TSC-approved" or "Decision: accepted"."""
    if len(clause.split()) > 3 or _DENIED.search(clause):
        return None
    found = list(WORD.finditer(clause))
    return found[0] if len({status_of(m) for m in found}) == 1 else None
