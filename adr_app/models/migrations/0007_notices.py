"""Tell by mail who is waited for: what is told to whom, how they want it, and the work that waits."""

from typing import Any

STATE = "CHECK (\"state\" IN ('waiting', 'sending', 'sent', 'dropped', 'failed'))"
OF_A_COMPANY = 'FOREIGN KEY ("company_id") REFERENCES "company" ("id")'
OF_A_PERSON = 'FOREIGN KEY ("person_id") REFERENCES "person" ("id")'
TABLES = (
    f"""
CREATE TABLE "notice" ("id" {{key}} NOT NULL PRIMARY KEY, "company_id" INTEGER NOT NULL,
"person_id" INTEGER NOT NULL, "kind" TEXT NOT NULL, "decision_id" INTEGER NOT NULL,
"about" INTEGER NOT NULL, "seq" INTEGER NOT NULL, "how" TEXT NOT NULL, "state" TEXT NOT NULL,
"made_at" {{instant}} NOT NULL, "due_at" {{instant}} NOT NULL, "attempts" INTEGER NOT NULL,
"tried_at" {{instant}}, "trouble" TEXT NOT NULL, {OF_A_COMPANY}, {OF_A_PERSON},
UNIQUE (company_id, id),
FOREIGN KEY ("company_id", "decision_id") REFERENCES "decision" ("company_id", "id"),
CHECK ("how" IN ('at-once', 'daily')), {STATE})
""",
    f"""
CREATE TABLE "digest" ("id" {{key}} NOT NULL PRIMARY KEY, "person_id" INTEGER NOT NULL,
"day" TEXT NOT NULL, "state" TEXT NOT NULL, "due_at" {{instant}} NOT NULL, "attempts" INTEGER NOT NULL,
"tried_at" {{instant}}, "trouble" TEXT NOT NULL, {OF_A_PERSON}, {STATE})
""",
    f"""
CREATE TABLE "notice_choice" ("id" {{key}} NOT NULL PRIMARY KEY, "company_id" INTEGER NOT NULL,
"person_id" INTEGER NOT NULL, "kind" TEXT NOT NULL, "how" TEXT NOT NULL, {OF_A_COMPANY}, {OF_A_PERSON},
UNIQUE (company_id, id), CHECK ("how" IN ('at-once', 'daily', 'never')))
""",
    f"""
CREATE TABLE "question_link" ("id" {{key}} NOT NULL PRIMARY KEY, "company_id" INTEGER NOT NULL,
"question_id" INTEGER NOT NULL, "person_id" INTEGER NOT NULL, "text" TEXT NOT NULL,
"made_at" {{instant}} NOT NULL, "expires_at" {{instant}} NOT NULL, "used_at" {{instant}},
"code_hash" TEXT, "code_until" {{instant}}, "code_tries" INTEGER NOT NULL, {OF_A_COMPANY}, {OF_A_PERSON},
UNIQUE (company_id, id),
FOREIGN KEY ("company_id", "question_id") REFERENCES "risk_question" ("company_id", "id"))
""",
    """
CREATE TABLE "queue_task" ("id" {key} NOT NULL PRIMARY KEY, "queue" TEXT NOT NULL, "data" {bytes} NOT NULL,
"priority" REAL NOT NULL)
""",
    """
CREATE TABLE "queue_later" ("id" {key} NOT NULL PRIMARY KEY, "queue" TEXT NOT NULL, "data" {bytes} NOT NULL,
"timestamp" {instant} NOT NULL)
""",
    """
CREATE TABLE "queue_value" ("queue" TEXT NOT NULL, "key" TEXT NOT NULL, "value" {bytes} NOT NULL,
PRIMARY KEY ("queue", "key"))
""",
)
INDEXES = (
    'CREATE UNIQUE INDEX "notice_company_id_seq_kind_person_id_about" '
    'ON "notice" ("company_id", "seq", "kind", "person_id", "about")',
    'CREATE INDEX "notice_company_id_state" ON "notice" ("company_id", "state")',
    'CREATE INDEX "notice_person_id_how_state" ON "notice" ("person_id", "how", "state")',
    'CREATE INDEX "notice_state_due_at" ON "notice" ("state", "due_at")',
    'CREATE UNIQUE INDEX "digest_person_id_day" ON "digest" ("person_id", "day")',
    'CREATE INDEX "digest_state_due_at" ON "digest" ("state", "due_at")',
    'CREATE UNIQUE INDEX "notice_choice_company_id_person_id_kind" '
    'ON "notice_choice" ("company_id", "person_id", "kind")',
    'CREATE INDEX "question_link_company_id_question_id_id" '
    'ON "question_link" ("company_id", "question_id", "id")',
    'CREATE INDEX "queue_task_queue_priority_id" ON "queue_task" ("queue", "priority", "id")',
    'CREATE INDEX "queue_later_queue_timestamp" ON "queue_later" ("queue", "timestamp")',
)
COLUMNS = ('"confirmed_by" TEXT', '"reported_on" TEXT', '"reported_by" INTEGER')
SQLITE = {"key": "INTEGER", "bytes": "BLOB", "instant": "INTEGER"}
POSTGRESQL = {"key": "SERIAL", "bytes": "BYTEA", "instant": "BIGINT"}


def up(migrator: Any, db: Any) -> None:
    """Add the tables, and how a question to leadership was answered, or is reported to have been."""
    words = SQLITE if "Sqlite" in type(db).__name__ else POSTGRESQL
    columns = (f'ALTER TABLE "risk_question" ADD COLUMN {column}' for column in COLUMNS)
    for statement in (*(table.format(**words) for table in TABLES), *INDEXES, *columns):
        db.execute_sql(" ".join(statement.split()))
