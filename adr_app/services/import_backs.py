"""Decisions written here that come back from their files: in fields again where those say all of the file."""

import re
from collections.abc import Mapping
from typing import Any

from adr_app.domain.documents import Option, Record
from adr_app.domain.documents.writers import Fields
from adr_app.domain.documents.writers.markdown import (
    MADR,
    NYGARD,
    Headings,
    block,
    sections,
    without_security,
)
from adr_app.domain.revisions import Draft, clean
from adr_app.models.decisions import Revision
from adr_app.services.export_fields import SECTIONS, own_words, points

_TITLE = re.compile(r"\A\s*# [^\n]*\n")
_LINKS = re.compile(r"^## Links\n.*?(?=^## |\Z)", re.M | re.S)
_CHOSEN = re.compile(r"\AChosen option: [^\n]*, because (?:of what follows|it suits best)\.\n*")
_FOLLOWS = re.compile(r"^### Consequences$", re.M)
_GAPS = re.compile(r"\n\s*\n")
_TEXTS = ("context", "drivers", "decision", "consequences")


def back_in_fields(record: Record, text: Draft, before: Revision, accepted_by: str) -> Draft:
    """Return the text of a file that was exported from `before` and changed since.

    It is a decision of fields again where writing those gives all that the file says, so that nothing of it
    is lost; otherwise it is the whole `text`. What files do not hold (systems, outside firms, answers) stays
    as it was; `accepted_by` is who the file names as decider where nobody else was.
    """
    kept = {name: value for name, value in before.fields.items() if name != "body"}
    kept |= {name: text.fields[name] for name in ("title", "consulted", "informed", "tags")}
    kept["decided_on"] = record.date or kept["decided_on"]
    if kept["decided_by"] or list(record.deciders) != [accepted_by]:
        kept["decided_by"] = text.fields["decided_by"]
    if before.form == "fields":
        said = clean({**kept, **_parts(record, before.fields)}, before.answers)
        if _spaced(own_text(record.body)) in {_spaced(spelled_out(said.fields, h)) for h in (MADR, NYGARD)}:
            return said
    return clean(kept, before.answers, text.body)


def own_text(body: str) -> str:
    """Return a text without its title and what the log wrote besides."""
    return _LINKS.sub("", without_security(_TITLE.sub("", body, count=1)))


def spelled_out(fields: Mapping[str, Any], headings: Headings) -> str:
    """Return the sections of a decision of fields as a file holds them."""
    return "\n\n".join(sections(Fields("", **own_words(fields)), headings))


def _spaced(text: str) -> str:
    return _GAPS.sub("\n\n", text).strip()


def _parts(record: Record, before: Mapping[str, Any]) -> dict[str, Any]:
    """Return the sections of a file by our fields; what was not changed stays as it was typed."""
    read = {name: getattr(record, name) for name in _TEXTS}
    # The writer puts the option chosen before the decision's own words, and what follows below them.
    read["decision"] = _CHOSEN.sub("", _FOLLOWS.split(read["decision"], maxsplit=1)[0])
    found: dict[str, Any] = {name: _same_or(before[name], read[name]) for name in _TEXTS}
    headed = dict(record.extra_sections)
    for name, heading in SECTIONS.items():
        found[name] = _same_or(before[name], headed.get(heading, ""))
    held = {option["title"]: option for option in before["options"]}
    found["options"] = [_option(option, held.get(option.title, {})) for option in record.options or ()]
    return found


def _same_or(typed: str, read: str) -> str:
    return typed if _spaced(block(typed)) == _spaced(read) else read


def _option(option: Option, typed: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"title": option.title, "chosen": option.chosen}
    for name in ("pros", "cons"):
        read: tuple[str, ...] = getattr(option, name)
        same = points(typed.get(name, "")) == read
        found[name] = typed[name] if same and typed else "\n".join(f"- {line}" for line in read)
    return found
