"""Debt as a table, both ways: what is exported says all, what is imported is all or nothing, cell by cell."""

import csv
import io
from datetime import UTC, datetime
from typing import Any

import pytest
from playhouse.test_utils import count_queries

from adr_app.domain.debt_csv import COLUMNS, Unreadable
from adr_app.domain.errors import NotAllowed
from adr_app.models.debt import DebtItem
from adr_app.models.events import Event
from adr_app.models.people import Company
from adr_app.services import debt, debt_csv, debt_estimates, debt_links, debt_reports, debt_tickets
from adr_app.services.verification import verify
from tests.casts import Cast as Whole
from tests.casts import cast_of, quick_passwords
from tests.debt_company import Cast, cast

AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.fixture
def here(database: object) -> Cast:
    """Everybody at Larkspur and Ostara."""
    return cast(AT)


def full(here: Cast) -> DebtItem:
    """Note an item of which everything is said."""
    item = debt.note(here.mia, title="=SUM(A1) of backups", system="Billing", symptoms="One\n\ntwo", at=AT)
    details = {"impact": "Loses days", "benefit": "Went live", "security": "yes", "review_on": "2027-01-05"}
    debt.revise(
        here.mia,
        1,
        title=item.title,
        kind="data",
        system="Billing",
        symptoms="One\n\ntwo",
        details=details,
        at=AT,
    )
    detail = {
        "fix_low": "20",
        "fix_high": "52",
        "loss_low": "2",
        "loss_high": "9",
        "chance": "80",
        "growth": "own",
        "growth_own": "-1.5",
        "growth_reason": "More people",
        "fix_growth": "1",
        "months": "2",
        "left_over": "10",
        "avoided": "1200",
        "avoided_reason": "One fine",
        "confidence": "some",
        "note": "+1",
    }
    beside = {"system": "Billing", "intent": "deliberate", "care": "prudent", "benefit": "Went live"}
    beside |= {"owner": str(here.sam.person.id), "kind": "data"}
    debt_estimates.analyse(here.mia, 1, fix_days="30", monthly_loss="4", detail=detail, at=AT, **beside)
    debt_links.link(here.mia, 1, here.decision(here.sam, "Backups abroad").number, "incurred_by", at=AT)
    debt_tickets.link(here.mia, 1, "https://github.com/larkspur/billing/issues/1", at=AT)
    debt_reports.report(here.mia, 1, {"lost": "24"}, at=AT)
    return debt.find(here.mia, 1)


def exported(who: Any) -> bytes:
    return "".join(debt_csv.export(who, AT)).encode()


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def table(*lines: dict[str, str]) -> bytes:
    """Return a table with the columns that some rows name."""
    names = list(dict.fromkeys(name for one in lines for name in one))
    held = io.StringIO()
    writer = csv.DictWriter(held, names, restval="")
    writer.writeheader()
    writer.writerows(lines)
    return held.getvalue().encode()


def load(who: Any, *lines: dict[str, str], dry: bool = False) -> debt_csv.Outcome:
    return debt_csv.load(who, table(*lines), at=AT, dry=dry)


def cells(done: debt_csv.Outcome) -> list[tuple[int, str]]:
    return [(one.row, one.column) for one in done.problems]


def test_every_field_is_in_the_table_and_no_cell_is_run(here: Cast) -> None:
    full(here)
    (row,) = rows(exported(here.ray))
    assert set(row) == set(COLUMNS.values())
    assert row["What is owed"] == "'=SUM(A1) of backups" and row["Note on the estimate"] == "'+1"
    assert (row["How it grows"], row["Working days really lost each month"]) == ("-1.5", "1")
    empty = {name for name, cell in row.items() if not cell}
    assert empty == {
        *("It must be fixed by", "Working days it took", "Closed on", "Planned from", "Lived with until"),
        *("Working days a month set aside", "Decisions that repay it", "Decisions that showed it"),
        "Decisions to live with it",
    }


def test_what_was_exported_changes_nothing_when_it_comes_back(here: Cast) -> None:
    full(here)
    debt.note(here.mia, title="Old", at=AT)
    debt.mark_not_debt(here.mia, 2, reason="A wish", at=AT)
    before = Event.select().count()
    done = debt_csv.load(here.sam, exported(here.sam), at=AT)
    assert (done.new, done.changed, done.same, done.problems) == (0, 0, 2, [])
    assert "Noted by" in done.passed_over and Event.select().count() == before


def test_what_was_exported_builds_the_same_ledger_elsewhere(here: Cast) -> None:
    full(here)
    lines = [row | {"Reference": "", "Answers for it": "Olga", "Standing": "", "Decisions that led to it": ""}
             for row in rows(exported(here.sam))]  # fmt: skip
    done = load(here.olga, *lines)
    assert done.stored and done.new == 1, done.problems
    (theirs,), (ours,) = rows(exported(here.olga)), rows(exported(here.sam))
    apart = {"Answers for it", "Noted by", "Decisions that led to it", "Reports in 90 days",
             "Working days really lost each month"}  # fmt: skip
    assert {name: theirs[name] for name in theirs if name not in apart} == {
        name: ours[name] for name in ours if name not in apart
    }


def test_looking_first_says_what_would_be_and_stores_nothing(here: Cast) -> None:
    lines = ({"title": "Slow tests", "system": "Build"}, {"title": "Old router"})
    done = load(here.sam, *lines, dry=True)
    assert (done.new, done.stored, done.problems) == (2, False, [])
    assert not DebtItem.select().exists() and not Event.select().where(Event.kind == "debt.noted").exists()
    assert load(here.sam, *lines).stored and DebtItem.select().count() == 2


def test_one_wrong_cell_keeps_everything_out_and_every_wrong_cell_is_named(here: Cast) -> None:
    done = load(
        here.sam,
        {"title": "Fine", "system": "Build"},
        {"title": "", "kind": "nonsense"},
        {"title": "", "symptoms": "x"},
        {"title": "Half", "fix_days": "0", "monthly_loss": "-1", "growth": "spreads", "owner": "Nobody"},
        {"title": "Ranges", "fix_days": "9", "fix_low": "10", "fix_high": "8", "monthly_loss": "1,000",
         "owner": "Sam", "intent": "inadvertent", "care": "prudent", "system": "Build"},
        {"title": "Linked", "incurred_by": "AD-0099"},
        {"title": "Ticket", "tickets": "https://example.com/x"},
        {"title": "Early", "review_on": "2020-01-01"},
        {"title": "Planned", "state": "Planned"},
        {"reference": "TD-0099", "title": "Gone"},
        {"title": "Money", "fix_days": "1", "monthly_loss": "1", "avoided": "5", "currency": "XYZ"},
    )  # fmt: skip
    assert not done.stored and not DebtItem.select().exists()
    assert cells(done) == [
        (3, "Kind"),
        (4, "What is owed"),
        (5, "Answers for it"),
        (6, "Fix: at least"),
        (6, "Fix: at most"),
        (6, "Working days lost each month"),
        (7, "Decisions that led to it"),
        (8, "Tickets"),
        (9, "Look at it again on"),
        (10, "Standing"),
        (11, "Reference"),
        (12, "Currency"),
    ]


def test_an_item_changes_where_its_row_says_otherwise(here: Cast) -> None:
    full(here)
    (row,) = rows(exported(here.sam))
    done = load(here.sam, row | {"What is owed": "Backups", "Working days to fix": "31", "Tickets": ""})
    assert done.stored and done.changed == 1, done.problems
    kinds = [event.kind for event in Event.select().where(Event.subject_type == "debt").order_by(Event.seq)]
    assert kinds[-2:] == ["debt.revised", "debt.analysed"]
    (after,) = rows(exported(here.sam))
    assert (after["What is owed"], after["Working days to fix"]) == ("Backups", "31")
    assert after["Tickets"] and after["Fix: at least"] == "20", "links are never removed, ranges stay"


def test_columns_that_are_not_there_stay_as_they_are(here: Cast) -> None:
    full(here)
    done = load(here.sam, {"reference": "td-1", "title": "Backups"})
    assert done.stored and done.changed == 1
    (after,) = rows(exported(here.sam))
    assert after["Kind"] == "Data or database" and after["What it does to the business"] == "Loses days"


def test_a_standing_changes_on_the_items_page_only(here: Cast) -> None:
    full(here)
    assert cells(load(here.sam, {"reference": "1", "title": "x", "state": "Repaid"})) == [(2, "Standing")]
    twice = ({"reference": "1", "title": "x"}, {"reference": "TD-0001", "title": "y"})
    assert cells(load(here.sam, *twice)) == [(3, "Reference")]


def test_what_was_repaid_elsewhere_comes_in_as_repaid(here: Cast) -> None:
    done = load(here.sam, {"title": "Old", "state": "repaid", "actual_days": "3"})
    assert done.stored, done.problems
    (row,) = rows(exported(here.sam))
    assert (row["Standing"], row["Working days it took"]) == ("Repaid", "3")


def test_the_template_can_be_imported_as_it_is(here: Cast) -> None:
    done = debt_csv.load(here.sam, debt_csv.template(here.sam).encode(), at=AT)
    assert done.stored and done.new == 1, done.problems


def test_only_who_may_import_does_and_another_companys_items_are_missing(here: Cast) -> None:
    full(here)
    for who in (here.mia, here.ray, here.vera):
        with pytest.raises(NotAllowed):
            load(who, {"title": "x"})
    assert cells(load(here.olga, {"reference": "TD-0001", "title": "x"})) == [(2, "Reference")]
    assert rows(exported(here.olga)) == []
    with pytest.raises(Unreadable):
        debt_csv.load(here.sam, b"x", at=AT)


def test_a_restricted_decision_is_not_named_to_who_may_not_know(here: Cast) -> None:
    debt.note(here.mia, title="Old", at=AT)
    hidden = here.decision(here.sam, "Sale", restricted=True)
    debt_links.link(here.sam, 1, hidden.number, "incurred_by", at=AT)
    assert rows(exported(here.sam))[0]["Decisions that led to it"] == hidden.ref
    assert rows(exported(here.mia))[0]["Decisions that led to it"] == ""


def test_the_record_holds_after_an_import(database: object) -> None:
    with quick_passwords():
        people: Whole = cast_of("Larkspur", AT)
    done = load(people.viewer("cto", AT), {"title": "Slow", "system": "Build"}, {"title": "Old"})
    assert done.stored and verify(Company.get_by_id(people.company.id)).broken is None


def test_a_long_ledger_is_read_in_batches(here: Cast) -> None:
    load(here.sam, *({"title": f"Item {n}", "system": f"S{n % 7}"} for n in range(40)))
    with count_queries() as asked:
        assert len(rows(exported(here.ray))) == 40
    assert asked.count <= 8
