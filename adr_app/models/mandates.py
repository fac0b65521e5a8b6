"""What goes with a role: the letter by which somebody was appointed, and what was handed over at its end."""

from peewee import AutoField, ForeignKeyField, IntegerField, TextField

from adr_app.domain.digest import canonical_json, digest
from adr_app.models.base import DayField, InstantField, Table, scoped
from adr_app.models.people import Company, Person


class AppointmentLetter(Table):
    """The letter of a role by its reference: what it is called, where it lies, and its date."""

    id = AutoField()
    company = ForeignKeyField(Company, index=False)
    engagement_id = IntegerField()
    title = TextField()
    place = TextField()
    dated_on = DayField()
    person = ForeignKeyField(Person, index=False)
    at = InstantField()

    class Meta:
        constraints = scoped(engagement_id="engagement")
        indexes = ((("company", "engagement_id", "id"), False),)

    @property
    def row_digest(self) -> str:
        """Return the digest over the whole reference, who noted it, and when."""
        return digest(
            canonical_json(
                [
                    *(self.engagement_id, self.title, self.place, self.dated_on.isoformat()),
                    *(self.person_id, int(self.at.timestamp())),
                ]
            )
        )


class Handover(Table):
    """That a role was handed over, to whom (None: to whoever holds it next), and what was said to them."""

    id = AutoField()
    company = ForeignKeyField(Company, index=False)
    engagement_id = IntegerField()
    successor_id = IntegerField(null=True)
    note = TextField(default="")
    person = ForeignKeyField(Person, index=False)
    at = InstantField()

    class Meta:
        constraints = scoped(engagement_id="engagement", successor_id="engagement")
        indexes = ((("company", "engagement_id", "id"), False),)

    @property
    def row_digest(self) -> str:
        """Return the digest over which role went to whom, by whom, when, and the words."""
        return digest(
            canonical_json(
                [
                    *(self.engagement_id, self.successor_id, self.note),
                    *(self.person_id, int(self.at.timestamp())),
                ]
            )
        )
