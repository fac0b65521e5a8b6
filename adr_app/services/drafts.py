"""Writing: first drafts and revisions; and finding a decision for a viewer."""

from datetime import date, datetime
from typing import Any

from adr_app.domain.decisions import UNDECIDED, Status
from adr_app.domain.digest import digest
from adr_app.domain.errors import Invalid, Stale, WrongState
from adr_app.domain.levels import at_least
from adr_app.domain.permissions import Act
from adr_app.domain.revisions import DIGEST_VERSION, EMPTY, STATEMENTS, Draft, clean
from adr_app.domain.security import level_of
from adr_app.domain.stakes import stakes
from adr_app.domain.values import dataclass
from adr_app.models import search
from adr_app.models.base import NO_DAY_FIRST, NO_DAY_LAST, fresh, insert
from adr_app.models.decisions import Decision, DecisionSystem, DecisionTag, Revision
from adr_app.models.vendors import DecisionVendor
from adr_app.services import deciders, laid_out, systems, vendors, working_copies
from adr_app.services.decision_rows import find, revision
from adr_app.services.people import Viewer
from adr_app.services.record import Ledger, acting_as
from adr_app.services.rendering import plain_text
from adr_app.services.summaries import told

EDITABLE = UNDECIDED | {Status.ACCEPTED, Status.UNSTATED}


@dataclass(frozen=True, slots=True)
class New:
    """A revision that is not yet stored, and what is stored beside it: names, tags and words to search."""

    decision: Decision
    revision: Revision
    system_ids: list[int]
    vendor_ids: list[int]
    tags: list[str]
    prose: str

    @property
    def heading(self) -> str:
        """Return the line that search counts as the decision's title."""
        return f"{self.decision.ref} {self.revision.title}"


def draft(
    viewer: Viewer,
    typed: dict[str, Any],
    *,
    answers: dict[str, str] | None = None,
    copy: int | None = None,
    at: datetime,
) -> Decision:
    """Write the first draft of a decision that is not decided yet.

    `copy` is the working copy it was finished from, which is dropped.

    :raises NotAllowed: when this person may not draft.
    :raises Invalid: naming every field that cannot be saved.
    """
    viewer.require(Act.DRAFT)
    text = clean(typed, answers)
    with acting_as(viewer, at=at) as ledger:
        decision = begin(ledger, text, author=viewer.person.id, status=Status.DRAFT)
        written = write(ledger, decision, text, by=viewer.person.id)
        decision.save(only=decision.dirty_fields)
        ledger.append(
            "decision.drafted",
            ("decision", decision.id),
            {**told(written, ledger.at), "kind": decision.kind, "reference": decision.number},
            also=vendors.subjects(written.named_vendors),
        )
        working_copies.forget(viewer, copy)
    return decision


def revise(
    viewer: Viewer,
    number: int,
    typed: dict[str, Any],
    *,
    base: int,
    answers: dict[str, str] | None = None,
    body: str | None = None,
    settles: str = "",
    at: datetime,
) -> Revision | None:
    """Save a new version of a decision's text; return None where nothing changed.

    `base` is the version that was edited, `settles` the fingerprint of a file that it was put together with.
    On an accepted decision the new version is a draft beside the one in force, unless only unsigned fields
    changed: those take effect at once.

    :raises Invalid: naming every field that cannot be saved, or that only who may accept changes now.
    :raises Stale: when somebody saved another version meanwhile; nothing is lost, nothing is saved.
    """
    viewer.require(Act.DRAFT)
    decision = find(viewer, number)
    if decision.status not in EDITABLE:
        raise WrongState("This decision is closed. Take it back to draft before you change its text.")
    before = revision(decision)
    text = clean({**before.fields, **typed}, before.answers if answers is None else answers, body)
    if before.form == "text" and body is None:
        text = Draft("text", text.fields, text.answers, before.fields["body"])
    if decision.latest != base:
        raise Stale("Somebody saved another version while you were writing.")
    if text.stored() == before.fields and text.answers == before.answers:
        return None
    with acting_as(viewer, at=at) as ledger:
        decision = find(viewer, number)  # again, now that nobody else can write
        if decision.latest != base:
            raise Stale("Somebody saved another version while you were writing.")
        takes_effect = _takes_effect(viewer, decision, text, ledger.at)
        written = write(ledger, decision, text, by=viewer.person.id)
        if takes_effect:
            put_in_force(decision, written)
        decision.save(only=decision.dirty_fields)
        firms = vendors.subjects(written.named_vendors)
        settled = {"fingerprint": settles} if settles else {}
        data = {**told(written, ledger.at), "in_force": takes_effect, **settled}
        ledger.append("decision.revised", ("decision", decision.id), data, also=firms)
        working_copies.forget_of(viewer, decision.id)
    return written


def begin(ledger: Ledger, text: Draft, *, author: int, status: Status, imported: bool = False) -> Decision:
    """Create a decision's row with the company's next number, not yet with a text."""
    decision = begun(ledger, text, author=author, status=status, imported=imported)
    insert(decision)
    return decision


def begun(ledger: Ledger, text: Draft, *, author: int, status: Status, imported: bool) -> Decision:
    """Return the row that `begin` creates, with the company's next number, not yet stored."""
    company = ledger.company
    decision = fresh(
        Decision,
        company=company.id,
        number=company.next_decision,
        title=text.fields["title"],
        status=status,
        author=author,
        created_at=ledger.at,
        changed_at=ledger.at,
        decided_key=NO_DAY_FIRST,
        decide_by_key=NO_DAY_LAST,
        latest=0,
        imported=imported,
    )
    decision.__rel__["company"] = company
    company.next_decision += 1
    _copy_to_row(decision, text.fields)
    return decision


def write(ledger: Ledger, decision: Decision, text: Draft, *, by: int, note: str = "") -> Revision:
    """Store the next revision of a decision with its signed bytes, rendered text and search words.

    The decision's row is changed but not saved: the act that called does that. While another text is in
    force, lists go on showing that one: `put_in_force` is what changes it.
    """
    new = composed(ledger, decision, text, by=by, note=note)
    written = new.revision
    insert(written)
    _replace_links(decision, new, first=written.number == 1)
    search.store(decision.company_id, decision.id, new.heading, new.prose, replace=written.number > 1)
    return written


def composed(ledger: Ledger, decision: Decision, text: Draft, *, by: int, note: str) -> New:
    """Return the revision that `write` stores, not yet stored, with what is stored beside it."""
    named = systems.named(decision.company_id, text.fields["systems"])
    level = None
    if text.answers:
        level = level_of(text.answers, inside_boundary=any(s.inside_boundary for s in named)).level
    firms = vendors.named(decision.company_id, text.fields["vendors"])
    stored = text.stored()
    prose = plain_text("\n\n".join(_prose(stored)))
    signed = text.canonical
    decision.latest += 1
    written = fresh(
        Revision,
        company=decision.company_id,
        decision_id=decision.id,
        number=decision.latest,
        form=text.form,
        title=text.fields["title"],
        fields=stored,
        answers=text.answers,
        level=level,
        canonical=signed,
        digest=digest(signed),
        digest_version=DIGEST_VERSION,
        html=laid_out.stored(stored),
        words=len(prose.split()),
        created_at=ledger.at,
        created_by=by,
        note=note,
    )
    written.named_vendors = vendors.facts(decision.company_id, ledger.company.zone, firms)
    written.inside_boundary = any(s.inside_boundary for s in named)
    if decision.in_force is None:
        _copy_to_row(decision, text.fields)
    decision.level = at_least(level, decision.raised_level)
    decision.stakes = stakes(stored, text.answers)
    decision.changed_at = ledger.at
    tags = list(dict.fromkeys(tag.casefold() for tag in text.fields["tags"]))
    ids = ([system.id for system in named], [firm.id for firm in firms])
    return New(decision, written, *ids, tags, prose)


def merged(
    base: dict[str, Any], newest: dict[str, Any], typed: dict[str, Any]
) -> tuple[dict[str, Any], list[str]]:
    """Return what was typed on an older version put on top of the newest, and the fields both changed.

    A field that was left as it stood in `base` takes what the newest says; all others keep what was typed.
    """
    result, both = {}, []
    for name, value in typed.items():
        was, now = base.get(name, EMPTY.get(name, "")), newest.get(name, EMPTY.get(name, ""))
        if value == was:
            result[name] = now
            continue
        result[name] = value
        if now not in (was, value):
            both.append(name)
    return result, both


def _takes_effect(viewer: Viewer, decision: Decision, text: Draft, at: datetime) -> bool:
    """Return whether a new text holds at once: it says what the signed one says, which is in force.

    What a decision in force is known by is restated at once only by who may accept. A draft beside the text
    in force may say it anew, as somebody has to put that in force.

    :raises Invalid: under each such field.
    """
    if decision.in_force is None:
        return False
    held = revision(decision, decision.in_force)
    if text.digest != held.digest:
        return False
    changed = [name for name in STATEMENTS if text.fields[name] != held.fields.get(name, EMPTY[name])]
    if changed and not viewer.may(Act.ACCEPT):
        who = deciders.in_words(viewer, at)
        message = f"This decision is in force, so {who} changes this. "
        message += "Leave it as it was, and say in the discussion what should stand here."
        raise Invalid("This cannot be saved.", dict.fromkeys(changed, message))
    return True


def put_in_force(decision: Decision, written: Revision) -> None:
    """Make a revision the text in force, and what lists show; the act that called saves the row."""
    decision.in_force = written.number
    _copy_to_row(decision, written.fields)


def show_newest(decision: Decision) -> None:
    """Make lists show the newest text of a decision that is no longer in force."""
    _copy_to_row(decision, revision(decision).fields)


def _copy_to_row(decision: Decision, fields: dict[str, Any]) -> None:
    """Copy what lists show and sort by from a text to the decision's row.

    A text that does not say when it was decided leaves the day on which it was accepted.
    """
    decided_on = date.fromisoformat(fields["decided_on"]) if fields["decided_on"] else None
    if decided_on is None and decision.in_force is not None:
        decided_on = decision.decided_on
    decide_by = date.fromisoformat(fields["decide_by"]) if fields["decide_by"] else None
    decision.title = fields["title"]
    decision.kind = fields["kind"]
    decision.plain_words = fields["plain_words"]
    decision.accountable = fields["accountable"]
    decision.decided_on, decision.decided_key = decided_on, decided_on or NO_DAY_FIRST
    decision.decide_by, decision.decide_by_key = decide_by, decide_by or NO_DAY_LAST


def _prose(stored: dict[str, Any]) -> list[str]:
    parts = []
    for value in stored.values():
        if isinstance(value, str):
            parts.append(value)
        else:
            for item in value:
                parts.extend([item] if isinstance(item, str) else [str(v) for v in item.values()])
    return [part for part in parts if part]


def _replace_links(decision: Decision, new: New, *, first: bool) -> None:
    company = decision.company_id
    for table, column, values in (
        (DecisionSystem, "system_id", new.system_ids),
        (DecisionVendor, "vendor_id", new.vendor_ids),
        (DecisionTag, "tag", new.tags),
    ):
        if not first:
            table.delete().where(table.company == company, table.decision_id == decision.id).execute()
        rows = [
            {"company": company, "decision_id": decision.id, column: value} for value in dict.fromkeys(values)
        ]
        if rows:
            table.insert_many(rows).execute()
