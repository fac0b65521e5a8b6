"""Let a debt be planned, lived with, checked and written off, and keep every estimate that was made of it."""

import json
from typing import Any

STATES = (
    "CHECK (\"state\" IN ('identified', 'analysed', 'scheduled', 'in-progress', 'repaid', 'verified', "
    "'carried', 'not-debt', 'written-off'))"
)
KINDS = (
    "CHECK (\"kind\" IN ('architecture', 'code', 'data', 'infrastructure', 'dependency', 'testing', "
    "'documentation', 'security', 'process', 'knowledge', 'mess', 'other'))"
)
INTENTS = "CHECK (\"intent\" IN ('', 'deliberate', 'inadvertent'))"
CARES = "CHECK (\"care\" IN ('', 'prudent', 'reckless'))"
ROLES = "CHECK (\"role\" IN ('incurred_by', 'repaid_by', 'revealed_by', 'accepted_by'))"

KEPT = (
    '"id", "company_id", "number", "title", "kind", "state", "system_id", "symptoms", "fix_days", '
    '"monthly_loss", "owner_id", "noted_by_id", "noted_at", "changed_at", "closed_at", "actual_days"'
)
WIDER = f"""
CREATE TABLE "debt_item_wider" ("id" INTEGER NOT NULL PRIMARY KEY, "company_id" INTEGER NOT NULL,
"number" INTEGER NOT NULL, "title" TEXT NOT NULL, "kind" TEXT NOT NULL, "state" TEXT NOT NULL,
"system_id" INTEGER, "symptoms" TEXT NOT NULL, "fix_days" INTEGER, "monthly_loss" INTEGER,
"owner_id" INTEGER, "noted_by_id" INTEGER NOT NULL, "noted_at" INTEGER NOT NULL,
"changed_at" INTEGER NOT NULL, "closed_at" INTEGER, "actual_days" INTEGER, "intent" TEXT NOT NULL,
"care" TEXT NOT NULL, "benefit" TEXT NOT NULL, "impact" TEXT NOT NULL, "security" INTEGER NOT NULL,
"review_on" TEXT, "obligation_on" TEXT, "starts_on" TEXT, "monthly_work" INTEGER, "carried_until" TEXT,
"retires_on" TEXT, "left_over" INTEGER, "act_by" TEXT,
FOREIGN KEY ("company_id") REFERENCES "company" ("id"), FOREIGN KEY ("owner_id") REFERENCES "person" ("id"),
FOREIGN KEY ("noted_by_id") REFERENCES "person" ("id"), UNIQUE (company_id, id),
FOREIGN KEY ("company_id", "system_id") REFERENCES "system" ("company_id", "id"),
UNIQUE (company_id, number), {STATES}, {KINDS}, {INTENTS}, {CARES},
CHECK (fix_days IS NULL OR fix_days >= 0), CHECK (monthly_loss IS NULL OR monthly_loss >= 0))
"""
LINK = f"""
CREATE TABLE "debt_link" ("id" INTEGER NOT NULL PRIMARY KEY, "company_id" INTEGER NOT NULL,
"debt_id" INTEGER NOT NULL, "decision_id" INTEGER NOT NULL, "role" TEXT NOT NULL,
FOREIGN KEY ("company_id") REFERENCES "company" ("id"),
FOREIGN KEY ("company_id", "debt_id") REFERENCES "debt_item" ("company_id", "id"),
FOREIGN KEY ("company_id", "decision_id") REFERENCES "decision" ("company_id", "id"), {ROLES})
"""
REMARK = """
CREATE TABLE "debt_remark" ("id" INTEGER NOT NULL PRIMARY KEY, "company_id" INTEGER NOT NULL,
"debt_id" INTEGER NOT NULL, "seq" INTEGER NOT NULL, "text" TEXT NOT NULL,
FOREIGN KEY ("company_id") REFERENCES "company" ("id"),
FOREIGN KEY ("company_id", "debt_id") REFERENCES "debt_item" ("company_id", "id"))
"""
ACT_BY = 'CREATE INDEX "debt_item_company_id_act_by_id" ON "debt_item" ("company_id", "act_by", "id")'
SQLITE = (
    # What points at the table is put aside meanwhile: SQLite drops no table that something points at.
    'CREATE TABLE "debt_link_kept" AS SELECT * FROM "debt_link"',
    'CREATE TABLE "debt_remark_kept" AS SELECT * FROM "debt_remark"',
    'DROP TABLE "debt_link"',
    'DROP TABLE "debt_remark"',
    WIDER,
    f'INSERT INTO "debt_item_wider" ({KEPT}, "intent", "care", "benefit", "impact", "security") '  # noqa: S608
    f"SELECT {KEPT}, '', '', '', '', 0 FROM \"debt_item\"",
    'DROP TABLE "debt_item"',
    'ALTER TABLE "debt_item_wider" RENAME TO "debt_item"',
    'CREATE INDEX "debt_item_company_id_changed_at_id" ON "debt_item" ("company_id", "changed_at", "id")',
    'CREATE INDEX "debt_item_company_id_state_monthly_loss_id" '
    'ON "debt_item" ("company_id", "state", "monthly_loss", "id")',
    LINK,
    'INSERT INTO "debt_link" SELECT "id", "company_id", "debt_id", "decision_id", "role" '
    'FROM "debt_link_kept"',
    'CREATE UNIQUE INDEX "debt_link_company_id_debt_id_decision_id_role" '
    'ON "debt_link" ("company_id", "debt_id", "decision_id", "role")',
    'CREATE INDEX "debt_link_company_id_decision_id" ON "debt_link" ("company_id", "decision_id")',
    REMARK,
    'INSERT INTO "debt_remark" SELECT "id", "company_id", "debt_id", "seq", "text" FROM "debt_remark_kept"',
    'CREATE UNIQUE INDEX "debt_remark_company_id_debt_id_seq" '
    'ON "debt_remark" ("company_id", "debt_id", "seq")',
    'DROP TABLE "debt_link_kept"',
    'DROP TABLE "debt_remark_kept"',
)
BLANK = {"intent": "''", "care": "''", "benefit": "''", "impact": "''", "security": "FALSE"}
POSTGRESQL = (
    *(
        f'ALTER TABLE "debt_item" ADD COLUMN "{name}" {"BOOLEAN" if name == "security" else "TEXT"} '
        f"NOT NULL DEFAULT {empty}"
        for name, empty in BLANK.items()
    ),
    *(f'ALTER TABLE "debt_item" ALTER COLUMN "{name}" DROP DEFAULT' for name in BLANK),
    *(
        f'ALTER TABLE "debt_item" ADD COLUMN "{name}" TEXT'
        for name in ("review_on", "obligation_on", "starts_on", "carried_until", "retires_on", "act_by")
    ),
    *(f'ALTER TABLE "debt_item" ADD COLUMN "{name}" INTEGER' for name in ("monthly_work", "left_over")),
    'ALTER TABLE "debt_item" DROP CONSTRAINT "debt_item_state_check"',
    f'ALTER TABLE "debt_item" ADD CONSTRAINT "debt_item_state_check" {STATES}',
    'ALTER TABLE "debt_item" DROP CONSTRAINT "debt_item_kind_check"',
    f'ALTER TABLE "debt_item" ADD CONSTRAINT "debt_item_kind_check" {KINDS}',
    f'ALTER TABLE "debt_item" ADD CONSTRAINT "debt_item_intent_check" {INTENTS}',
    f'ALTER TABLE "debt_item" ADD CONSTRAINT "debt_item_care_check" {CARES}',
    'ALTER TABLE "debt_link" DROP CONSTRAINT "debt_link_role_check"',
    f'ALTER TABLE "debt_link" ADD CONSTRAINT "debt_link_role_check" {ROLES}',
)

ESTIMATE = """
CREATE TABLE "debt_estimate" ("id" {key} NOT NULL PRIMARY KEY, "company_id" INTEGER NOT NULL,
"debt_id" INTEGER NOT NULL, "seq" INTEGER NOT NULL, "person_id" INTEGER, "at" {big} NOT NULL,
"fix_low" INTEGER NOT NULL, "fix_likely" INTEGER NOT NULL, "fix_high" INTEGER NOT NULL,
"loss_low" INTEGER NOT NULL, "loss_likely" INTEGER NOT NULL, "loss_high" INTEGER NOT NULL,
"chance" INTEGER NOT NULL, "growth" INTEGER NOT NULL, "fix_growth" INTEGER NOT NULL,
"growth_reason" TEXT NOT NULL, "months" INTEGER NOT NULL, "left_over" INTEGER NOT NULL,
"avoided" {big} NOT NULL, "avoided_reason" TEXT NOT NULL, "currency" TEXT NOT NULL,
"confidence" TEXT NOT NULL, "note" TEXT NOT NULL,
FOREIGN KEY ("company_id") REFERENCES "company" ("id"), FOREIGN KEY ("person_id") REFERENCES "person" ("id"),
FOREIGN KEY ("company_id", "debt_id") REFERENCES "debt_item" ("company_id", "id"))
"""
CARRY = """
CREATE TABLE "debt_carry" ("id" {key} NOT NULL PRIMARY KEY, "company_id" INTEGER NOT NULL,
"debt_id" INTEGER NOT NULL, "asked_by_id" INTEGER NOT NULL, "asked_at" {big} NOT NULL,
"reason" TEXT NOT NULL, "until" TEXT NOT NULL, "state" TEXT NOT NULL, "agreed_by_id" INTEGER,
"agreed_at" {big}, "security_says" TEXT NOT NULL, "leader_id" INTEGER, "answered_at" {big},
FOREIGN KEY ("company_id") REFERENCES "company" ("id"),
FOREIGN KEY ("asked_by_id") REFERENCES "person" ("id"),
FOREIGN KEY ("agreed_by_id") REFERENCES "person" ("id"),
FOREIGN KEY ("leader_id") REFERENCES "person" ("id"),
FOREIGN KEY ("company_id", "debt_id") REFERENCES "debt_item" ("company_id", "id"),
CHECK ("state" IN ('asked', 'agreed', 'refused', 'carried', 'declined', 'withdrawn')))
"""
BY_COST = 'CREATE INDEX "debt_item_by_cost" ON "debt_item" ("company_id", COALESCE("monthly_loss", -1), "id")'
ADDED = (
    ACT_BY,
    BY_COST,
    ESTIMATE,
    'CREATE UNIQUE INDEX "debt_estimate_company_id_debt_id_seq" '
    'ON "debt_estimate" ("company_id", "debt_id", "seq")',
    CARRY,
    'CREATE INDEX "debt_carry_company_id_debt_id_id" ON "debt_carry" ("company_id", "debt_id", "id")',
    'CREATE INDEX "debt_carry_company_id_state_id" ON "debt_carry" ("company_id", "state", "id")',
    'CREATE UNIQUE INDEX "debt_carry_waiting" ON "debt_carry" ("company_id", "debt_id") '
    "WHERE \"state\" IN ('asked', 'agreed')",
    'ALTER TABLE "company" ADD COLUMN "discount" INTEGER NOT NULL DEFAULT 1000',
    'ALTER TABLE "company" ADD COLUMN "horizon" INTEGER NOT NULL DEFAULT 24',
    'ALTER TABLE "company" ADD COLUMN "payback_limit" INTEGER NOT NULL DEFAULT 12',
    'ALTER TABLE "company" ADD COLUMN "hours_per_day" INTEGER NOT NULL DEFAULT 8',
    'ALTER TABLE "system" ADD COLUMN "rebuild" INTEGER',
    'ALTER TABLE "system" ADD COLUMN "effort" INTEGER',
    'ALTER TABLE "system" ADD COLUMN "retires_on" TEXT',
    'ALTER TABLE "system" ADD COLUMN "criticality" TEXT NOT NULL DEFAULT \'\'',
    'ALTER TABLE "system" ADD COLUMN "goal" TEXT NOT NULL DEFAULT \'\'',
)

REFUSAL = "this record is append-only: nothing in it is ever changed or removed"
THERE = "(id = NEW.id) OR (company_id = NEW.company_id AND debt_id = NEW.debt_id AND seq = NEW.seq)"
TABLE = "debt_estimate"


def up(migrator: Any, db: Any) -> None:
    """Widen the ledger; each estimate that the record tells of becomes a row, as it was made."""
    sqlite = "Sqlite" in type(db).__name__
    words = {"key": "INTEGER", "big": "INTEGER"} if sqlite else {"key": "SERIAL", "big": "BIGINT"}
    for statement in SQLITE if sqlite else POSTGRESQL:
        db.execute_sql(" ".join(statement.split()))
    for statement in ADDED:
        db.execute_sql(" ".join(statement.format(**words).split()))
    _keep_estimates(db, "?" if sqlite else "%s")
    for statement in _sqlite() if sqlite else _postgresql():
        db.execute_sql(statement)


def _keep_estimates(db: Any, mark: str) -> None:
    acts = db.execute_sql(
        'SELECT e."company_id", e."subject_id", e."seq", e."actor_id", e."at", e."body", c."currency" '
        'FROM "event" AS e JOIN "company" AS c ON c."id" = e."company_id" '
        'JOIN "debt_item" AS i ON i."company_id" = e."company_id" AND i."id" = e."subject_id" '
        "WHERE e.\"kind\" = 'debt.analysed' AND e.\"subject_type\" = 'debt'"
    ).fetchall()
    names = (
        '"company_id", "debt_id", "seq", "person_id", "at", "fix_low", "fix_likely", "fix_high", "loss_low", '
        '"loss_likely", "loss_high", "chance", "growth", "fix_growth", "growth_reason", "months", '
        '"left_over", "avoided", "avoided_reason", "currency", "confidence", "note"'
    )
    for company, item, seq, actor, at, body, currency in acts:
        data = json.loads(bytes(body) if not isinstance(body, str) else body)["data"]
        fix, loss = data["fix_days"], data["monthly_loss"]
        numbers = (*[fix] * 3, *[loss] * 3, 10_000, 0, 0, "", 0, 0, 0, "", currency, "guess", "")
        values = (company, item, seq, actor, at, *numbers)
        holes = ", ".join([mark] * len(values))
        db.execute_sql(f"INSERT INTO {TABLE} ({names}) VALUES ({holes})", values)  # noqa: S608 - our own names


def _sqlite() -> list[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    return [
        f"CREATE TRIGGER {TABLE}_no_update BEFORE UPDATE ON {TABLE} {refuse}",
        f"CREATE TRIGGER {TABLE}_no_delete BEFORE DELETE ON {TABLE} {refuse}",
        f"CREATE TRIGGER {TABLE}_no_replace BEFORE INSERT ON {TABLE} "  # noqa: S608 - our own names
        f"WHEN EXISTS (SELECT 1 FROM {TABLE} WHERE {THERE}) {refuse}",
    ]


def _postgresql() -> list[str]:
    return [
        f"CREATE TRIGGER {TABLE}_no_change BEFORE UPDATE OR DELETE ON {TABLE} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        f"CREATE TRIGGER {TABLE}_no_truncate BEFORE TRUNCATE ON {TABLE} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
    ]
