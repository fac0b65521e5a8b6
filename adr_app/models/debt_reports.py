"""Reports of time lost to a debt item, and the tickets elsewhere that it is worked on in."""

from collections.abc import Collection
from datetime import date
from typing import Any

from peewee import AutoField, BooleanField, ForeignKeyField, IntegerField, TextField, fn

from adr_app.domain.debt_reports import Observed, observed_interest
from adr_app.domain.digest import canonical_json, digest
from adr_app.domain.tickets import TRACKERS
from adr_app.models.base import DayField, InstantField, Table, links, one_of, scoped
from adr_app.models.people import Company, Person
from adr_app.models.spelled import Spelled


class DebtReport(Table):
    """Time that somebody lost to a debt item on a day; one that was taken back no longer counts."""

    id = AutoField()
    company = ForeignKeyField(Company, index=False)
    debt_id = IntegerField()
    reported_by = ForeignKeyField(Person, index=False)
    reported_at = InstantField()
    lost_on = DayField()
    minutes = IntegerField()
    fault = BooleanField()
    text = TextField()
    taken_back_at = InstantField(null=True)

    class Meta:
        constraints = scoped(debt_id="debt_item")
        indexes = ((("company", "debt_id", "lost_on"), False),)

    @property
    def row_digest(self) -> str:
        """Return the digest over what was reported, all but that it was taken back."""
        at = int(self.reported_at.timestamp())
        told = [self.debt_id, self.reported_by_id, at, self.lost_on.isoformat()]
        return digest(canonical_json([*told, self.minutes, bool(self.fault), self.text]))


class DebtTicket(Table):
    """A ticket elsewhere in which a debt item is worked on, by its address."""

    id = AutoField()
    company = ForeignKeyField(Company, index=False)
    debt_id = IntegerField()
    tracker = TextField()
    address = TextField()
    label = TextField()

    class Meta:
        constraints = [*links(debt_id="debt_item"), one_of("tracker", TRACKERS)]
        indexes = ((("company", "debt_id", "address"), True),)

    @property
    def row_digest(self) -> str:
        """Return the digest over the whole link."""
        return digest(canonical_json([self.debt_id, self.tracker, self.address, self.label]))


def observed(
    company_id: int, debt_ids: Collection[int], since: date, *, hours_a_day: int
) -> dict[int, Observed]:
    """Return what some items were seen to cost by the reports from a day on, in one query."""
    rows = _LOST.rows(company=company_id, ids=sorted(debt_ids), since=since.isoformat()) if debt_ids else ()
    found = {key: observed_interest(int(lost), n, hours_a_day=hours_a_day) for key, n, lost in rows}
    return {key: found.get(key, Observed(0, None)) for key in debt_ids}


def _lost(company: Any, ids: Any, since: Any) -> Any:
    return (
        DebtReport.select(DebtReport.debt_id, fn.COUNT(DebtReport.id), fn.SUM(DebtReport.minutes))
        .where(
            DebtReport.company == company,
            DebtReport.debt_id.in_(ids),
            DebtReport.lost_on >= since,
            DebtReport.taken_back_at.is_null(),
        )
        .group_by(DebtReport.debt_id)
        .tuples()
    )


_LOST = Spelled(_lost)
