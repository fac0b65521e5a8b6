"""`python -m bench.debt`: what verdicts, plan and bridge of a large ledger cost, in processor time.

The ledger holds items of one company as their tables hold them, each estimated one to three times, with
growth, ranges and limits on a share of them; a tenth is repaid. Reading the rows is in every figure.
"""

import argparse
import json
import random
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from adr_app.domain.permissions import Role
from adr_app.models.base import database, insert_rows, open_database
from adr_app.models.debt import DebtItem
from adr_app.models.debt_estimates import DebtEstimate
from adr_app.models.events import Event, EventSubject
from adr_app.models.people import Company, Installation, Person, System
from adr_app.models.schema import upgrade
from adr_app.services import companies, debt_numbers, debt_periods, debt_plan, people
from adr_app.services.people import Viewer

WANTED = 300
"""Milliseconds of processor time that the verdicts and the plan of 5,000 items may take together."""

ROUNDS = 7
REPAID = 10
"""One in so many is repaid."""


def main() -> None:
    """Build the ledger, measure, print; nothing is asserted, so a busy machine breaks no build."""
    parser = argparse.ArgumentParser(prog="python -m bench.debt")
    parser.add_argument("--items", type=int, default=5_000)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        database.initialize(open_database(f"sqlite:///{Path(folder) / 'debt.db'}"))
        database.connect()
        try:
            figures = _measured(*_built(wanted.items))
        finally:
            database.close()
    if wanted.json:
        print(json.dumps({"items": wanted.items, **figures}, indent=2))
        return
    print(f"{wanted.items} items; verdicts and plan are to stay below {WANTED} ms")
    for words, milliseconds in figures.items():
        print(f"{words:32}{milliseconds:>8.1f} ms")


def _measured(viewer: Viewer, at: datetime) -> dict[str, float]:
    """Return the least of several rounds of each: noise only ever adds."""
    today = at.date()
    known = debt_periods.histories(viewer)
    return {
        "verdicts": _least(lambda: debt_numbers.judged(viewer, at)),
        "verdicts and plan": _least(lambda: debt_plan.planned(viewer, at)),
        "acts of all items": _least(lambda: debt_periods.histories(viewer)),
        "bridge of a quarter": _least(
            lambda: debt_periods.bridge(viewer, today - timedelta(90), today, known)
        ),
        "working time lost, 12 months": _least(lambda: debt_periods.shares(viewer, at, known)),
    }


def _least(work: Callable[[], Any]) -> float:
    found = []
    for _ in range(ROUNDS):
        began = time.process_time()
        work()
        found.append((time.process_time() - began) * 1000)
    return round(min(found), 1)


def _built(items: int) -> tuple[Viewer, datetime]:
    """Fill an empty database with one company that owes so many things; return who looks at it, and when."""
    upgrade(database)
    at = datetime.now(UTC).replace(microsecond=0)
    begun = at - timedelta(days=700)
    Installation.create(id=1, created_at=begun)
    sam = Person.create(email="sam@example.com", name="Sam", created_at=begun)
    company = companies.found("Large", at=begun, first=sam, roles=[Role.CTO, Role.LEADER])
    Company.update(capacity_days=400, day_rate=80_000).where(Company.id == company.id).execute()
    for number in range(20):
        limits = {"rebuild": 40_000 if number % 2 else None, "effort": 3_000 if number % 3 else None}
        System.create(company=company, name=f"System {number}", folded=f"system {number}", **limits)
    chosen, seq = random.Random(7), Company.get().last_seq + 1
    rows: dict[Any, list[dict[str, Any]]] = {DebtItem: [], DebtEstimate: [], Event: [], EventSubject: []}
    for number in range(1, items + 1):
        noted = begun + timedelta(hours=chosen.randrange(24 * 690))
        fix = chosen.randrange(20, 4_000)
        loss = chosen.randrange(0, fix // 4 + 2)
        rows[DebtItem].append(_item(company.id, number, noted, at, fix, loss))
        for turn in range(number % 3 + 1):
            made = noted + timedelta(days=turn)
            rows[DebtEstimate].append(_estimate(company.id, number, seq, made, fix, loss, number % 4))
            seq += 1
        if number % REPAID == 0:
            about = {"company": company.id, "seq": seq, "subject_type": "debt", "subject_id": number}
            blank = {"body": b"{}", "leaf": b"", "root": b""}
            rows[Event].append({**about, "at": at, "actor_id": sam.id, "kind": "debt.repaid", **blank})
            rows[EventSubject].append(about)
            seq += 1
    for table, found in rows.items():
        insert_rows(table, found)
    database.execute_sql("ANALYZE")
    return people.viewer(sam, company.slug, at), at


def _item(company: int, number: int, noted: datetime, at: datetime, fix: int, loss: int) -> dict[str, Any]:
    row = DebtItem(
        id=number, company=company, number=number, title=f"Debt {number}", system_id=number % 20 + 1,
        state="analysed" if number % REPAID else "repaid", fix_days=fix, monthly_loss=loss,
        owner=1, noted_by=1, noted_at=noted, changed_at=noted,
        closed_at=None if number % REPAID else at,
        obligation_on=None if number % 50 else (at + timedelta(days=200)).date(),
    )  # fmt: skip
    return dict(row.__data__)


def _estimate(
    company: int, item: int, seq: int, at: datetime, fix: int, loss: int, detail: int
) -> dict[str, Any]:
    """Return an estimate as a row: of two numbers, with a range, growing, or all of it, by `detail`."""
    ranged, grows = detail in (1, 3), detail in (2, 3)
    return {
        "company": company, "debt_id": item, "seq": seq, "person": 1, "at": at,
        "fix_low": fix * 2 // 3 if ranged else fix, "fix_likely": fix,
        "fix_high": fix * 2 if ranged else fix, "loss_low": loss // 2 if ranged else loss,
        "loss_likely": loss, "loss_high": loss * 2 if ranged else loss,
        "chance": 8_000 if ranged else 10_000, "growth": 300 if grows else 0,
        "fix_growth": 100 if grows else 0, "growth_reason": "", "months": 2 if ranged else 0,
        "left_over": 1_000 if grows else 0, "avoided": 20_000 if detail == 3 else 0,
        "avoided_reason": "", "currency": "EUR", "confidence": "guess", "note": "",
    }  # fmt: skip


if __name__ == "__main__":
    main()
