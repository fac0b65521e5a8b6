"""Whatever people read is what was recorded: every column of every table, or a reason why not."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import peewee
import pytest
from playhouse.test_utils import count_queries

from adr_app.models.base import DayField, JsonField
from adr_app.models.decisions import Decision
from adr_app.models.people import Company
from adr_app.models.schema import TABLES
from adr_app.services import (
    answers,
    away,
    claims,
    comments,
    company_settings,
    concerns,
    condition_words,
    conditions,
    controls,
    debt,
    debt_carries,
    debt_estimates,
    debt_links,
    debt_reports,
    debt_steps,
    debt_tickets,
    decisions,
    drafts,
    engagements,
    exceptions,
    first_role,
    frameworks,
    handovers,
    imports,
    levels,
    links,
    obligations,
    pressures,
    profiles,
    readings,
    receipts,
    record_checks,
    reviews,
    risks,
    set_aside,
    standing_rules,
    systems,
    taking,
    vendor_acts,
    working_days,
)
from adr_app.services.appointment_letters import Letter
from adr_app.services.bound_rows import Break
from adr_app.services.verification import verify
from tests.casts import Cast, cast_of, quick_passwords
from tests.services.pressing import AUDIT, DUTY, FIRM, PROFILE, SALE
from tests.services.tampering import unseal
from tests.tenancy import sarif

AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)

CATALOG = (
    b'{"catalog": {"metadata": {"title": "Ours", "version": "1"}, "controls": ['
    b'{"id": "X-1", "title": "Lock it", "parts": [{"name": "statement", "prose": "Turn the key."}]}]}}'
)

PARTS = {"exposed": "Card numbers.", "needed": "Keys change.", "duty": "The card contract.", "ready": "Yes."}

NOT_COMPARED = {
    # whole tables
    "installation": "how this database was set up: nothing of a company",
    "session": "who is signed in",
    "attempt": "wrong passwords of late",
    "invitation": "links that were sent; the act of inviting is an entry",
    "working_copy": "typed and not saved: its writer alone reads it",
    "import_run": "a report kept so that an unchanged folder is not read again",
    "diverged_file": "a file's text that the log has not taken; what was chosen is compared elsewhere",
    "notice": "a mail that is told of; what it tells of is compared",
    "digest": "a mail that is told of; what it tells of is compared",
    "notice_choice": "how somebody wants to be told",
    "question_link": "a link that was sent; what was answered by it is an entry",
    "queue_task": "work that waits for the worker",
    "queue_later": "work that waits for its time",
    "queue_value": "what workers tell each other",
    "api_key": "how a program comes in, in its maker's name; what it does is an entry",
    # columns
    "person.email": "where somebody signs in; people are read by their names",
    "person.password_hash": "how somebody signs in",
    "person.created_at": "when an account was made: nothing of a company",
    "person.disabled_at": "whether somebody may sign in",
    "company.next_decision": "the number to give next; gaps say nothing",
    "company.next_debt": "the number to give next; gaps say nothing",
    "company.stale_since": "whether flags are being worked out",
    "company.remarks_before": "which remarks are folded as older: what they say is compared",
    "decision.stale_since": "whether flags are being worked out",
    "review.level": "a copy by which the desk is filtered; the level that is shown is the decision's",
    "decision_system.id": "nothing refers to it",
    "ended_rule.id": "nothing refers to it",
    "company_framework.id": "nothing refers to it",
    "catalog.id": "nothing refers to it",
    "control.id": "nothing refers to it",
    "decision_control.id": "nothing refers to it",
    "decision_vendor.id": "nothing refers to it",
    "decision_tag.id": "nothing refers to it",
    "debt_estimate.id": "nothing refers to it",
    "debt_link.id": "nothing refers to it",
    "debt_remark.id": "nothing refers to it",
    "verdict_taken_back.id": "nothing refers to it",
    "span.id": "nothing refers to it",
    "source_file.id": "nothing refers to it",
    "source_file.remarks": "what this program remarked when it read the bytes, which are compared",
}

MAY_BE_ADDED = {
    "record_check": "a check is an act only where it came out otherwise than the one before",
    "system": "made without an entry of its own where a text or a debt item first names it",
    "vendor": "made without an entry of its own where a text older than the register names it",
    "company": "another tenant, with a record of its own",
    "person": "an account, which is nobody here without a role",
}
MAY_BE_REMOVED = {"company": "whose record would not be asked for"}

UNIQUE: dict[str, dict[str, Any]] = {
    "debt_ticket": {"address": "https://github.com/larkspur/billing/issues/2"},
    "decision": {"number": 99},
    "revision": {"number": 99},
    "decision_tag": {"tag": "added"},
    "decision_system": {"decision_id": 99},
    "decision_vendor": {"decision_id": 99},
    "decision_control": {"decision_id": 99},
    "company_framework": {"framework": "added"},
    "catalog": {"framework": "added"},
    "control": {"code": "added"},
    "imported_file": {"path": "elsewhere.md"},
    "source_file": {"file_id": 99},
    "receipt": {"entries": 99},
    "verdict_taken_back": {"verdict_id": 1},
    "review_parts": {"verdict_id": 1},
    "ended_rule": {"rule_id": 1},
    "exception_advice": {"request_id": 1},
    "obligation_met": {"due_on": "2027-02-01"},
    "role_choice": {"assessment_id": 2},
    "debt_item": {"number": 99},
    "debt_link": {"role": "incurred_by", "decision_id": 2},
    "debt_remark": {"seq": 1},
    "debt_estimate": {"seq": 1},
    "event": {"seq": 9999},
    "tally": {"why": "added"},
    "event_subject": {"subject_id": 9999},
}
"""What a copied row needs besides another id."""


@pytest.fixture
def told(database: peewee.Database, tmp_path: Path) -> Cast:
    """A company in which everything has happened once that leaves a row, and another one."""
    with quick_passwords():
        cast = cast_of("Larkspur", AT)
        cast_of("Ostara", AT)
    leader, cto, vciso, member = (cast.viewer(role, AT) for role in ("leader", "cto", "vciso", "member"))
    company_settings.change_settings(leader, at=AT, name="Larkspur Dental", currency="EUR", day_rate=80_000)
    company_settings.set_policy(leader, 2, "enforce", at=AT)
    working_days.set_calendar(leader, [0, 1, 2, 3], "2026-12-25 Christmas", at=AT)
    _checked(cto, vciso)
    _risky(cto, vciso, leader)
    _met(cto, vciso)
    _imported(cto, tmp_path)
    _owed(member, leader)
    systems.mark_boundary(member, "Billing", True, at=AT)
    _dealt_with(cto)
    _allowed(vciso)
    _proved(cast)
    frameworks.load(leader, CATALOG, at=AT)
    frameworks.follow(leader, "catalog-ours", at=AT)
    controls.map_to(cto, 1, "catalog-ours X-1", "supports", at=AT)
    _put_aside(leader)
    _pressed(cto, leader)
    vera = vciso.vciso_engagement
    assert vera is not None
    letter = Letter("Letter of appointment", "Drawer 4", AT.date())
    newer = engagements.appoint(leader, role="vciso", email=cast.admin.email, letter=letter, at=AT)
    reviews.ask(cto, drafts.draft(cto, {"title": "Two logs"}, at=AT).number, of=cast.vciso.id, at=AT)
    engagements.note_letter(leader, vera, letter, at=AT)
    handovers.hand_over(vciso, vera, successor=newer.id, note="The keys are old.", at=AT)
    away.leave(vciso, date(2026, 12, 7), cast.admin.id, at=AT)
    engagements.end(leader, vera, successor=newer.id, note="And the locks.", at=AT + timedelta(days=1))
    assert found(cast) is None
    return cast


def _checked(cto: Any, vciso: Any) -> None:
    typed = {
        "title": "Move billing", "plain_words": "Another firm takes the money.", "accountable": "Sam",
        "decide_by": "2026-12-02", "tags": ["Money"], "systems": ["Billing"], "kind": "vendor",
        "vendors": ["Paywell"],
    }  # fmt: skip
    made = drafts.draft(cto, typed, at=AT)
    levels.raise_to(cto, made.number, 3, at=AT)
    reviews.ask(cto, made.number, at=AT)
    reviews.look_on(vciso, made.number, date(2026, 11, 26), at=AT)
    taking.take(vciso, made.number, at=AT)
    reviews.answer(vciso, made.number, "question", base=1, text="Where?", at=AT)
    reviews.reply(cto, made.number, "In Frankfurt.", at=AT)
    reviews.answer(vciso, made.number, "deny", base=1, text="No.", at=AT)
    answers.take_back(vciso, made.number, at=AT)
    todos = [{"text": "Change the keys", "risk": "Old keys", "due_on": "2026-12-01", "owner": "Mia"}]
    reviews.answer(vciso, made.number, "approve-with-conditions", base=1, todos=todos, parts=PARTS, at=AT)
    todo = conditions.of(made)[0]
    condition_words.assign(cto, made.number, todo.id, "Tom", at=AT)
    condition_words.contest(cto, made.number, todo.id, why="too-dear", text="Two weeks.", at=AT)
    newer = {**todos[0], "text": "Change the oldest keys", "risk": "Old keys", "build_days": "2"}
    todo = condition_words.change(vciso, made.number, todo.id, newer, reason="Right.", at=AT)
    condition_words.agree(cto, made.number, todo.id, text="Fine.", at=AT)
    condition_words.assign(cto, made.number, todo.id, "Tom", at=AT)
    conditions.finish(cto, made.number, todo.id, evidence="Ticket 12", at=AT)
    conditions.verify(vciso, made.number, todo.id, at=AT)
    decisions.accept(cto, made.number, base=1, at=AT)
    drafts.revise(cto, made.number, {"context": "As before."}, base=1, at=AT)
    comments.write(cto, made.number, "Who tells the patients?", asks=True, at=AT)
    concern = concerns.raise_one(vciso, made.number, "Nobody at night", "The list is empty.", at=AT)
    comments.reply(cto, made.number, concern.id, "Two names.", at=AT)
    comments.resolve(vciso, made.number, concern.id, at=AT)
    comments.reopen(vciso, made.number, concern.id, at=AT)
    about = comments.write(cto, made.number, "Before what?", passage="As before.", at=AT)
    comments.resolve(cto, made.number, about.id, at=AT)


def _risky(cto: Any, vciso: Any, leader: Any) -> None:
    made = drafts.draft(cto, {"title": "Codes by text message", "systems": ["Front desk"]}, at=AT)
    reviews.ask(cto, made.number, at=AT)
    reviews.answer(vciso, made.number, "deny", base=1, text="No.", at=AT)
    said = {"question": "May we?", "technology_says": "Yes.", "answer_by": AT.date()}
    exceptions.ask(cto, made.number, **said, at=AT)
    risks.take(leader, made.number, reason="The launch.", until=date(2026, 12, 9), at=AT)
    exceptions.ask(cto, made.number, **said | {"protects": "Alarms."}, at=AT)
    exceptions.advise(vciso, made.number, code="no", text="Still no.", at=AT)
    risks.take(leader, made.number, reason="So.", longer="Spring.", until=date(2027, 3, 31), at=AT)
    exceptions.protect(cto, made.number, protects="Alarms and a guard.", at=AT)
    risks.end(leader, made.number, how="ended", at=AT)
    links.link(cto, made.number, 1, "relates", note="Both are paid for.", at=AT)


def _met(cto: Any, vciso: Any) -> None:
    made = decisions.record_decided(
        cto, {"title": "Cards only", "decided_on": "2026-11-23"}, took_part=True, replaces=1, at=AT
    )
    claims.answer_claim(vciso, made.number, yes=True, at=AT)


def _imported(cto: Any, folder: Path) -> None:
    (folder / "0001-use-kafka.md").write_text(
        "# 1. Use Kafka\n\nDate: 2026-11-20\n\n## Status\n\nAccepted\n\nSupersedes an older record\n\n"
        "## Context\n\nMany.\n\n## Decision\n\nWe will.\n\n## Consequences\n\nSome.\n",
        encoding="utf-8",
    )
    imports.run(cto, folder, source="elsewhere", at=AT)


def _dealt_with(cto: Any) -> None:
    vendor_acts.add(cto, "Paywell", does="Takes payments", data=["health"], at=AT)
    days = {"signed_on": date(2026, 11, 1), "ends_on": date(2027, 11, 1)}
    made = vendor_acts.agree(cto, "Paywell", kind="health", reference="Drawer 4", **days, at=AT)
    vendor_acts.end_agreement(cto, made.id, at=AT)
    until = {"assessed_on": date(2026, 11, 2), "valid_until": date(2027, 11, 1)}
    vendor_acts.assess(cto, "Paywell", risk="low", text="Read their report.", **until, at=AT)


def _allowed(vciso: Any) -> None:
    said = {"title": "Small", "reason": "It is small.", "until": "2026-12-24"}
    standing_rules.sign(vciso, {"undo": ["no"]}, **said, at=AT)
    rule = standing_rules.sign(vciso, {"data": ["no"]}, **said, at=AT)
    standing_rules.end(vciso, rule.id, reason="It is not.", at=AT)


def _proved(cast: Cast) -> None:
    receipts.give(cast.viewer("admin", AT), "Ida", at=AT)
    said = record_checks.look(cast.company.id)
    broken = replace(said, broken=Break(3, "content changed", "Entry 3 does not hold what was recorded."))
    for report in (said, broken):
        record_checks.keep(report, cast.company.id, way="asked", person=cast.admin.id, at=AT)


def _put_aside(leader: Any) -> None:
    older = Decision.get(Decision.imported == True)  # noqa: E712
    code, until = "inherited-not-assessed", date(2027, 3, 31)
    row = set_aside.put_aside(leader, older.number, code, reason="In spring.", until=until, at=AT)
    set_aside.take_up(leader, older.number, row.id, at=AT)
    company_settings.set_severity(leader, code, "S2", at=AT)


def _pressed(cto: Any, leader: Any) -> None:
    profiles.set_profile(leader, **PROFILE, at=AT)
    row = pressures.note(cto, FIRM, at=AT)
    pressures.close(cto, row.id, how="gone", why="They stay.", at=AT)
    pressures.change(cto, pressures.note(cto, AUDIT, at=AT).id, AUDIT | {"level": "4"}, at=AT)
    pressures.put_in_order(leader, ["pressure-2"], ["pressure-2"], at=AT)
    duty = obligations.add(cto, DUTY, at=AT)
    obligations.meet(cto, duty.id, due_on="2027-01-31", met_on="2026-11-24", evidence="Report", at=AT)
    obligations.change(cto, duty.id, DUTY | {"level": "4"}, at=AT)
    obligations.end(cto, obligations.add(cto, DUTY, at=AT).id, why="Sold.", at=AT)
    noted = [
        pressures.checked(SALE | {"bites_on": ""}) | {"money_low": 1, "money_likely": 2, "money_high": 3}
    ]
    said = profiles.checked(**PROFILE | {"stage": "mature"})
    row = first_role.assess(cto, gains="yes", interest="My role.", profile=said, noted=noted, at=AT)
    first_role.choose(leader, row.id, followed="yes", why="It is right.", at=AT)


def _owed(member: Any, leader: Any) -> None:
    debt.note(member, title="Slow tests", system="Billing", decision=1, at=AT)
    estimate = {"system": "Billing", "fix_days": "3", "monthly_loss": "1", "owner": str(member.person.id)}
    estimate |= {"intent": "inadvertent", "care": "prudent"}
    debt_estimates.analyse(member, 1, **estimate, at=AT)
    debt_links.link(member, 1, 2, "repaid_by", at=AT)
    debt.mark_not_debt(member, 1, reason="It is a wish.", at=AT)
    debt.reopen(member, 1, reason="It is back.", at=AT)
    systems.describe(member, "Billing", {"rebuild": "90", "effort": "10", "goal": "hold"}, at=AT)
    debt_carries.ask(member, 1, reason="The move comes first.", until="2027-03-31", at=AT)
    debt_carries.carry(leader, 1, at=AT)
    debt_steps.schedule(member, 1, starts_on="2026-12", monthly_work="2", at=AT)
    debt.repay(member, 1, actual_days="2", at=AT)
    for lost in ("2", "90 min"):
        last = debt_reports.report(member, 1, {"lost": lost, "text": "Waited.", "fault": "yes"}, at=AT)
    debt_reports.take_back(member, 1, last.id, at=AT)
    debt_tickets.link(member, 1, "https://github.com/larkspur/billing/issues/1", at=AT)
    for on in ("2026-11-15", "2026-11-22"):
        readings.take_file(member, "Billing", sarif("Lint"), {"on": on}, at=AT)
    readings.take_back(member, "Billing", Company.get_by_id(member.company.id).last_seq, at=AT)


def found(cast: Cast) -> Break | None:
    """Return the first break of the company's record, whichever of its columns was changed."""
    other = Company.get(Company.slug == "ostara")
    return verify(Company.get(Company.id != other.id)).broken


def columns() -> Iterator[tuple[type[peewee.Model], peewee.Field]]:
    for table in TABLES:
        for field in table._meta.sorted_fields:
            yield table, field


def name_of(table: type[peewee.Model], field: peewee.Field) -> str:
    return f"{table._meta.table_name}.{field.column_name}"


def test_what_is_not_compared_is_there_and_has_a_reason() -> None:
    there = {name_of(table, field) for table, field in columns()} | {t._meta.table_name for t in TABLES}
    assert there >= {*NOT_COMPARED, *MAY_BE_ADDED, *MAY_BE_REMOVED, *UNIQUE}
    assert all({**NOT_COMPARED, **MAY_BE_ADDED, **MAY_BE_REMOVED}.values())


def others(table: type[peewee.Model], field: peewee.Field, value: Any, elsewhere: int) -> list[Any]:
    """Return values that a column might be changed to; the first that the database takes is tried."""
    if field.column_name == "company_id":
        return [elsewhere, 9999]
    if isinstance(field, peewee.BooleanField):
        return [not value]
    if isinstance(field, DayField):
        return ["2001-02-03"]
    if isinstance(field, JsonField):
        return ['{"a": "b"}']
    if isinstance(field, peewee.BlobField):
        return [b"{}"]
    if isinstance(field, peewee.TextField):
        checks = " ".join(str(check.sql) for check in table._meta.constraints or ())
        listed = re.search(rf'CHECK \("{field.column_name}" IN \(([^)]*)\)', checks)
        return [f"{value}x", *(re.findall("'([^']*)'", listed[1]) if listed else ())]
    return [(value or 0) + 1, (value or 0) + 1000, (value or 0) - 1, 2_000_000_000]


def last_row(database: peewee.Database, table: type[peewee.Model], company_id: int) -> dict[str, Any]:
    """Return the raw columns of the company's last row of a table."""
    meta = table._meta
    names = [field.column_name for field in meta.sorted_fields]
    listed = ", ".join(f'"{name}"' for name in names)
    where = f"WHERE company_id = {company_id}" if "company_id" in names else ""
    if meta.table_name == "company":
        where = f"WHERE id = {company_id}"
    if meta.table_name == "person":
        where = f"WHERE id IN (SELECT person_id FROM engagement WHERE company_id = {company_id})"
    if meta.table_name == "tally":
        where += " AND n <> 0"  # one of nothing says what none says
    order = {"event": "seq", "event_subject": "seq", "tally": "day"}.get(meta.table_name, "id")
    sql = f'SELECT {listed} FROM "{meta.table_name}" {where} ORDER BY {order} DESC LIMIT 1'
    row = database.execute_sql(sql).fetchone()
    assert row is not None, f"the company has no row in {meta.table_name}"
    return dict(zip(names, row, strict=True))


def same_row(table: type[peewee.Model], row: dict[str, Any], mark: str) -> tuple[str, list[Any]]:
    meta = table._meta
    key = meta.primary_key
    fields = [meta.fields[name] for name in key.field_names] if hasattr(key, "field_names") else [key]
    names = [field.column_name for field in fields]
    return " AND ".join(f'"{name}" = {mark}' for name in names), [row[name] for name in names]


def compared() -> list[type[peewee.Model]]:
    return [table for table in TABLES if table._meta.table_name not in NOT_COMPARED]


def test_every_column_that_somebody_reads_is_compared(told: Cast, database: peewee.Database) -> None:
    """Change each column of the last row of each table, also to nothing at all: verify must notice."""
    unseal(database)
    elsewhere = Company.get(Company.slug == "ostara").id
    unnoticed, told_of = [], set()
    for table, field in columns():
        name = name_of(table, field)
        if {name, table._meta.table_name} & NOT_COMPARED.keys():
            continue
        row = last_row(database, table, told.company.id)
        value = row[field.column_name]
        values = [others(table, field, value, elsewhere)]
        if field.null and value is not None:
            values.append([None])
        for tried in values:
            broken = changed(database, told, table, field, row, [v for v in tried if v != value])
            if broken is None:
                unnoticed.append((name, value, tried[0]))
            else:
                assert broken.message.endswith(".") and broken.kind
                told_of.add(broken.message)
    assert unnoticed == []
    status = r"The status of decision AD-\d{4} is not the one that was recorded \(entry \d+\)\."
    assert any(re.fullmatch(status, said) for said in told_of)


def changed(
    database: peewee.Database,
    cast: Cast,
    table: type[peewee.Model],
    field: peewee.Field,
    row: dict[str, Any],
    values: list[Any],
) -> Break | None:
    """Return what verify finds once a column holds the first of some values that the database takes."""
    mark = database.param
    where, key = same_row(table, row, mark)
    sql = f'UPDATE "{table._meta.table_name}" SET "{field.column_name}" = {mark} WHERE {where}'
    for value in values:
        with database.atomic() as undone:
            try:
                with database.atomic():
                    assert database.execute_sql(sql, [value, *key]).rowcount == 1
            except peewee.IntegrityError:
                continue
            broken = found(cast)
            undone.rollback()
            return broken
    raise AssertionError(f"nothing can be put into {name_of(table, field)}")


@pytest.mark.parametrize("act", ["added", "removed"])
def test_a_row_that_no_act_made_and_one_that_is_gone_are_found(
    told: Cast, database: peewee.Database, act: str
) -> None:
    unseal(database)
    allowed = MAY_BE_ADDED if act == "added" else MAY_BE_REMOVED
    unnoticed = []
    for table in compared():
        name = table._meta.table_name
        if name in allowed:
            continue
        row = last_row(database, table, told.company.id)
        with database.atomic() as undone:
            if act == "removed":
                where, key = same_row(table, row, database.param)
                database.execute_sql(f'DELETE FROM "{name}" WHERE {where}', key)
            else:
                copied = row | ({"id": 9999} if "id" in row else {}) | UNIQUE.get(name, {})
                holes = ", ".join(database.param for _ in copied)
                listed = ", ".join(f'"{column}"' for column in copied)
                database.execute_sql(
                    f'INSERT INTO "{name}" ({listed}) VALUES ({holes})', list(copied.values())
                )
            if found(told) is None:
                unnoticed.append(name)
            undone.rollback()
    assert unnoticed == []


def test_rows_of_a_decision_that_is_none_are_found(told: Cast, database: peewee.Database) -> None:
    """What points at nothing is on no decision's page, and may still be listed somewhere."""
    unseal(database)
    for name in ("claim", "review", "risk_acceptance", "verdict", "comment", "condition", "risk_question"):
        with database.atomic() as undone:
            database.execute_sql(
                f'UPDATE "{name}" SET decision_id = 9999 WHERE company_id = {told.company.id}'
            )
            assert found(told) is not None
            undone.rollback()


def test_a_system_that_was_renamed_everywhere_is_found(told: Cast, database: peewee.Database) -> None:
    """Also where no decision names it, only a debt item."""
    debt.note(
        told.viewer("cto", AT + timedelta(days=2)), title="Old", system="Till", at=AT + timedelta(days=2)
    )
    assert found(told) is None
    for name in ("till", "billing"):
        with database.atomic() as undone:
            database.execute_sql(f"UPDATE system SET name = 'Safe', folded = 'safe' WHERE folded = '{name}'")
            broken = found(told)
            assert broken is not None and "system" in broken.message
            undone.rollback()


def test_the_person_whose_name_was_changed_breaks_every_company_that_gave_them_a_role(
    told: Cast, database: peewee.Database
) -> None:
    database.execute_sql(f"UPDATE person SET name = 'Somebody' WHERE id = {told.cto.id}")
    broken = found(told)
    assert broken is not None and broken.kind == "person changed" and broken.seq
    assert verify(Company.get(Company.slug == "ostara")).broken is None


def test_comparing_asks_no_more_queries_for_many_decisions_than_for_few(
    told: Cast,
) -> None:
    with count_queries() as few:
        assert found(told) is None
    cto = told.viewer("cto", AT + timedelta(days=2))
    for number in range(20):
        made = drafts.draft(cto, {"title": f"One more {number}"}, at=AT + timedelta(days=2))
        comments.write(cto, made.number, "Why?", at=AT + timedelta(days=2))
        debt.note(cto, title=f"Old {number}", decision=made.number, at=AT + timedelta(days=2))
    with count_queries() as many:
        assert found(told) is None
    assert many.count == few.count
