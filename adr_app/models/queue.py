"""The tables in which background work waits, in the same database as everything else.

They are of the shape that huey reads; a name of their own keeps them apart from the product's tables.
"""

from peewee import AutoField, BlobField, CompositeKey, FloatField, Model, TextField, TimestampField

from adr_app.models.base import database


class BytesField(BlobField):
    """Bytes that come back as bytes on both engines."""

    def python_value(self, value: object) -> bytes:
        """Return what was stored."""
        return bytes(value)  # type: ignore[call-overload]


class _Queue(Model):
    class Meta:
        database = database
        legacy_table_names = False


class QueueTask(_Queue):
    """Work to be done now."""

    id = AutoField()
    queue = TextField()
    data = BytesField()
    priority = FloatField(default=0.0)

    class Meta:
        indexes = ((("queue", "priority", "id"), False),)


class QueueLater(_Queue):
    """Work to be done from a moment on (in milliseconds, UTC)."""

    id = AutoField()
    queue = TextField()
    data = BytesField()
    timestamp = TimestampField(resolution=1000, utc=True, index=False)

    class Meta:
        indexes = ((("queue", "timestamp"), False),)


class QueueValue(_Queue):
    """What workers tell each other by name."""

    queue = TextField()
    key = TextField()
    value = BytesField()

    class Meta:
        primary_key = CompositeKey("queue", "key")
