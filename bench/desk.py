"""`python -m bench.desk`: what the desk of a vCISO of many companies costs, against the bare layout.

One review for each decision: one in ten waits, one in twenty is a question to the author, the others are
answered by that vCISO. `--waiting` makes all of them wait, which no vCISO survives but the page should.
"""

import argparse
import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from adr_app.models.base import database, insert_rows, open_database
from adr_app.models.decisions import Decision
from adr_app.models.people import Company, Person
from adr_app.models.reviews import Review, Verdict
from adr_app.services import desk_queue, engagements, homes, people, session
from bench.building import BIG, Size, people_of, prepared
from bench.measuring import Cost, Page, measured, served

ADDRESS = "desk@everywhere.example"
SHARE = 0.35
"""The least share of the layout page's rate, as for the list of decisions."""


def main() -> None:
    """Build the desk, measure its pages and print what each costs; nothing is asserted."""
    parser = argparse.ArgumentParser(prog="python -m bench.desk")
    parser.add_argument("--companies", type=int, default=50)
    parser.add_argument("--reviews", type=int, default=20_000)
    parser.add_argument("--waiting", action="store_true", help="let every review wait")
    parser.add_argument("--folder", type=Path, default=Path("adr-data/bench"))
    wanted = parser.parse_args()
    each = wanted.reviews // wanted.companies
    base = prepared(Size(each, small=each, others=wanted.companies - 2, each=each), wanted.folder)
    with tempfile.TemporaryDirectory(dir=wanted.folder) as place:
        made = Path(place) / "desk.db"
        shutil.copy(base.removeprefix("sqlite:///"), made)
        url = f"sqlite:///{made}"
        pages = _prepare(url, every=1 if wanted.waiting else 10)
        with served(url) as address:
            costs = measured(address, pages)
    print(
        f"{wanted.companies} companies, {wanted.reviews} reviews; wanted: {SHARE} of the layout page's rate"
    )
    tell(pages, costs)


def tell(pages: list[Page], costs: dict[str, Cost]) -> None:
    """Print what each page costs, beside the layout page, which is the first."""
    layout = costs[pages[0].name].seconds
    for page in pages:
        cost = costs[page.name]
        print(
            f"{page.name:24}{cost.seconds * 1000:>8.2f} ms{layout / cost.seconds:>8.3f} of layout"
            f"{cost.queries:>7.1f} queries"
        )


def _prepare(url: str, *, every: int) -> list[Page]:
    """Engage one vCISO everywhere and store the reviews; return the pages to ask for."""
    database.initialize(open_database(url))
    database.connect()
    try:
        at = datetime.now(UTC).replace(microsecond=0)
        person = people.known(ADDRESS, "Vera Everywhere", at=at)
        Review.delete().execute()
        for company in list(Company.select()):
            leader = Person.get(Person.email == f"leader@{company.name}.example")
            viewer = people.viewer(leader, company.slug, at)
            engagements.appoint(viewer, role="vciso", email=ADDRESS, at=at)
            waiting_reviews(company.id, people_of(company.slug)["cto"], person, at, every)
        database.execute_sql("ANALYZE")
        token = session.start(person, at=at)[0]
        me = homes.mine(person, people.companies_of(person.id, at), at)
        deep = desk_queue.page(me, desk_queue.Wanted())
        return [
            Page("layout", "/bench/layout", session.start(people_of(BIG)["cto"], at=at)[0]),
            Page("layout, 50 companies", "/bench/layout", token),
            Page("desk", "/desk", token),
            Page("desk, second page", f"/desk?page={deep.older}", token),
            Page("desk, late", "/desk?late=yes", token),
            Page("desk, by level", "/desk?level=1", token),
            Page("desk, waiting for author", "/desk?what=them", token),
            Page("desk, answered", "/desk?what=answered", token),
            Page("first screen, vciso", "/", token),
        ]
    finally:
        database.close()


def waiting_reviews(company_id: int, cto: Person, vera: Person, at: datetime, every: int) -> None:
    """Store one review of each decision of a company, of which one in `every` waits."""
    rows, given = [], []
    for number, row in enumerate(
        Decision.select(Decision.id, Decision.level).where(Decision.company == company_id)
    ):
        state = "waiting" if number % every == 0 else "question" if number % 20 == 1 else "answered"
        asked = at - timedelta(days=number % 12, seconds=row.id % 3600)
        rows.append(
            {
                "company": company_id, "decision_id": row.id, "asked_by": cto.id, "asked_of": vera.id,
                "asked_at": asked, "due_at": asked + timedelta(days=7), "emergency": False, "state": state,
                "closed_at": None, "look_on": None, "taken_at": None,
                "level": 2 if row.level is None else row.level,
            }
        )  # fmt: skip
        if state == "answered":
            given.append(
                {
                    "company": company_id, "decision_id": row.id, "review_id": None, "revision_id": row.id,
                    "number": 1, "code": "approve", "person": vera.id, "person_name": vera.name,
                    "role_name": "vCISO", "engagement_id": None, "text": "", "digest": "", "level": 1,
                    "valid_until": None, "confirmed_by": "", "at": asked + timedelta(hours=1),
                }
            )  # fmt: skip
    insert_rows(Review, rows)
    insert_rows(Verdict, given)


if __name__ == "__main__":
    main()
