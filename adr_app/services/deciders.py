"""Who may accept decisions here, and who counts as having decided what somebody writes down as decided."""

from collections.abc import Iterable
from datetime import datetime

from adr_app.domain.permissions import Act, Role, permits
from adr_app.models.people import Engagement, Person
from adr_app.services.people import Viewer, engaged


def who_may_accept(viewer: Viewer, at: datetime) -> list[Person]:
    """Return everybody here who may accept a decision at `at` and has come in, longest engaged first."""
    persons: dict[int, tuple[Person, set[Role]]] = {}
    rows = (
        Engagement.running(at)
        .select(Engagement, Person)
        .join(Person, on=(Engagement.person == Person.id))
        .where(Engagement.company == viewer.company.id, Person.disabled_at.is_null())
        .order_by(Engagement.starts_at, Engagement.id)
    )
    for row in rows:
        persons.setdefault(row.person.id, (row.person, set()))[1].add(Role(row.role))
    return [
        person
        for person, roles in persons.values()
        if permits(Act.ACCEPT, roles, cto_engaged=viewer.cto_engaged)
    ]


def in_words(viewer: Viewer, at: datetime) -> str:
    """Return who may accept decisions here, by name, the viewer as “you”: “you or Priya Nair”."""
    able = who_may_accept(viewer, at)
    names = ["you" if person.id == viewer.person.id else person.name for person in able]
    if not names:
        return "whoever may accept decisions here"
    return " or ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names)


def named(company_id: int, names: Iterable[str], at: datetime) -> list[int]:
    """Return the ids of everybody who holds a role here and is called by one of some names."""
    wanted = {name.casefold() for name in names if name}
    if not wanted:
        return []
    rows = engaged(company_id, at)
    return sorted({row.person_id for row in rows if row.person.name.casefold() in wanted})


def of_recorded(viewer: Viewer, names: Iterable[str], at: datetime) -> list[int]:
    """Return the ids of everybody who counts as having decided what `viewer` records as decided by `names`.

    Whoever is named and holds a role here counts. Who records it counts too, or naming a colleague would be
    a way to check one's own decision; unless a name is that of exactly one person who could have decided:
    who may accept here and has come in. Then *decided by* and *recorded by* are apart.
    """
    may = {person.id for person in who_may_accept(viewer, at)}
    here = {row.person_id: row.person.name.casefold() for row in engaged(viewer.company.id, at)}
    deciders: set[int] = set()
    stands_for_itself = False
    for name in names:
        named = {person for person, known in here.items() if known == name.casefold()}
        able = named & may
        stands_for_itself = stands_for_itself or len(able) == 1
        deciders |= able if len(able) == 1 else named
    return sorted(deciders if stands_for_itself else deciders | {viewer.person.id})
