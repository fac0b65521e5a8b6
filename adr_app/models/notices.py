"""Who is told by mail that somebody waits for them, and how they want to be told."""

from peewee import AutoField, ForeignKeyField, IntegerField, TextField

from adr_app.models.base import DayField, InstantField, Table, one_of, scoped
from adr_app.models.people import Company, Person

STATES = ("waiting", "sending", "sent", "dropped", "failed")
"""“Dropped” is what nobody waits for any more, “failed” what was given up."""


class Notice(Table):
    """One thing that one person is told once; `about` is the id of the row that waits, by its kind.

    It holds no text: what a mail says is read when it is sent, as the person may see it then.
    """

    id = AutoField()
    company = ForeignKeyField(Company, index=False)
    company_id: int
    person = ForeignKeyField(Person, index=False)
    person_id: int
    kind = TextField()
    decision_id = IntegerField()
    about = IntegerField()
    seq = IntegerField()
    how = TextField()
    state = TextField(default="waiting")
    made_at = InstantField()
    due_at = InstantField()
    attempts = IntegerField(default=0)
    tried_at = InstantField(null=True)
    trouble = TextField(default="")

    class Meta:
        constraints = [
            *scoped(decision_id="decision"),
            one_of("how", ("at-once", "daily")),
            one_of("state", STATES),
        ]
        indexes = (
            # told once, whoever records and sends it
            (("company", "seq", "kind", "person", "about"), True),
            (("company", "state"), False),
            (("person", "how", "state"), False),
            (("state", "due_at"), False),
        )


class Digest(Table):
    """The one mail of a day that tells a person what waits for them at all their companies."""

    id = AutoField()
    person = ForeignKeyField(Person, index=False)
    person_id: int
    day = DayField()
    state = TextField(default="waiting")
    due_at = InstantField()
    attempts = IntegerField(default=0)
    tried_at = InstantField(null=True)
    trouble = TextField(default="")

    class Meta:
        constraints = [one_of("state", STATES)]
        indexes = ((("person", "day"), True), (("state", "due_at"), False))


class NoticeChoice(Table):
    """How a person wants to be told of one kind of thing at one company, where they chose."""

    id = AutoField()
    company = ForeignKeyField(Company, index=False)
    company_id: int
    person = ForeignKeyField(Person, index=False)
    kind = TextField()
    how = TextField()

    class Meta:
        constraints = [*scoped(), one_of("how", ("at-once", "daily", "never"))]
        indexes = ((("company", "person", "kind"), True),)


class QuestionLink(Table):
    """A link that lets one leader answer one question without signing in, once, by a code that is mailed.

    The link itself is signed and kept nowhere; of the code only a hash is kept. `text` is the digest of
    what was asked and on which text: once either changed, the link leads nowhere.
    """

    id = AutoField()
    company = ForeignKeyField(Company, index=False)
    company_id: int
    question_id = IntegerField()
    person = ForeignKeyField(Person, index=False)
    person_id: int
    text = TextField()
    made_at = InstantField()
    expires_at = InstantField()
    used_at = InstantField(null=True)
    code_hash = TextField(null=True)
    code_until = InstantField(null=True)
    code_tries = IntegerField(default=0)

    class Meta:
        constraints = scoped(question_id="risk_question")
        indexes = ((("company", "question_id", "id"), False),)
