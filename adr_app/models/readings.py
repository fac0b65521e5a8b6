"""What other tools measured on a system, each reading with the tool, its version and its settings."""

from datetime import date
from typing import Any

from peewee import AutoField, BigIntegerField, ForeignKeyField, IntegerField, TextField, fn

from adr_app.domain.digest import canonical_json, digest
from adr_app.models.base import DayField, InstantField, Table, scoped
from adr_app.models.people import Company, Person


class ExternalReading(Table):
    """One metric of one reading, in thousandths of its unit; `seq` is the number of the act that took it."""

    id = AutoField()
    company = ForeignKeyField(Company, index=False)
    system_id = IntegerField()
    seq = IntegerField()
    tool = TextField()
    version = TextField()
    settings = TextField()
    metric = TextField()
    value = BigIntegerField()
    unit = TextField()
    read_on = DayField()
    taken_by = ForeignKeyField(Person, index=False)
    taken_at = InstantField()
    taken_back_at = InstantField(null=True)

    class Meta:
        constraints = scoped(system_id="system")
        indexes = (
            (("company", "system_id", "tool", "metric", "read_on", "id"), False),
            (("company", "system_id", "seq"), False),
        )

    @property
    def row_digest(self) -> str:
        """Return the digest over the whole reading, all but that it was taken back."""
        told = [self.system_id, self.tool, self.version, self.settings, self.metric, self.value, self.unit]
        at = int(self.taken_at.timestamp())
        return digest(canonical_json([*told, self.read_on.isoformat(), self.taken_by_id, at]))


def standing(company_id: int, system_id: int) -> Any:
    """Return the query of a system's readings that were not taken back."""
    return ExternalReading.select().where(
        ExternalReading.company == company_id,
        ExternalReading.system_id == system_id,
        ExternalReading.taken_back_at.is_null(),
    )


def newest_days(company_id: int) -> dict[int, date]:
    """Return the day of the newest reading of each system of a company that has any."""
    rows = (
        ExternalReading.select(ExternalReading.system_id, fn.MAX(ExternalReading.read_on))
        .where(ExternalReading.company == company_id, ExternalReading.taken_back_at.is_null())
        .group_by(ExternalReading.system_id)
        .tuples()
    )
    return dict(rows)
