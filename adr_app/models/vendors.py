"""Outside firms: what each does and touches, the agreements with it, how risky it was found, who names it."""

from peewee import AutoField, BooleanField, ForeignKeyField, IntegerField, TextField

from adr_app.domain.digest import canonical_json, digest
from adr_app.domain.vendors import AGREEMENTS, RISKS
from adr_app.models.base import DayField, InstantField, JsonField, Table, links, one_of, scoped
from adr_app.models.people import Company


class Vendor(Table):
    """An outside firm by name, made when a text first names it or somebody lists it (`listed`)."""

    id = AutoField()
    company = ForeignKeyField(Company, index=False)
    name = TextField()
    folded = TextField()
    does = TextField(default="")
    data = JsonField(default=list)
    listed = BooleanField(default=False)

    class Meta:
        constraints = scoped()
        indexes = ((("company", "folded"), True),)

    @property
    def row_digest(self) -> str:
        """Return the digest over what somebody said of the firm."""
        return digest(canonical_json([self.does, self.data, bool(self.listed)]))


class DecisionVendor(Table):
    """Which outside firms the newest text of a decision names."""

    id = AutoField()
    company = ForeignKeyField(Company, index=False)
    decision_id = IntegerField()
    vendor_id = IntegerField()

    class Meta:
        constraints = links(decision_id="decision", vendor_id="vendor")
        indexes = (
            (("company", "decision_id", "vendor_id"), True),
            (("company", "vendor_id", "decision_id"), False),
        )


class VendorAgreement(Table):
    """An agreement with an outside firm, by its reference; it ends on a day, or when somebody ends it."""

    id = AutoField()
    company = ForeignKeyField(Company, index=False)
    vendor_id = IntegerField()
    kind = TextField()
    reference = TextField()
    signed_on = DayField(null=True)
    ends_on = DayField(null=True)
    ended_at = InstantField(null=True)

    class Meta:
        constraints = [*scoped(vendor_id="vendor"), one_of("kind", AGREEMENTS)]
        indexes = ((("company", "vendor_id", "id"), False),)

    @property
    def row_digest(self) -> str:
        """Return the digest over what was agreed, all but an early end."""
        days = [day.isoformat() if day else None for day in (self.signed_on, self.ends_on)]
        return digest(canonical_json([self.vendor_id, self.kind, self.reference, *days]))


class VendorAssessment(Table):
    """How risky an outside firm was found, by whom, when, and until when that holds."""

    id = AutoField()
    company = ForeignKeyField(Company, index=False)
    vendor_id = IntegerField()
    risk = TextField()
    text = TextField()
    assessed_on = DayField()
    valid_until = DayField()
    person_name = TextField()

    class Meta:
        constraints = [*scoped(vendor_id="vendor"), one_of("risk", RISKS)]
        indexes = ((("company", "vendor_id", "id"), False),)

    @property
    def row_digest(self) -> str:
        """Return the digest over the whole assessment."""
        days = (self.assessed_on.isoformat(), self.valid_until.isoformat())
        return digest(canonical_json([self.vendor_id, self.risk, self.text, *days, self.person_name]))
