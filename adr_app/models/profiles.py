"""What a company says of itself; every change is a row of its own, so that its stage has a history."""

from peewee import AutoField, ForeignKeyField, TextField

from adr_app.domain.first_role import STAGES
from adr_app.domain.profiles import SECTORS
from adr_app.models.base import InstantField, JsonField, Table, one_of, scoped
from adr_app.models.bound import digest_of
from adr_app.models.people import Company, Person


class CompanyProfile(Table):
    """A company's profile as of a moment; the newest counts, and none is ever changed.

    `data` are the kinds of sensitive data it holds, `markets` what holds of its market, by code.
    """

    id = AutoField()
    company = ForeignKeyField(Company, index=False)
    sector = TextField()
    stage = TextField()
    data = JsonField()
    markets = JsonField()
    jurisdictions = TextField()
    person = ForeignKeyField(Person, index=False)
    at = InstantField()

    class Meta:
        constraints = [*scoped(), one_of("sector", ("", *SECTORS)), one_of("stage", ("", *STAGES))]

    @property
    def row_digest(self) -> str:
        """Return the digest over the whole profile."""
        return digest_of(self)
