"""The way to the database: connections that are lent again, and statements that are spelled once."""

import threading
from datetime import timedelta
from typing import Any

import peewee
import pytest

from adr_app.models.base import open_database
from adr_app.models.people import Person, Session
from adr_app.models.rows import Select
from adr_app.models.spelled import Spelled
from tests.conftest import START


@pytest.fixture
def two(database: peewee.Database) -> list[Person]:
    return [
        Person.create(email=f"{name}@x.example", name=name, created_at=START + timedelta(days=day))
        for day, name in enumerate(("Ada", "Ben"))
    ]


def test_a_spelled_query_finds_what_the_query_itself_finds_with_any_values(two: list[Person]) -> None:
    by_name = Spelled(
        lambda name, at: Person.select().where(Person.name == name, Person.created_at <= at).limit(5)
    )
    for name in ("Ada", "Ben", "x' OR 1=1 --"):
        for at in (START, START + timedelta(days=3)):
            itself = list(Person.select().where(Person.name == name, Person.created_at <= at))
            found = by_name.rows(name=name, at=int(at.timestamp()))
            assert [(p.id, p.created_at) for p in found] == [(p.id, p.created_at) for p in itself]


def test_a_spelled_query_takes_lists_of_any_length_and_asks_by_truth_values_what_they_decide(
    two: list[Person],
) -> None:
    def compose(ids: Any, at: Any, named: bool) -> Any:
        query = Person.select().where(Person.id.in_(ids), Person.created_at <= at).order_by(Person.id)
        return query.where(Person.name != "") if named else query.where(Person.name == "")

    asked = Spelled(compose)
    later = int((START + timedelta(days=3)).timestamp())
    first, second = (person.id for person in two)
    for ids in ([first], [second], [first, second], [second, 0, first], []):
        expected = [i for i in (first, second) if i in ids]
        assert [p.id for p in asked.rows(ids=ids, at=later, named=True)] == expected
        assert asked.rows(ids=ids, at=later, named=False) == []
    assert asked.first(ids=[0], at=later, named=True) is None


def test_a_row_read_is_as_peewee_itself_would_read_it(two: list[Person]) -> None:
    query = Person.select(Person, Person.name.concat("!").alias("loud")).order_by(Person.id)
    itself = list(peewee.ModelSelect(Person, [*Person._meta.sorted_fields]).order_by(Person.id))
    for read, plain in zip(query, itself, strict=True):
        assert read.__data__ == plain.__data__
        assert (read.loud, read.dirty_fields) == (f"{plain.name}!", [])


def test_a_joined_row_is_as_peewee_itself_would_read_it(two: list[Person]) -> None:
    for owner, seen in zip(two, (START, START + timedelta(days=1)), strict=True):
        for end in (None, START):
            Session.create(token_hash=f"{owner.id} {end}", person=owner, created_at=START, seen_at=seen,
                           expires_at=START, revoked_at=end)  # fmt: skip
    loud = Person.name.concat("!").alias("loud")
    among = [Session.seen_at, loud, Person, Session.id]
    for columns in ([Session, Person], among, [Person.name, Session.id]):
        for kind in (peewee.JOIN.INNER, peewee.JOIN.LEFT_OUTER):
            ours, itself = (
                made(Session, columns).join(Person, kind).order_by(Session.id)
                for made in (Select, peewee.ModelSelect)
            )
            for read, plain in zip(list(ours), list(itself), strict=True):
                assert (read.__data__, read.person.__data__) == (plain.__data__, plain.person.__data__)
                assert getattr(read, "loud", "") == getattr(plain, "loud", "")
                assert read.dirty_fields == read.person.dirty_fields == []


def test_a_connection_that_is_lent_again_carries_nothing_unfinished(database_url: str) -> None:
    pooled = open_database(database_url, pooled=True)
    pooled.connect()
    pooled.begin()
    pooled.execute_sql("INSERT INTO attempt (key, count, window_at) VALUES ('x', 1, 1)")
    pooled.close()
    pooled.connect()
    assert pooled.execute_sql("SELECT count(*) FROM attempt").fetchone()[0] == 0
    pooled.close_all()


def test_the_next_request_is_lent_the_connection_of_the_last_one_in_whichever_thread(
    database_url: str,
) -> None:
    pooled = open_database(database_url, pooled=True)
    lent = []

    def request() -> None:
        pooled.connect()
        lent.append(pooled.connection())
        pooled.execute_sql("SELECT 1")
        pooled.close()

    for thread in [threading.Thread(target=request) for _ in range(3)]:
        thread.start()
        thread.join()
    assert len(lent) == 3 and lent[0] is lent[1] is lent[2]
    pooled.close_all()


def test_every_connection_of_the_pool_keeps_the_promises_of_sqlite(databases) -> None:
    pooled = open_database(databases.migrated("sqlite"), pooled=True)
    with pooled.connection_context():
        told = {
            name: pooled.execute_sql(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "foreign_keys", "synchronous", "recursive_triggers", "busy_timeout")
        }
    assert told == {
        "journal_mode": "wal",
        "foreign_keys": 1,
        "synchronous": 2,
        "recursive_triggers": 1,
        "busy_timeout": 10_000,
    }
    pooled.close_all()
