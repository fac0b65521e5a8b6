"""The digest of a whole row, for tables of which every column is bound by one act."""

from datetime import date, datetime
from typing import Any

from adr_app.domain.digest import canonical_json, digest
from adr_app.models.base import Table


def digest_of(row: Table) -> str:
    """Return the digest over every column of a row but its id and company, by name."""
    fields = row._meta.sorted_fields
    names = sorted(field.name for field in fields if field.name not in ("id", "company"))
    return digest(canonical_json([[name, _plain(row.__data__.get(name))] for name in names]))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return int(value.timestamp())
    return value.isoformat() if isinstance(value, date) else value
