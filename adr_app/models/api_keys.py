"""Keys with which a program acts for a person at one company; of each only a hash is kept."""

from peewee import AutoField, ForeignKeyField, TextField

from adr_app.models.base import InstantField, Table
from adr_app.models.people import Company, Person


class ApiKey(Table):
    """A key somebody made for a program of theirs: for one company, until a day, ended whenever they like."""

    id = AutoField()
    token_hash = TextField(unique=True)
    person = ForeignKeyField(Person)
    person_id: int
    company = ForeignKeyField(Company)
    name = TextField()
    created_at = InstantField()
    used_at = InstantField(null=True)
    expires_at = InstantField()
    ended_at = InstantField(null=True)
