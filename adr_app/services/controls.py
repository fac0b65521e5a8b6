"""Safeguards that decisions support, weaken or change: finding them, saying so, and what is covered."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from adr_app.domain.errors import Invalid, NotFound
from adr_app.domain.frameworks import EFFECTS, FRAMEWORKS
from adr_app.domain.permissions import Act
from adr_app.models.controls import Catalog, Control, DecisionControl
from adr_app.models.decisions import Decision
from adr_app.services import frameworks
from adr_app.services.decision_rows import find, visible
from adr_app.services.people import Viewer
from adr_app.services.record import acting_as

MOST_FOUND = 40
"""How many safeguards one search shows."""


@dataclass(slots=True)
class Listed:
    """A safeguard as pages show it; `decisions` are those that touch it, each with what it does to it."""

    framework: str
    code: str
    label: str
    withdrawn: bool = False
    decisions: list[tuple[Decision, str]] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Return what a form calls it."""
        return f"{self.framework} {self.code}"

    def in_force(self, effect: str) -> bool:
        """Return whether a decision in force does this to it."""
        return any(said == effect and one.status == "accepted" for one, said in self.decisions)

    @property
    def untouched(self) -> bool:
        """Return whether no decision in force says anything of it."""
        return not any(one.status == "accepted" for one, _ in self.decisions)


def listed(company_id: int, keys: Sequence[str]) -> list[Listed]:
    """Return the safeguards of some standards, in one query: those known here, and those that were loaded.

    Our own label stands before a catalog's title where both are known.
    """
    ours = {key: {s.code: s.label for s in FRAMEWORKS[key].safeguards} for key in keys if key in FRAMEWORKS}
    rows = Control.select(Control.framework, Control.code, Control.title, Control.withdrawn).where(
        Control.company == company_id, Control.framework.in_(list(keys) or [""])
    )
    loaded: dict[str, list[Listed]] = {}
    for row in rows.order_by(Control.framework, Control.place):
        label = ours.get(row.framework, {}).get(row.code) or row.title
        one = Listed(row.framework, row.code, label, bool(row.withdrawn))
        loaded.setdefault(row.framework, []).append(one)
    found: list[Listed] = []
    for key in keys:
        mine = loaded.get(key, [])
        codes = {one.code for one in mine}
        own = [Listed(key, code, label) for code, label in ours.get(key, {}).items() if code not in codes]
        found += [*own, *mine] if not mine else [*mine, *own]
    return found


def search(viewer: Viewer, words: str) -> list[Listed]:
    """Return safeguards of the company's standards whose id or label holds every word, exact ids first."""
    wanted = words.casefold().split()
    found = []
    for one in listed(viewer.company.id, frameworks.followed(viewer.company.id)):
        text = f"{one.code} {one.label}".casefold()
        if not one.withdrawn and all(word in text for word in wanted):
            found.append(one)
    found.sort(key=lambda one: one.code.casefold() != words.strip().casefold())
    return found[:MOST_FOUND]


def map_to(viewer: Viewer, number: int, address: str, effect: str, *, at: datetime) -> Listed:
    """Say what a decision does to a safeguard, in place of what was said before.

    :raises NotAllowed: when the viewer may not.
    :raises NotFound: when no standard of the company has such a safeguard.
    :raises Invalid: for another effect than there is.
    """
    viewer.require(Act.MAP_CONTROLS)
    if effect not in EFFECTS:
        raise Invalid("Choose what it does.", {"effect": "Choose what the decision does to the safeguard."})
    with acting_as(viewer, at=at) as ledger:
        decision = find(viewer, number)
        one = _found(viewer, address)
        _forget(decision, one)
        DecisionControl.create(
            company=viewer.company.id,
            decision_id=decision.id,
            framework=one.framework,
            code=one.code,
            effect=effect,
        )
        told = {"framework": one.framework, "control": one.code, "effect": effect}
        ledger.append("decision.mapped", ("decision", decision.id), told)
    return one


def unmap(viewer: Viewer, number: int, address: str, *, at: datetime) -> None:
    """Say that a decision has nothing to do with a safeguard after all.

    :raises NotFound: when nobody said that it has.
    """
    viewer.require(Act.MAP_CONTROLS)
    with acting_as(viewer, at=at) as ledger:
        decision = find(viewer, number)
        key, _, code = address.partition(" ")
        if not _forget(decision, Listed(key, code, "")):
            raise NotFound("There is no such page.")
        told = {"framework": key, "control": code}
        ledger.append("decision.unmapped", ("decision", decision.id), told)


def _found(viewer: Viewer, address: str) -> Listed:
    key, _, code = address.partition(" ")
    keys = frameworks.followed(viewer.company.id)
    for one in listed(viewer.company.id, [key]) if key in keys else ():
        if one.code == code and not one.withdrawn:
            return one
    raise NotFound("There is no such page.")


def _forget(decision: Decision, one: Listed) -> int:
    table = DecisionControl
    return int(
        table.delete()
        .where(
            table.company == decision.company_id,
            table.decision_id == decision.id,
            table.framework == one.framework,
            table.code == one.code,
        )
        .execute()
    )


def of(decision: Decision, keys: Sequence[str]) -> list[tuple[Listed, str]]:
    """Return what a decision does to safeguards of some standards, each with its effect."""
    if not keys:
        return []
    table = DecisionControl
    rows = table.select().where(
        table.company == decision.company_id,
        table.decision_id == decision.id,
        table.framework.in_(list(keys)),
    )
    said = {(row.framework, row.code): row.effect for row in rows}
    if not said:
        return []
    every = {(one.framework, one.code): one for one in listed(decision.company_id, keys)}
    return [(every[pair], effect) for pair, effect in sorted(said.items()) if pair in every]


def lines_of(company_id: int, ids: Sequence[int]) -> dict[int, list[str]]:
    """Return in words what some decisions do to the safeguards of the company's standards, by decision.

    In a constant number of queries, whatever the number of decisions.
    """
    table, keys = DecisionControl, frameworks.followed(company_id)
    if not keys:
        return {}
    rows = table.select().where(
        table.company == company_id, table.decision_id.in_(list(ids)), table.framework.in_(keys)
    )
    said = list(rows.order_by(table.decision_id, table.framework, table.code))
    every = {(one.framework, one.code): one for one in (listed(company_id, keys) if said else ())}
    names = {key: framework_name(company_id, key) for key in {row.framework for row in said}}
    found: dict[int, list[str]] = {}
    for row in said:
        one = every.get((row.framework, row.code))
        label = f" {one.label}" if one else ""
        words = f"{EFFECTS[row.effect]} {names[row.framework]} {row.code}{label}"
        found.setdefault(row.decision_id, []).append(words)
    return found


def coverage(viewer: Viewer, key: str) -> list[Listed]:
    """Return every safeguard of a standard that the company follows, with the decisions that touch it.

    In three queries, whatever the number of either; decisions that this person may not know of are left out.

    :raises NotFound: when the company does not follow such a standard.
    """
    company = viewer.company.id
    if key not in frameworks.followed(company):
        raise NotFound("There is no such page.")
    found = {one.code: one for one in listed(company, [key])}
    table = DecisionControl
    rows = list(table.select().where(table.company == company, table.framework == key))
    mapped = table.select(table.decision_id).where(table.company == company, table.framework == key)
    decisions = {row.id: row for row in visible(viewer).where(Decision.id.in_(mapped))} if rows else {}
    for row in sorted(rows, key=lambda row: row.decision_id):
        if row.decision_id in decisions and row.code in found:
            found[row.code].decisions.append((decisions[row.decision_id], row.effect))
    return list(found.values())


def text_of(viewer: Viewer, key: str, code: str) -> str:
    """Return what a loaded catalog says of a safeguard, empty where none was loaded."""
    row = Control.get_or_none(
        Control.company == viewer.company.id, Control.framework == key, Control.code == code
    )
    return str(row.text) if row else ""


def name_of(viewer: Viewer, key: str) -> str:
    """Return what a standard is called."""
    return framework_name(viewer.company.id, key)


def framework_name(company_id: int, key: str) -> str:
    """Return what a standard is called at a company."""
    if key in FRAMEWORKS:
        return FRAMEWORKS[key].name
    catalog = Catalog.get_or_none(Catalog.company == company_id, Catalog.framework == key)
    return str(catalog.title) if catalog else key
