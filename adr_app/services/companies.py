"""Companies: founding the first and the next, and the first set-up with its one-time code."""

import hashlib
import hmac
import re
import secrets
import unicodedata
from collections.abc import Collection, Mapping, MutableMapping
from datetime import date, datetime
from typing import Any
from zoneinfo import available_timezones

from adr_app.domain.errors import Invalid, NotFound, WrongState
from adr_app.domain.merkle import CompactRange
from adr_app.domain.permissions import Role
from adr_app.domain.worktime import local_day
from adr_app.models.base import writing
from adr_app.models.people import Company, Installation, Person
from adr_app.services import engagements, invitations, passwords, people, session
from adr_app.services.record import acting

DEFAULT_POLICY = {"1": "advise", "2": "advise", "3": "enforce"}
"""When a security OK is needed first, by level: warned of (advise) or insisted on (enforce)."""

RESERVED = frozenset(
    {
        *(
            "account",
            "admin",
            "api",
            "away",
            "companies",
            "design-language",
            "desk",
            "enter",
            "find",
            "forgotten-password",
            "health",
            "join",
            "mail",
        ),
        *(
            "new-password",
            "patterns",
            "question",
            "resume",
            "set-up",
            "sign-in",
            "sign-out",
            "static",
            "which-role-first",
        ),
    }
)
"""First parts of addresses that are pages of ours, so no company may have them as its own."""

LONGEST_SLUG = 40
CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
CODE_GROUPS, CODE_GROUP = 4, 4
_CURRENCY = re.compile(r"[A-Z]{3}")
_EARLIEST, _LATEST = date(1970, 1, 1), date(9000, 1, 1)


def found(
    name: str,
    *,
    at: datetime,
    first: Person,
    roles: Collection[Role | str],
    zone: str = "UTC",
    go_live_on: date | None = None,
    currency: str = "EUR",
    policy: Mapping[str, str] | None = None,
) -> Company:
    """Create a company with its first person, who holds all of `roles` from now, and return it.

    `go_live_on` is the first day of this log: what was decided before is older than it; today in `zone`
    unless given. Appends `company.founded`, then one `engagement.started` per role: several acts, one
    transaction, so that no company is left without anybody.

    :raises Invalid: naming every field that will not do.
    """
    held = _check_first_roles(roles)
    name = people.check_name(name, "company", what="the company's name")
    check_settings(zone=zone, currency=currency, go_live_on=go_live_on)
    chosen = {**DEFAULT_POLICY, **(policy or {})}
    with writing():
        company = Company.create(
            slug=_free_slug(name),
            name=name,
            zone=zone,
            currency=currency,
            go_live_on=go_live_on or local_day(at, zone),
            policy=chosen,
            created_at=at,
            last_event_at=at,
            tree=CompactRange().to_json(),
        )
        with acting(company.id, at=at, actor=first.id) as ledger:
            ledger.append(
                "company.founded",
                ("company", company.id),
                {
                    "zone": zone,
                    "go_live_on": company.go_live_on.isoformat(),
                    "policy": chosen,
                    "row": ledger.company.row_digest,
                },
            )
        for role in held:
            # Appointed by nobody: the one exception to "nobody appoints themselves".
            with acting(company.id, at=at, actor=first.id) as ledger:
                engagements.start(ledger, first, role, engagements.Term(at, None), appointed_by=None)
        return Company.get_by_id(company.id)


def is_demonstration(cache: MutableMapping[str, Any]) -> bool:
    """Return whether this database is marked as a demonstration; read once and kept in `cache`."""
    if "DEMONSTRATION" not in cache:
        row = Installation.get_or_none(Installation.id == 1)
        if row is None:
            return False  # the mark may still be set: do not remember yet
        cache["DEMONSTRATION"] = row.demonstration
    return bool(cache["DEMONSTRATION"])


def mark_demonstration(*, at: datetime) -> None:
    """Mark an empty database as a demonstration, which is never undone.

    :raises WrongState: when it holds anything.
    """
    with writing():
        if Installation.select().exists() or Person.select().exists() or Company.select().exists():
            raise WrongState("This database is in use, so it is not made a demonstration.")
        Installation.create(id=1, created_at=at, demonstration=True)


def new_setup_code(*, at: datetime) -> str:
    """Return a new one-time code that opens the set-up page; older ones no longer do.

    :raises WrongState: when a company has been set up already.
    """
    groups = ["".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_GROUP)) for _ in range(CODE_GROUPS)]
    code = "-".join(groups)
    with writing():
        if Company.select().exists():
            raise WrongState("A company has been set up here already. Sign in, or be invited.")
        row = Installation.get_or_none(Installation.id == 1) or Installation.create(id=1, created_at=at)
        row.setup_code_hash = _code_hash(code)
        row.save(only=[Installation.setup_code_hash])
    return code


def awaits_set_up() -> bool:
    """Return whether the set-up page is open: a code was printed and nobody has used it."""
    return Installation.select().where(Installation.setup_code_hash.is_null(False)).exists()


def set_up(
    code: str,
    *,
    at: datetime,
    email: str,
    name: str,
    password: str,
    again: str,
    company: str,
    roles: Collection[Role | str],
    zone: str,
    currency: str = "EUR",
    go_live_on: date | None = None,
) -> tuple[Person, Company]:
    """Make the first person and company of an installation, once, with the code its terminal printed.

    :raises NotFound: when the installation is set up already.
    :raises Invalid: when the code is wrong or a field will not do.
    """
    with writing():
        row = Installation.get_or_none(Installation.id == 1)
        if row is None or row.setup_code_hash is None or Company.select().exists():
            raise NotFound("There is no such page.")
        if not hmac.compare_digest(row.setup_code_hash, _code_hash(code)):
            message = "This is not the code on the terminal. Type the newest one there."
            raise Invalid(message, {"code": message})
        passwords.check_new(password, again)
        person = people.known(email, name, at=at)
        session.set_password(person, password)
        made = found(
            company, at=at, first=person, roles=roles, zone=zone, currency=currency, go_live_on=go_live_on
        )
        used = Installation.update(setup_code_hash=None).where(
            Installation.id == 1, Installation.setup_code_hash == row.setup_code_hash
        )
        if not used.execute():
            raise NotFound("There is no such page.")
    return person, made


def add(
    name: str,
    *,
    at: datetime,
    email: str,
    person_name: str = "",
    roles: Collection[Role | str] = (),
    zone: str = "UTC",
    go_live_on: date | None = None,
) -> tuple[Company, Person, str]:
    """Found one more company for a leader, as whoever runs the installation may; return it with a link.

    The link's token opens the company to that person, with a first password or the one they have: an
    account alone opens nothing, because somebody at another company may have made it. Beside what
    `found` appends, `person.invited` is.

    :raises Invalid: naming every field that will not do; the name of somebody new under `leader_name`.
    """
    with writing():
        if people.by_email(email) is None:
            people.check_name(person_name, "leader_name", what="the leader's name")
        leader = people.known(email, person_name, at=at)
        company = found(
            name, at=at, first=leader, roles={Role.LEADER, *roles}, zone=zone, go_live_on=go_live_on
        )
        with acting(company.id, at=at, actor=None) as ledger:
            ledger.append("person.invited", ("company", company.id), {"person": leader.id})
        token = invitations.make("invitation", leader, at=at, company=company)
        # A company is there, so the page of the first set-up is closed.
        Installation.update(setup_code_hash=None).execute()
    return Company.get_by_id(company.id), leader, token


def check_settings(
    *, zone: str | None = None, currency: str | None = None, go_live_on: date | None = None
) -> None:
    """Refuse settings that will not do, all at once; None is not looked at.

    :raises Invalid: naming every field.
    """
    fields = {}
    if zone is not None and zone not in available_timezones():
        fields["zone"] = "Choose a time zone such as Europe/Berlin."
    if currency is not None and not _CURRENCY.fullmatch(currency):
        fields["currency"] = "Type the three letters of a currency, such as EUR."
    if go_live_on is not None and not _EARLIEST <= go_live_on <= _LATEST:
        fields["go_live_on"] = "Choose the day from which decisions are kept in this log."
    if fields:
        raise Invalid("Some of this cannot be saved.", fields)


def zones() -> list[str]:
    """Return the time zones that a company may be in, sorted."""
    return sorted(zone for zone in available_timezones() if "/" in zone or zone == "UTC")


def _check_first_roles(roles: Collection[Role | str]) -> list[Role]:
    held = [role for role in Role if role in {engagements.check_role(given) for given in roles}]
    if Role.LEADER not in held:
        message = "Tick leadership too: without it nobody could give roles to others here."
        raise Invalid(message, {"role": message})
    engagements.check_together(held)
    return held


def _free_slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    base = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST_SLUG].strip("-") or "company"
    taken = {row.slug for row in Company.select(Company.slug).where(Company.slug.startswith(base))}
    taken |= RESERVED
    number, slug = 1, base
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug


def _code_hash(code: str) -> str:
    folded = "".join(c for c in code.upper() if c in CODE_LETTERS)
    return hashlib.sha256(folded.encode()).hexdigest()
