"""What was asked about living with a debt until a day, and what the vCISO and leadership said to it."""

from peewee import SQL, AutoField, ForeignKeyField, IntegerField, TextField

from adr_app.domain.debt_carries import STATES, WAITING
from adr_app.domain.digest import canonical_json, digest
from adr_app.models.base import DayField, InstantField, Table, links, one_of
from adr_app.models.people import Company, Person


class DebtCarry(Table):
    """That an item is to be lived with until a day: who asked, who agreed for security, who took it on.

    Every act on it binds the whole row anew, so its digest is over all of it.
    """

    id = AutoField()
    company = ForeignKeyField(Company, index=False)
    debt_id = IntegerField()
    asked_by = ForeignKeyField(Person, index=False, backref="carries_asked")
    asked_at = InstantField()
    reason = TextField()
    until = DayField()
    state = TextField()
    agreed_by = ForeignKeyField(Person, null=True, index=False, backref="carries_agreed")
    agreed_at = InstantField(null=True)
    security_says = TextField(default="")
    leader = ForeignKeyField(Person, null=True, index=False, backref="carries_taken")
    answered_at = InstantField(null=True)

    class Meta:
        constraints = [*links(debt_id="debt_item"), one_of("state", STATES)]
        indexes = (
            (("company", "debt_id", "id"), False),
            (("company", "state", "id"), False),
        )

    @property
    def row_digest(self) -> str:
        """Return the digest over what was asked, until when, why, and everybody's answer."""
        moments = (self.asked_at, self.agreed_at, self.answered_at)
        return digest(
            canonical_json(
                [
                    *(self.debt_id, self.asked_by_id, self.reason, self.until.isoformat(), self.state),
                    *(self.agreed_by_id, self.security_says, self.leader_id),
                    *(int(at.timestamp()) if at else None for at in moments),
                ]
            )
        )


# Two people who ask at once: the database itself lets one of them.
_WAITING = ", ".join(f"'{state}'" for state in WAITING)
DebtCarry.add_index(
    DebtCarry.index(
        DebtCarry.company,
        DebtCarry.debt_id,
        name="debt_carry_waiting",
        unique=True,
        where=SQL(f'"state" IN ({_WAITING})'),
    )
)


def waiting_on(company_id: int, debt_id: int) -> DebtCarry | None:
    """Return what waits for an answer about an item, or None."""
    found: DebtCarry | None = (
        DebtCarry.select()
        .where(DebtCarry.company == company_id, DebtCarry.debt_id == debt_id, DebtCarry.state.in_(WAITING))
        .first()
    )
    return found


def running_on(company_id: int, debt_id: int) -> DebtCarry | None:
    """Return on what grounds an item is lived with: the last that leadership took on, or None."""
    found: DebtCarry | None = (
        DebtCarry.select(DebtCarry)
        .where(DebtCarry.company == company_id, DebtCarry.debt_id == debt_id, DebtCarry.state == "carried")
        .order_by(DebtCarry.id.desc())
        .first()
    )
    return found
