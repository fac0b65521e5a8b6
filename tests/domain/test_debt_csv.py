"""The table of debt: no cell is ever run, every cell comes back as it was, and what is no table says why."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adr_app.domain.debt_csv import COLUMNS, MOST_ROWS, Unreadable, as_written, defused, line, read

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
nasty = st.text(st.sampled_from("'=+-@\t\r\n \",;1a\uff1d"), max_size=8)


@given(texts | nasty)
def test_a_cell_comes_back_as_it_was_and_begins_no_formula(cell: str) -> None:
    written = defused(cell)
    assert as_written(written) == cell
    begins = written.lstrip()[:1]
    assert begins not in set("=+@\t\r") and (begins != "-" or float(written))


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "@SUM(A1)", "-2+3", "\t=1", "\r=1", " =1", "'=1", "-", "\uff1dA1"]
)
def test_what_a_spreadsheet_would_run_is_text(cell: str) -> None:
    assert defused(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "Backups", "2.5", "-2.5", "'quoted'", "a=b", "TD-0001"])
def test_other_cells_stay_as_they_are(cell: str) -> None:
    assert defused(cell) == cell == as_written(cell)


@given(
    st.lists(st.tuples(texts | nasty, texts | nasty), min_size=1, max_size=5),
    st.sampled_from([",", ";", "\t"]),
)
def test_a_table_reads_as_it_was_written_with_any_separator(
    rows: list[tuple[str, str]], separator: str
) -> None:
    held = io.StringIO()
    writer = csv.writer(held, delimiter=separator, lineterminator="\r\n")
    writer.writerow(["What is owed", "symptoms"])
    writer.writerows([[defused(cell) for cell in row] for row in rows])
    told = [{"title": a, "symptoms": b} for a, b in rows]
    kept = [row for row in told if any(cell.strip() for cell in row.values())]
    for content in (
        held.getvalue().encode(),
        held.getvalue().encode("utf-8-sig"),
        held.getvalue().encode("utf-16"),
    ):
        if not kept:
            with pytest.raises(Unreadable):
                read(content)
            continue
        found = [dict(row) for _, row in read(content).rows]
        assert found == kept


def test_rows_are_counted_as_a_spreadsheet_does() -> None:
    table = read(b'title,symptoms\r\n"two\r\nlines",a\r\n,\r\n\r\nthird,b\r\n')
    assert [number for number, _ in table.rows] == [2, 5]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf\r\n", "empty"),
        (b"title\r\n", "no row"),
        (b"title\n\xfcber\n", "not in UTF-8"),
        (b"PK\x03\x04\x00\x00", "no text"),
        (b"title\na\x00b\n", "no text"),
        (b'title\n"open', "no table of CSV"),
        (b"title\n" + b"x" * 200_000, "no table of CSV"),
        (b"x" * (2 * 1024 * 1024 + 1), "larger than 2"),
        (b"title\n" + b"x\n" * (MOST_ROWS + 1), "more than 400 rows"),
        (b"title\n" + b"x\n" * 100_000, "more than 400 rows"),
    ],
)
def test_a_file_that_is_no_table_says_what_to_do(content: bytes, told: str) -> None:
    with pytest.raises(Unreadable, match=told) as refusal:
        read(content)
    assert set(refusal.value.fields) == {"file"} and refusal.value.problems == ()


@pytest.mark.parametrize(
    ("content", "cells"),
    [
        (b"owed,symptoms\nx,y\n", [(1, "owed"), (1, "What is owed")]),
        (b"title,System,system\nx,y,z\n", [(1, "System")]),
        (b"title\nx\nx,y\n", [(3, "")]),
        (b"title,note\nx," + b"y" * 32_001 + b"\n", [(2, "Note on the estimate")]),
    ],
)
def test_a_wrong_shape_is_told_by_cell(content: bytes, cells: list[tuple[int, str]]) -> None:
    with pytest.raises(Unreadable) as refusal:
        read(content)
    assert [(one.row, one.column) for one in refusal.value.problems] == cells


def test_columns_are_known_by_their_names_in_any_case_and_by_their_codes() -> None:
    table = read(line(["WHAT IS  OWED", "fix_days", ""]).encode() + b"x,2,\r\n")
    assert table.columns == ("title", "fix_days")
    assert len(set(COLUMNS.values())) == len(COLUMNS)


def test_a_row_of_very_many_names_is_refused_without_naming_each() -> None:
    for names in (b"x," * 100_000, b'"",' * 100_000 + b"x"):
        with pytest.raises(Unreadable, match="columns; a table has") as refused:
            read(names + b"\n")
        assert not refused.value.problems


def test_empty_columns_at_the_end_are_passed_over_however_many_there_are() -> None:
    assert read(b"What is owed" + b"," * 500_000 + b"\nA\n").columns == ("title",)
