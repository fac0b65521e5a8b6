"""Files that changed while their decisions changed here too, until somebody chooses."""

from peewee import AutoField, BlobField, BooleanField, ForeignKeyField, IntegerField, TextField

from adr_app.models.base import InstantField, Table, scoped
from adr_app.models.people import Company


class DivergedFile(Table):
    """The newer text of a file that an import left, as its decision changed here too.

    `content` are the file's bytes and `read` is what the reader took from them, as JSON, both compressed
    (zlib); `size` is of the bytes. `base` is the version both sides last agreed on, `status` what the file
    states (empty: nothing). `kept` tells that somebody chose what the log says: the bytes are gone then, and
    the fingerprint says which text of the file was looked at.
    """

    id = AutoField()
    company = ForeignKeyField(Company, index=False)
    decision_id = IntegerField()
    source = TextField()
    path = TextField()
    fingerprint = TextField()
    base = IntegerField()
    status = TextField()
    size = IntegerField()
    content = BlobField()
    read = BlobField()
    kept = BooleanField(default=False)
    found_at = InstantField()

    class Meta:
        constraints = scoped(decision_id="decision")
        indexes = ((("company", "source", "path"), True), (("company", "decision_id"), False))
