"""Spans: what the rules found, over which time; and the running totals behind every number."""

from datetime import datetime

from peewee import AutoField, CompositeKey, ForeignKeyField, IntegerField, Query, TextField

from adr_app.models.base import InstantField, JsonField, Table, one_of, scoped
from adr_app.models.people import Company


class SpanRow(Table):
    """A finding that holds from `starts` up to, not including, `ends`.

    `kind` is flag, standing, status or input; standings and statuses tile time without a gap.
    """

    id = AutoField()
    company = ForeignKeyField(Company, index=False)
    subject_type = TextField()
    subject_id = IntegerField()
    kind = TextField()
    code = TextField()
    why = TextField(default="")
    severity = TextField(default="")
    starts = InstantField()
    ends = InstantField()
    detail = JsonField()
    ended_as = TextField(default="")

    class Meta:
        table_name = "span"
        constraints = [*scoped(), one_of("kind", ("flag", "standing", "status", "input"))]
        indexes = (
            (("company", "subject_type", "subject_id", "kind", "starts"), False),
            (("company", "kind", "starts", "code"), False),
            (("company", "kind", "ends", "code"), False),
            (("company", "kind", "code", "ends", "starts"), False),
        )

    @classmethod
    def running(cls, company_id: int, kind: str, at: datetime) -> Query:
        """Return the spans of one kind that hold at `at` in a company."""
        return cls.select().where(
            cls.company_id == company_id, cls.kind == kind, cls.starts <= at, cls.ends > at
        )


class Tally(Table):
    """How many spans of one finding began, less those that ended, on a UTC day or in a month.

    See `adr_app.models.tallies`.
    """

    company = ForeignKeyField(Company, index=False)
    kind = TextField()
    code = TextField()
    why = TextField()
    day = TextField()
    n = IntegerField()

    class Meta:
        primary_key = CompositeKey("company", "kind", "code", "why", "day")
