"""What a vCISO said beside an answer, part by part: one row for each answer that had any of it."""

from peewee import AutoField, ForeignKeyField, IntegerField, TextField

from adr_app.domain.digest import canonical_json, digest
from adr_app.domain.review_parts import PARTS
from adr_app.models.base import Table, scoped
from adr_app.models.people import Company


class ReviewParts(Table):
    """The parts of a review as they were said with one answer; never changed, and gone from sight with it.

    The act of answering binds them beside the answer, whose own digest is over the same as ever.
    """

    id = AutoField()
    company = ForeignKeyField(Company, index=False)
    decision_id = IntegerField()
    verdict_id = IntegerField()
    exposed = TextField()
    needed = TextField()
    duty = TextField()
    ready = TextField()

    class Meta:
        constraints = scoped(decision_id="decision", verdict_id="verdict")
        indexes = ((("company", "verdict_id"), True), (("company", "decision_id"), False))

    @property
    def said(self) -> dict[str, str]:
        """Return what was said by the code of its part, in their order; what was left empty is left out."""
        return {code: words for code in PARTS if (words := getattr(self, code))}

    @property
    def row_digest(self) -> str:
        """Return the digest over every part, and the answer and decision it belongs to."""
        return digest(
            canonical_json([self.decision_id, self.verdict_id, *(getattr(self, code) for code in PARTS)])
        )
