"""Rows of one table become objects without a detour.

peewee sets each column of each row by a call of its own and converts what needs no conversion; on a page of
fifty rows that takes longer than the database took to find them. What is read through a join is left to it.
"""

from collections.abc import Callable
from typing import Any

import peewee

AS_THEY_ARE = frozenset(
    {
        peewee.AutoField,
        peewee.BigIntegerField,
        peewee.ForeignKeyField,
        peewee.IntegerField,
        peewee.TextField,
    }
)
"""Columns of whole numbers and texts, which both engines give as Python has them."""


class Select(peewee.ModelSelect):
    """peewee's query, with a reader of rows of its own where it is on one table alone."""

    def _get_model_cursor_wrapper(self, cursor: Any) -> Any:
        if len(self._from_list) == 1 and not self._joins:
            return _Rows(cursor, self.model, self._returning, self.model)
        return super()._get_model_cursor_wrapper(cursor)


class _Rows(peewee.ModelObjectCursorWrapper):
    """Makes one object of one row."""

    def initialize(self) -> None:
        """Settle once for all rows which column becomes what."""
        super().initialize()
        own = self.model._meta.fields
        self._names: list[str] = list(self.unique_columns)
        self._converted: list[tuple[str, Callable[[Any], Any]]] = [
            (name, convert)
            for name, field, convert in zip(self._names, self.fields, self.converters, strict=True)
            if convert is not None and type(field) not in AS_THEY_ARE
        ]
        self._beside = [name for name in self._names if name not in own]

    def process_row(self, row: Any) -> Any:
        """Return the object, as if its columns had been set one by one and none had changed since."""
        data = dict(zip(self._names, row, strict=True))
        for name, convert in self._converted:
            data[name] = convert(data[name])
        made = self.model.__new__(self.model)
        made.__data__, made.__rel__, made._dirty = data, {}, set()
        for name in self._beside:
            setattr(made, name, data.pop(name))
        return made
