"""Keep what a company is, what presses it, its duties, and answers to which role comes first."""

from typing import Any

COMPANY_PROFILE = """
CREATE TABLE "company_profile" ("id" {key} NOT NULL PRIMARY KEY, "company_id" INTEGER NOT NULL, "sector"
TEXT NOT NULL, "stage" TEXT NOT NULL, "data" TEXT NOT NULL, "markets" TEXT NOT NULL, "jurisdictions" TEXT
NOT NULL, "person_id" INTEGER NOT NULL, "at" {instant} NOT NULL, FOREIGN KEY ("company_id") REFERENCES
"company" ("id"), FOREIGN KEY ("person_id") REFERENCES "person" ("id"), UNIQUE (company_id, id), CHECK
("sector" IN ('', 'health', 'finance', 'government', 'services', 'software', 'industry', 'other')), CHECK
("stage" IN ('', 'early', 'growth', 'mid-market', 'mature')))
"""
PRESSURE = """
CREATE TABLE "pressure" ("id" {key} NOT NULL PRIMARY KEY, "company_id" INTEGER NOT NULL, "kind" TEXT NOT
NULL, "name" TEXT NOT NULL, "loses" TEXT NOT NULL, "consequence" TEXT NOT NULL, "level" INTEGER NOT NULL,
"bites_on" TEXT, "now" {boolean} NOT NULL, "evidence" TEXT NOT NULL, "shapes_years" INTEGER NOT NULL,
"money_low" {instant}, "money_likely" {instant}, "money_high" {instant}, "deal" TEXT NOT NULL, "deal_value"
{instant}, "waiting_since" TEXT, "reported_by" TEXT NOT NULL, "interest" TEXT NOT NULL, "person_id" INTEGER
NOT NULL, "opened_at" {instant} NOT NULL, "closed_at" {instant}, "closed_how" TEXT NOT NULL, "closed_why"
TEXT NOT NULL, FOREIGN KEY ("company_id") REFERENCES "company" ("id"), FOREIGN KEY ("person_id") REFERENCES
"person" ("id"), UNIQUE (company_id, id), CHECK ("kind" IN ('technology_direction', 'product_architecture',
'scaling_infrastructure', 'platform_migration', 'new_product_launch', 'team_structure', 'build_or_buy',
'vendor_selection', 'technical_debt', 'execution_friction', 'compliance_deadline', 'regulatory_requirement',
'customer_security_review', 'customer_audit', 'data_security', 'active_vulnerability', 'incident',
'contract_security_terms', 'blocked_sale', 'vendor_risk')), CHECK ("consequence" IN ('lost_contract',
'sale_delayed', 'failed_audit', 'liability', 'incident_cost', 'outage', 'wrong_thing', 'growing_debt',
'team_stuck')), CHECK ("level" >= 1), CHECK ("closed_how" IN ('', 'dealt', 'gone', 'happened',
'mistake')))
"""
PRESSURE_ORDER = """
CREATE TABLE "pressure_order" ("id" {key} NOT NULL PRIMARY KEY, "company_id" INTEGER NOT NULL, "person_id"
INTEGER NOT NULL, "person_name" TEXT NOT NULL, "keys" TEXT NOT NULL, "at" {instant} NOT NULL, FOREIGN KEY
("company_id") REFERENCES "company" ("id"), FOREIGN KEY ("person_id") REFERENCES "person" ("id"), UNIQUE
(company_id, id))
"""
OBLIGATION = """
CREATE TABLE "obligation" ("id" {key} NOT NULL PRIMARY KEY, "company_id" INTEGER NOT NULL, "name" TEXT NOT
NULL, "source" TEXT NOT NULL, "reference" TEXT NOT NULL, "asks" TEXT NOT NULL, "kind" TEXT NOT NULL,
"consequence" TEXT NOT NULL, "loses" TEXT NOT NULL, "level" INTEGER NOT NULL, "first_on" TEXT NOT NULL,
"months" INTEGER, "person_id" INTEGER NOT NULL, "added_at" {instant} NOT NULL, "ended_at" {instant},
"ended_why" TEXT NOT NULL, FOREIGN KEY ("company_id") REFERENCES "company" ("id"), FOREIGN KEY ("person_id")
REFERENCES "person" ("id"), UNIQUE (company_id, id), CHECK ("source" IN ('law', 'contract')), CHECK ("kind"
IN ('compliance_deadline', 'regulatory_requirement', 'contract_security_terms', 'customer_security_review',
'customer_audit')), CHECK ("consequence" IN ('lost_contract', 'sale_delayed', 'failed_audit', 'liability',
'incident_cost', 'outage', 'wrong_thing', 'growing_debt', 'team_stuck')), CHECK ("level" >= 1))
"""
OBLIGATION_MET = """
CREATE TABLE "obligation_met" ("id" {key} NOT NULL PRIMARY KEY, "company_id" INTEGER NOT NULL,
"obligation_id" INTEGER NOT NULL, "due_on" TEXT NOT NULL, "met_on" TEXT NOT NULL, "evidence" TEXT NOT NULL,
"person_id" INTEGER NOT NULL, "person_name" TEXT NOT NULL, "at" {instant} NOT NULL, FOREIGN KEY
("company_id") REFERENCES "company" ("id"), FOREIGN KEY ("person_id") REFERENCES "person" ("id"), UNIQUE
(company_id, id), FOREIGN KEY ("company_id", "obligation_id") REFERENCES "obligation" ("company_id", "id"))
"""
ROLE_ASSESSMENT = """
CREATE TABLE "role_assessment" ("id" {key} NOT NULL PRIMARY KEY, "company_id" INTEGER NOT NULL, "result"
TEXT NOT NULL, "rule" TEXT NOT NULL, "inputs" TEXT NOT NULL, "told" TEXT NOT NULL, "gains" {boolean} NOT
NULL, "interest" TEXT NOT NULL, "person_id" INTEGER NOT NULL, "person_name" TEXT NOT NULL, "role_name" TEXT
NOT NULL, "assessed_on" TEXT NOT NULL, "review_on" TEXT NOT NULL, "at" {instant} NOT NULL, FOREIGN KEY
("company_id") REFERENCES "company" ("id"), FOREIGN KEY ("person_id") REFERENCES "person" ("id"), UNIQUE
(company_id, id), CHECK ("result" IN ('NO_PRESSURE', 'CTO_FIRST', 'VCISO_FIRST', 'CTO_THEN_VCISO',
'VCISO_THEN_CTO', 'UNDECIDED', 'NEXT_CTO', 'NEXT_VCISO', 'CTO_ENOUGH', 'VCISO_ENOUGH', 'BOTH_ENGAGED')),
CHECK ("rule" IN ('R0', 'R1', 'R2', 'R3', 'R4', 'R5', 'R6', 'R7')))
"""
ROLE_CHOICE = """
CREATE TABLE "role_choice" ("id" {key} NOT NULL PRIMARY KEY, "company_id" INTEGER NOT NULL, "assessment_id"
INTEGER NOT NULL, "followed" {boolean} NOT NULL, "why" TEXT NOT NULL, "person_id" INTEGER NOT NULL,
"person_name" TEXT NOT NULL, "at" {instant} NOT NULL, FOREIGN KEY ("company_id") REFERENCES "company"
("id"), FOREIGN KEY ("person_id") REFERENCES "person" ("id"), UNIQUE (company_id, id), FOREIGN KEY
("company_id", "assessment_id") REFERENCES "role_assessment" ("company_id", "id"))
"""
INDEXES = (
    'CREATE INDEX "pressure_company_id_closed_at_id" ON "pressure" ("company_id", "closed_at", "id")',
    'CREATE INDEX "pressure_order_company_id_person_id_id" '
    'ON "pressure_order" ("company_id", "person_id", "id")',
    'CREATE UNIQUE INDEX "obligation_met_company_id_obligation_id_due_on" '
    'ON "obligation_met" ("company_id", "obligation_id", "due_on")',
    'CREATE UNIQUE INDEX "role_choice_company_id_assessment_id" '
    'ON "role_choice" ("company_id", "assessment_id")',
)
SEALED = {
    "company_profile": "(id = NEW.id)",
    "pressure_order": "(id = NEW.id)",
    "obligation_met": "(id = NEW.id) OR "
    "(company_id = NEW.company_id AND obligation_id = NEW.obligation_id AND due_on = NEW.due_on)",
    "role_assessment": "(id = NEW.id)",
    "role_choice": "(id = NEW.id) OR (company_id = NEW.company_id AND assessment_id = NEW.assessment_id)",
}
"""Tables whose rows are never changed, and when a row is there already."""
TABLES = (COMPANY_PROFILE, PRESSURE, PRESSURE_ORDER, OBLIGATION, OBLIGATION_MET, ROLE_ASSESSMENT, ROLE_CHOICE)
SQLITE = {"key": "INTEGER", "boolean": "INTEGER", "instant": "INTEGER"}
POSTGRESQL = {"key": "SERIAL", "boolean": "BOOLEAN", "instant": "BIGINT"}
REFUSAL = "this record is append-only: nothing in it is ever changed or removed"


def up(migrator: Any, db: Any) -> None:
    """Add the tables; nothing was kept of any of it before."""
    sqlite = "Sqlite" in type(db).__name__
    words = SQLITE if sqlite else POSTGRESQL
    for statement in (*(table.format(**words) for table in TABLES), *INDEXES):
        db.execute_sql(" ".join(statement.split()))
    for table, there in SEALED.items():
        for statement in _sqlite(table, there) if sqlite else _postgresql(table):
            db.execute_sql(statement)


def _sqlite(table: str, there: str) -> list[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    return [
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}",
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "  # noqa: S608 - our own names
        f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {there}) {refuse}",
    ]


def _postgresql(table: str) -> list[str]:
    return [
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
    ]
