"""Two companies with one of everything, and every address of the product filled with ids of four kinds.

Each kind of id is of a thing that is one's own, another company's, missing, or hidden from some roles. What a
route takes is looked up in `FILLED`; a route that takes something new has to be taught here.
"""

import io
import json
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from adr_app.domain.permissions import Act, Public, Role, permits
from adr_app.domain.tickets import parse_ticket
from adr_app.models.base import database
from adr_app.models.comments import Comment
from adr_app.models.controls import Catalog, CompanyFramework
from adr_app.models.debt import DebtItem
from adr_app.models.debt_reports import DebtReport, DebtTicket
from adr_app.models.decisions import Decision, Link
from adr_app.models.obligations import Obligation
from adr_app.models.people import Company, Engagement, Person, Session
from adr_app.models.pressures import PressureOrder
from adr_app.models.readings import ExternalReading
from adr_app.models.reviews import Condition
from adr_app.models.schema import TABLES
from adr_app.services import (
    claims,
    concerns,
    debt,
    debt_estimates,
    debt_links,
    decisions,
    drafts,
    exceptions,
    exports,
    first_role,
    imports,
    invitations,
    levels,
    links,
    obligations,
    pressures,
    profiles,
    receipts,
    reviews,
    session,
    systems,
    vendor_acts,
    working_copies,
)
from adr_app.services.people import Viewer
from adr_app.web.access import COOKIE
from tests.casts import Cast, cast_of, somebody
from tests.services.pressing import AUDIT, DUTY, FIRM, PROFILE, SALE

OWN, FOREIGN, MISSING, HIDDEN = "own", "foreign", "missing", "hidden"
STRANGER, SIGNED_OUT = "stranger", "signed-out"
ROLES = tuple(str(role) for role in Role)
VISITORS = (*ROLES, STRANGER, SIGNED_OUT)
"""Everybody who may ask: each role, somebody of another company, and nobody known."""

NOWHERE = 987_654
ELSEWHERE_FROM = 41
"""References of the other company begin here, so that none of them exists at both."""

SECRET = "Zanzibar"
"""A word that stands in everything restricted and nowhere else."""

THEIRS = "Quagmire"
"""A word that stands in everything of the other company and nowhere else."""

YEARS_AGO = "2020-05-04"
"""A day long before either company had a log."""

DEBT_TITLE = "Two places hold the same setting"


@dataclass
class Things:
    """One company with its people and the ids of one of everything, by what an address or a form calls it."""

    cast: Cast
    outsider: Person
    numbers: dict[str, int] = field(default_factory=dict)
    copies: dict[str, int] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    debts: dict[str, int] = field(default_factory=dict)
    kept: dict[str, int] = field(default_factory=dict)
    receipt: int = 0

    @property
    def company(self) -> Company:
        """Return the company."""
        return self.cast.company


@dataclass
class World:
    """Larkspur, whose people ask, and Ostara, of which they must not learn anything."""

    own: Things
    foreign: Things
    at: datetime
    digest: int = 0

    def person(self, visitor: str) -> Person | None:
        """Return who asks: somebody at Larkspur by role, the stranger, or nobody."""
        if visitor == SIGNED_OUT:
            return None
        return self.own.outsider if visitor == STRANGER else getattr(self.own.cast, visitor)


def build(at: datetime, *, hiding: bool = True) -> World:
    """Make both companies by the product's own acts; `restricted` has no act of its own yet.

    Without `hiding` Larkspur has no restricted decision: what somebody sees of it who may not know of them.
    """
    own = _things("Larkspur", at, "", hiding=hiding)
    foreign = _things("Ostara", at, f"{THEIRS} ", numbers_from=ELSEWHERE_FROM)
    own.outsider = foreign.cast.leader
    foreign.outsider = own.cast.leader
    return World(own, foreign, at)


def _things(name: str, at: datetime, word: str, numbers_from: int = 1, *, hiding: bool = True) -> Things:
    cast = cast_of(name, at)
    Company.update(next_decision=numbers_from, next_debt=numbers_from).where(
        Company.id == cast.company.id
    ).execute()
    cast.company = Company.get_by_id(cast.company.id)
    made = Things(cast, cast.leader)
    who = {role: cast.viewer(role, at) for role in ROLES}
    _decide(made, who, at, word)
    _owe(made, who, at + timedelta(minutes=1), word)
    _deal(made, who, at + timedelta(minutes=1), word)
    _press(made, who, at + timedelta(minutes=1), word)
    if hiding:
        _hide(made, who, at + timedelta(minutes=2), word)
    _diverge(made, who, at + timedelta(minutes=3), word)
    for _ in range(1 + bool(word)):  # so that no receipt of the other company stands for as many entries
        made.receipt = receipts.give(who["admin"], f"{word}Auditor", at=at + timedelta(minutes=3)).entries
    waiting = f"waiting@{cast.company.slug}.example"
    made.tokens["invitation"], _ = invitations.invite(
        who["leader"], email=waiting, name=f"{word}Waiting", role="reader", at=at + timedelta(minutes=3)
    )
    return made


def text(title: str, **more: Any) -> dict[str, Any]:
    """Return what somebody types for a decision."""
    return {"title": title, "context": f"Why: {title}.", **more}


def _decide(made: Things, who: dict[str, Viewer], at: datetime, word: str) -> None:
    """Make decisions in every state that pages and forms differ for, and the author is the team's."""
    named = {"systems": f"{word}Billing", "tags": f"{word}money", "vendors": f"{word}Paywell"}

    def note(key: str, title: str, by: str = "member") -> int:
        made.numbers[key] = drafts.draft(who[by], text(f"{word}{title}", **named), at=at).number
        return made.numbers[key]

    note("draft", "Queue or table")
    asked = note("asked", "Move billing")
    reviews.ask(who["cto"], asked, at=at)
    reviews.answer(who["vciso"], asked, "question", base=1, text=f"{word}Where to?", at=at)
    refused = note("refused", "Text-message codes")
    reviews.ask(who["cto"], refused, at=at)
    reviews.answer(who["vciso"], refused, "deny", base=1, text=f"{word}Codes can be stolen.", at=at)
    exceptions.ask(
        who["cto"],
        refused,
        question=f"{word}May we keep them?",
        technology_says=f"{word}Yes",
        answer_by=at.date(),
        at=at,
    )
    accepted = note("accepted", "Backups abroad")
    _clear_and_accept(who, accepted, at, word)
    drafts.revise(who["member"], accepted, text(f"{word}Backups far abroad", **named), base=1, at=at)
    past = {**text(f"{word}Said in a meeting"), "decided_on": at.date().isoformat()}
    told = decisions.record_decided(who["cto"], past, at=at)
    claims.claim(who["cto"], told.number, on=at.date(), at=at)
    made.numbers["recorded"] = told.number
    old = {**text(f"{word}Old servers"), "decided_on": YEARS_AGO}
    made.numbers["older"] = decisions.record_decided(who["cto"], old, at=at).number
    links.link(who["member"], made.numbers["draft"], accepted, "relates", note=f"{word}both", at=at)
    concerns.raise_one(who["member"], accepted, f"{word}A concern", f"{word}Why", at=at)
    for role in ("member", "cto", "vciso", "leader", "delegate"):
        kept = working_copies.keep(who[role], text(f"{word}Kept by {role}"), at=at)
        made.copies[role] = kept.id


def _clear_and_accept(who: dict[str, Viewer], number: int, at: datetime, word: str) -> None:
    todo = {
        "text": f"{word}Encrypt them",
        "risk": "Old keys",
        "due_on": (at.date() + timedelta(days=30)).isoformat(),
    }
    reviews.ask(who["cto"], number, at=at)
    reviews.answer(who["vciso"], number, "approve-with-conditions", base=1, todos=[todo], at=at)
    decisions.accept(who["cto"], number, base=1, at=at)


def _hide(made: Things, who: dict[str, Viewer], at: datetime, word: str) -> None:
    """Make restricted decisions with everything that could give them away, tied to what all may see."""
    secret = f"{word}{SECRET}"
    typed = text(
        f"{secret} merger",
        systems=f"{secret} vault",
        vendors=f"{secret} bank",
        tags=f"{secret}-tag",
        plain_words=secret,
    )
    hidden = drafts.draft(who["leader"], typed, at=at).number
    made.numbers["hidden"] = hidden
    links.link(who["leader"], hidden, made.numbers["draft"], "relates", note=secret, at=at)
    links.link(who["leader"], made.numbers["draft"], hidden, "depends", note=secret, at=at)
    vendor_acts.describe(who["leader"], f"{secret} bank", does=secret, data=["health"], at=at)
    systems.mark_boundary(who["leader"], f"{secret} vault", True, at=at)
    _clear_and_accept(who, hidden, at, secret)
    concerns.raise_one(who["leader"], hidden, f"{secret} concern", f"{secret} why", at=at)
    waiting = drafts.draft(who["leader"], text(f"{secret} layoffs", decide_by=at.date().isoformat()), at=at)
    made.numbers["hidden-asked"] = waiting.number
    reviews.ask(who["cto"], waiting.number, at=at)
    debt_links.link(who["leader"], made.debts["open"], hidden, "incurred_by", at=at)
    bypassed = {**text(f"{secret} lawsuit"), "decided_on": at.date().isoformat()}
    made.numbers["hidden-recorded"] = decisions.record_decided(who["cto"], bypassed, at=at).number
    for key, title in (("hidden-older", "old sale"), ("hidden-closely", "old lawsuit")):
        old = {**text(f"{secret} {title}"), "decided_on": YEARS_AGO}
        made.numbers[key] = decisions.record_decided(who["cto"], old, at=at).number
    closely = made.numbers["hidden-closely"]
    levels.raise_to(who["cto"], closely, 3, reason=f"{secret} reason", at=at)
    Decision.update(restricted=True).where(
        Decision.company == made.company.id,
        Decision.number.in_([number for key, number in made.numbers.items() if key.startswith("hidden")]),
    ).execute()


def sarif(tool: str) -> bytes:
    """Return what a tool writes that found one error."""
    found = {"tool": {"driver": {"name": tool, "version": "1.0"}}, "results": [{"level": "error"}]}
    return json.dumps({"version": "2.1.0", "runs": [found]}).encode()


def _owe(made: Things, who: dict[str, Viewer], at: datetime, word: str) -> None:
    item = debt.note(who["member"], title=f"{word}{DEBT_TITLE}", system=f"{word}Billing", at=at)
    made.debts["open"] = item.number
    estimate = {"system": f"{word}Billing", "fix_days": "4", "monthly_loss": "1", "intent": "inadvertent"}
    estimate |= {"owner": str(who["member"].person.id), "care": "prudent"}
    debt_estimates.analyse(who["member"], item.number, **estimate, at=at)
    debt_links.link(who["member"], item.number, made.numbers["accepted"], "incurred_by", at=at)
    _measure(who["member"], item, at, word)
    closed = debt.note(who["member"], title=f"{word}An old script", at=at)
    made.debts["closed"] = closed.number
    debt.repay(who["member"], closed.number, actual_days="1", decision=None, at=at)


def _measure(member: Viewer, item: DebtItem, at: datetime, word: str) -> None:
    """Keep a report, a ticket and a reading without acts: one page of the record has room for fifty."""
    here = {"company": member.company.id}
    who = {"reported_by": member.person.id, "reported_at": at, "lost_on": at.date()}
    DebtReport.create(debt_id=item.id, minutes=120, fault=True, text=f"{word}Waited", **here, **who)
    ticket = parse_ticket(f"https://github.com/{word.strip() or 'larkspur'}/billing/issues/1")
    DebtTicket.create(debt_id=item.id, **here, **asdict(ticket))
    said = {
        "tool": f"{word}Lint",
        "version": "1.0",
        "settings": "",
        "metric": "sarif_error",
        "unit": "findings",
    }
    taken = {"seq": 1, "taken_by": member.person.id, "taken_at": at, "read_on": at.date()}
    ExternalReading.create(system_id=item.system_id, value=1000, **here, **said, **taken)


def _deal(made: Things, who: dict[str, Viewer], at: datetime, word: str) -> None:
    key = f"catalog-{THEIRS.lower()}" if word else "hipaa"
    CompanyFramework.create(company=made.company.id, framework=key)
    Catalog.create(company=made.company.id, framework=key, title=f"{word}Catalog", version="1")
    vendor_acts.agree(who["member"], f"{word}Paywell", kind="service", reference=f"{word}Drawer", at=at)


def _press(made: Things, who: dict[str, Viewer], at: datetime, word: str) -> None:
    """Write down what presses, a duty and an answer, in words that only this company may read."""

    def own(typed: dict[str, str], *names: str) -> dict[str, str]:
        return typed | {name: f"{word}{typed[name]}" for name in names}

    told = own(FIRM, "name", "loses", "evidence") | {"reported_by": f"{word}Tom", "interest": f"{word}None"}
    typed = [told, own(SALE, "name", "loses", "evidence", "deal"), own(AUDIT, "name", "loses", "evidence")]
    # One act only: a page of the record holds all that were done here, hidden ones too.
    row = first_role.assess(
        who["cto"],
        gains="yes",
        interest=f"{word}My role",
        profile=profiles.checked(**PROFILE | {"jurisdictions": f"{word}EU"}),
        noted=[pressures.checked(one) for one in typed],
        at=at,
    )
    made.kept["assessment"] = row.id
    keys = [pressures.key_of(one) for one in pressures.open_ones(made.company.id)]
    made.kept["pressure"] = int(keys[0].removeprefix("pressure-"))
    owned = {"company": made.company.id, "person": who["cto"].person.id}
    said = obligations.checked(own(DUTY, "name", "reference", "asks", "loses"))
    made.kept["duty"] = Obligation.create(**owned, **said, added_at=at, ended_why="").id
    PressureOrder.create(**owned, person_name=f"{word}Cto", keys=keys[::-1], at=at)


def _diverge(made: Things, who: dict[str, Viewer], at: datetime, word: str) -> None:
    """Let the files of a decision that all see, and of a hidden one, say something new."""
    with tempfile.TemporaryDirectory() as folder:
        exports.run(who["cto"], Path(folder), code="madr4", restricted=True, at=at)
        for key, said in (("draft", word), ("hidden", f"{word}{SECRET}")):
            for file in Path(folder).glob(f"{made.numbers.get(key, 0):04}-*.md"):
                file.write_text(file.read_text().replace("Why:", f"{said} says the file:"))
        imports.run(who["cto"], Path(folder), source="files", at=at)


# Where each id is found --------------------------------------------------------------------------------


def condition_of(things: Things, key: str) -> int:
    """Return the id of the first to-do of a decision."""
    number = things.numbers[key]
    decision = Decision.get(Decision.company == things.company.id, Decision.number == number)
    return Condition.get(Condition.company == things.company.id, Condition.decision_id == decision.id).id


def comment_of(things: Things, key: str) -> int:
    """Return the id of the first concern on a decision."""
    number = things.numbers[key]
    decision = Decision.get(Decision.company == things.company.id, Decision.number == number)
    return Comment.get(Comment.decision_id == decision.id, Comment.kind == "concern").id


def link_of(things: Things, kind: str) -> int:
    """Return the id of an edge from the draft: `relates` to what all may see, `depends` on a hidden one."""
    draft = Decision.get(Decision.company == things.company.id, Decision.number == things.numbers["draft"]).id
    return Link.get(Link.company == things.company.id, Link.from_id == draft, Link.kind == kind).id


Filling = dict[str, Any]
"""An id of each kind; a kind that does not exist for it is left out."""


def _decision(world: World, visitor: str, rule: Rule) -> Filling:
    own = "accepted" if {"todo", "later", "comment"} & rule.arguments else "draft"
    return {
        OWN: world.own.numbers[own],
        FOREIGN: world.foreign.numbers[own],
        MISSING: NOWHERE,
        HIDDEN: world.own.numbers["hidden"],
    }


def _debt(world: World, visitor: str, rule: Rule) -> Filling:
    return {OWN: world.own.debts["open"], FOREIGN: world.foreign.debts["open"], MISSING: NOWHERE}


def _company(world: World, visitor: str, rule: Rule) -> Filling:
    return {OWN: world.own.company.slug, FOREIGN: world.foreign.company.slug, MISSING: "no-such-company"}


def _version(world: World, visitor: str, rule: Rule) -> Filling:
    return {OWN: 1, MISSING: NOWHERE}


def _copy(world: World, visitor: str, rule: Rule) -> Filling:
    copies = world.own.copies
    other = "cto" if visitor != "cto" else "leader"
    return {
        OWN: copies.get(visitor, NOWHERE),
        FOREIGN: world.foreign.copies["cto"],
        MISSING: NOWHERE,
        HIDDEN: copies[other],
    }


def _todo(world: World, visitor: str, rule: Rule) -> Filling:
    return {
        OWN: condition_of(world.own, "accepted"),
        FOREIGN: condition_of(world.foreign, "accepted"),
        MISSING: NOWHERE,
        HIDDEN: condition_of(world.own, "hidden"),
    }


def _comment(world: World, visitor: str, rule: Rule) -> Filling:
    return {
        OWN: comment_of(world.own, "accepted"),
        FOREIGN: comment_of(world.foreign, "accepted"),
        MISSING: NOWHERE,
        HIDDEN: comment_of(world.own, "hidden"),
    }


def _kept(name: str) -> Any:
    """Return what fills the id of a row that only its company knows."""

    def filled(world: World, visitor: str, rule: Rule) -> Filling:
        return {OWN: world.own.kept[name], FOREIGN: world.foreign.kept[name], MISSING: NOWHERE}

    return filled


def _framework(world: World, visitor: str, rule: Rule) -> Filling:
    return {OWN: "hipaa", FOREIGN: f"catalog-{THEIRS.lower()}", MISSING: "no-such-standard"}


def _flag(world: World, visitor: str, rule: Rule) -> Filling:
    return {OWN: "self-cert-unverified", MISSING: "no-such-flag"}


def _entries(world: World, visitor: str, rule: Rule) -> Filling:
    return {OWN: world.own.receipt, FOREIGN: world.foreign.receipt, MISSING: NOWHERE}


def _token(world: World, visitor: str, rule: Rule) -> Filling:
    return {OWN: world.own.tokens["invitation"]}


def _role(world: World, visitor: str, rule: Rule) -> Filling:
    return {OWN: "vciso", MISSING: "reader"}


FILLED = {
    ("slug", "UnicodeConverter"): _company,
    ("number", "DecisionReference"): _decision,
    ("number", "DebtReference"): _debt,
    ("version", "IntegerConverter"): _version,
    ("earlier", "IntegerConverter"): _version,
    ("later", "IntegerConverter"): _version,
    ("copy", "IntegerConverter"): _copy,
    ("todo", "IntegerConverter"): _todo,
    ("comment", "IntegerConverter"): _comment,
    ("code", "UnicodeConverter"): _flag,
    ("token", "UnicodeConverter"): _token,
    ("framework", "UnicodeConverter"): _framework,
    ("pressure", "IntegerConverter"): _kept("pressure"),
    ("duty", "IntegerConverter"): _kept("duty"),
    ("assessment", "IntegerConverter"): _kept("assessment"),
    ("entries", "IntegerConverter"): _entries,
    ("role", "UnicodeConverter"): _role,
}
"""How each argument of an address, by its name and converter, is filled."""

ALWAYS_HIDDEN = {"copy"}
"""Arguments whose hidden things are hidden from everybody but their owner, the CTO and leadership too.

A to-do of another decision is missing on this one's page as well, whoever looks.
"""
SEES_RESTRICTED = {"leader", "cto", "vciso"}


def rules(app: Flask) -> list[Rule]:
    """Return every address of the product but the static files."""
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def methods(rule: Rule) -> list[str]:
    """Return the methods of an address that mean something of their own."""
    return [method for method in ("GET", "POST") if method in (rule.methods or ())]


def fillings(world: World, visitor: str, rule: Rule) -> dict[str, Filling]:
    """Return what each argument of an address is filled with.

    :raises AssertionError: naming the argument that nobody has taught this table.
    """
    found = {}
    for name in rule.arguments:
        key = (name, type(rule._converters[name]).__name__)
        assert key in FILLED, f"teach tests/tenancy.py how to fill <{name}> ({key[1]}) of {rule.rule}"
        found[name] = FILLED[key](world, visitor, rule)
    return found


def build_address(app: Flask, rule: Rule, values: dict[str, Any]) -> str:
    """Return an address with its arguments filled in."""
    return str(app.url_map.bind("localhost").build(rule.endpoint, values, methods(rule)[0]))


def own_address(app: Flask, world: World, visitor: str, rule: Rule) -> str:
    """Return the address of one's own thing."""
    filled = fillings(world, visitor, rule)
    return build_address(app, rule, {name: kinds[OWN] for name, kinds in filled.items()})


def strange_addresses(app: Flask, world: World, visitor: str, rule: Rule) -> Iterator[tuple[str, str]]:
    """Yield each address with one argument of a thing this visitor must not learn of, with its kind."""
    filled = fillings(world, visitor, rule)
    own = {name: kinds[OWN] for name, kinds in filled.items()}
    if visitor == STRANGER:
        if "slug" in own:
            yield "slug=foreign", build_address(app, rule, own)
        return
    for name, kinds in filled.items():
        for kind in (FOREIGN, MISSING, HIDDEN):
            if kind not in kinds:
                continue
            if kind == HIDDEN and name == "number" and visitor in SEES_RESTRICTED:
                continue
            yield f"{name}={kind}", build_address(app, rule, {**own, name: kinds[kind]})


def allowed(app: Flask, rule: Rule, visitor: str) -> bool:
    """Return whether a page's declaration lets this visitor in at their own company."""
    needed = getattr(app.view_functions[rule.endpoint], "needs", None)
    if needed is Public.ANYBODY:
        return True
    if needed is Public.SIGNED_IN:
        return visitor != SIGNED_OUT
    if visitor not in ROLES or not isinstance(needed, Act):
        return False
    return permits(needed, {Role(visitor)}) or permits(needed, {Role(visitor)}, is_author=True)


# Asking ------------------------------------------------------------------------------------------------


@contextmanager
def visiting(app: Flask, world: World, visitor: str) -> Iterator[FlaskClient]:
    """Open a browser of a visitor; its session is gone afterwards."""
    client = app.test_client()
    person = world.person(visitor)
    if person is None:
        yield client
        return
    token, opened = session.start(person, at=world.at)
    client.set_cookie(COOKIE, token)
    try:
        yield client
    finally:
        Session.delete().where(Session.id == opened.id).execute()


def words(answer: TestResponse) -> str:
    """Return all that an answer says: an archive says what is in its files."""
    if answer.mimetype != "application/zip":
        return answer.text
    with zipfile.ZipFile(io.BytesIO(answer.data)) as packed:
        return "\n".join(f"{name}\n{packed.read(name).decode('utf-8-sig')}" for name in packed.namelist())


def snapshot() -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table but the sessions, which note when they were seen."""
    found = {}
    for table in TABLES:
        if table is Session:
            continue
        name = table._meta.table_name
        rows = database.execute_sql(f'SELECT * FROM "{name}"').fetchall()
        found[name] = sorted(tuple(map(repr, row)) for row in rows)
    return found


def changed(before: dict[str, list[tuple[Any, ...]]]) -> list[str]:
    """Return the tables that are not as they were."""
    now = snapshot()
    return [name for name, rows in before.items() if now[name] != rows]


def engagement_of(person: Person) -> int:
    """Return the id of a person's first engagement."""
    return Engagement.get(Engagement.person == person.id).id


def newcomer(email: str, at: datetime) -> Person:
    """Return somebody who belongs to no company."""
    return somebody(email, at)
