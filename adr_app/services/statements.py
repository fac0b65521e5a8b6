"""Security OKs written beside the files they are about, signed, for those who have only the files.

Nothing is written that the record does not bear out: a vCISO's OK that counts, still holds, and is on exactly
the material text of the file; or a rule of hers that allowed exactly that text in advance.
"""

import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from adr_app.domain.answers import counting_answers, covers, digest_in_force, open_conditions, security_ok
from adr_app.domain.decisions import reference
from adr_app.domain.documents import Record, read_records
from adr_app.domain.errors import Refused
from adr_app.domain.events import Happening
from adr_app.domain.gate.material import digest_at, record_digest
from adr_app.domain.gate.statement import (
    IN_ADVANCE,
    Allowance,
    Mandate,
    Statement,
    record_name,
    statement_name,
    write_statement,
)
from adr_app.domain.in_advance import allowed_by
from adr_app.domain.timeline import fold
from adr_app.domain.timeline_states import CompanyState, DecisionState, Given
from adr_app.models.decisions import Decision, ImportedFile, Revision
from adr_app.models.events import about, company_happenings, merged
from adr_app.models.people import Company, Engagement, Person
from adr_app.models.reviews import Verdict
from adr_app.models.standing_rules import StandingRule
from adr_app.services.decoding import decode
from adr_app.services.import_plans import text_of
from adr_app.services.imports import source_of
from adr_app.services.reading import Sources
from adr_app.services.signing import Signer


class NoSignOff(Refused):
    """No security OK can be written for this text; the message says why."""


def statement_for(decision: Decision, text: str, at: datetime, *, path: str, key: Signer) -> str:
    """Return the statement to be kept beside the file at `path` that holds `text` of a decision.

    Where the decision was written here as fields, `text` is what they were exported as: the version in force,
    or the newest where none is. Where it came from a file, `text` must be materially what the vCISO's OK is
    on; only its status, dates and the like may differ.

    :raises NoSignOff: when no security OK that counts and holds at `at` is on this text.
    """
    source = decode(text.encode("utf-8"))
    if isinstance(source, str):
        raise NoSignOff(f"its file is {source}")
    title = _title(next(iter(read_records({path: source}).records), None))
    asked = _Asked(path, title, digest_at(path, source.text), exported=True)
    return _statement(decision, asked, at, key, company_happenings(decision.company_id))


@dataclass(frozen=True, slots=True)
class _Asked:
    """The text a statement is asked for; only where the log `exported` it is it taken for the fields'."""

    path: str
    title: str | None
    digest: str
    exported: bool = False


def _title(record: Record | None) -> str | None:
    return text_of(record, None).fields["title"] if record else None


def _statement(decision: Decision, asked: _Asked, at: datetime, key: Signer, company: list[Happening]) -> str:
    acts = merged(about(decision.company_id, "decision", decision.id), company)
    moment = fold(decision.id, acts)
    if moment is None:
        raise NoSignOff("the log holds nothing on it")
    if moment.state.unread or moment.company.unread:
        raise NoSignOff("an entry of its record cannot be read")
    allowed = None if counting_answers(moment.state) else _allowed(moment.state, moment.company, at)
    if allowed is not None:
        return write_statement(_of_rule(decision, moment.state, allowed, asked), key.public, key.sign)
    signoff = _holding(moment.state, at)
    if not _covers(decision, moment.state, signoff, asked):
        raise NoSignOff("its text is not the one that got the security OK")
    row = Verdict.get(Verdict.company == decision.company_id, Verdict.id == signoff.id)
    to_dos = sum(condition.before_go_live for condition in open_conditions(moment.state, signoff))
    said = Statement(
        company=decision.company.slug,
        decision=reference(decision.number),
        record=record_name(asked.path),
        digest=asked.digest,
        verdict=row.code,
        signer=row.person_name,
        mandate=_mandate(row),
        given_at=row.at,
        valid_until=row.valid_until,
        open_to_dos=to_dos,
    )
    return write_statement(said, key.public, key.sign)


@dataclass(frozen=True, slots=True)
class _Allowed:
    """The rule that clears a decision in advance, the digests it clears, and whether that has an end."""

    rule: int
    digests: frozenset[str]
    for_good: bool


def _allowed(state: DecisionState, company: CompanyState, at: datetime) -> _Allowed | None:
    """Return what a rule cleared when the decision was made, or clears of its newest text at `at`."""
    if state.holds:
        held = [one for one in state.allowed if one.digest == digest_in_force(state)]
        return _Allowed(held[-1].rule, frozenset({held[-1].digest}), for_good=True) if held else None
    rule = allowed_by(state, company, state.latest, at)
    if rule is None or state.latest is None:
        return None
    return _Allowed(rule.id, frozenset({state.latest.digest}), for_good=False)


def _of_rule(decision: Decision, state: DecisionState, allowed: _Allowed, asked: _Asked) -> Statement:
    """Return what is said of a text that a rule allowed: it names the rule, and when that ends.

    What was decided while the rule held stays cleared; before that it clears only until the rule's end, or
    that of the role under which it was signed.
    """
    numbers = [r.number for r in state.revisions if r.digest in allowed.digests]
    if not _is_text(decision, numbers, asked):
        raise NoSignOff("its text is not the one that a rule of the vCISO allowed in advance")
    row = StandingRule.get(StandingRule.company == decision.company_id, StandingRule.id == allowed.rule)
    mandate = _mandate(row)
    ends = row.until if mandate.ends is None else min(row.until, mandate.ends)
    return Statement(
        company=decision.company.slug,
        decision=reference(decision.number),
        record=record_name(asked.path),
        digest=asked.digest,
        verdict=IN_ADVANCE,
        signer=row.person_name,
        mandate=mandate,
        given_at=row.at,
        valid_until=None if allowed.for_good else ends,
        open_to_dos=0,
        rule=Allowance(row.title, row.until, row.digest),
    )


def _holding(state: DecisionState, at: datetime) -> Given:
    """Return the vCISO's OK that stands and has not run out."""
    counting = counting_answers(state)
    if not counting:
        raise NoSignOff("the vCISO has given no answer that counts")
    if counting[-1].verdict.objects:
        raise NoSignOff(f"the vCISO {counting[-1].verdict.record}")
    signoff = security_ok(counting)
    if signoff is None:
        raise NoSignOff(f"the vCISO {counting[-1].verdict.record}, which is no OK")
    if signoff.until is not None and signoff.until <= at:
        raise NoSignOff(f"the security OK ran out on {signoff.until:%Y-%m-%d}")
    return signoff


def _covers(decision: Decision, state: DecisionState, signoff: Given, asked: _Asked) -> bool:
    """Return whether the OK is on the text that is asked for, as far as that is material."""
    return _is_text(decision, [r.number for r in state.revisions if covers(state, signoff, r.digest)], asked)


def _is_text(decision: Decision, numbers: list[int], asked: _Asked) -> bool:
    """Return whether the text that is asked for is one of these versions, as far as that is material."""
    rows = list(
        Revision.select().where(
            Revision.company == decision.company_id,
            Revision.decision_id == decision.id,
            Revision.number.in_(numbers),
        )
    )
    current = decision.in_force or decision.latest
    if asked.exported and any(row.form == "fields" and row.number == current for row in rows):
        return True
    file = (
        ImportedFile.select()
        .where(ImportedFile.company == decision.company_id, ImportedFile.decision_id == decision.id)
        .first()
    )
    front = file.extracted.get("front_matter", "") if file else ""
    return any(
        row.form == "text"
        and row.title == asked.title
        and digest_at(asked.path, front + row.fields["body"]) == asked.digest
        for row in rows
    )


def _mandate(given: Verdict | StandingRule) -> Mandate:
    held = Engagement.get(Engagement.company == given.company_id, Engagement.id == given.engagement_id)
    appointed = Person.get_or_none(Person.id == held.appointed_by_id) if held.appointed_by_id else None
    return Mandate(given.role_name, held.starts_at, held.ends_at, appointed.name if appointed else "")


@dataclass
class Outcome:
    """What was done for the files of a folder, by path; `none` says why there is no statement."""

    written: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    none: dict[str, str] = field(default_factory=dict)


def write_beside(company: Company, root: Path, key: Signer, *, source: str = "", at: datetime) -> Outcome:
    """Write a statement beside every record below a folder that has a security OK on exactly its text.

    Files are matched with decisions as the import matched them: by where they come from (`source`, by
    default the folder's place) and their path, else by their number. A statement that is there already and
    says the same is not written again.

    :raises UnreadableFolder: when there is nothing to read.
    """
    outcome, sources = Outcome(), Sources(root)
    records = read_records(sources, sources.skipped, sources.settings).records
    matches = _matches(company, source or source_of(root), records)
    acts = company_happenings(company.id)
    for record in records:
        if record.status not in ("accepted", "proposed"):
            continue
        decision = matches.get(record.path)
        try:
            if decision is None:
                raise NoSignOff("no decision of this company came from it; import it first")
            if decision.restricted:
                raise NoSignOff(f"{decision.ref} is restricted, so nothing of it is written to files")
            decision.company = company
            asked = _Asked(record.path, _title(record), record_digest(record))
            said = _statement(decision, asked, at, key, acts)
        except NoSignOff as error:
            outcome.none[record.path] = str(error)
            continue
        done = outcome.written if _write(root / statement_name(record.path), said) else outcome.unchanged
        done.append(record.path)
    return outcome


def _matches(company: Company, source: str, records: Iterable[Record]) -> dict[str, Decision]:
    """Return the decision each record is, by path: its file's own, else the only one with its number."""
    rows: list[Any] = list(
        ImportedFile.select(ImportedFile.path, ImportedFile.source, ImportedFile.number_text, Decision)
        .join(
            Decision,
            on=(Decision.company == ImportedFile.company) & (Decision.id == ImportedFile.decision_id),
            attr="decision",
        )
        .where(ImportedFile.company == company.id)
    )
    sources = {row.source for row in rows}
    if source not in sources and len(sources) == 1:
        source = sources.pop()  # a copy of the folder elsewhere than where it was imported from
    mine = {row.path: row for row in rows if row.source == source}
    found = {r.path: mine[r.path].decision for r in records if r.path in mine}
    moved = [row for path, row in mine.items() if path not in found]
    for record in records:
        same = [row for row in moved if record.number and row.number_text == record.number]
        if record.path not in found and len(same) == 1:
            found[record.path] = same[0].decision
    return found


def _write(file: Path, text: str) -> bool:
    """Put a statement in place in one step; return False where it stands there already."""
    content = text.encode("utf-8")
    if file.is_file() and not file.is_symlink() and file.read_bytes() == content:
        return False
    beside = file.with_name(f".{file.name[:100]}.{secrets.token_hex(8)}")
    try:
        beside.write_bytes(content)
        os.replace(beside, file)
    finally:
        beside.unlink(missing_ok=True)
    return True
