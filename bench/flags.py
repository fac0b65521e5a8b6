"""How long it takes to work out every flag of a large company anew, and how much memory that needs."""

import resource
import time
from pathlib import Path
from typing import Any

from adr_app.models.base import database, open_database
from adr_app.models.people import Company
from adr_app.services import flags
from bench.building import BIG, Size, prepared


def measure(decisions: int, folder: Path) -> dict[str, Any]:
    """Rebuild the flags of the big company; return seconds by the wall and of work, and megabytes."""
    url = prepared(Size(decisions, 10, 1), folder)
    database.initialize(open_database(url))
    with database.connection_context():
        company = Company.get(Company.slug == BIG)
        before, began, worked = _megabytes(), time.monotonic(), time.process_time()
        batches: list[int] = []
        flags.rebuild(company.id, told=lambda done, whole: batches.append(_megabytes()))
        return {
            "decisions": decisions,
            "seconds": round(time.monotonic() - began, 1),
            "seconds of work": round(time.process_time() - worked, 1),
            "megabytes before": before,
            "megabytes after a tenth": batches[len(batches) // 10],
            "megabytes at the end": batches[-1],
        }


def tell(found: dict[str, Any]) -> None:
    """Print the figures."""
    print("Flags worked out anew: " + ", ".join(f"{words} {figure}" for words, figure in found.items()))


def _megabytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
