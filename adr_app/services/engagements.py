"""Roles: who appoints whom at a company, from when to when, and how a role ends."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from adr_app.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from adr_app.domain.permissions import ADVISER_ROLES, ROLE_NAMES, Act, Role
from adr_app.domain.worktime import end_of_day, local_day
from adr_app.models.people import Company, Engagement, Person
from adr_app.services import appointment_letters, people, successors
from adr_app.services.appointment_letters import Letter
from adr_app.services.people import Viewer
from adr_app.services.record import Ledger, acting_as

BOTH_HATS = (
    "{name} decides as CTO and answers for security here. These are two jobs: one asks what can be built and "
    "how soon, the other what must be protected, and whoever has both lets one of them wait. Nobody checks "
    "their own decision: it would read “checked by the person who decided”. Let somebody else do one of the "
    "two where it matters."
)
BOTH = frozenset({Role.CTO, Role.VCISO})
"""Two roles that one person may hold together, and that say less of each other then."""

NOT_YOURSELF = "Nobody gives themselves a role. Ask somebody else in leadership or an admin."
DELEGATE_AND_VCISO = (
    "A delegate of the CTO cannot also be the vCISO here: whoever checks must not decide for the CTO."
)


@dataclass(frozen=True, slots=True)
class Term:
    """From when to when a role holds: the end is exclusive, None is open."""

    starts_at: datetime
    ends_at: datetime | None

    def meets(self, other: Engagement) -> bool:
        """Return whether another engagement holds at some moment of this term."""
        begins_before_we_end = self.ends_at is None or other.starts_at < self.ends_at
        return begins_before_we_end and (other.ends_at is None or other.ends_at > self.starts_at)


def act_for(role: Role) -> Act:
    """Return what somebody must be allowed in order to give or end this role."""
    return Act.APPOINT_ADVISER if role in ADVISER_ROLES else Act.APPOINT_OTHER


def may_give(viewer: Viewer) -> list[Role]:
    """Return the roles that a person may give and end here, in the order screens show them."""
    return [role for role in Role if viewer.may(act_for(role))]


def appoint(
    viewer: Viewer,
    *,
    role: Role | str,
    at: datetime,
    person_id: int | None = None,
    email: str = "",
    name: str = "",
    starts_on: date | None = None,
    ends_on: date | None = None,
    letter: Letter | None = None,
) -> Engagement:
    """Give a person a role at the viewer's company from a day to a day, the last one included.

    The person is one of the company's, by id, or found by e-mail and made with `name` when new. Without
    `starts_on`, or with today, the role holds from the moment of the act. `letter` is the reference to the
    letter of appointment, where there is one. Appends `engagement.started`.

    :raises NotFound: when `person_id` is nobody of this company.
    :raises NotAllowed: when the viewer may not give this role, or not to themselves.
    :raises Invalid: for days that make no sense, a role already held then, or delegate and vCISO in one.
    """
    role = check_role(role)
    viewer.require(act_for(role))
    with acting_as(viewer, at=at) as ledger:
        if person_id is None:
            whom = people.known(email, name, at=ledger.at)
        else:
            whom = people.person_here(ledger.company.id, person_id)
        if whom.id == viewer.person.id:
            raise NotAllowed(NOT_YOURSELF)
        term = _term(ledger, starts_on, ends_on)
        check_free(ledger.company.id, whom.id, role, term)
        return start(ledger, whom, role, term, appointed_by=viewer.person.id, letter=letter)


def start(
    ledger: Ledger,
    person: Person,
    role: Role,
    term: Term,
    *,
    appointed_by: int | None,
    letter: Letter | None = None,
) -> Engagement:
    """Begin an engagement within an act; whether it may begin was checked before."""
    engagement = Engagement.create(
        company=ledger.company.id,
        person=person,
        role=role,
        starts_at=term.starts_at,
        ends_at=term.ends_at,
        appointed_by=appointed_by,
    )
    given = letter is not None and letter.is_given
    noted = {"letter": appointment_letters.keep(ledger, engagement.id, letter)} if letter and given else {}
    ledger.append(
        "engagement.started",
        ("company", ledger.company.id),
        {
            "engagement": engagement.id,
            "person": person.id,
            "role": str(role),
            "starts_at": int(term.starts_at.timestamp()),
            "ends_at": None if term.ends_at is None else int(term.ends_at.timestamp()),
            "by": appointed_by,
            "named": person.name_digest,
            **noted,
        },
    )
    return engagement


def note_letter(viewer: Viewer, engagement_id: int, letter: Letter, *, at: datetime) -> Engagement:
    """Note the letter of a role that was given already. Appends `engagement.letter-noted`.

    :raises NotFound: when there is no such role at this company.
    :raises NotAllowed: when the viewer may not give this role.
    :raises Invalid: as `appointment_letters.check`.
    """
    with acting_as(viewer, at=at) as ledger:
        found = engagement_of(ledger.company.id, engagement_id)
        viewer.require(act_for(Role(found.role)))
        about = {"engagement": found.id, "person": found.person.id, "role": found.role}
        kept = appointment_letters.keep(ledger, found.id, letter)
        ledger.append("engagement.letter-noted", ("company", ledger.company.id), {**about, "letter": kept})
        return found


def end(
    viewer: Viewer, engagement_id: int, *, successor: int | None = None, note: str = "", at: datetime
) -> Engagement:
    """End a role now; one that has not begun never holds. Appends `engagement.ended`.

    With a `successor` (an engagement of the same role) or a `note` for whoever comes next, it is handed over
    in the same act.

    :raises NotFound: when there is no such engagement at this company, or no such successor.
    :raises NotAllowed: when the viewer may not end this role.
    :raises WrongState: when it is over already, or leadership would be left to nobody.
    """
    with acting_as(viewer, at=at) as ledger:
        found = engagement_of(ledger.company.id, engagement_id)
        viewer.require(act_for(Role(found.role)))
        if found.ends_at is not None and found.ends_at <= ledger.at:
            raise WrongState("This role has ended already. Nothing was changed.")
        if found.role == Role.LEADER and not _other_leader(ledger.company.id, found, ledger.at):
            raise WrongState(
                "Somebody must stay in leadership, or nobody could give roles here. Add another leader first."
            )
        passed = None
        if successor is not None or note.strip():
            passed = successors.pass_on(ledger, found, successor, note)
        found.ends_at = max(ledger.at, found.starts_at)
        found.save(only=[Engagement.ends_at])
        ledger.append(
            "engagement.ended",
            ("company", ledger.company.id),
            {
                "engagement": found.id,
                "person": found.person.id,
                "role": found.role,
                "ends_at": int(found.ends_at.timestamp()),
                **(passed.told if passed else {}),
            },
            passed.also if passed else (),
        )
        return found


def engagement_of(company_id: int, engagement_id: int) -> Engagement:
    """Return one engagement of a company with its person.

    :raises NotFound: when it is another company's or does not exist.
    """
    found = (
        Engagement.select(Engagement, Person)
        .join(Person, on=(Engagement.person == Person.id))
        .where(Engagement.company == company_id, Engagement.id == engagement_id)
        .first()
    )
    if found is None:
        raise NotFound("There is no such role.")
    return found


def warnings(company: Company, at: datetime) -> list[str]:
    """Return sentences about roles that are allowed together but weaken the check."""
    held: dict[int, set[str]] = defaultdict(set)
    who: dict[int, str] = {}
    for row in people.engaged(company.id, at):
        held[row.person.id].add(row.role)
        who[row.person.id] = row.person.name
    return [BOTH_HATS.format(name=who[key]) for key, roles in held.items() if roles >= BOTH]


def who_is_both(vcisos: Sequence[Engagement], at: datetime) -> str:
    """Return who of a company's vCISOs, those engaged now, is the CTO too, by name; empty where nobody is."""
    checking = {one.person_id: one.person.name for one in vcisos}
    deciding = people.holders(vcisos[0].company_id, Role.CTO, at) if vcisos else []
    return next((checking[one.person_id] for one in deciding if one.person_id in checking), "")


def would_be_both(company_id: int, person_id: int, name: str, role: Role | str, at: datetime) -> str:
    """Return what to weigh before somebody is given a role with which they decide and check, else nothing."""
    if role not in BOTH:
        return ""
    other = Role.VCISO if role == Role.CTO else Role.CTO
    rows = Engagement.select().where(
        Engagement.company == company_id, Engagement.person == person_id, Engagement.role == other
    )
    ahead = rows.where(Engagement.ends_at.is_null() | (Engagement.ends_at > at))
    return BOTH_HATS.format(name=name) if ahead.exists() else ""


def check_role(role: Role | str) -> Role:
    """Return a role from its code.

    :raises Invalid: when there is no such role.
    """
    try:
        return Role(role)
    except ValueError as error:
        message = "Choose a role from the list."
        raise Invalid(message, {"role": message}) from error


def check_together(roles: Iterable[Role]) -> None:
    """Refuse roles that one person may not hold at one company at the same time.

    :raises Invalid: for delegate and vCISO.
    """
    if {Role.DELEGATE, Role.VCISO} <= set(roles):
        raise Invalid(DELEGATE_AND_VCISO, {"role": DELEGATE_AND_VCISO})


def _term(ledger: Ledger, starts_on: date | None, ends_on: date | None) -> Term:
    zone = ledger.company.zone
    today = local_day(ledger.at, zone)
    first = starts_on or today
    fields = {}
    if first < today:
        # What was answered and decided before would be judged by a mandate that nobody had seen.
        fields["starts_on"] = "A role begins today or later; it cannot be given for the past."
    if ends_on is not None and ends_on < first:
        fields["ends_on"] = "The last day must not be before the first."
    if max(first, ends_on or first).year > 9000:
        fields["ends_on"] = "Choose a nearer day, or leave the last day empty."
    if fields:
        raise Invalid("These days do not fit together.", fields)
    starts_at = ledger.at if first == today else end_of_day(first - timedelta(days=1), zone)
    return Term(starts_at, None if ends_on is None else end_of_day(ends_on, zone))


def check_free(company_id: int, person_id: int, role: Role, term: Term) -> None:
    """Refuse a role that somebody has in that time already, or beside one that it cannot go with.

    :raises Invalid: under `role`.
    """
    rows = Engagement.select().where(Engagement.company == company_id, Engagement.person == person_id)
    meeting = [row for row in rows if term.meets(row)]
    if any(row.role == role for row in meeting):
        message = f"This person already has the role “{ROLE_NAMES[role]}” in that time."
        raise Invalid(message, {"role": message})
    check_together([role, *(Role(row.role) for row in meeting)])


def _other_leader(company_id: int, ending: Engagement, at: datetime) -> bool:
    return (
        Engagement.running(at)
        .where(
            Engagement.company == company_id,
            Engagement.role == Role.LEADER,
            Engagement.id != ending.id,
        )
        .exists()
    )
