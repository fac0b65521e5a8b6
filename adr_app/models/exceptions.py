"""Requests for an exception, and what the vCISO recommends on each; allowed is a `RiskAcceptance`."""

from peewee import SQL, AutoField, ForeignKeyField, IntegerField, TextField

from adr_app.domain.digest import canonical_json, digest
from adr_app.domain.exceptions import ADVICE, KEPT, WAITING
from adr_app.models.base import DayField, InstantField, Table, one_of, scoped
from adr_app.models.people import Company, Person


class ExceptionRequest(Table):
    """That somebody asks leadership to allow an exception on a decision, until a day.

    Once it is put to leadership it goes on as the `RiskQuestion` of `question_id`, which keeps what was put;
    where it is allowed, as the `RiskAcceptance` of `acceptance_id`. `extends_id` is the acceptance that it
    goes on from.
    """

    id = AutoField()
    company = ForeignKeyField(Company, index=False)
    decision_id = IntegerField()
    asked_by = ForeignKeyField(Person, index=False, backref="exceptions_asked")
    asked_at = InstantField()
    asked_of = ForeignKeyField(Person, index=False, backref="exceptions_asked_of")
    answer_by = DayField()
    until = DayField()
    question = TextField()
    technology_says = TextField()
    protects = TextField(default="")
    if_wrong = TextField(default="")
    extends_id = IntegerField(null=True)
    state = TextField()
    question_id = IntegerField(null=True)
    acceptance_id = IntegerField(null=True)
    closed_at = InstantField(null=True)

    class Meta:
        constraints = [
            *scoped(
                decision_id="decision",
                extends_id="risk_acceptance",
                question_id="risk_question",
                acceptance_id="risk_acceptance",
            ),
            one_of("state", KEPT),
        ]
        indexes = (
            (("company", "decision_id", "id"), False),
            (("company", "state", "id"), False),
        )

    @property
    def row_digest(self) -> str:
        """Return the digest over what was asked for, why, until when, of whom and by whom."""
        return digest(
            canonical_json(
                [
                    *(self.decision_id, self.asked_by_id, int(self.asked_at.timestamp()), self.asked_of_id),
                    *(
                        self.answer_by.isoformat(),
                        self.until.isoformat(),
                        self.question,
                        self.technology_says,
                    ),
                    *(self.protects, self.if_wrong, self.extends_id),
                ]
            )
        )


# Two people who ask at once: the database itself lets one of them.
_OPEN = ", ".join(f"'{state}'" for state in WAITING)
ExceptionRequest.add_index(
    ExceptionRequest.index(
        ExceptionRequest.company,
        ExceptionRequest.decision_id,
        name="exception_request_waiting",
        unique=True,
        where=SQL(f'"state" IN ({_OPEN})'),
    )
)


class ExceptionAdvice(Table):
    """What a vCISO recommends on a request, with their sentence; never changed."""

    id = AutoField()
    company = ForeignKeyField(Company, index=False)
    decision_id = IntegerField()
    request_id = IntegerField()
    code = TextField()
    text = TextField()
    person = ForeignKeyField(Person, index=False)
    person_name = TextField()
    role_name = TextField()
    engagement_id = IntegerField()
    at = InstantField()

    class Meta:
        constraints = [
            *scoped(decision_id="decision", request_id="exception_request", engagement_id="engagement"),
            one_of("code", ADVICE),
        ]
        indexes = ((("company", "request_id"), True),)

    @property
    def row_digest(self) -> str:
        """Return the digest over what was recommended on which request, by whom, in which role."""
        return digest(
            canonical_json(
                [
                    *(self.decision_id, self.request_id, self.code, self.text, self.person_id),
                    *(self.person_name, self.role_name, self.engagement_id, int(self.at.timestamp())),
                ]
            )
        )
