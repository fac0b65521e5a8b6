"""Create the first schema, from the frozen statements beside this file."""

from pathlib import Path
from typing import Any


def up(migrator: Any, db: Any) -> None:
    """Run the statements for this engine, one after the other."""
    engine = "sqlite" if "Sqlite" in type(db).__name__ else "postgresql"
    script = Path(__file__).with_name(f"0001_initial.{engine}.sql").read_text(encoding="utf-8")
    for statement in script.split(";\n\n"):
        if statement.strip():
            db.execute_sql(statement.strip().removesuffix(";"))
