"""The decisions a person may know of, and their versions: the one way to a decision by its number."""

from typing import Any

from peewee import Query

from adr_app.domain.errors import NotFound
from adr_app.models.decisions import Decision, Revision
from adr_app.models.spelled import Spelled
from adr_app.services.people import Viewer


def visible(viewer: Viewer) -> Query:
    """Return the decisions this person may know of: their company's, less what is restricted."""
    return seen(**whose(viewer))


def whose(viewer: Viewer) -> dict[str, Any]:
    """Return what `seen` takes for this person, for queries that are spelled once."""
    return {
        "company": viewer.company.id,
        "person": viewer.person.id,
        "everything": viewer.sees_restricted,
    }


def seen(company: Any, person: Any, everything: bool) -> Query:
    """Return the decisions of a company that a person may know of, who may see `everything` or not."""
    query = Decision.select().where(Decision.company == company)
    if everything:
        return query
    return query.where((Decision.restricted == False) | (Decision.author == person))  # noqa: E712


def find(viewer: Viewer, number: int) -> Decision:
    """Return the decision with this number.

    :raises NotFound: when it is missing, another company's, or hidden from this person.
    """
    # A number beyond what the column holds is as missing as any other.
    decision = _ONE.first(**whose(viewer), number=number) if number < 2**31 else None
    if decision is None:
        raise NotFound("There is no such decision.")
    decision.company = viewer.company
    return decision


_ONE = Spelled(
    lambda company, person, everything, number: (
        seen(company, person, everything).where(Decision.number == number).limit(1)
    )
)


def revision(decision: Decision, number: int | None = None) -> Revision:
    """Return one revision of a decision, the newest by default.

    :raises NotFound: when there is none with that number.
    """
    wanted = decision.latest if number is None else number
    found = _REVISION.first(company=decision.company_id, decision=decision.id, number=wanted)
    if found is None:
        raise NotFound("There is no such version.")
    return found


_REVISION = Spelled(
    lambda company, decision, number: (
        Revision.select()
        .where(Revision.company == company, Revision.decision_id == decision, Revision.number == number)
        .limit(1)
    )
)


def revisions(decision: Decision) -> list[Revision]:
    """Return every version of a decision, newest first."""
    return list(
        Revision.select()
        .where(Revision.company == decision.company_id, Revision.decision_id == decision.id)
        .order_by(Revision.number.desc())
    )
