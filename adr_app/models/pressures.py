"""What presses a company, and in which order its people put it."""

from peewee import SQL, AutoField, BigIntegerField, BooleanField, ForeignKeyField, IntegerField, TextField

from adr_app.domain.pressures import CLOSINGS, CONSEQUENCES, KIND_WORDS
from adr_app.models.base import DayField, InstantField, JsonField, Table, one_of, scoped
from adr_app.models.bound import digest_of
from adr_app.models.people import Company, Person


class PressureRow(Table):
    """One pressure: what it is, what could be lost, when it hurts, and what shows it; and how it ended.

    Money is in minor units of the company's currency, None where nobody knows. `deal`, what it is worth and
    since when it waits are of a sale that is held up.
    """

    id = AutoField()
    company = ForeignKeyField(Company, index=False)
    kind = TextField()
    name = TextField()
    loses = TextField()
    consequence = TextField()
    level = IntegerField()
    bites_on = DayField(null=True)
    now = BooleanField()
    evidence = TextField()
    shapes_years = IntegerField()
    money_low = BigIntegerField(null=True)
    money_likely = BigIntegerField(null=True)
    money_high = BigIntegerField(null=True)
    deal = TextField()
    deal_value = BigIntegerField(null=True)
    waiting_since = DayField(null=True)
    reported_by = TextField()
    interest = TextField()
    person = ForeignKeyField(Person, index=False)
    opened_at = InstantField()
    closed_at = InstantField(null=True)
    closed_how = TextField()
    closed_why = TextField()

    class Meta:
        table_name = "pressure"
        constraints = [
            *scoped(),
            one_of("kind", KIND_WORDS),
            one_of("consequence", CONSEQUENCES),
            SQL('CHECK ("level" >= 1)'),
            one_of("closed_how", ("", *CLOSINGS)),
        ]
        indexes = ((("company", "closed_at", "id"), False),)

    @property
    def row_digest(self) -> str:
        """Return the digest over the whole pressure, its end included."""
        return digest_of(self)


class PressureOrder(Table):
    """In which order somebody puts what presses, most pressing first, by key; the newest of each counts."""

    id = AutoField()
    company = ForeignKeyField(Company, index=False)
    person = ForeignKeyField(Person, index=False)
    person_name = TextField()
    keys = JsonField()
    at = InstantField()

    class Meta:
        constraints = scoped()
        indexes = ((("company", "person", "id"), False),)

    @property
    def row_digest(self) -> str:
        """Return the digest over whose order it is and which."""
        return digest_of(self)
