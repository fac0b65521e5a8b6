"""The way to the database: connections that are lent again, and statements that are spelled once."""

import threading
from datetime import timedelta

import peewee
import pytest

from adr_app.models.base import Spelled, open_database
from adr_app.models.people import Person
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
