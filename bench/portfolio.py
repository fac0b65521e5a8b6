"""`python -m bench.portfolio`: what the companies of an adviser cost side by side, against the bare layout.

At every second company the adviser is CTO, at the others vCISO, and in ten decisions one waits for an answer.
"""

import argparse
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from adr_app.models.base import database, open_database
from adr_app.models.people import Company, Person
from adr_app.models.reviews import Review
from adr_app.services import engagements, people, session
from bench.building import BIG, Size, people_of, prepared
from bench.desk import SHARE, tell, waiting_reviews
from bench.measuring import Page, measured, served

ADDRESS = "portfolio@everywhere.example"


def main() -> None:
    """Build the companies, measure the page and print what it costs; nothing is asserted."""
    parser = argparse.ArgumentParser(prog="python -m bench.portfolio")
    parser.add_argument("--companies", type=int, default=200)
    parser.add_argument("--decisions", type=int, default=20_000)
    parser.add_argument("--folder", type=Path, default=Path("adr-data/bench"))
    wanted = parser.parse_args()
    each = wanted.decisions // wanted.companies
    base = prepared(Size(each, small=each, others=wanted.companies - 2, each=each), wanted.folder)
    with tempfile.TemporaryDirectory(dir=wanted.folder) as place:
        made = Path(place) / "portfolio.db"
        shutil.copy(base.removeprefix("sqlite:///"), made)
        url = f"sqlite:///{made}"
        pages = _prepare(url)
        with served(url) as address:
            costs = measured(address, pages)
    print(f"{wanted.companies} companies, {wanted.decisions} decisions; wanted: {SHARE} of the layout's rate")
    tell(pages, costs)


def _prepare(url: str) -> list[Page]:
    database.initialize(open_database(url))
    database.connect()
    try:
        at = datetime.now(UTC).replace(microsecond=0)
        person = people.known(ADDRESS, "Sam Everywhere", at=at)
        Review.delete().execute()
        for number, company in enumerate(list(Company.select())):
            leader = people.viewer(
                Person.get(Person.email == f"leader@{company.name}.example"), company.slug, at
            )
            role = "cto" if number % 2 else "vciso"
            engagements.appoint(leader, role=role, email=ADDRESS, at=at)
            waiting_reviews(company.id, people_of(company.slug)["cto"], person, at, 10)
        database.execute_sql("ANALYZE")
        token = session.start(person, at=at)[0]
        return [
            Page("layout", "/bench/layout", session.start(people_of(BIG)["cto"], at=at)[0]),
            Page("layout, all companies", "/bench/layout", token),
            Page("portfolio", "/companies", token),
            Page("portfolio, last page", "/companies?page=999", token),
        ]
    finally:
        database.close()


if __name__ == "__main__":
    main()
