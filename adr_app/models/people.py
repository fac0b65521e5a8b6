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
                ]
            )
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
        holds = (cls.starts_at <= at) & (cls.ends_at.is_null() | (cls.ends_at > at))
        return cls.select().where(holds, True if invited else cls.has_come_in())

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
    """Something the company runs, by name; inside a compliance boundary or not."""

    id = AutoField()
    company = ForeignKeyField(Company)
    name = TextField()
    folded = TextField()
    inside_boundary = BooleanField(default=False)

    class Meta:
        constraints = scoped()
        indexes = ((("company", "folded"), True),)
