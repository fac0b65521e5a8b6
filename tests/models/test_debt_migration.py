"""A ledger from before the nine states keeps all it held, and each estimate that its record tells of."""

import json
from collections.abc import Iterator

import peewee
import pytest

from adr_app.models import schema
from adr_app.models.base import is_sqlite
from adr_app.models.schema import MIGRATIONS
from tests.conftest import connected

ROWS = (
    "INSERT INTO person (id, email, name, password_hash, created_at) VALUES (7, 'a@b.c', 'Mia', 'x', 1)",
    "INSERT INTO company (id, slug, name, zone, currency, go_live_on, policy, created_at, next_decision, "
    "next_debt, last_seq, last_event_at, tree) "
    "VALUES (1, 'larkspur', 'Larkspur', 'UTC', 'CHF', '2026-01-01', '{}', 1, 1, 3, 4, 1, '{}')",
    "INSERT INTO system (id, company_id, name, folded, inside_boundary) VALUES (5, 1, 'B', 'b', FALSE)",
    "INSERT INTO debt_item (id, company_id, number, title, kind, state, system_id, symptoms, fix_days, "
    "monthly_loss, owner_id, noted_by_id, noted_at, changed_at) "
    "VALUES (9, 1, 1, 'Slow', 'security', 'analysed', 5, '', 200, 50, 7, 7, 10, 30)",
    "INSERT INTO debt_item (id, company_id, number, title, kind, state, symptoms, noted_by_id, noted_at, "
    "changed_at) VALUES (11, 1, 2, 'Odd', 'other', 'identified', 'It is.', 7, 10, 10)",
    "INSERT INTO debt_remark (id, company_id, debt_id, seq, text) VALUES (3, 1, 9, 4, 'It is back.')",
)
EVENT = (
    "INSERT INTO event (company_id, seq, at, actor_id, kind, subject_type, subject_id, body, leaf, root) "
    "VALUES (1, {seq}, {at}, 7, '{kind}', 'debt', 9, {body}, {some}, {some})"
)


@pytest.fixture
def before(empty_url: str) -> Iterator[peewee.Database]:
    """A database of the version before, with an item that was estimated twice."""
    with connected(empty_url) as db:
        runner = schema._runner(db, MIGRATIONS)
        for migration in runner.migrations():
            if migration.name.startswith("0018"):
                break
            runner.up(migration.name)
        for statement in (*ROWS, *_events(is_sqlite(db))):
            db.execute_sql(statement)
        yield db


def _events(sqlite: bool) -> list[str]:
    found = []
    acts = [(1, 10, "noted", {}), (2, 20, "analysed", (300, 0)), (3, 30, "analysed", (200, 50))]
    for seq, at, kind, numbers in acts:
        data = dict(zip(("fix_days", "monthly_loss"), numbers, strict=False))
        spelled = json.dumps({"data": data}).encode().hex()
        body = f"X'{spelled}'" if sqlite else f"decode('{spelled}', 'hex')"
        some = "X'00'" if sqlite else "decode('00', 'hex')"
        found.append(EVENT.format(seq=seq, at=at, kind=f"debt.{kind}", body=body, some=some))
    return found


def test_every_estimate_that_was_recorded_is_kept_as_it_was_made(before: peewee.Database) -> None:
    schema._runner(before, MIGRATIONS).up()
    rows = before.execute_sql(
        "SELECT debt_id, seq, person_id, at, fix_low, fix_likely, fix_high, loss_low, loss_likely, "
        "loss_high, chance, growth, months, currency, confidence FROM debt_estimate ORDER BY seq"
    ).fetchall()
    assert [tuple(row) for row in rows] == [
        (9, 2, 7, 20, 300, 300, 300, 0, 0, 0, 10_000, 0, 0, "CHF", "guess"),
        (9, 3, 7, 30, 200, 200, 200, 50, 50, 50, 10_000, 0, 0, "CHF", "guess"),
    ]


def test_items_and_what_belongs_to_them_are_as_they_were(before: peewee.Database) -> None:
    named = (
        "id, number, title, kind, state, system_id, symptoms, fix_days, monthly_loss, owner_id, changed_at"
    )
    ask = f"SELECT {named} FROM debt_item ORDER BY id"
    was = before.execute_sql(ask).fetchall()
    schema._runner(before, MIGRATIONS).up()
    assert before.execute_sql(ask).fetchall() == was
    remarks = before.execute_sql("SELECT id, debt_id, seq, text FROM debt_remark").fetchall()
    assert [tuple(row) for row in remarks] == [(3, 9, 4, "It is back.")]
    added = before.execute_sql("SELECT intent, benefit, review_on, act_by FROM debt_item").fetchall()
    assert {tuple(row) for row in added} == {("", "", None, None)}
    with pytest.raises(peewee.IntegrityError), before.atomic():
        before.execute_sql("INSERT INTO debt_remark (company_id, debt_id, seq, text) VALUES (1, 99, 1, 'x')")
