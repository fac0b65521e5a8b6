"""Rows of one table become objects without a detour.

peewee sets each column of each row by a call of its own and converts what needs no conversion; on a page of
fifty rows that takes longer than the database took to find them. What may be missing on the other side of a
join is left to it.
"""

from collections.abc import Callable
from operator import itemgetter
from typing import Any, NamedTuple

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
    """peewee's query, with readers of rows of its own."""

    def _get_model_cursor_wrapper(self, cursor: Any) -> Any:
        if len(self._from_list) == 1 and not self._joins:
            return _Rows(cursor, self.model, self._returning, self.model)
        return _Joined(cursor, self.model, self._returning, self._from_list, self._joins)

    def _get_cursor_wrapper(self, cursor: Any) -> Any:
        if self._row_type == peewee.ROW.CONSTRUCTOR and self._constructor is self.model:
            return _Rows(cursor, self.model, self._returning, self.model)
        return super()._get_cursor_wrapper(cursor)


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


class _Part(NamedTuple):
    """One table's share of a joined row."""

    key: Any
    model: Any
    share: Callable[[Any], tuple[Any, ...]]
    names: tuple[str, ...]
    converted: tuple[tuple[str, Callable[[Any], Any]], ...]
    beside: tuple[str, ...]


class _Joined(peewee.ModelCursorWrapper):
    """Makes the objects of one row, each with the one it is joined to."""

    def initialize(self) -> None:
        """Settle once for all rows which column becomes what of which object."""
        super().initialize()
        self._parts: list[_Part] = []
        # What is beside the tables, or may be missing in one, is peewee's to sort out.
        if not all(is_model for _, _, is_model in self._constructor_list):
            return
        parts = [self._part(key, model) for key, model, _ in self._constructor_list]
        keyed = {part.key for part in parts if part.model._meta.primary_key.name in part.names}
        if any(is_outer or dest not in keyed for _, _, dest, _, is_outer, _ in self.src_to_dest):
            return
        self._parts = [part for part in parts if part.names or part.key is self.model]
        models = {key: model for key, model, _ in self._constructor_list}
        self._bound = [
            (src, attr, dest, models[dest]._meta.primary_key.name if is_key else "")
            for src, attr, dest, _, _, is_key in self.src_to_dest
        ]

    def _part(self, key: Any, model: Any) -> _Part:
        """Return what of a row is one table's."""
        spec = [(place, name, convert) for place, of, name, convert in self._row_spec if of is key]
        places = [place for place, _, _ in spec] or [0, 0]
        first, last = places[0], places[-1]
        side_by_side = last - first + 1 == len(spec) or not spec
        share = itemgetter(slice(first, first + len(spec))) if side_by_side else itemgetter(*places)
        fields = model._meta.fields
        names = tuple(name for _, name, _ in spec)
        converted = tuple(
            (name, convert)
            for _, name, convert in spec
            if convert is not None and type(fields.get(name)) not in AS_THEY_ARE
        )
        beside = tuple(name for name in names if name not in fields)
        return _Part(key, model, share, names, converted, beside)

    def process_row(self, row: Any) -> Any:
        """Return the first table's object, as if peewee had set it and those that it is joined to."""
        if not self._parts:
            return super().process_row(row)
        made: dict[Any, Any] = {}
        for table, model, share, names, converted, beside in self._parts:
            data = dict(zip(names, share(row), strict=True))
            for name, convert in converted:
                data[name] = convert(data[name])
            one = made[table] = model.__new__(model)
            one.__data__, one.__rel__, one._dirty = data, {}, set()
            for name in beside:
                setattr(one, name, data.pop(name))
        for src, attr, dest, key in self._bound:
            one, other = made[src], made[dest]
            if key:
                one.__data__[attr], one.__rel__[attr] = other.__data__[key], other
            else:
                setattr(one, attr, other)
                one._dirty.clear()
        return made[self.model]
