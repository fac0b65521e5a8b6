"""Checks of a company's record as they came out, and receipts of it that were given to somebody outside."""

from peewee import AutoField, ForeignKeyField, IntegerField, TextField

from adr_app.domain.digest import canonical_json, digest
from adr_app.models.base import InstantField, Table, one_of, scoped
from adr_app.models.people import Company, Person

RESULTS = ("whole", "broken", "error")
"""How a check came out: all verifies, something does not, or it could not be told; the last is never good."""

WAYS = ("command", "daily", "asked")
"""What made a check: somebody at the command line, the day, or somebody on a page (`person`)."""


class RecordCheck(Table):
    """One check of the whole record; a fault is the first entry that does not verify (0: none in particular).

    Only a check that came out otherwise than the one before it is an act, which then binds the row: a record
    does not grow by being looked at.
    """

    id = AutoField()
    company = ForeignKeyField(Company, index=False)
    at = InstantField()
    way = TextField()
    person = ForeignKeyField(Person, null=True, index=False, backref="record_checks")
    result = TextField()
    entries = IntegerField()
    root = TextField()
    fault = IntegerField(default=0)
    kind = TextField(default="")
    message = TextField(default="")

    class Meta:
        constraints = [*scoped(), one_of("way", WAYS), one_of("result", RESULTS)]
        indexes = ((("company", "id"), False),)

    @property
    def row_digest(self) -> str:
        """Return the digest over when and how it was checked, and what was found."""
        how = (int(self.at.timestamp()), self.way, self.person_id, self.result)
        return digest(canonical_json([*how, self.entries, self.root, self.fault, self.kind, self.message]))


class Receipt(Table):
    """That the size and root of the record were given out: by whom, when, and who keeps them."""

    id = AutoField()
    company = ForeignKeyField(Company, index=False)
    person = ForeignKeyField(Person, index=False, backref="receipts")
    at = InstantField()
    entries = IntegerField()
    root = TextField()
    keeper = TextField()

    class Meta:
        constraints = scoped()
        indexes = ((("company", "entries"), True),)

    @property
    def row_digest(self) -> str:
        """Return the digest over the whole receipt."""
        about = (self.person_id, int(self.at.timestamp()), self.entries, self.root, self.keeper)
        return digest(canonical_json(list(about)))
