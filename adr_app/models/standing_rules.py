"""Rules by which a vCISO allows decisions in advance, as signed, and which were ended before their day."""

from typing import Any

from peewee import AutoField, BlobField, ForeignKeyField, IntegerField, TextField

from adr_app.domain.digest import canonical_json, digest
from adr_app.models.base import InstantField, JsonField, Table, scoped
from adr_app.models.people import Company, Person

VERSION = 1


class StandingRule(Table):
    """A signed rule; never changed: another may replace it, and it may be ended.

    `allows` are pairs of a question and the answers it allows; it holds until `until`, not included.
    """

    id = AutoField()
    company = ForeignKeyField(Company, index=False)
    person = ForeignKeyField(Person, index=False)
    person_name = TextField()
    role_name = TextField()
    engagement_id = IntegerField()
    title = TextField()
    reason = TextField()
    allows = JsonField()
    at = InstantField()
    until = InstantField()
    replaces_id = IntegerField(null=True)
    canonical = BlobField()
    digest = TextField()
    confirmed_by = TextField()

    class Meta:
        constraints = scoped(engagement_id="engagement", replaces_id="standing_rule")

    @property
    def signed(self) -> bytes:
        """Return the bytes that are signed: what is allowed, why, from when to when, by whom."""
        content: dict[str, Any] = {
            "title": self.title,
            "reason": self.reason,
            "allows": self.allows,
            "from": int(self.at.timestamp()),
            "until": int(self.until.timestamp()),
        }
        signer = {"person": self.person_id, "name": self.person_name, "role": self.role_name}
        return canonical_json(
            {"v": VERSION, "company": self.company_id, "content": content, "signed_by": signer}
        )

    @property
    def row_digest(self) -> str:
        """Return the digest over the signed bytes, as kept and as its columns give them, and the rest."""
        kept = digest(bytes(self.canonical))
        return digest(
            canonical_json(
                [
                    *(kept, digest(self.signed), self.digest),
                    *(self.engagement_id, self.replaces_id, self.confirmed_by),
                ]
            )
        )


class EndedRule(Table):
    """That a rule was ended before its day, by whom and why."""

    id = AutoField()
    company = ForeignKeyField(Company, index=False)
    rule_id = IntegerField()
    person = ForeignKeyField(Person, index=False)
    reason = TextField()
    at = InstantField()

    class Meta:
        constraints = scoped(rule_id="standing_rule")
        indexes = ((("company", "rule_id"), True),)

    @property
    def row_digest(self) -> str:
        """Return the digest over which rule was ended, by whom, when and why."""
        return digest(canonical_json([self.rule_id, self.person_id, int(self.at.timestamp()), self.reason]))
