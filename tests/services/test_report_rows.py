"""Rows of a report are what a list of them would be, in a fraction of the memory."""

import json

from hypothesis import given
from hypothesis import strategies as st

from adr_app.services.report_rows import Rows

ROWS = st.lists(
    st.fixed_dictionaries({"path": st.text(max_size=5), "line": st.none() | st.integers(0, 9)}), max_size=5
).map(lambda some: some * 90)
"""Up to some hundred rows, so that there are pieces of them."""


@given(ROWS)
def test_rows_are_a_list_of_them_and_come_back_from_where_they_are_stored(
    rows: list[dict[str, object]],
) -> None:
    kept = Rows(rows)
    assert kept == rows and len(kept) == len(rows) and bool(kept) is bool(rows)
    for place in (0, len(rows) // 2, len(rows) - 1, -1) if rows else ():
        assert kept[place] == rows[place]
    assert kept[5:300:7] == rows[5:300:7]
    assert Rows.from_stored(json.loads(json.dumps(kept.stored()))) == rows == Rows.from_stored(rows)


@given(ROWS)
def test_changing_rows_makes_others_and_leaves_out_what_is_none(rows: list[dict[str, object]]) -> None:
    kept = Rows(rows)
    changed = kept.changed(lambda row: {**row, "line": 1} if row["line"] else None)
    assert changed == [{**row, "line": 1} for row in rows if row["line"]] and kept == rows
