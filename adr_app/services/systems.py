"""The systems a company runs: made when they are first named, and inside a compliance boundary or not."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from peewee import Query

from adr_app.domain.digest import canonical_json, clean_text, digest
from adr_app.domain.errors import Invalid, NotFound
from adr_app.domain.permissions import Act
from adr_app.domain.systems import clean_system
from adr_app.domain.worktime import local_day
from adr_app.models.debt import DebtItem
from adr_app.models.decisions import DecisionSystem
from adr_app.models.people import System
from adr_app.services.people import Viewer
from adr_app.services.record import acting_as
from adr_app.services.restricted import hidden_from

MAX_NAME = 200


def folded(name: str) -> str:
    """Return what two spellings of one system's name have in common: case and spaces do not count."""
    return " ".join(name.casefold().split())


def name_digest(name: str) -> str:
    """Return the digest of a system's name, the same for every spelling of it."""
    return digest(canonical_json([folded(name)]))


def named(company_id: int, names: Iterable[str]) -> list[System]:
    """Return a company's systems with these names, in their order, made where they are new.

    Part of the act that names them: call it inside that act, which holds the company's row.

    :raises Invalid: when a name is too long or cannot be shown.
    """
    wanted: dict[str, str] = {}
    for typed in names:
        name = " ".join(clean_text(typed, "system").split())
        if len(name) > MAX_NAME:
            message = f"Shorten the system's name to {MAX_NAME} characters; it has {len(name)}."
            raise Invalid(message, {"system": message})
        if name:
            wanted.setdefault(folded(name), name)
    if not wanted:
        return []
    found = {
        system.folded: system
        for system in System.select().where(System.company == company_id, System.folded.in_(list(wanted)))
    }
    for key, name in wanted.items():
        if key not in found:
            found[key] = System.create(company=company_id, name=name, folded=key)
    return [found[key] for key in wanted]


def inside_boundary(company_id: int, names: Iterable[str]) -> set[str]:
    """Return which of some systems lie inside a compliance boundary, folded, in one query."""
    wanted = {folded(name) for name in names}
    if not wanted:
        return set()
    rows = System.select(System.folded).where(
        System.company == company_id,
        System.folded.in_(sorted(wanted)),
        System.inside_boundary == True,  # noqa: E712
    )
    return {row[0] for row in rows.tuples()}


def names(viewer: Viewer) -> list[str]:
    """Return the names of the company's systems, in alphabetical order, as far as this person may know."""
    return [system.name for system in known(viewer)]


def known(viewer: Viewer) -> Query:
    """Return the company's systems, in alphabetical order, as far as this person may know.

    A system that only restricted decisions name, and no debt item, is hidden as they are.
    """
    company = viewer.company.id
    rows = System.select().where(System.company == company).order_by(System.folded)
    if hidden := hidden_from(viewer):
        named = DecisionSystem.select(DecisionSystem.system_id).where(DecisionSystem.company == company)
        secret = System.id.in_(named.where(DecisionSystem.decision_id.in_(hidden)))
        told = System.id.in_(named.where(DecisionSystem.decision_id.not_in(hidden)))
        owed = DebtItem.select(DebtItem.system_id).where(
            DebtItem.company == company, DebtItem.system_id.is_null(False)
        )
        rows = rows.where(~secret | told | System.id.in_(owed))
    return rows


def mark_boundary(viewer: Viewer, name: str, inside: bool, *, at: datetime) -> System:
    """Say whether a system is inside a compliance boundary; nothing is recorded where it says so already.

    Being inside asks for more review, so anybody who may draft can say it; taking a system out asks for
    less, which is the vCISO's to say. It counts for every version written from then on.

    :raises NotFound: when the company has no such system, or none that this person may know of.
    """
    viewer.require(Act.RAISE_LEVEL if inside else Act.LOWER_LEVEL)
    if find(viewer, name).inside_boundary == inside:
        return find(viewer, name)
    with acting_as(viewer, at=at) as ledger:
        system = find(viewer, name)
        system.inside_boundary = inside
        system.save(only=[System.inside_boundary])
        naming = DecisionSystem.select(DecisionSystem.decision_id).where(
            DecisionSystem.company == viewer.company.id, DecisionSystem.system_id == system.id
        )
        told = [("decision", row[0]) for row in naming.order_by(DecisionSystem.decision_id).tuples()]
        data = {"system": system.id, "inside_boundary": inside}
        ledger.append("system.added", ("system", system.id), data, also=told)
    return system


def describe(viewer: Viewer, name: str, typed: Mapping[str, str], *, at: datetime) -> System:
    """Say how big a system is, when it ends, how much depends on it; nothing is recorded where it says so.

    :raises Invalid: naming every field that will not do.
    :raises NotFound: when the company has no such system, or none that this person may know of.
    """
    viewer.require(Act.NOTE_DEBT)
    fields = clean_system(typed, local_day(at, viewer.company.zone))
    system = find(viewer, name)
    if all(getattr(system, key) == value for key, value in fields.items()):
        return system
    with acting_as(viewer, at=at) as ledger:
        system = find(viewer, name)
        for key, value in fields.items():
            setattr(system, key, value)
        system.save(only=system.dirty_fields)
        told = {"system": system.id, "row": system.row_digest}
        told |= {"rebuild": system.rebuild, "effort": system.effort}  # the books of its debts go by these
        ledger.append("system.described", ("system", system.id), told)
    return system


def find(viewer: Viewer, name: str) -> System:
    """Return the company's system of this name, in any spelling of it.

    :raises NotFound: when there is none, or none that this person may know of.
    """
    system = known(viewer).where(System.folded == folded(name)).first()
    if system is None:
        raise NotFound("There is no such system.")
    return system
