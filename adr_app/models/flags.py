"""Spans: what the rules found, over which time; and the running totals behind every number."""

from datetime import datetime

from peewee import AutoField, CompositeKey, ForeignKeyField, IntegerField, Query, TextField

from adr_app.domain.digest import canonical_json, digest
from adr_app.models.base import InstantField, JsonField, Table, database, one_of, scoped
from adr_app.models.people import Company, Person
from adr_app.models.spelled import Spelled


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


class FlagSetAside(Table):
    """A leader's act by which one flag of a decision is not counted until a day: a reason, always an end."""

    id = AutoField()
    company = ForeignKeyField(Company, index=False)
    decision_id = IntegerField()
    code = TextField()
    leader = ForeignKeyField(Person, index=False)
    leader_name = TextField()
    reason = TextField()
    starts_at = InstantField()
    until = InstantField()
    ended_at = InstantField(null=True)

    class Meta:
        constraints = scoped(decision_id="decision")
        indexes = ((("company", "decision_id", "id"), False), (("company", "until"), False))

    @property
    def row_digest(self) -> str:
        """Return the digest over which flag was set aside, by whom, why, and until when."""
        return digest(
            canonical_json(
                [
                    *(self.decision_id, self.code, self.leader_id, self.leader_name, self.reason),
                    *(int(self.starts_at.timestamp()), int(self.until.timestamp())),
                ]
            )
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


def standings_of(company_ids: list[int], decision_ids: list[int], at: datetime) -> dict[int, SpanRow]:
    """Return the standing of each of some decisions of some companies at a moment, by the decision's id."""
    if not decision_ids:
        return {}
    rows = _STANDINGS.rows(companies=company_ids, decisions=decision_ids, at=int(at.timestamp()))
    return {row.subject_id: row for row in rows}


_STANDINGS = Spelled(
    lambda companies, decisions, at: SpanRow.select().where(
        SpanRow.company.in_(companies),
        SpanRow.subject_type == "decision",
        SpanRow.subject_id.in_(decisions),
        SpanRow.kind == "standing",
        # Written so that the index of a decision's own spans leads: among a hundred companies SQLite
        # guesses that one company's running spans are few, and reads all of the largest company's.
        SpanRow.starts + 0 <= at,
        SpanRow.ends + 0 > at,
    )
)


def newest_running(
    company_ids: list[int], kind: str, codes: list[str], at: datetime, *, limit: int, many: bool = False
) -> list[SpanRow]:
    """Return the newest `limit` running spans of each company with one of `codes`, in two queries.

    `many` says that a large share of the kind's spans are running ones of these codes: then they are read
    from the newest start on; else they are looked up by code and sorted.
    """
    if not company_ids or not codes:
        return []
    mark = database.param
    listed = ", ".join(mark for _ in codes)
    # Spelled so that neither engine can choose the other index: see bench for what that is worth.
    condition, order = (
        (f"code || '' IN ({listed})", "starts") if many else (f"code IN ({listed})", "starts + 0")
    )
    # Which ones they are is read from an index alone; only those are then read whole.
    one = (
        f"SELECT id FROM (SELECT id FROM span WHERE company_id = {mark} AND kind = {mark} AND {condition} "  # noqa: S608
        f"AND starts <= {mark} AND ends > {mark} ORDER BY {order} DESC LIMIT {mark}) AS newest"
    )
    moment = int(at.timestamp())
    values: list[object] = []
    for company_id in company_ids:
        values += [company_id, kind, *codes, moment, moment, limit]
    found = database.execute_sql(" UNION ALL ".join([one] * len(company_ids)), values).fetchall()
    return _WHOLE.rows(ids=[key for (key,) in found]) if found else []


_WHOLE = Spelled(
    lambda ids: SpanRow.select().where(SpanRow.id.in_(ids)).order_by(SpanRow.starts.desc(), SpanRow.id.desc())
)
