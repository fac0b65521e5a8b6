"""What the database refuses to change, and what the record finds when somebody changed it all the same."""

import json
import sqlite3
import tracemalloc
from datetime import UTC, date, datetime
from urllib.parse import urlsplit

import peewee
import pytest

from adr_app.domain.merkle import CompactRange, leaf_hash
from adr_app.models.base import database as bound
from adr_app.models.base import is_sqlite
from adr_app.models.events import Event
from adr_app.models.people import Company
from adr_app.models.schema import REFUSAL, SEALED
from adr_app.services import (
    answers,
    comments,
    conditions,
    debt,
    debt_estimates,
    decisions,
    drafts,
    exceptions,
    first_role,
    levels,
    obligations,
    pressures,
    profiles,
    record,
    reviews,
    risks,
    standing_rules,
)
from adr_app.services.verification import verify
from tests.casts import Cast, cast_of, quick_passwords
from tests.conftest import connected
from tests.services.pressing import AUDIT, DUTY, FIRM, PROFILE
from tests.services.security_company import NONE
from tests.services.tampering import unseal

AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.fixture
def cast(database) -> Cast:
    """A company with a decision revised, reviewed, answered twice (once taken back) and accepted."""
    with quick_passwords():
        cast = cast_of("Larkspur", AT)
        cast_of("Ostara", AT)
    cto, vciso = cast.viewer("cto", AT), cast.viewer("vciso", AT)
    made = drafts.draft(cto, {"title": "Hosted search", "context": "Slow."}, at=AT)
    drafts.revise(cto, made.number, {"title": "Hosted search", "context": "Too slow."}, base=1, at=AT)
    reviews.ask(cto, made.number, at=AT)
    reviews.answer(vciso, made.number, "deny", base=2, text="Not like this.", at=AT)
    answers.take_back(vciso, made.number, at=AT)
    reviews.answer(vciso, made.number, "approve", base=2, text="Good.", parts={"ready": "Yes."}, at=AT)
    said = {"title": "Small", "reason": "It is small.", "until": "2026-12-24"}
    rule = standing_rules.sign(vciso, {"undo": ["no"]}, **said, at=AT)
    standing_rules.end(vciso, rule.id, reason="It is not.", at=AT)
    decisions.accept(cto, made.number, base=2, at=AT)
    debt.note(cto, title="Slow tests", system="Build", at=AT)
    estimate = {"fix_days": "3", "monthly_loss": "1", "owner": str(cto.person.id)}
    estimate |= {"system": "Build", "intent": "inadvertent", "care": "prudent"}
    debt_estimates.analyse(cto, 1, **estimate, at=AT)
    kept = drafts.draft(cto, {"title": "Codes"}, answers={**NONE, "undo": "yes", "q8": "yes"}, at=AT)
    decisions.propose(cto, kept.number, at=AT)
    said = {"question": "May we?", "technology_says": "Yes.", "protects": "Alarms."}
    exceptions.ask(cto, kept.number, **said, answer_by=AT.date(), at=AT)
    exceptions.advise(vciso, kept.number, code="no", text="Codes can be stolen.", at=AT)
    assert broken(cast.company) is None
    return cast


def broken(company: Company) -> tuple[int, str] | None:
    """Return the number and kind of the first break, as whoever runs the command sees it."""
    found = verify(Company.get_by_id(company.id)).broken
    if found is None:
        return None
    assert found.message.endswith(".") and (str(found.seq) in found.message or found.seq == 0)
    return found.seq, found.kind


def first(company: Company, kind: str) -> int:
    """Return the number of the company's first entry of a kind."""
    return Event.select(Event.seq).where(Event.company == company.id, Event.kind == kind).limit(1).scalar()


@pytest.fixture
def tamper(cast, database):
    """Run SQL as somebody who owns the database and has taken its triggers away."""
    unseal(database)
    mark = database.param

    def run(sql: str, *values: object) -> None:
        changed = database.execute_sql(sql.replace("?", mark), values).rowcount
        assert changed, "the drill changed nothing"

    return run


@pytest.fixture
def found_after(tamper, database):
    """Return what is found of a company's record after one change, which is then undone for the next one."""

    def run(company: Company, sql: str, *values: object) -> tuple[int, str] | None:
        with database.atomic() as attempt:
            tamper(sql, *values)
            found = broken(company)
            attempt.rollback()
        return found

    return run


def pressed(cast: Cast) -> None:
    """Let what presses the company be written down and put in order, and leadership decide on the answer."""
    cto, leader = cast.viewer("cto", AT), cast.viewer("leader", AT)
    keys = [pressures.key_of(pressures.note(cto, typed, at=AT)) for typed in (FIRM, AUDIT)]
    pressures.put_in_order(cto, keys, keys, at=AT)
    duty = obligations.add(cto, DUTY, at=AT)
    obligations.meet(cto, duty.id, due_on=DUTY["first_on"], met_on="2026-11-24", evidence="Report", at=AT)
    profiles.set_profile(leader, **PROFILE, at=AT)
    row = first_role.assess(cto, gains="no", interest="", at=AT)
    first_role.choose(leader, row.id, followed="yes", why="So.", at=AT)


@pytest.mark.parametrize("table", SEALED)
def test_the_database_refuses_to_change_or_remove_what_was_recorded(cast, database, table):
    pressed(cast)
    before = list(database.execute_sql(f"SELECT * FROM {table}"))
    assert before
    acts = [f"UPDATE {table} SET company_id = company_id", f"DELETE FROM {table}"]
    if is_sqlite(database):
        acts += [f"REPLACE INTO {table} SELECT * FROM {table}"]
    else:
        acts += [f"TRUNCATE {table} CASCADE"]
    for sql in acts:
        with pytest.raises(peewee.DatabaseError, match=REFUSAL), database.atomic():
            database.execute_sql(sql)
    assert list(database.execute_sql(f"SELECT * FROM {table}")) == before


@pytest.mark.parametrize("table", SEALED)
def test_replace_is_refused_on_a_connection_that_set_nothing(databases, table):
    url = databases.migrated("sqlite")
    with connected(url) as opened, quick_passwords():
        cast = cast_of("Larkspur", AT)
        made = drafts.draft(cast.viewer("cto", AT), {"title": "Search"}, at=AT)
        opened.close()
        other = sqlite3.connect(urlsplit(url).path[1:])
        rows = other.execute(f"SELECT * FROM {table}").fetchall()
        assert made.id
        for row in rows:
            holes = ", ".join("?" for _ in row)
            with pytest.raises(sqlite3.IntegrityError, match=REFUSAL):
                other.execute(f"INSERT OR REPLACE INTO {table} VALUES ({holes})", row)
        assert other.execute(f"SELECT * FROM {table}").fetchall() == rows
        other.close()
    databases.discard(url)


def test_one_byte_of_an_entry_is_found(cast, tamper):
    seq = first(cast.company, "review.asked")
    body = bytes(Event.get(Event.company == cast.company.id, Event.seq == seq).body)
    tamper("UPDATE event SET body = ? WHERE company_id = ? AND seq = ?",
           body.replace(b"false", b"true"), cast.company.id, seq)  # fmt: skip
    assert broken(cast.company) == (seq, "content changed")


ENTRY_COLUMNS = [
        ("leaf", b"\0" * 32, "content changed"),
        ("root", b"\0" * 32, "chain broken"),
        ("actor_id", 1_000_000, "content changed"),
        ("kind", "decision.rejected", "content changed"),
        ("at", 1, "content changed"),
        ("subject_id", 1_000_000, "content changed"),
        ("subject_type", "debt", "content changed"),
    ]  # fmt: skip


def test_a_changed_column_of_an_entry_is_found(cast, found_after):
    seq = first(cast.company, "decision.revised")
    for column, value, kind in ENTRY_COLUMNS:
        sql = f"UPDATE event SET {column} = ? WHERE company_id = ? AND seq = ?"
        assert found_after(cast.company, sql, value, cast.company.id, seq) == (seq, kind), column


def test_an_entry_rewritten_with_its_leaf_breaks_the_chain(cast, tamper):
    seq = first(cast.company, "review.asked")
    body = bytes(Event.get(Event.company == cast.company.id, Event.seq == seq).body)
    other = body.replace(b"false", b"true")
    tamper("UPDATE event SET body = ?, leaf = ? WHERE company_id = ? AND seq = ?",
           other, leaf_hash(other), cast.company.id, seq)  # fmt: skip
    assert broken(cast.company) == (seq, "chain broken")


def test_an_entry_taken_out_of_the_middle_is_missed(cast, tamper):
    seq = first(cast.company, "review.verdict")
    tamper("DELETE FROM event WHERE company_id = ? AND seq = ?", cast.company.id, seq)
    assert broken(cast.company) == (seq, "missing")


def test_entries_cut_off_the_end_are_missed_while_the_company_still_counts_them(cast, tamper):
    last = Company.get_by_id(cast.company.id).last_seq
    tamper("DELETE FROM event WHERE company_id = ? AND seq > ?", cast.company.id, last - 2)
    assert broken(cast.company) == (last - 1, "missing")


def test_a_cut_end_shows_in_the_tree_when_the_count_was_cut_too(cast, tamper):
    last = Company.get_by_id(cast.company.id).last_seq
    tamper("DELETE FROM event WHERE company_id = ? AND seq = ?", cast.company.id, last)
    tamper("UPDATE company SET last_seq = ? WHERE id = ?", last - 1, cast.company.id)
    assert broken(cast.company) == (last - 1, "root")


def test_two_entries_that_changed_places_are_found(cast, tamper):
    one, other = first(cast.company, "review.asked"), first(cast.company, "review.verdict")
    for old, new in ((one, -1), (other, one), (-1, other)):
        tamper("UPDATE event SET seq = ? WHERE company_id = ? AND seq = ?", new, cast.company.id, old)
    assert broken(cast.company) == (one, "content changed")


def test_entries_exchanged_between_two_companies_are_found_in_both(cast, tamper):
    other = Company.get(Company.slug == "ostara")
    for old, new in ((cast.company.id, 10_000), (other.id, cast.company.id), (10_000, other.id)):
        tamper("UPDATE event SET company_id = ? WHERE company_id = ? AND seq = 1", new, old)
    assert broken(cast.company) == (1, "content changed")
    assert broken(other) == (1, "content changed")


VERSION_COLUMNS = [
        ("title", "Another title"),
        ("fields", "{}"),
        ("answers", '{"data": "no"}'),
        ("html", "{}"),
        ("canonical", b"{}"),
        ("digest", "0" * 64),
        ("number", 9),
        ("level", 0),
        ("form", "text"),
        ("created_by_id", 1),
        ("created_at", 5),
        ("note", "said later"),
        ("digest_version", 9),
    ]  # fmt: skip


def test_a_changed_version_of_a_text_is_found(cast, found_after):
    seq = first(cast.company, "decision.revised")
    for column, value in VERSION_COLUMNS:
        sql = f"UPDATE revision SET {column} = ? WHERE company_id = ? AND number = 2"
        assert found_after(cast.company, sql, value, cast.company.id) == (seq, "revision changed"), column


ANSWER_COLUMNS = [
        ("text", "Never."),
        ("code", "deny"),
        ("person_name", "Somebody Else"),
        ("role_name", "Leadership"),
        ("digest", "0" * 64),
        ("valid_until", 5),
        ("at", 5),
        ("level", 0),
    ]  # fmt: skip


def test_a_changed_answer_is_found(cast, found_after):
    for column, value in ANSWER_COLUMNS:
        sql = f"UPDATE verdict SET {column} = ? WHERE company_id = ? AND code = 'approve'"
        found = found_after(cast.company, sql, value, cast.company.id)
        assert found is not None and found[1] == "verdict changed", column


@pytest.mark.parametrize("table", ["revision", "verdict"])
def test_a_removed_version_or_answer_is_missed(cast, tamper, table):
    kind = "decision.revised" if table == "revision" else "review.verdict"
    row = "number = 2" if table == "revision" else "code = 'deny'"
    tamper(f"DELETE FROM {table} WHERE company_id = ? AND {row}", cast.company.id)
    assert broken(cast.company) == (first(cast.company, kind), f"{table} missing")


@pytest.mark.parametrize("table", ["revision", "verdict"])
def test_a_version_or_answer_that_no_act_made_is_found(cast, tamper, database, table):
    columns = [column.name for column in database.get_columns(table)]
    copied = ", ".join("99" if name in ("id", "number") else f'"{name}"' for name in columns)
    listed = ", ".join(f'"{name}"' for name in columns)
    tamper(f"INSERT INTO {table} ({listed}) SELECT {copied} FROM {table} WHERE company_id = ? LIMIT 1",
           cast.company.id)  # fmt: skip
    assert broken(cast.company) == (0, f"{table} added")


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM event_subject WHERE company_id = ? AND subject_type = 'decision' AND seq IN "
        "(SELECT max(seq) FROM event WHERE company_id = 1)",
        "UPDATE event_subject SET subject_id = subject_id + 50 WHERE company_id = ? AND subject_type = "
        "'decision'",
    ],
)
def test_a_changed_list_of_what_entries_are_about_is_found(cast, tamper, sql):
    tamper(sql, cast.company.id)
    found = broken(cast.company)
    assert found is not None and found[1] == "index changed"


def test_a_taken_back_answer_that_is_shown_as_standing_again_is_found(cast, tamper):
    tamper("DELETE FROM verdict_taken_back WHERE company_id = ?", cast.company.id)
    found = broken(cast.company)
    assert found == (first(cast.company, "review.verdict-taken-back"), "verdict changed")


def test_an_answer_marked_as_taken_back_by_nobody_is_found(cast, tamper):
    tamper(
        "INSERT INTO verdict_taken_back (company_id, verdict_id, at) SELECT company_id, id, at FROM verdict "
        "WHERE company_id = ? AND code = 'approve'",
        cast.company.id,
    )
    assert broken(cast.company) == (0, "verdict added")


@pytest.fixture
def agreed(cast) -> Cast:
    """The company, with a to-do done, moved and checked, a risk put to leadership, and things said."""
    cto, vciso, leader = (cast.viewer(role, AT) for role in ("cto", "vciso", "leader"))
    made = drafts.draft(cto, {"title": "Codes by text message"}, at=AT)
    reviews.ask(cto, made.number, at=AT)
    todos = [
        {"text": "Change the keys", "risk": "Old ones", "due_on": "2026-12-01", "owner": "Mia"},
        {"text": "Sign", "risk": "Old keys", "before_go_live": True},
    ]
    reviews.answer(vciso, made.number, "approve-with-conditions", base=1, todos=todos, at=AT)
    first_todo, second = conditions.of(made)
    conditions.move(vciso, made.number, first_todo.id, date(2026, 12, 4), reason="Ill.", at=AT)
    conditions.finish(cto, made.number, first_todo.id, evidence="Ticket 12", at=AT)
    conditions.verify(vciso, made.number, first_todo.id, at=AT)
    assert second.done_at is None
    day = {"answer_by": AT.date(), "at": AT}
    exceptions.ask(cto, made.number, question="May we?", technology_says="Yes.", **day)
    exceptions.advise(vciso, made.number, code="no", text="Do the to-do.", at=AT)
    risks.refuse(leader, made.number, reason="Too dear.", at=AT)
    risks.take(leader, made.number, reason="The launch.", until=date(2026, 12, 31), at=AT)
    risks.end(leader, made.number, how="ended", at=AT)
    exceptions.ask(cto, made.number, question="May we again?", technology_says="Yes.", **day)
    exceptions.advise(vciso, made.number, code="yes", text="For a month.", at=AT)
    risks.take(
        leader, made.number, reason="Once more.", longer="Spring.", protects="Alarms.",
        until=date(2027, 3, 31), at=AT,
    )  # fmt: skip
    comments.write(leader, made.number, "What would it cost?", asks=True, at=AT)
    levels.raise_to(cto, made.number, 3, at=AT)
    levels.lower_to(vciso, made.number, 1, reason="It is small.", at=AT)
    decisions.accept(cto, made.number, base=1, at=AT)
    assert broken(cast.company) is None
    return cast


AGREED_COLUMNS = [
        *(("condition", *row, "text = 'Change the keys'") for row in (
            ("text", "Nothing"), ("risk", ""), ("owner_name", "Somebody"), ("due_on", 5), ("done_at", None),
            ("done_by_id", 1), ("evidence", "Ticket 13"), ("verified_at", None), ("verified_at", 5),
            ("decision_id", 1), ("verdict_id", 1),
        )),
        *(("condition", *row, "text = 'Sign'") for row in (
            ("due_on", 5), ("done_at", 5), ("verified_at", 5), ("done_by_id", 1), ("evidence", "x"),
        )),
        *(("risk", *row, "reason = 'The launch.'") for row in (
            ("reason", "Because."), ("leader_name", "Nobody"), ("leader_id", 2), ("until", 5),
            ("starts_at", 5), ("revision", 9), ("ended_at", None), ("ended_at", 5), ("decision_id", 1),
        )),
        ("risk", "ended_at", 5, "reason = 'Once more.'"),
        *(("question", *row, "1 = 1") for row in (
            ("question", "May we not?"), ("technology_says", "No."), ("security_says", "Fine."),
            ("if_wrong", "Nothing"), ("answer_by", 5), ("asked_of_id", 2), ("asked_by_id", 1),
        )),
        *(("remark", *row, "text = 'Too dear.'") for row in (
            ("text", "Never."), ("person_id", 2), ("kind", "comment"), ("at", 5), ("decision_id", 1),
        )),
        ("remark", "text", "Nothing", "kind = 'question'"),
        ("remark", "text", "Nothing", "text = 'It is small.'"),
    ]  # fmt: skip


def test_a_changed_to_do_risk_or_remark_is_found(agreed, found_after):
    names = {"risk": "risk_acceptance", "question": "risk_question", "remark": "comment"}
    for table, column, value, where in AGREED_COLUMNS:
        sql = f'UPDATE "{names.get(table, table)}" SET {column} = ? WHERE company_id = ? AND {where}'
        found = found_after(agreed.company, sql, value, agreed.company.id)
        assert found is not None and found[0] and found[1] == f"{table} changed", (table, column, value)


def test_a_to_do_that_may_go_live_unfinished_all_of_a_sudden_is_found(agreed, tamper):
    tamper(
        'UPDATE "condition" SET before_go_live = NOT before_go_live WHERE company_id = ?', agreed.company.id
    )
    assert (broken(agreed.company) or ())[1:] == ("condition changed",)


@pytest.mark.parametrize(
    ("kind", "table"),
    [
        ("condition", "condition"), ("risk", "risk_acceptance"), ("question", "risk_question"),
        ("remark", "comment"),
    ],
)  # fmt: skip
def test_a_to_do_risk_or_remark_that_is_gone_or_that_nobody_made_is_found(
    agreed, tamper, database, kind, table
):
    columns = [column.name for column in database.get_columns(table)]
    copied = ", ".join("99" if name == "id" else f'"{name}"' for name in columns)
    listed = ", ".join(f'"{name}"' for name in columns)
    tamper(f'INSERT INTO "{table}" ({listed}) SELECT {copied} FROM "{table}" WHERE company_id = ? LIMIT 1',
           agreed.company.id)  # fmt: skip
    assert broken(agreed.company) == (0, f"{kind} added")
    tamper(f'DELETE FROM "{table}" WHERE company_id = ?', agreed.company.id)
    found = broken(agreed.company)
    assert found is not None and found[0] and found[1] == f"{kind} missing"


def test_another_companys_record_still_verifies(cast, tamper):
    tamper("UPDATE event SET at = 1 WHERE company_id = ? AND seq = 3", cast.company.id)
    assert broken(Company.get(Company.slug == "ostara")) is None


UNREADABLE = [b"", b"\xff\xfe", b"[]", b'{"v": 1}', b"null"]  # fmt: skip


def test_an_entry_that_cannot_be_read_at_all_is_named_not_a_crash(cast, found_after):
    sql = "UPDATE event SET body = ?, leaf = ? WHERE company_id = ? AND seq = 2"
    for body in UNREADABLE:
        found = found_after(cast.company, sql, body, leaf_hash(body), cast.company.id)
        assert found == (2, "content changed"), body


JSON_COLUMNS = ["fields", "html", "answers"]  # fmt: skip


def test_a_version_whose_columns_cannot_be_read_is_named_not_a_crash(cast, found_after):
    seq = first(cast.company, "decision.revised")
    for column in JSON_COLUMNS:
        sql = f"UPDATE revision SET {column} = 'no json' WHERE company_id = ? AND number = 2"
        assert found_after(cast.company, sql, cast.company.id) == (seq, "revision changed"), column


def test_a_record_written_anew_from_its_start_shows_against_a_kept_root(cast, tamper):
    """What the attacker with the whole database can do: every hash is fresh, so only the kept root tells."""
    kept = verify(Company.get_by_id(cast.company.id)).to_keep
    tree = CompactRange()
    for event in Event.select().where(Event.company == cast.company.id).order_by(Event.seq):
        body = bytes(event.body).replace(b'"emergency":false', b'"emergency":true')
        tree = tree.append(leaf_hash(body))
        tamper("UPDATE event SET body = ?, leaf = ?, root = ? WHERE company_id = ? AND seq = ?",
               body, leaf_hash(body), tree.root(), cast.company.id, event.seq)  # fmt: skip
    tamper("UPDATE company SET tree = ? WHERE id = ?", json.dumps(tree.to_json()), cast.company.id)
    tamper("UPDATE review SET emergency = ? WHERE company_id = ?", True, cast.company.id)
    assert broken(cast.company) is None
    report = verify(Company.get_by_id(cast.company.id), kept)
    assert report.kept is False
    assert report.broken is not None
    assert (report.broken.seq, report.broken.kind) == (kept.entries, "not as kept")
    assert verify(Company.get_by_id(cast.company.id), report.to_keep).kept is True


def test_entries_of_a_program_that_bound_less_are_named_as_such(cast, monkeypatch):
    monkeypatch.setattr(record, "VERSION", 1)
    drafts.draft(cast.viewer("cto", AT), {"title": "As before"}, at=AT)
    last = Company.get_by_id(cast.company.id).last_seq
    assert broken(cast.company) == (last, "earlier program")


def test_a_long_record_is_verified_without_holding_it(cast, database):
    def memory() -> int:
        tracemalloc.start()
        report = verify(Company.get_by_id(cast.company.id))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert report.broken is None
        return peak

    memory()
    short = memory()
    with bound.atomic(), record.acting(cast.company.id, at=AT, actor=cast.leader.id, many=True) as ledger:
        for _ in range(3000):
            ledger.append("company.settings-changed", ("installation", 1), {"what": ["x" * 3000]})
            ledger.touched.clear()
    assert memory() < short + 4_000_000, "3,000 entries of 3 kB stand in nine megabytes of database"
