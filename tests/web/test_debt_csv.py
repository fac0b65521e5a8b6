"""The table of debt in a browser: sent, looked at, taken in as a whole or not at all."""

import io
import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from adr_app.domain.debt_csv import COLUMNS
from adr_app.models.debt import DebtItem
from adr_app.services import debt
from tests.casts import Cast, cast_of, quick_passwords, send, sign_in


@pytest.fixture
def cast(app, clock):
    """Everybody at Larkspur, where one debt is noted."""
    with quick_passwords():
        cast = cast_of("Larkspur", clock())
    debt.note(cast.viewer("member", clock()), title="=1+1", system="Billing", at=clock())
    return cast


@pytest.fixture
def page(cast: Cast, client: FlaskClient) -> FlaskClient:
    """The CTO's browser."""
    return sign_in(client, cast.cto)


def look(client: FlaskClient, content: bytes):
    return send(client, "/larkspur/debt/import", file=(io.BytesIO(content), "debt.csv"))


def test_the_table_is_a_file_that_a_spreadsheet_knows(page):
    answer = page.get("/larkspur/debt/table.csv")
    assert answer.mimetype == "text/csv" and answer.data.startswith(b"\xef\xbb\xbfReference,")
    assert re.search(r'filename="larkspur-debt-\d{4}-\d\d-\d\d\.csv"', answer.headers["Content-Disposition"])
    assert "\nTD-0001,'=1+1," in answer.text
    template = page.get("/larkspur/debt/template.csv").text
    assert "Reference" in template and COLUMNS["observed"] not in template


def test_what_was_looked_at_is_imported_with_one_more_click(page):
    shown = look(page, "What is owed;System\r\nOld router;Till\r\nSlow “build”;Billing\r\n".encode())
    assert shown.status_code == 200 and "nothing is stored yet" in shown.text
    assert DebtItem.select().count() == 1
    held = unescape(re.search(r'name="table" value="([^"]*)"', shown.text)[1])
    answer = send(page, "/larkspur/debt/import/store", table=held)
    assert answer.location == "/larkspur/debt"
    assert "2 items noted, 0 changed." in page.get(answer.location).text
    assert [item.title for item in DebtItem.select().order_by(DebtItem.id)][1:] == [
        "Old router",
        "Slow “build”",
    ]


def test_what_has_to_be_mended_is_listed_by_cell_and_nothing_can_be_imported(page):
    shown = look(page, b"title,kind\nOld,nonsense\n,code\n")
    assert shown.status_code == 422 and "Mend these cells" in shown.text
    rows = re.findall(r'class="number">(\d+)</th><td data-label="Column">([^<]*)', shown.text)
    assert rows == [("2", "Kind"), ("3", "What is owed")] and 'name="table"' not in shown.text
    answer = send(page, "/larkspur/debt/import/store", table="title,kind\nOld,nonsense\n")
    assert answer.status_code == 422 and DebtItem.select().count() == 1


@pytest.mark.parametrize(
    "content", [b"", b"title\n\xfcber", b"PK\x03\x04\x00", b"title\n" + b"x\n" * 100_000]
)
def test_a_file_that_is_no_table_is_refused_in_words(page, content):
    shown = look(page, content)
    assert shown.status_code == 422 and 'id="f-file-error"' in shown.text
    assert send(page, "/larkspur/debt/import").status_code == 422


def test_a_table_with_other_names_says_which(page):
    shown = look(page, b"owed,<b>\nOld,1\n")
    assert shown.status_code == 422 and "There is no such column." in shown.text and "<b>" not in shown.text


def test_the_whole_table_comes_back_and_changes_nothing(page):
    shown = look(page, page.get("/larkspur/debt/table.csv").data)
    assert shown.status_code == 200 and "Import it" not in shown.text
    assert "are passed over: Noted on" in shown.text


def test_who_may_not_import_still_takes_the_table_along(cast, app, page):
    reader = sign_in(app.test_client(), cast.reader)
    assert reader.get("/larkspur/debt/table.csv").status_code == 200
    assert reader.get("/larkspur/debt/import").status_code == 403
    assert look(reader, b"title\nx\n").status_code == 403
    assert "Import a table" not in reader.get("/larkspur/debt").text


def test_a_table_larger_than_a_form_usually_is_can_still_be_sent_back(page):
    wide = "title,symptoms\n" + "".join(f"Item {n},{'x' * 9_000}\n" for n in range(100))
    assert send(page, "/larkspur/debt/import/store", table=wide).status_code == 302
    assert DebtItem.select().count() == 101
