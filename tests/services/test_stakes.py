"""What hangs on a decision is kept beside it: written with each text, and filled in for older databases."""

from datetime import timedelta

import peewee

from adr_app.domain.stakes import NOT_SAID
from adr_app.models import schema
from adr_app.models.decisions import Decision
from adr_app.services import drafts
from tests.casts import cast_of
from tests.conftest import START
from tests.services.security_company import NONE, RISKY, assert_true, drafted

TEXTS = (
    ({}, {}),
    ({}, NONE),
    ({"undo": "hard"}, {}),
    ({"undo": "easy", "data": ["public"]}, {}),
    ({"undo": "hard", "data": ["health", "internal"]}, {"undo": "no"}),
    ({"data": ["internal"], "context": '"undo": "hard" and "data": ["health"]'}, {"data": "no"}),
    ({"undo": "easy"}, {**RISKY, "undo": "yes"}),
    ({"undo": "hard"}, {**NONE, "undo": "unknown"}),
)


def kept() -> list[int]:
    return [row.stakes for row in Decision.select().order_by(Decision.id)]


def test_each_text_says_anew_what_hangs_on_the_decision(database: peewee.Database) -> None:
    cast = cast_of("Larkspur", START)
    made = drafted(cast, START)
    assert kept() == [NOT_SAID]
    cto = cast.viewer("cto", START)
    drafts.revise(cto, made.number, {"undo": "hard", "data": ["health"]}, base=1, at=START)
    assert kept() == [8]
    drafts.revise(cto, made.number, {}, answers=NONE, base=2, at=START)
    assert kept() == [2], "the answer goes before the field, what the text names stays sensitive"
    assert_true(cast)


def test_an_older_database_is_filled_as_texts_written_now_are(database: peewee.Database) -> None:
    cast = cast_of("Larkspur", START)
    for place, (typed, answers) in enumerate(TEXTS):
        drafted(cast, START + timedelta(minutes=place), answers, **typed)
    written = kept()
    assert len(set(written)) > 4
    for statement in (
        *("DROP INDEX decision_stakes", "DROP INDEX decision_full_review"),
        *(
            "ALTER TABLE decision DROP COLUMN stakes",
            "DELETE FROM schema_migration WHERE name = '0004_stakes'",
        ),
    ):
        database.execute_sql(statement)
    assert schema.upgrade(database) == ["0004_stakes"]
    assert kept() == written
