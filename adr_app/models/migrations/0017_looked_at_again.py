"""Have what the rules on looking again say worked in, where acts recorded before bear on them."""

from typing import Any

BEHIND = (
    # Work noted as done may lack its description, and a firm's agreement may have ended beneath an OK.
    'UPDATE "decision" SET "stale_since" = "changed_at" WHERE "stale_since" IS NULL AND EXISTS '
    '(SELECT 1 FROM "event_subject" AS s JOIN "event" AS e ON e."company_id" = s."company_id" '
    'AND e."seq" = s."seq" WHERE s."company_id" = "decision"."company_id" '
    'AND s."subject_type" = \'decision\' AND s."subject_id" = "decision"."id" '
    "AND e.\"kind\" IN ('decision.implementation-set', 'vendor.agreement-ended'))",
    'UPDATE "company" SET "stale_since" = "last_event_at" WHERE "stale_since" IS NULL AND EXISTS '
    '(SELECT 1 FROM "decision" AS d WHERE d."company_id" = "company"."id" AND d."stale_since" IS NOT NULL)',
)


def up(migrator: Any, db: Any) -> None:
    """Mark the decisions whose flags are to be worked out again, a batch at a time."""
    for statement in BEHIND:
        db.execute_sql(statement)
