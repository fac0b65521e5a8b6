"""Duties by law or contract, and when each was met."""

from peewee import SQL, AutoField, ForeignKeyField, IntegerField, TextField

from adr_app.domain.obligations import KINDS, SOURCES
from adr_app.domain.pressures import CONSEQUENCES
from adr_app.models.base import DayField, InstantField, Table, one_of, scoped
from adr_app.models.bound import digest_of
from adr_app.models.people import Company, Person


class Obligation(Table):
    """A duty: where it comes from, what it asks, when it is due first and how often it comes back."""

    id = AutoField()
    company = ForeignKeyField(Company, index=False)
    name = TextField()
    source = TextField()
    reference = TextField()
    asks = TextField()
    kind = TextField()
    consequence = TextField()
    loses = TextField()
    level = IntegerField()
    first_on = DayField()
    months = IntegerField(null=True)
    person = ForeignKeyField(Person, index=False)
    added_at = InstantField()
    ended_at = InstantField(null=True)
    ended_why = TextField()

    class Meta:
        constraints = [
            *scoped(),
            one_of("source", SOURCES),
            one_of("kind", KINDS),
            one_of("consequence", CONSEQUENCES),
            SQL('CHECK ("level" >= 1)'),
        ]

    @property
    def row_digest(self) -> str:
        """Return the digest over the whole duty, its end included."""
        return digest_of(self)


class ObligationMet(Table):
    """That a duty was met for one of its days, on which day, and what shows it; never changed."""

    id = AutoField()
    company = ForeignKeyField(Company, index=False)
    obligation_id = IntegerField()
    due_on = DayField()
    met_on = DayField()
    evidence = TextField()
    person = ForeignKeyField(Person, index=False)
    person_name = TextField()
    at = InstantField()

    class Meta:
        constraints = scoped(obligation_id="obligation")
        indexes = ((("company", "obligation_id", "due_on"), True),)

    @property
    def row_digest(self) -> str:
        """Return the digest over which duty was met for which day, when, by what and who says so."""
        return digest_of(self)
