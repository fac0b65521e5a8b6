"""Who may do what: one table of acts and the roles that may do them."""

from collections.abc import Collection
from enum import StrEnum


class Role(StrEnum):
    """What a person is at one company, from a date to a date."""

    CTO = "cto"
    VCISO = "vciso"
    LEADER = "leader"
    MEMBER = "member"
    READER = "reader"
    ADMIN = "admin"
    DELEGATE = "delegate"


class Act(StrEnum):
    """What a person may want to do in a company; `READ` is what every role may."""

    READ = "read"
    DRAFT = "decision:draft"
    PROPOSE = "decision:propose"
    WITHDRAW = "decision:withdraw"
    ACCEPT = "decision:accept"
    IMPORT = "decision:import"
    LOOK_AGAIN = "decision:look-again"
    ASK_REVIEW = "review:ask"
    GIVE_VERDICT = "review:verdict"
    ANSWER_TODO = "condition:answer"
    LOWER_LEVEL = "level:lower"
    SIGN_RULE = "rule:sign"
    RAISE_LEVEL = "level:raise"
    NOTE_DEBT = "debt:note"
    CORRECT_REPORTS = "debt:correct-reports"
    TAKE_READINGS = "reading:take"
    WRITE_OFF_DEBT = "debt:write-off"
    COMMENT = "comment:write"
    RESOLVE_COMMENT = "comment:resolve"
    RESOLVE_CONCERN = "concern:resolve"
    SET_CONCERN_ASIDE = "concern:set-aside"
    ACCEPT_RISK = "risk:accept"
    SET_ASIDE = "flag:set-aside"
    SET_POLICY = "company:policy"
    APPOINT_ADVISER = "people:appoint-adviser"
    APPOINT_OTHER = "people:appoint-other"
    SETTINGS = "company:settings"
    MAP_CONTROLS = "control:map"
    LOAD_CATALOG = "control:load"
    KEEP_VENDORS = "vendor:keep"
    ASSESS_VENDOR = "vendor:assess"
    NOTE_PRESSURE = "pressure:note"
    KEEP_DUTIES = "obligation:keep"
    ASSESS_ROLES = "first-role:assess"
    CHOOSE_ROLE = "first-role:choose"
    CHECK_RECORD = "record:check"
    GIVE_RECEIPT = "record:receipt"


class Public(StrEnum):
    """What a page asks of somebody who is not, or need not be, in a company."""

    ANYBODY = "anybody"
    SIGNED_IN = "signed-in"


ROLE_NAMES = {
    Role.CTO: "fractional CTO",
    Role.VCISO: "security (vCISO)",
    Role.LEADER: "leadership",
    Role.MEMBER: "team",
    Role.READER: "can read",
    Role.ADMIN: "admin",
    Role.DELEGATE: "delegate of the CTO",
}

ADVISER_ROLES = frozenset({Role.CTO, Role.VCISO, Role.LEADER, Role.DELEGATE})
"""Roles only leadership appoints (design: nobody appoints themselves, save the first person)."""

WRITERS = frozenset({Role.MEMBER, Role.CTO, Role.VCISO, Role.LEADER, Role.DELEGATE})
DECIDERS = frozenset({Role.CTO, Role.DELEGATE})

GRANTS: dict[Act, frozenset[Role]] = {
    Act.READ: frozenset(Role),
    Act.DRAFT: WRITERS,
    Act.COMMENT: WRITERS,
    Act.RESOLVE_COMMENT: DECIDERS,
    Act.RESOLVE_CONCERN: frozenset(),
    Act.SET_CONCERN_ASIDE: frozenset({Role.LEADER}),
    Act.NOTE_DEBT: WRITERS,
    Act.CORRECT_REPORTS: DECIDERS | {Role.LEADER},
    Act.TAKE_READINGS: WRITERS,
    Act.WRITE_OFF_DEBT: DECIDERS | {Role.LEADER},
    Act.RAISE_LEVEL: WRITERS,
    Act.PROPOSE: DECIDERS,
    Act.WITHDRAW: DECIDERS,
    Act.LOOK_AGAIN: DECIDERS | {Role.VCISO},
    Act.ASK_REVIEW: DECIDERS,
    Act.ACCEPT: DECIDERS,
    Act.IMPORT: DECIDERS,
    Act.GIVE_VERDICT: frozenset({Role.VCISO}),
    Act.ANSWER_TODO: DECIDERS,
    Act.LOWER_LEVEL: frozenset({Role.VCISO}),
    Act.SIGN_RULE: frozenset({Role.VCISO}),
    Act.ACCEPT_RISK: frozenset({Role.LEADER}),
    Act.SET_ASIDE: frozenset({Role.LEADER}),
    Act.SET_POLICY: frozenset({Role.LEADER}),
    Act.APPOINT_ADVISER: frozenset({Role.LEADER}),
    Act.APPOINT_OTHER: frozenset({Role.ADMIN, Role.LEADER}),
    Act.SETTINGS: frozenset({Role.ADMIN, Role.LEADER}),
    Act.LOAD_CATALOG: frozenset({Role.ADMIN, Role.LEADER, Role.CTO}),
    Act.MAP_CONTROLS: DECIDERS | {Role.VCISO},
    Act.KEEP_VENDORS: WRITERS | {Role.ADMIN},
    Act.ASSESS_VENDOR: DECIDERS | {Role.VCISO},
    Act.NOTE_PRESSURE: WRITERS,
    Act.KEEP_DUTIES: DECIDERS | {Role.VCISO, Role.LEADER, Role.ADMIN},
    Act.ASSESS_ROLES: frozenset({Role.LEADER, Role.CTO, Role.VCISO}),
    Act.CHOOSE_ROLE: frozenset({Role.LEADER}),
    Act.CHECK_RECORD: frozenset({Role.ADMIN, Role.LEADER, Role.VCISO}),
    Act.GIVE_RECEIPT: frozenset({Role.ADMIN, Role.LEADER, Role.VCISO, Role.CTO}),
}

ALSO_AUTHOR = frozenset(
    {
        *(Act.PROPOSE, Act.WITHDRAW, Act.ASK_REVIEW, Act.LOOK_AGAIN),
        *(Act.RESOLVE_COMMENT, Act.RESOLVE_CONCERN),
    }
)
"""Acts that the author of the decision may do too, whatever role lets them draft.

A comment is closed by its own author as well; a concern that blocks only by who raised it, whatever anybody
else is here.
"""

LEADER_WHILE_NO_CTO = frozenset(
    {Act.ACCEPT, Act.IMPORT, Act.PROPOSE, Act.WITHDRAW, Act.ASK_REVIEW, Act.RESOLVE_COMMENT}
)
"""Acts that fall to leadership while no CTO is engaged."""


def permits(act: Act, roles: Collection[Role], *, is_author: bool = False, cto_engaged: bool = True) -> bool:
    """Return whether somebody with these roles may do this act.

    `is_author` says the thing acted on was written by them; `cto_engaged` whether the company has a
    CTO now. A person without any role may do nothing.
    """
    held = frozenset(roles)
    if not held:
        return False
    if held & GRANTS[act]:
        return True
    if is_author and act in ALSO_AUTHOR and held & WRITERS:
        return True
    return not cto_engaged and act in LEADER_WHILE_NO_CTO and Role.LEADER in held
