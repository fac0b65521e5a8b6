"""Technical-debt items, the decisions that incurred or repay them, and the lists they are read in."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, NamedTuple

from peewee import JOIN, SQL, AutoField, BooleanField, ForeignKeyField, IntegerField, Query, TextField, fn

from adr_app.domain.debt import CARES, INTENTS, KINDS, LINK_ROLES, OPEN, State, standing_on
from adr_app.domain.decisions import debt_reference
from adr_app.domain.digest import canonical_json, digest
from adr_app.models.base import DayField, InstantField, Table, links, one_of, scoped
from adr_app.models.flags import SpanRow
from adr_app.models.people import Company, Person, System
from adr_app.models.spelled import Spelled


class DebtItem(Table):
    """Something owed in a structure: what it costs to fix, and what it costs each month.

    `fix_days` and `monthly_loss` are what its newest estimate comes to on average, `act_by` is the first day
    on which somebody has to act on it (see `adr_app.domain.debt_days`), `left_over` the measured share of the
    loss that remained after a repayment.
    """

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
    intent = TextField(default="")
    care = TextField(default="")
    benefit = TextField(default="")
    impact = TextField(default="")
    security = BooleanField(default=False)
    review_on = DayField(null=True)
    obligation_on = DayField(null=True)
    starts_on = DayField(null=True)
    monthly_work = IntegerField(null=True)
    carried_until = DayField(null=True)
    retires_on = DayField(null=True)
    left_over = IntegerField(null=True)
    act_by = DayField(null=True)

    system_name: str | None = None
    owner_name: str | None = None
    system_ends: date | None = None

    class Meta:
        constraints = [
            *scoped(system_id="system"),
            SQL("UNIQUE (company_id, number)"),
            one_of("state", State),
            one_of("kind", KINDS),
            one_of("intent", ("", *INTENTS)),
            one_of("care", ("", *CARES)),
            SQL("CHECK (fix_days IS NULL OR fix_days >= 0)"),
            SQL("CHECK (monthly_loss IS NULL OR monthly_loss >= 0)"),
        ]
        indexes = (
            (("company", "changed_at", "id"), False),
            (("company", "state", "monthly_loss", "id"), False),
            (("company", "act_by", "id"), False),
        )

    @property
    def ref(self) -> str:
        """Return the item's address within its company."""
        return debt_reference(self.number)

    @property
    def is_open(self) -> bool:
        """Return whether it is still owed."""
        return self.state in OPEN

    @property
    def concerns_security(self) -> bool:
        """Return whether the vCISO has a say: it is marked so, or of that kind."""
        return bool(self.security) or self.kind == "security"

    def standing(self, today: date) -> State:
        """Return where it stands on a day: what was lived with until an earlier day is open again."""
        return standing_on(self.state, self.carried_until, today)

    @property
    def row_digest(self) -> str:
        """Return the digest over what is owed, what it costs, who noted it and how far it is.

        What was never said is left out, so an item from before it could be said is as it always was.
        """
        return digest(
            canonical_json(
                [
                    *(self.number, self.title, self.kind, self.state, self.system_id, self.symptoms),
                    *(self.fix_days, self.monthly_loss, self.owner_id, self.noted_by_id),
                    *(_seconds(self.noted_at), _seconds(self.closed_at), self.actual_days),
                    *([said] if (said := self._said()) else ()),
                ]
            )
        )

    def _said(self) -> dict[str, Any]:
        """Return what was said of it since the first version of the ledger, as it is spelled in a digest."""
        found: dict[str, Any] = {}
        for name in SAID_LATER:
            value = getattr(self, name)
            if value is not None and value != "" and value is not False:
                found[name] = value.isoformat() if isinstance(value, date) else value
        return found


SAID_LATER = (
    *("intent", "care", "benefit", "impact", "security", "review_on", "obligation_on", "starts_on"),
    *("monthly_work", "carried_until", "retires_on", "left_over", "act_by"),
)
"""Columns that an item may have nothing in: all that came after the first version of the ledger."""


# What costs most is read in this order, and not sorted anew each time.
DebtItem.add_index(
    SQL('CREATE INDEX "debt_item_by_cost" ON "debt_item" ("company_id", COALESCE("monthly_loss", -1), "id")')
)


def _seconds(at: datetime | None) -> int | None:
    return int(at.timestamp()) if at else None


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


class DebtRemark(Table):
    """Why an item was closed or opened again, in somebody's words, beside the event of that act."""

    id = AutoField()
    company = ForeignKeyField(Company, index=False)
    debt_id = IntegerField()
    seq = IntegerField()
    text = TextField()

    class Meta:
        constraints = links(debt_id="debt_item")
        indexes = ((("company", "debt_id", "seq"), True),)

    @property
    def row_digest(self) -> str:
        """Return the digest of the words; of which item and act they are, the act says."""
        return digest(canonical_json([self.text]))


class MonthlyCost(NamedTuple):
    """What open items cost each month, in hundredths of a working day, and how many are (not) estimated."""

    total: int
    estimated: int
    unestimated: int


def named(company_id: int) -> Query:
    """Return a company's items, each with the names of its system and of who answers for it."""
    return (
        DebtItem.select(
            DebtItem,
            System.name.alias("system_name"),
            System.retires_on.alias("system_ends"),
            Person.name.alias("owner_name"),
        )
        .join(
            System,
            JOIN.LEFT_OUTER,
            on=(System.company == DebtItem.company) & (System.id == DebtItem.system_id),
        )
        .join_from(DebtItem, Person, JOIN.LEFT_OUTER, on=(Person.id == DebtItem.owner))
        .where(DebtItem.company == company_id)
        .objects()
    )


def listed(
    company_id: int,
    *,
    states: Collection[State],
    today: date,
    system: str = "",
    owner: int | None = None,
) -> Query:
    """Return the items that stand in some states on a day; only of a system's folded name, or of an owner."""
    query = named(company_id).where(_stands_in(states, today))
    if system:
        query = query.where(System.folded == system)
    return query.where(DebtItem.owner == owner) if owner is not None else query


def _stands_in(states: Collection[State], today: date) -> Any:
    """Return the condition that an item stands in one of some states on a day.

    Written by the stored state, which an index leads with, as far as that decides it.
    """
    stored = DebtItem.state.in_(sorted(states))
    if State.CARRIED in states and State.ANALYSED not in states:
        return stored & ~_is_over(today)
    if State.ANALYSED in states and State.CARRIED not in states:
        return stored | _is_over(today)
    return stored


def monthly_cost(company_id: int, among: Query | None = None) -> MonthlyCost:
    """Return what a company's open items cost each month; only of `among`, a query of ids, where given."""
    if among is None:
        [(total, estimated, items)] = _MONTHLY.rows(company=company_id)
    else:
        total, estimated, items = _monthly(company_id).where(DebtItem.id.in_(among)).get()
    return MonthlyCost(int(total), estimated, items - estimated)


def _monthly(company: Any) -> Query:
    total = fn.COALESCE(fn.SUM(DebtItem.monthly_loss), 0)
    return (
        DebtItem.select(total, fn.COUNT(DebtItem.monthly_loss), fn.COUNT(DebtItem.id))
        .where(DebtItem.company == company, DebtItem.state.in_(sorted(OPEN)))
        .tuples()
    )


_MONTHLY = Spelled(_monthly)


class Owed(NamedTuple):
    """What open items come to: how many, and their fixes and monthly loss in hundredths of a working day."""

    items: int
    fix_days: int
    monthly_loss: int


def flagged_now(company_id: int, code: str, at: datetime) -> Query:
    """Return the ids of the items for which a flag is on."""
    return (
        SpanRow.running(company_id, "flag", at)
        .select(SpanRow.subject_id)
        .where(SpanRow.subject_type == "debt", SpanRow.code == code)
    )


def owed_in(company_id: int, system_id: int) -> Owed:
    """Return what the open items of one system come to; they overlap, so it is an upper figure."""
    sums = (fn.COALESCE(fn.SUM(DebtItem.fix_days), 0), fn.COALESCE(fn.SUM(DebtItem.monthly_loss), 0))
    found = (
        DebtItem.select(fn.COUNT(DebtItem.id), *sums)
        .where(DebtItem.company == company_id, DebtItem.state.in_(sorted(OPEN)))
        .where(DebtItem.system_id == system_id)
        .tuples()
        .get()
    )
    return Owed(*map(int, found))


def counts(company_id: int, today: date) -> dict[State, int]:
    """Return how many items of a company stand in each state on a day, states without items included."""
    rows = (
        DebtItem.select(DebtItem.state, fn.COUNT(DebtItem.id))
        .where(DebtItem.company == company_id)
        .group_by(DebtItem.state)
        .tuples()
    )
    found = {**dict.fromkeys(State, 0), **{State(state): count for state, count in rows}}
    if found[State.CARRIED]:
        over = DebtItem.select().where(DebtItem.company == company_id, _is_over(today)).count()
        found[State.CARRIED] -= over
        found[State.ANALYSED] += over
    return found


def _is_over(today: date) -> Any:
    """Return the condition that an item was lived with until a day that is past."""
    return (DebtItem.state == State.CARRIED) & (DebtItem.carried_until < today)
