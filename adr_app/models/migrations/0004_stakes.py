"""Keep beside each decision how much hangs on it, so that what nobody checked is read in that order."""

import json
from typing import Any

NOT_SAID = 4
SENSITIVE = {"personal", "health", "payment", "government", "secrets"}
BATCH = 500


def up(migrator: Any, db: Any) -> None:
    """Add the column with its indexes, and fill it from the newest text of each decision."""
    db.execute_sql('ALTER TABLE "decision" ADD COLUMN "stakes" INTEGER NOT NULL DEFAULT 4')
    last = 0
    while rows := db.execute_sql(_texts(db.param), [last]).fetchall():
        for key, fields, answers in rows:
            found = _stakes(json.loads(fields), json.loads(answers))
            if found != NOT_SAID:
                change = f'UPDATE "decision" SET "stakes" = {db.param} WHERE "id" = {db.param}'  # noqa: S608
                db.execute_sql(change, [found, key])
        last = rows[-1][0]
    columns = '("company_id", "stakes", "decided_key", "id")'
    db.execute_sql(f'CREATE INDEX "decision_stakes" ON "decision" {columns}')
    db.execute_sql(f'CREATE INDEX "decision_full_review" ON "decision" {columns} WHERE "level" = 3')


def _texts(mark: str) -> str:
    return (
        'SELECT d."id", r."fields", r."answers" FROM "decision" AS d JOIN "revision" AS r '  # noqa: S608
        'ON r."company_id" = d."company_id" AND r."decision_id" = d."id" AND r."number" = d."latest" '
        f'WHERE d."id" > {mark} ORDER BY d."id" LIMIT {BATCH}'
    )


def _stakes(fields: dict[str, Any], answers: dict[str, str]) -> int:
    """Return what the text says as it was weighed when this was written."""
    undo = {"yes": 2, "no": 0}.get(str(answers.get("undo")))
    if undo is None:
        undo = {"hard": 2, "easy": 0}.get(str(fields.get("undo")), 1)
    named = set(fields.get("data") or ())
    sensitive = 2 if answers.get("data") == "yes" or named & SENSITIVE else 1
    if sensitive == 1 and (answers.get("data") == "no" or named):
        sensitive = 0
    return 3 * undo + sensitive
