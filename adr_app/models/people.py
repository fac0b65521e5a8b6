"""Companies, people, the roles people hold, and how they sign in."""

from datetime import datetime

from peewee import (
    SQL,
    AutoField,
    BigIntegerField,
    BooleanField,
    Expression,
    ForeignKeyField,
    IntegerField,
    ModelSelect,
    TextField,
    fn,
)

from adr_app.domain.debt_estimates import WHOLE, DebtSettings, SystemLimits
from adr_app.domain.digest import canonical_json, digest
from adr_app.domain.permissions import Role
from adr_app.domain.worktime import Calendar, calendar_of
from adr_app.models.base import DayField, InstantField, JsonField, Table, one_of, scoped


class Installation(Table):
    """What is true of this database as a whole; one row, id 1."""

    id = AutoField()
    created_at = InstantField()
    demonstration = BooleanField(default=False)
    setup_code_hash = TextField(null=True)

    class Meta:
        constraints = [SQL("CHECK (id = 1)")]


class Person(Table):
    """Somebody who can sign in; known to a company only through an engagement there."""

    id = AutoField()
    email = TextField(unique=True)
    name = TextField()
    password_hash = TextField(null=True)
    created_at = InstantField()
    disabled_at = InstantField(null=True)

    @property
    def name_digest(self) -> str:
        """Return the digest of whose name it is and what it is."""
        return digest(canonical_json([self.id, self.name]))


class Session(Table):
    """A signed-in browser; the cookie holds a token of which only the hash is kept here."""

    id = AutoField()
    token_hash = TextField(unique=True)
    person = ForeignKeyField(Person)
    person_id: int
    created_at = InstantField()
    seen_at = InstantField()
    expires_at = InstantField()
    revoked_at = InstantField(null=True)
    device = TextField(default="")


class Attempt(Table):
    """Failed sign-ins by key, so that guessing slows down across all workers."""

    key = TextField(primary_key=True)
    count = IntegerField(default=0)
    window_at = InstantField()


USUAL_RECKONING = (1_000, 24, 12, 8)
"""What a company reckons its debt with that never chose: a year's discount in basis points, months, hours."""


class Company(Table):
    """One tenant; its row is taken for update by every act, which makes the record gap-free."""

    id = AutoField()
    slug = TextField(unique=True)
    name = TextField()
    zone = TextField(default="UTC")
    currency = TextField(default="EUR")
    day_rate = BigIntegerField(null=True)
    capacity_days = IntegerField(null=True)
    debt_limit_days = IntegerField(null=True)
    go_live_on = DayField()
    policy = JsonField()
    severities = JsonField(default=dict, constraints=[SQL("DEFAULT '{}'")])
    created_at = InstantField()
    next_decision = IntegerField(default=1)
    next_debt = IntegerField(default=1)
    last_seq = IntegerField(default=0)
    last_event_at = InstantField()
    tree = JsonField()
    stale_since = InstantField(null=True)
    calendar = JsonField(default=dict, constraints=[SQL("DEFAULT '{}'")])
    discount = IntegerField(default=1_000, constraints=[SQL("DEFAULT 1000")])
    horizon = IntegerField(default=24, constraints=[SQL("DEFAULT 24")])
    payback_limit = IntegerField(default=12, constraints=[SQL("DEFAULT 12")])
    hours_per_day = IntegerField(default=8, constraints=[SQL("DEFAULT 8")])
    remarks_before = IntegerField(default=0, constraints=[SQL("DEFAULT 0")])
    """The last remark from before remarks could be resolved: those are neither open nor resolved."""

    class Meta:
        constraints = [SQL("CHECK (next_decision >= 1)"), SQL("CHECK (last_seq >= 0)")]

    @property
    def row_digest(self) -> str:
        """Return the digest over what the company chose: its name, zone, first day, policy, numbers.

        How grave it made flags stands in the entries themselves.
        """
        return digest(
            canonical_json(
                [
                    *(self.slug, self.name, self.zone, self.currency, self.day_rate, self.capacity_days),
                    *(self.debt_limit_days, self.go_live_on.isoformat(), self.policy),
                    int(self.created_at.timestamp()),
                    *([self.calendar] if self.calendar else ()),  # what never chose is as it always was
                    *([["debt", *self._reckoning]] if self._reckoning != USUAL_RECKONING else ()),
                ]
            )
        )

    @property
    def _reckoning(self) -> tuple[int, int, int, int]:
        return (self.discount, self.horizon, self.payback_limit, self.hours_per_day)

    @property
    def debt_settings(self) -> DebtSettings:
        """Return what the company reckons its debt with, in the units of the formulas."""
        capacity, limit = self.capacity_days, self.debt_limit_days
        return DebtSettings(
            day_rate=self.day_rate,
            capacity=None if capacity is None else capacity * 100,
            discount=self.discount,
            horizon=self.horizon,
            payback_limit=self.payback_limit,
            interest_limit=None if limit is None or not capacity else limit * WHOLE // capacity,
            hours_per_day=self.hours_per_day,
        )

    @property
    def working_calendar(self) -> Calendar:
        """Return the days on which the company works."""
        return calendar_of(self.calendar | {"holidays": list(self.holidays)})

    @property
    def holidays(self) -> dict[str, str]:
        """Return the names of the company's holidays by their day."""
        return dict(self.calendar.get("holidays", ()))


class Invitation(Table):
    """A link that lets somebody choose a password; only its hash is kept."""

    id = AutoField()
    token_hash = TextField(unique=True)
    kind = TextField()
    person = ForeignKeyField(Person)
    person_id: int
    company = ForeignKeyField(Company, null=True)
    created_by = ForeignKeyField(Person, null=True, backref="invitations_made")
    created_at = InstantField()
    expires_at = InstantField()
    used_at = InstantField(null=True)

    class Meta:
        constraints = [one_of("kind", ("invitation", "password"))]


class Engagement(Table):
    """A role of a person at a company, from an instant to an instant (exclusive).

    Whoever holds it may be away until a day, on which they are back, with somebody as `deputy` meanwhile.
    """

    id = AutoField()
    company = ForeignKeyField(Company)
    company_id: int
    person = ForeignKeyField(Person)
    person_id: int
    role = TextField()
    starts_at = InstantField()
    ends_at = InstantField(null=True)
    appointed_by = ForeignKeyField(Person, null=True, backref="appointments_made")
    away_until = DayField(null=True)
    deputy = IntegerField(null=True, constraints=[SQL('REFERENCES "person" ("id")')])

    class Meta:
        constraints = [
            *scoped(),
            one_of("role", Role),
            SQL("CHECK (ends_at IS NULL OR ends_at >= starts_at)"),
        ]
        indexes = ((("company", "role", "person"), False), (("person", "company"), False))

    @classmethod
    def running(cls, at: datetime, *, invited: bool = False) -> "ModelSelect[Engagement]":
        """Return the engagements that hold at `at`, of every company; add a person or a company.

        Whoever was invited and has not come in holds nothing yet, and is among them only with `invited`.
        """
        return cls.select().where(cls.holds_at(at), True if invited else cls.has_come_in())

    @classmethod
    def holds_at(cls, at: datetime) -> Expression:
        """Return the condition that an engagement's days have begun and not ended at `at`."""
        return (cls.starts_at <= at) & (cls.ends_at.is_null() | (cls.ends_at > at))

    @classmethod
    def has_come_in(cls) -> Expression:
        """Return the condition that an engagement's person came into the company.

        Whoever was invited comes in by the link. An account alone opens nothing: somebody at another company
        may have made it, for an e-mail that is not theirs.
        """
        invited = Invitation.select(SQL("1")).where(
            Invitation.kind == "invitation",
            Invitation.person == cls.person,
            Invitation.company == cls.company,
        )
        return ~fn.EXISTS(invited) | fn.EXISTS(invited.where(Invitation.used_at.is_null(False)))


class System(Table):
    """Something the company runs, by name; inside a compliance boundary or not.

    `rebuild` and `effort` are hundredths of a working day: what building it anew would take, and what is
    spent on it each month.
    """

    id = AutoField()
    company = ForeignKeyField(Company)
    name = TextField()
    folded = TextField()
    inside_boundary = BooleanField(default=False)
    rebuild = IntegerField(null=True)
    effort = IntegerField(null=True)
    retires_on = DayField(null=True)
    criticality = TextField(default="", constraints=[SQL("DEFAULT ''")])
    goal = TextField(default="", constraints=[SQL("DEFAULT ''")])

    class Meta:
        constraints = scoped()
        indexes = ((("company", "folded"), True),)

    @property
    def limits(self) -> SystemLimits:
        """Return what bounds its debt, as the formulas take it."""
        return SystemLimits(self.rebuild, self.effort, self.retires_on)

    @property
    def row_digest(self) -> str:
        """Return the digest over what was said of its size, its end, and what it is to be."""
        ends = self.retires_on.isoformat() if self.retires_on else None
        return digest(canonical_json([self.rebuild, self.effort, ends, self.criticality, self.goal]))
