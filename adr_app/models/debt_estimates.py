"""What people estimated a debt to cost, one row for each time: the newest counts, none is ever changed."""

from peewee import AutoField, BigIntegerField, ForeignKeyField, IntegerField, TextField

from adr_app.domain.debt_estimates import Estimate, ThreePoint
from adr_app.domain.digest import canonical_json, digest
from adr_app.models.base import InstantField, Table, links
from adr_app.models.people import Company, Person


class DebtEstimate(Table):
    """One estimate of an item, of the act with number `seq`, in the units of `adr_app.domain.debt_estimates`.

    `currency` is the company's when it was made: money in another one is never added up.
    """

    id = AutoField()
    company = ForeignKeyField(Company, index=False)
    debt_id = IntegerField()
    seq = IntegerField()
    person = ForeignKeyField(Person, null=True, index=False)
    at = InstantField()
    fix_low = IntegerField()
    fix_likely = IntegerField()
    fix_high = IntegerField()
    loss_low = IntegerField()
    loss_likely = IntegerField()
    loss_high = IntegerField()
    chance = IntegerField()
    growth = IntegerField()
    fix_growth = IntegerField()
    growth_reason = TextField()
    months = IntegerField()
    left_over = IntegerField()
    avoided = BigIntegerField()
    avoided_reason = TextField()
    currency = TextField()
    confidence = TextField()
    note = TextField()

    class Meta:
        constraints = links(debt_id="debt_item")
        indexes = ((("company", "debt_id", "seq"), True),)

    @property
    def estimate(self) -> Estimate:
        """Return it as the formulas take it."""
        return Estimate(
            ThreePoint(self.fix_low, self.fix_likely, self.fix_high),
            ThreePoint(self.loss_low, self.loss_likely, self.loss_high),
            chance=self.chance,
            growth=self.growth,
            fix_growth=self.fix_growth,
            months=self.months,
            left_over=self.left_over,
            avoided=self.avoided,
        )

    @property
    def row_digest(self) -> str:
        """Return the digest over the numbers and the words beside them; by whom and when, the act says."""
        return digest(
            canonical_json(
                [
                    *(self.fix_low, self.fix_likely, self.fix_high),
                    *(self.loss_low, self.loss_likely, self.loss_high),
                    *(self.chance, self.growth, self.fix_growth, self.growth_reason, self.months),
                    *(self.left_over, self.avoided, self.avoided_reason, self.currency),
                    *(self.confidence, self.note),
                ]
            )
        )


def columns_of(estimate: Estimate) -> dict[str, int]:
    """Return an estimate's numbers as a row holds them."""
    return {
        "fix_low": estimate.fix.low,
        "fix_likely": estimate.fix.likely,
        "fix_high": estimate.fix.high,
        "loss_low": estimate.loss.low,
        "loss_likely": estimate.loss.likely,
        "loss_high": estimate.loss.high,
        "chance": estimate.chance,
        "growth": estimate.growth,
        "fix_growth": estimate.fix_growth,
        "months": estimate.months,
        "left_over": estimate.left_over,
        "avoided": estimate.avoided,
    }


def history_of(company_id: int, debt_id: int) -> list[DebtEstimate]:
    """Return every estimate of an item with who made it, the newest first."""
    return list(
        DebtEstimate.select(DebtEstimate, Person)
        .join(Person, on=(DebtEstimate.person == Person.id))
        .where(DebtEstimate.company == company_id, DebtEstimate.debt_id == debt_id)
        .order_by(DebtEstimate.seq.desc())
    )


def newest_of(company_id: int, debt_id: int) -> DebtEstimate | None:
    """Return the estimate of an item that counts, or None where there is none."""
    found: DebtEstimate | None = (
        DebtEstimate.select()
        .where(DebtEstimate.company == company_id, DebtEstimate.debt_id == debt_id)
        .order_by(DebtEstimate.seq.desc())
        .first()
    )
    return found
