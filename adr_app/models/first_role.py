"""Answers to which role comes first, as they were given, and what leadership made of each."""

from peewee import AutoField, BooleanField, ForeignKeyField, IntegerField, TextField

from adr_app.domain.first_role import Result, Rule
from adr_app.models.base import DayField, InstantField, JsonField, Table, one_of, scoped
from adr_app.models.bound import digest_of
from adr_app.models.people import Company, Person


class RoleAssessment(Table):
    """One answer with everything it was given for; never changed.

    `inputs` is what was put in, `told` the sentences as they were shown, `interest` whether whoever assessed
    gains by the answer, in their own words.
    """

    id = AutoField()
    company = ForeignKeyField(Company, index=False)
    result = TextField()
    rule = TextField()
    inputs = JsonField()
    told = JsonField()
    gains = BooleanField()
    interest = TextField()
    person = ForeignKeyField(Person, index=False)
    person_name = TextField()
    role_name = TextField()
    assessed_on = DayField()
    review_on = DayField()
    at = InstantField()

    class Meta:
        constraints = [*scoped(), one_of("result", Result), one_of("rule", Rule)]

    @property
    def row_digest(self) -> str:
        """Return the digest over the whole answer and what it was given for."""
        return digest_of(self)


class RoleChoice(Table):
    """What leadership decided on an answer: whether it is followed, and why; never changed."""

    id = AutoField()
    company = ForeignKeyField(Company, index=False)
    assessment_id = IntegerField()
    followed = BooleanField()
    why = TextField()
    person = ForeignKeyField(Person, index=False)
    person_name = TextField()
    at = InstantField()

    class Meta:
        constraints = scoped(assessment_id="role_assessment")
        indexes = ((("company", "assessment_id"), True),)

    @property
    def row_digest(self) -> str:
        """Return the digest over what was decided on which answer, by whom and why."""
        return digest_of(self)
