"""Trouble is said in words with a proper status, and nothing is half-written."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import peewee
import pytest

from adr_app.models.base import database as bound
from adr_app.models.base import open_database
from adr_app.models.debt import DebtItem
from adr_app.models.events import Event
from adr_app.models.people import Company
from adr_app.web import errors
from tests.casts import csrf_token, send, sign_in


@contextmanager
def read_only(url: str) -> Iterator[None]:
    setting = {True: "PRAGMA query_only = 1", False: "SET default_transaction_read_only = on"}
    bound.execute_sql(setting[url.startswith("sqlite")])
    yield


@contextmanager
def locked(url: str) -> Iterator[None]:
    """Hold the company's row, as another process in the middle of an act does."""
    sqlite = url.startswith("sqlite")
    other = open_database(url)
    other.connect()
    bound.execute_sql("PRAGMA busy_timeout = 0" if sqlite else "SET lock_timeout = 1")
    with other.atomic():
        other.execute_sql('UPDATE "company" SET "name" = "name"')
        yield
    other.close()


@contextmanager
def full(url: str) -> Iterator[None]:
    """Let the file not grow; on PostgreSQL, which has no such setting, let the server say so itself."""
    if url.startswith("sqlite"):
        bound.execute_sql("PRAGMA max_page_count = 1")
    else:
        bound.execute_sql(
            "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$"
        )
        bound.execute_sql(
            'CREATE TRIGGER no_room BEFORE INSERT ON "event" FOR EACH ROW EXECUTE FUNCTION no_room()'
        )
    yield


@pytest.mark.parametrize(
    ("trouble", "words"), [(read_only, errors.READ_ONLY), (locked, errors.BUSY), (full, errors.FULL)]
)
def test_a_database_in_trouble_says_what_to_do_and_saves_nothing(
    cast, client, database_url, trouble: Callable, words: str
):
    sign_in(client, cast.leader)
    before = Event.select().count()
    # Long enough not to fit into what the file has free.
    form = {"csrf_token": csrf_token(client), "title": "No backups", "symptoms": "Lost again. " * 400}
    bound.connect(reuse_if_open=True)  # every request ends its connection, and the settings below with it
    with trouble(database_url):
        answer = client.post("/larkspur/debt/new", data=form)
    bound.connect(reuse_if_open=True)
    assert answer.status_code == 503 and words in answer.text
    assert Event.select().count() == before
    assert not DebtItem.select().exists()


def test_reading_goes_on_while_the_database_is_read_only(cast, client, clock, database_url):
    sign_in(client, cast.leader)
    clock.advance(hours=2)  # the session would be noted as used now
    bound.connect(reuse_if_open=True)
    with read_only(database_url):
        assert client.get("/larkspur/people").status_code == 200


def test_a_database_without_tables_names_the_command(app, client, empty_url):
    other = open_database(empty_url)
    bound.close()
    bound.initialize(other)
    answer = client.get("/sign-in")
    assert answer.status_code == 503 and "adr-app migrate" in answer.text


def test_a_fault_of_ours_is_logged_with_its_address_and_never_with_what_was_typed(app, client, cast, caplog):
    sign_in(client, cast.leader)
    app.testing = False

    def fail(**_):
        raise RuntimeError("a fault")

    app.view_functions["people.invite"] = _declared_like(app.view_functions["people.invite"], fail)
    answer = send(client, "/larkspur/people/invite", name="a secret name")
    assert answer.status_code == 500 and "nothing was saved" in answer.text and "a fault" not in answer.text
    assert "POST /larkspur/people/invite" in caplog.text and "a secret name" not in caplog.text


def _declared_like(view, other):
    other.needs = view.needs
    return other


def test_an_unknown_trouble_of_the_database_is_a_fault_of_ours(app, client, cast):
    sign_in(client, cast.leader)

    def fail(**_):
        raise peewee.OperationalError("something new")

    app.view_functions["people.index"] = _declared_like(app.view_functions["people.index"], fail)
    assert client.get("/larkspur/people").status_code == 500
    assert Company.select().exists()


@pytest.mark.parametrize(("method", "status"), [("PUT", 405), ("DELETE", 405)])
def test_a_kind_of_request_no_page_takes_is_refused_in_words(client, method, status):
    answer = client.open("/sign-in", method=method)
    assert answer.status_code == status and "kind of request" in answer.text
    assert "POST" in answer.headers["Allow"]
