"""What people say about a decision, what it is about, and whether it is resolved."""

from peewee import AutoField, ForeignKeyField, IntegerField, TextField

from adr_app.domain.digest import canonical_json, digest
from adr_app.models.base import InstantField, Table, one_of, scoped
from adr_app.models.people import Company, Person

SAID = ("comment", "question", "concern", "reply", "reason")
"""What a comment is: a remark, a question that wants an answer, a concern that blocks, an answer to the
vCISO's question, or the reason that came with another act."""


class Comment(Table):
    """What somebody said about a decision, or with an act on it.

    `reply_to` is the remark that it answers; `passage` the words it is about, as they stood in `version`,
    there in `part` of the text beneath the heading `section`; `concern` the name of a concern that blocks.
    Whoever closed it last did so at `resolved_at`.
    """

    id = AutoField()
    company = ForeignKeyField(Company, index=False)
    decision_id = IntegerField()
    person = ForeignKeyField(Person, index=False)
    kind = TextField(default="comment")
    text = TextField()
    at = InstantField()
    reply_to = IntegerField(null=True)
    passage = TextField(default="")
    version = IntegerField(null=True)
    part = TextField(default="")
    section = TextField(default="")
    concern = TextField(default="")
    resolved_at = InstantField(null=True)
    resolved_by = ForeignKeyField(Person, null=True, index=False, backref="comments_resolved")

    class Meta:
        constraints = [*scoped(decision_id="decision", reply_to="comment"), one_of("kind", SAID)]
        indexes = (
            (("company", "decision_id", "id"), False),
            (("company", "kind", "id"), False),
            (("company", "reply_to", "id"), False),
        )

    @property
    def row_digest(self) -> str:
        """Return the digest over what was said, by whom, when, as what, and what it is about.

        Whether it is resolved follows from the acts. What is about nothing in particular is bound as all
        was before that could be said.
        """
        at = int(self.at.timestamp())
        about = [self.reply_to, self.passage, self.version, self.part, self.section, self.concern]
        about = about if any(about) else []
        return digest(canonical_json([self.decision_id, self.person_id, self.kind, self.text, at, *about]))
