"""Decisions, their revisions and links, and the lists they are read in."""

from typing import Any

from peewee import (
    SQL,
    AutoField,
    BlobField,
    BooleanField,
    ForeignKeyField,
    IntegerField,
    TextField,
)

from adr_app.domain.decisions import IMPLEMENTATION, KINDS, Status, reference
from adr_app.domain.digest import canonical_json, digest
from adr_app.domain.stakes import NOT_SAID
from adr_app.models.base import DayField, InstantField, JsonField, Table, links, one_of, scoped
from adr_app.models.people import Company, Person


class Decision(Table):
    """One decision as lists show it; what it says stands in its revisions."""

    id = AutoField()
    company = ForeignKeyField(Company, index=False)
    number = IntegerField()
    title = TextField()
    kind = TextField(default="other")
    status = TextField()
    level = IntegerField(null=True)
    raised_level = IntegerField(null=True)
    author = ForeignKeyField(Person, index=False)
    accepted_by = ForeignKeyField(Person, null=True, index=False, backref="decisions_accepted")
    created_at = InstantField()
    changed_at = InstantField()
    proposed_at = InstantField(null=True)
    accepted_at = InstantField(null=True)
    decided_on = DayField(null=True)
    decided_key = DayField()
    decide_by = DayField(null=True)
    decide_by_key = DayField()
    latest = IntegerField(default=1)
    in_force = IntegerField(null=True)
    implementation = TextField(default="not-started")
    plain_words = TextField(default="")
    accountable = TextField(default="")
    imported = BooleanField(default=False)
    restricted = BooleanField(default=False)
    stale_since = InstantField(null=True)
    stakes = IntegerField(default=NOT_SAID, constraints=[SQL(f"DEFAULT {NOT_SAID}")])

    class Meta:
        constraints = [
            *scoped(),
            SQL("UNIQUE (company_id, number)"),
            one_of("status", Status),
            one_of("kind", KINDS),
            one_of("implementation", IMPLEMENTATION),
            SQL("CHECK (level IS NULL OR level BETWEEN 0 AND 3)"),
        ]
        indexes = (
            (("company", "changed_at", "id"), False),
            (("company", "decided_key", "id"), False),
            (("company", "decide_by_key", "id"), False),
            (("company", "status", "changed_at", "id"), False),
            (("company", "status", "id"), False),
            (("company", "kind", "changed_at", "id"), False),
            (("company", "status", "decide_by_key", "id"), False),
            (("author", "status"), False),
        )

    @property
    def ref(self) -> str:
        """Return the decision's address within its company."""
        return reference(self.number)


# Few are restricted: numbers are freed of them by reading these few only.
Decision.add_index(Decision.index(Decision.company, name="decision_restricted", where=SQL('"restricted"')))
# What nobody checked is read by how much hangs on it: all of it, or only what needs a full review.
_BY_STAKES = (Decision.company, Decision.stakes, Decision.decided_key, Decision.id)
Decision.add_index(Decision.index(*_BY_STAKES, name="decision_stakes"))
Decision.add_index(Decision.index(*_BY_STAKES, name="decision_full_review", where=SQL('"level" = 3')))


class Revision(Table):
    """One immutable text of a decision, with the exact bytes that a sign-off binds to."""

    id = AutoField()
    company = ForeignKeyField(Company, index=False)
    decision_id = IntegerField()
    number = IntegerField()
    form = TextField()
    title = TextField()
    fields = JsonField()
    answers = JsonField()
    level = IntegerField(null=True)
    canonical = BlobField()
    digest = TextField()
    digest_version = IntegerField()
    html = JsonField()
    words = IntegerField(default=0)
    created_at = InstantField()
    created_by = ForeignKeyField(Person, index=False)
    note = TextField(default="")

    named_vendors: tuple[Any, ...] = ()
    """What is known of the outside firms it names; set by the act that writes it, and stored in its event."""
    inside_boundary = False
    """Set on what was just written: whether a system it names is inside a compliance boundary."""

    class Meta:
        constraints = [
            *scoped(decision_id="decision"),
            SQL("UNIQUE (company_id, decision_id, number)"),
            one_of("form", ("fields", "text")),
        ]

    @property
    def row_digest(self) -> str:
        """Return the digest over all that the row holds: texts, answers, what is shown, who wrote it when."""
        return digest(
            canonical_json(
                [
                    *(self.decision_id, self.number, self.form, self.title, self.fields, self.answers),
                    *(self.level, self.html, self.words, self.digest, self.digest_version),
                    *(int(self.created_at.timestamp()), self.created_by_id, self.note),
                ]
            )
        )


class WorkingCopy(Table):
    """Typed but not saved as a revision: one per person and decision (or new decision)."""

    id = AutoField()
    company = ForeignKeyField(Company, index=False)
    person = ForeignKeyField(Person, index=False)
    decision_id = IntegerField(default=0)
    base = IntegerField(default=0)
    fields = JsonField()
    saved_at = InstantField()

    class Meta:
        constraints = scoped()
        indexes = ((("company", "person", "decision_id"), True), (("person", "saved_at"), False))


class Link(Table):
    """An edge between two decisions; an imported end may be unresolved and keeps its text.

    `stated` tells that an import made it, as files say so: it goes when they no longer do.
    """

    id = AutoField()
    company = ForeignKeyField(Company, index=False)
    from_id = IntegerField(null=True)
    from_text = TextField(default="")
    to_id = IntegerField(null=True)
    to_text = TextField(default="")
    kind = TextField()
    part = BooleanField(default=False)
    note = TextField(default="")
    effective = BooleanField(default=False)
    stated = BooleanField(default=False, constraints=[SQL("DEFAULT false")])

    class Meta:
        constraints = [
            *scoped(from_id="decision", to_id="decision"),
            one_of("kind", ("supersedes", "amends", "relates", "depends")),
            SQL("CHECK (to_id IS NULL OR from_id IS NULL OR to_id <> from_id)"),
            SQL("CHECK (to_id IS NOT NULL OR from_id IS NOT NULL)"),
        ]
        indexes = ((("company", "from_id"), False), (("company", "to_id"), False))

    @property
    def row_digest(self) -> str:
        """Return the digest over both ends, how they belong together and whether a file says so.

        Whether it took effect follows from the acts. An edge that no file states is bound as it was before
        that was kept.
        """
        ends = (self.from_id, self.from_text, self.to_id, self.to_text)
        stated = ["stated"] if self.stated else []
        return digest(canonical_json([*ends, self.kind, bool(self.part), self.note, *stated]))


class DecisionSystem(Table):
    """Which systems the newest text of a decision names."""

    id = AutoField()
    company = ForeignKeyField(Company, index=False)
    decision_id = IntegerField()
    system_id = IntegerField()

    class Meta:
        constraints = links(decision_id="decision", system_id="system")
        indexes = (
            (("company", "decision_id", "system_id"), True),
            (("company", "system_id", "decision_id"), False),
        )


class DecisionTag(Table):
    """The tags of a decision, folded to lower case."""

    id = AutoField()
    company = ForeignKeyField(Company, index=False)
    decision_id = IntegerField()
    tag = TextField()

    class Meta:
        constraints = links(decision_id="decision")
        indexes = ((("company", "decision_id", "tag"), True), (("company", "tag", "decision_id"), False))


class ImportedFile(Table):
    """Where an imported decision came from, and what its file said when it was last read."""

    id = AutoField()
    company = ForeignKeyField(Company, index=False)
    decision_id = IntegerField()
    source = TextField()
    path = TextField()
    format = TextField()
    number_text = TextField(default="")
    status_raw = TextField(default="")
    date_source = TextField(default="")
    fingerprint = TextField()
    revision = IntegerField()
    extracted = JsonField()
    reader_version = IntegerField()
    read_at = InstantField()

    class Meta:
        constraints = scoped(decision_id="decision")
        indexes = ((("company", "source", "path"), True), (("company", "decision_id"), False))

    @property
    def row_digest(self) -> str:
        """Return the digest over where the file lies, what it was read as and its fingerprint."""
        return digest(
            canonical_json(
                [
                    *(self.decision_id, self.source, self.path, self.format, self.number_text),
                    *(self.status_raw, self.date_source, self.fingerprint, self.revision, self.extracted),
                    *(self.reader_version, int(self.read_at.timestamp())),
                ]
            )
        )


class SourceFile(Table):
    """The bytes of an imported file as they were read, compressed (zlib), and the reader's remarks on them.

    Beside the facts of the file, so that looking all of those up reads no bytes. `size` is of the bytes;
    `remarks` are lists of line, code and sentence.
    """

    id = AutoField()
    company = ForeignKeyField(Company, index=False)
    file_id = IntegerField()
    size = IntegerField()
    remarks = JsonField()
    content = BlobField()

    class Meta:
        constraints = scoped(file_id="imported_file")
        indexes = ((("company", "file_id"), True),)


class ImportRun(Table):
    """What the last import of a folder read, so that an unchanged folder needs no second reading."""

    id = AutoField()
    company = ForeignKeyField(Company, index=False)
    source = TextField()
    signature = TextField()
    reader_version = IntegerField()
    report = JsonField()
    at = InstantField()

    class Meta:
        constraints = scoped()
        indexes = ((("company", "source"), True),)
