"""The three texts of a decision whose file changed too: what both agreed on, the log's and the file's."""

from dataclasses import dataclass
from typing import Any

from adr_app.domain.documents import Source
from adr_app.domain.documents.extraction import extract_alone
from adr_app.domain.documents.writers.markdown import MADR, NYGARD
from adr_app.domain.revisions import FIELDS, Draft, clean
from adr_app.domain.security import UNKNOWN_LEVEL, level_of
from adr_app.domain.three_way import Passage, Who, merged, three_fields, three_way
from adr_app.models.decisions import Decision, Revision
from adr_app.models.diverged import DivergedFile
from adr_app.services import people
from adr_app.services.decision_rows import revision
from adr_app.services.decoding import decode
from adr_app.services.diverged_reading import Left, from_bytes
from adr_app.services.import_backs import back_in_fields, own_text, spelled_out
from adr_app.services.import_plans import IN_FILES, text_of

_SPELLED = frozenset({"context", "drivers", "options", "decision", "consequences", "cost_of_not_deciding"})
"""Fields that are part of the text where a decision written in fields is spelled out."""


@dataclass(frozen=True, slots=True)
class Sides:
    """Both sides of a decision and its file, beside what they last agreed on.

    `facts` maps a field that differs to who changed it and what it would be put together; `statuses` are
    those when both agreed, here and in the file, empty where none is stated.
    """

    row: DivergedFile
    decision: Decision
    left: Left
    base: Revision
    here: Revision
    there: Draft
    passages: tuple[Passage, ...]
    facts: dict[str, tuple[Who, Any]]
    statuses: tuple[str, str, str]

    @property
    def merged(self) -> str:
        """Return the text with what either side changed; what both changed stands twice."""
        return merged(self.passages)

    @property
    def title(self) -> str:
        """Return the title with what either side changed, that of the log where both did."""
        found: str = self.facts["title"][1] if "title" in self.facts else self.here.title
        return found

    def values(self, name: str) -> tuple[Any, Any, Any]:
        """Return a field as both agreed on it, as it is here, and as it is in the file."""
        return self.base.fields.get(name), self.here.fields.get(name), self._there(name)

    def _there(self, name: str) -> Any:
        return (self.there.fields if name in IN_FILES else self.base.fields).get(name)

    def typed(self, title: str, text: str) -> tuple[dict[str, Any], str | None]:
        """Return the fields and the whole text (None: all is in fields) of what was put together."""
        facts = {name: self.facts.get(name, ("", self.here.fields.get(name)))[1] for name in IN_FILES}
        facts["title"] = title
        if self.here.form == "text":
            return facts, text
        whole = f"# {title}\n\n{text}" if title else text
        found = _in_fields(whole, self.left, self.here)
        return {**found.fields, **facts}, found.body if found.form == "text" else None


def sides(row: DivergedFile, decision: Decision) -> Sides:
    """Return both sides of a decision and of a file of it, whose row holds its bytes."""
    left = from_bytes(bytes(row.read))
    base, here = revision(decision, row.base), revision(decision)
    there = text_there(decision, here, left)
    whole = {base.form, here.form, there.form} == {"text"}
    headings = NYGARD if "\n## Context\n" in left.record.body else MADR

    def spelled(form: str, fields: dict[str, Any], body: str) -> str:
        if form == "fields":
            return spelled_out(fields, headings)
        return body if whole else own_text(body).strip("\n")

    was, now = (spelled(r.form, r.fields, r.fields.get("body", "")) for r in (base, here))
    passages = three_way(was, now, spelled(there.form, there.fields, there.body))
    names = [field.name for field in FIELDS if field.name not in _SPELLED]
    beside = {name: (there.fields if name in IN_FILES else base.fields).get(name) for name in names}
    facts = three_fields(base.fields, here.fields, beside, names)
    statuses = (left.left, str(decision.status), left.record.status or "")
    return Sides(row, decision, left, base, here, there, passages, facts, statuses)


def text_there(decision: Decision, here: Revision, left: Left) -> Draft:
    """Return the file's text as it would be taken: what files do not hold stays as it is here.

    Answers to the security questions were given on another text, so they stay only where they ask for no
    less than no answers would.
    """
    text = text_of(left.record, left.decided_on)
    if not decision.imported:
        return back_in_fields(left.record, text, here, _accepted_by(decision))
    asked = level_of(here.answers).level if here.answers else UNKNOWN_LEVEL
    kept = {name: value for name, value in here.fields.items() if name != "body"}
    kept |= {name: text.fields[name] for name in IN_FILES}
    return clean(kept, here.answers if asked >= UNKNOWN_LEVEL else {}, text.body)


def _in_fields(whole: str, left: Left, here: Revision) -> Draft:
    """Return a typed text in fields where those say all of it."""
    source = decode(whole.encode("utf-8", "replace"))
    found = extract_alone(left.record.path, source) if isinstance(source, Source) else source
    if isinstance(found, str):
        return clean(here.fields, here.answers, whole)
    return back_in_fields(found.record, text_of(found.record, None), here, "")


def _accepted_by(decision: Decision) -> str:
    return people.names({decision.accepted_by_id} - {None}).get(decision.accepted_by_id, "")
