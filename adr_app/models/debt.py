"""Technical-debt items and the decisions that incurred or repay them."""

from peewee import SQL, AutoField, ForeignKeyField, IntegerField, TextField

from adr_app.domain.debt import KINDS, LINK_ROLES, State
from adr_app.domain.decisions import debt_reference
from adr_app.models.base import InstantField, Table, links, one_of, scoped
from adr_app.models.people import Company, Person


class DebtItem(Table):
    """Something owed in a structure: what it costs to fix, and what it costs each month."""

    id = AutoField()
    company = ForeignKeyField(Company, index=False)
    number = IntegerField()
    title = TextField()
    kind = TextField(default="other")
    state = TextField(default="identified")
    system_id = IntegerField(null=True)
    symptoms = TextField(default="")
    fix_days = IntegerField(null=True)
    monthly_loss = IntegerField(null=True)
    owner = ForeignKeyField(Person, null=True, index=False, backref="debt_owned")
    noted_by = ForeignKeyField(Person, index=False)
    noted_at = InstantField()
    changed_at = InstantField()
    closed_at = InstantField(null=True)
    actual_days = IntegerField(null=True)

    class Meta:
        constraints = [
            *scoped(system_id="system"),
            SQL("UNIQUE (company_id, number)"),
            one_of("state", State),
            one_of("kind", KINDS),
            SQL("CHECK (fix_days IS NULL OR fix_days >= 0)"),
            SQL("CHECK (monthly_loss IS NULL OR monthly_loss >= 0)"),
        ]
        indexes = (
            (("company", "changed_at", "id"), False),
            (("company", "state", "monthly_loss", "id"), False),
        )

    @property
    def ref(self) -> str:
        """Return the item's address within its company."""
        return debt_reference(self.number)


class DebtLink(Table):
    """Which decision incurred a debt item, and which repays it."""

    id = AutoField()
    company = ForeignKeyField(Company, index=False)
    debt_id = IntegerField()
    decision_id = IntegerField()
    role = TextField()

    class Meta:
        constraints = [
            *links(debt_id="debt_item", decision_id="decision"),
            one_of("role", LINK_ROLES),
        ]
        indexes = (
            (("company", "debt_id", "decision_id", "role"), True),
            (("company", "decision_id"), False),
        )
