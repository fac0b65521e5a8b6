"""Standards that a company follows, catalogs it loaded, and which safeguards its decisions touch."""

from peewee import AutoField, BooleanField, ForeignKeyField, IntegerField, TextField

from adr_app.domain.frameworks import EFFECTS
from adr_app.models.base import Table, links, one_of, scoped
from adr_app.models.people import Company


class CompanyFramework(Table):
    """A standard that a company follows, by its key."""

    id = AutoField()
    company = ForeignKeyField(Company, index=False)
    framework = TextField()

    class Meta:
        indexes = ((("company", "framework"), True),)


class Catalog(Table):
    """A catalog of safeguards that a company loaded."""

    id = AutoField()
    company = ForeignKeyField(Company, index=False)
    framework = TextField()
    title = TextField()
    version = TextField()

    class Meta:
        constraints = scoped()
        indexes = ((("company", "framework"), True),)


class Control(Table):
    """A safeguard of a catalog that a company loaded; one that a newer catalog lacks counts as withdrawn."""

    id = AutoField()
    company = ForeignKeyField(Company, index=False)
    framework = TextField()
    code = TextField()
    title = TextField()
    text = TextField()
    withdrawn = BooleanField()
    place = IntegerField()

    class Meta:
        constraints = scoped()
        indexes = ((("company", "framework", "code"), True),)


class DecisionControl(Table):
    """What a decision does to a safeguard, by the safeguard's standard and its id there."""

    id = AutoField()
    company = ForeignKeyField(Company, index=False)
    decision_id = IntegerField()
    framework = TextField()
    code = TextField()
    effect = TextField()

    class Meta:
        constraints = [*links(decision_id="decision"), one_of("effect", EFFECTS)]
        indexes = (
            (("company", "decision_id", "framework", "code"), True),
            (("company", "framework", "code"), False),
        )
