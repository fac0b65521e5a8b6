"""Security reviews: what was asked, what was answered, what is still to do, which risk was taken."""

from peewee import SQL, AutoField, BooleanField, ForeignKeyField, IntegerField, TextField

from adr_app.domain.conditions import OBJECTIONS, SAID, State
from adr_app.domain.digest import canonical_json, digest
from adr_app.domain.security import UNKNOWN_LEVEL
from adr_app.models.base import DayField, InstantField, Table, one_of, scoped
from adr_app.models.people import Company, Person


class Review(Table):
    """A request for the vCISO's answer on a decision; it follows the newest proposed revision.

    While it is open its `level` is the decision's: see `adr_app.models.waiting`.

    Where several are engaged it lies with all of them until one takes it: `asked_of` then is who did, at
    `taken_at`.
    """

    id = AutoField()
    company = ForeignKeyField(Company, index=False)
    decision_id = IntegerField()
    asked_by = ForeignKeyField(Person, index=False, backref="reviews_asked")
    asked_of = ForeignKeyField(Person, index=False)
    asked_at = InstantField()
    due_at = InstantField()
    emergency = BooleanField(default=False)
    look_on = DayField(null=True)
    state = TextField(default="waiting")
    closed_at = InstantField(null=True)
    taken_at = InstantField(null=True)
    level = IntegerField(default=UNKNOWN_LEVEL, constraints=[SQL(f"DEFAULT {UNKNOWN_LEVEL}")])

    class Meta:
        constraints = [
            *scoped(decision_id="decision"),
            one_of("state", ("waiting", "question", "answered", "closed")),
        ]
        indexes = (
            (("company", "decision_id", "id"), False),
            (("asked_of", "state", "due_at"), False),
        )


class Verdict(Table):
    """One answer of a reviewer on one revision; never changed, only taken back by a later act."""

    id = AutoField()
    company = ForeignKeyField(Company, index=False)
    decision_id = IntegerField()
    review_id = IntegerField(null=True)
    revision_id = IntegerField()
    number = IntegerField()
    code = TextField()
    person = ForeignKeyField(Person, index=False)
    person_name = TextField()
    role_name = TextField()
    engagement_id = IntegerField(null=True)
    text = TextField(default="")
    digest = TextField()
    level = IntegerField(null=True)
    valid_until = InstantField(null=True)
    confirmed_by = TextField(default="password")
    at = InstantField()

    class Meta:
        constraints = scoped(
            decision_id="decision", review_id="review", revision_id="revision", engagement_id="engagement"
        )
        indexes = ((("company", "decision_id", "id"), False),)

    @property
    def row_digest(self) -> str:
        """Return the digest over what was answered, by whom, in which role, on which text, until when."""
        until = int(self.valid_until.timestamp()) if self.valid_until else None
        return digest(
            canonical_json(
                [
                    *(self.decision_id, self.review_id, self.revision_id, self.number, self.code),
                    *(self.text, self.digest),
                    *(self.person_id, self.person_name, self.role_name, self.engagement_id, self.level),
                    *(until, self.confirmed_by, int(self.at.timestamp())),
                ]
            )
        )


_GIVEN = (Verdict.person, Verdict.at, Verdict.id, Verdict.company)
Verdict.add_index(Verdict.index(*_GIVEN, name="verdict_given"))


class VerdictTakenBack(Table):
    """That a verdict was taken back, when and in favour of which act."""

    id = AutoField()
    company = ForeignKeyField(Company, index=False)
    verdict_id = IntegerField()
    at = InstantField()

    class Meta:
        constraints = scoped(verdict_id="verdict")
        indexes = ((("company", "verdict_id"), True),)


class Condition(Table):
    """A to-do that came with a sign-off.

    `build_days` and `run_days` are what it costs to do, and each month to keep, in hundredths of a working
    day. `binds_at` is when it binds if the CTO says nothing; None: from the start. `owner_name` was named
    with it, `assigned_name` later.
    """

    id = AutoField()
    company = ForeignKeyField(Company, index=False)
    decision_id = IntegerField()
    verdict_id = IntegerField()
    text = TextField()
    risk = TextField(default="")
    before_go_live = BooleanField(default=False)
    due_on = DayField(null=True)
    owner_name = TextField(default="")
    done_at = InstantField(null=True)
    done_by = ForeignKeyField(Person, null=True, index=False, backref="conditions_done")
    evidence = TextField(default="")
    verified_at = InstantField(null=True)
    build_days = IntegerField(null=True)
    run_days = IntegerField(null=True)
    binds_at = InstantField(null=True)
    state = TextField(default=State.PROPOSED, constraints=[SQL(f"DEFAULT '{State.PROPOSED}'")])
    assigned_name = TextField(default="", constraints=[SQL("DEFAULT ''")])

    class Meta:
        constraints = scoped(decision_id="decision", verdict_id="verdict")
        indexes = ((("company", "decision_id", "id"), False), (("company", "done_at", "due_on"), False))

    @property
    def who(self) -> str:
        """Return who is to do it, empty while nobody is named."""
        return self.assigned_name or self.owner_name

    @property
    def row_digest(self) -> str:
        """Return the digest over what was asked for, of whom and why; what later acts change has its own.

        One that was asked for without its cost is bound as it was before that was kept.
        """
        cost = [self.build_days, self.run_days]
        return digest(
            canonical_json(
                [
                    *(self.decision_id, self.verdict_id, self.text, self.risk, self.before_go_live),
                    *(self.owner_name, *(cost if cost != [None, None] else ())),
                ]
            )
        )

    @property
    def assigned_digest(self) -> str:
        """Return the digest over who was named later."""
        return digest(canonical_json([self.assigned_name]))

    @property
    def evidence_digest(self) -> str:
        """Return the digest over what is said to show that it is done."""
        return digest(canonical_json([self.evidence]))


# First screens ask for the few that wait for the CTO's word, and for the few that are contested.
_IS = '"state" = '
Condition.add_index(
    Condition.index(
        Condition.company, Condition.binds_at, name="condition_proposed", where=SQL(f"{_IS}'proposed'")
    )
)
Condition.add_index(
    Condition.index(Condition.company, name="condition_contested", where=SQL(f"{_IS}'contested'"))
)


class ConditionWord(Table):
    """What somebody said on a to-do with an act about it; `why` is the code of an objection."""

    id = AutoField()
    company = ForeignKeyField(Company, index=False)
    decision_id = IntegerField()
    condition_id = IntegerField()
    kind = TextField()
    why = TextField(default="")
    text = TextField(default="")
    person = ForeignKeyField(Person, index=False)
    at = InstantField()

    class Meta:
        constraints = [
            *scoped(decision_id="decision", condition_id="condition"),
            one_of("kind", SAID),
            one_of("why", ("", *OBJECTIONS)),
        ]
        indexes = ((("company", "decision_id", "id"), False),)

    @property
    def row_digest(self) -> str:
        """Return the digest over what was said on which to-do, by whom and when."""
        return digest(
            canonical_json(
                [
                    *(self.decision_id, self.condition_id, self.kind, self.why, self.text),
                    *(self.person_id, int(self.at.timestamp())),
                ]
            )
        )


class Claim(Table):
    """The recorder's word that the vCISO took part in a meeting, until she confirms or denies it."""

    id = AutoField()
    company = ForeignKeyField(Company, index=False)
    decision_id = IntegerField()
    of = ForeignKeyField(Person, index=False)
    on = DayField()
    claimed_by = ForeignKeyField(Person, index=False, backref="claims_made")
    claimed_at = InstantField()
    yes = BooleanField(null=True)
    answered_at = InstantField(null=True)

    class Meta:
        constraints = scoped(decision_id="decision")
        indexes = ((("company", "decision_id"), False), (("of", "answered_at"), False))


class RiskQuestion(Table):
    """The one page put to leadership when risk remains."""

    id = AutoField()
    company = ForeignKeyField(Company, index=False)
    decision_id = IntegerField()
    asked_of = ForeignKeyField(Person, index=False)
    asked_by = ForeignKeyField(Person, index=False, backref="risk_questions_asked")
    asked_at = InstantField()
    answer_by = DayField()
    question = TextField()
    technology_says = TextField(default="")
    security_says = TextField(default="")
    if_wrong = TextField(default="")
    state = TextField(default="open")
    answered_at = InstantField(null=True)
    confirmed_by = TextField(null=True)
    reported_on = DayField(null=True)
    reported_by = IntegerField(null=True)

    class Meta:
        constraints = [
            *scoped(decision_id="decision"),
            one_of("state", ("open", "taken", "refused", "closed")),
        ]
        indexes = ((("company", "decision_id"), False), (("asked_of", "state"), False))

    @property
    def row_digest(self) -> str:
        """Return the digest over what was asked, of whom, by whom, and what each adviser said then."""
        return digest(
            canonical_json(
                [
                    *(self.decision_id, self.asked_of_id, self.asked_by_id, int(self.asked_at.timestamp())),
                    *(self.answer_by.isoformat(), self.question, self.technology_says),
                    *(self.security_says, self.if_wrong),
                ]
            )
        )


class RiskAcceptance(Table):
    """A leader's acceptance of a risk, which is an exception allowed: a reason, and always an end.

    `longer` is why it lasts longer than is usual where so much review is needed; `protects` is what protects
    meanwhile, which may be named later.
    """

    id = AutoField()
    company = ForeignKeyField(Company, index=False)
    decision_id = IntegerField()
    revision = IntegerField()
    leader = ForeignKeyField(Person, index=False)
    leader_name = TextField()
    reason = TextField()
    starts_at = InstantField()
    until = InstantField()
    ended_at = InstantField(null=True)
    longer = TextField(default="", constraints=[SQL("DEFAULT ''")])
    protects = TextField(default="", constraints=[SQL("DEFAULT ''")])

    class Meta:
        constraints = scoped(decision_id="decision")
        indexes = ((("company", "decision_id", "id"), False), (("company", "until"), False))

    @property
    def row_digest(self) -> str:
        """Return the digest over who took the risk, on which text, why, and until when.

        One without a reason for its length is bound as it was before that was kept.
        """
        return digest(
            canonical_json(
                [
                    *(self.decision_id, self.revision, self.leader_id, self.leader_name, self.reason),
                    *(int(self.starts_at.timestamp()), int(self.until.timestamp())),
                    *([self.longer] if self.longer else ()),
                ]
            )
        )

    @property
    def protects_digest(self) -> str | None:
        """Return the digest over what protects meanwhile, None where nothing is named."""
        return digest(canonical_json([self.protects])) if self.protects else None
