"""The states that recorded acts amount to: what is known of a decision, and of its company, at a moment."""

from datetime import date, datetime
from typing import NamedTuple

from adr_app.domain.decisions import IN_FORCE, Status
from adr_app.domain.levels import LevelAct, level_after
from adr_app.domain.permissions import Role
from adr_app.domain.sampling import Lot
from adr_app.domain.security import UNKNOWN_LEVEL
from adr_app.domain.standing_rules import Rule
from adr_app.domain.timeline_records import (
    Allowed,
    Asked,
    Beneath,
    Claim,
    Condition,
    Given,
    Revision,
    Risk,
    SetAside,
)
from adr_app.domain.vendors import Known, Naming
from adr_app.domain.worktime import USUAL, Calendar, local_day, working_days_between

__all__ = [
    "CLOSED",
    "OUT_OF_FORCE",
    "Acceptance",
    "Allowed",
    "Asked",
    "Beneath",
    "Claim",
    "CompanyState",
    "Condition",
    "DecisionState",
    "Engagement",
    "Given",
    "Moment",
    "Revision",
    "Risk",
    "SetAside",
]

OUT_OF_FORCE = frozenset({Status.SUPERSEDED, Status.DEPRECATED})
CLOSED = OUT_OF_FORCE | {Status.REJECTED, Status.WITHDRAWN}


class Engagement(NamedTuple):
    """A role somebody holds at the company from `starts_at` (None: since ever) to `ends_at` (None: open).

    It `waits` while the person was invited and has not come in: nobody holds it yet.
    """

    id: int
    person: int
    role: str
    starts_at: datetime | None
    ends_at: datetime | None
    waits: bool = False

    def runs(self, at: datetime) -> bool:
        """Return whether the role is held at `at`."""
        begun = self.starts_at is None or self.starts_at <= at
        return begun and not self.waits and (self.ends_at is None or at < self.ends_at)


class CompanyState(NamedTuple):
    """What the company's own acts amount to at a moment; `policy` maps a level's text to its mode.

    `rules` are those by which a vCISO allows decisions in advance. `awaited` were invited and have not come
    in; `joined` came in by an invitation. `frameworks` are the standards that the company follows. `calendar`
    are the days on which the company works, `calendar_was` those before they last changed. `severities` maps
    codes of flags that leadership made graver; `unread` is the first act that could not be read (zero: none).
    `receipt_at` is when the last receipt of the record was given out, or the record began; `record_fault` how
    the last check of it came out where not well, and `record_check` which check that was.
    """

    zone: str = "UTC"
    go_live_on: date | None = None
    policy: tuple[tuple[str, str], ...] = ()
    engagements: tuple[Engagement, ...] = ()
    awaited: tuple[int, ...] = ()
    joined: tuple[int, ...] = ()
    rules: tuple[Rule, ...] = ()
    frameworks: tuple[str, ...] = ()
    calendar: Calendar = USUAL
    calendar_was: Calendar = USUAL
    severities: tuple[tuple[str, str], ...] = ()
    unread: int = 0
    receipt_at: datetime | None = None
    record_fault: str = ""
    record_check: int = 0

    def as_decisions_see_it(self) -> "CompanyState":
        """Return the company without what no decision depends on."""
        return self._replace(receipt_at=None, record_fault="", record_check=0)

    def raised(self, code: str) -> str:
        """Return how grave the company has made a flag, or an empty text: as the product has it."""
        return next((severity for known, severity in self.severities if known == code), "")

    def working_days(self, since: datetime, until: date) -> int:
        """Return how many working days lie after the day of a moment, up to and including another day."""
        return working_days_between(local_day(since, self.zone), until, self.calendar)

    def engaged(self, role: Role, at: datetime) -> bool:
        """Return whether anybody holds `role` at `at`."""
        return any(e.role == role and e.runs(at) for e in self.engagements)


class Acceptance(NamedTuple):
    """How the decision came into force, with what was so at that moment.

    `engaged` says whether a vCISO was; `asked` is the review still unanswered then, awaited for `asked_days`
    working days, `question` that it was the author's turn; a meeting is confirmed in time until `confirm_by`;
    `emergency_due` is set where the check was to come afterwards; `month` is `YYYY-MM` in the company's zone
    and `recorded_on` the local day. `decided_on` None is an unknown date. `waited` is what taking the
    acceptance back restores: the asking before it and the place of the author's last turn. `built_first` says
    that the work was done by then, `concerns` which concerns were open all the same.
    """

    seq: int
    at: datetime
    number: int
    digest: str
    level: int
    required: bool
    way: str
    sole: bool
    decided_on: date | None
    recorded_on: date
    month: str
    imported: bool
    engaged: bool
    asked: Asked | None
    question: bool
    asked_days: int
    confirm_by: datetime
    emergency_due: datetime | None
    waited: tuple[Asked | None, int]
    built_first: bool = False
    concerns: tuple[int, ...] = ()


class DecisionState(NamedTuple):
    """What the acts on one decision amount to at a moment.

    `level_acts` are the acts that `level` follows from. `text_from` is the version with which the text in
    force came into force: an edit of unsigned fields, or one that means the same, moves only `in_force`.
    `deciders` are pairs of a person and a place
    in the record: what that person answered after it does not count (zero: nothing they answered does).
    `live_early` are the to-dos that were to be done before go-live and were not, when the work was noted as
    done at `live_at`.
    `same` are pairs of an answer's id and a digest it was extended to. `author` wrote it down first;
    `allowed` are the texts that rules cleared in advance, `lot` chooses whether it is checked. `left` is the
    moment in which the decision left force or was closed: its state goes on standing. `naming` says which
    outside firms each version names, `firms` what is known of them; `controls` are the
    safeguards it touches, by standard. `sent_from` is the first version sent for
    review; `built_at` when the work was noted as done, `went_live_checked` that it was looked at since;
    `risk_asked_at` when leadership was last asked, `risk_refused_seq` the place of its last no; `aside` are
    flags set aside; `concerns` those that block now; `beneath` is what changed of what it rests on,
    `still_holds` the place up to which the vCISO said that this takes nothing from the OK; `look_again_on` is
    the day on which it is to be looked at again, `look_again_at` when that day is over; `described` says that
    the description for the auditor was brought up to date since the work was done, `module_noted` that
    an approved encryption module is named; `unread` is the first act
    on it that could not be read (zero: none): since then nothing is known for sure.
    """

    id: int
    born: datetime | None = None
    status: Status = Status.DRAFT
    level: int = UNKNOWN_LEVEL
    level_acts: tuple[LevelAct, ...] = ()
    revisions: tuple[Revision, ...] = ()
    in_force: Revision | None = None
    text_from: int = 0
    asked: Asked | None = None
    replied_seq: int = 0
    given: tuple[Given, ...] = ()
    same: tuple[tuple[int, str], ...] = ()
    claim: Claim | None = None
    conditions: tuple[Condition, ...] = ()
    implementation: str = "not-started"
    live_at: datetime | None = None
    live_early: tuple[int, ...] = ()
    risks: tuple[Risk, ...] = ()
    declared: bool = False
    acceptance: Acceptance | None = None
    deciders: tuple[tuple[int, int], ...] = ()
    superseded_by: tuple[int, ...] = ()
    imported: bool = False
    author: int | None = None
    allowed: tuple[Allowed, ...] = ()
    lot: Lot | None = None
    left: "Moment | None" = None
    naming: Naming = ()
    firms: tuple[Known, ...] = ()
    controls: tuple[tuple[str, str], ...] = ()
    sent_from: int = 0
    built_at: datetime | None = None
    went_live_checked: bool = False
    risk_asked_at: datetime | None = None
    risk_refused_seq: int = 0
    aside: tuple[SetAside, ...] = ()
    concerns: tuple[int, ...] = ()
    beneath: tuple[Beneath, ...] = ()
    still_holds: int = 0
    look_again_on: date | None = None
    look_again_at: datetime | None = None
    described: bool = False
    module_noted: bool = False
    unread: int = 0

    def set_aside(self, code: str, at: datetime) -> SetAside | None:
        """Return the leader's act by which a flag is set aside at `at`, or None."""
        return next((a for a in reversed(self.aside) if a.code == code and a.runs(at)), None)

    @property
    def latest(self) -> Revision | None:
        """Return the newest version of the text, or None before there is one."""
        return self.revisions[-1] if self.revisions else None

    @property
    def holds(self) -> bool:
        """Return whether the decision is in force."""
        return self.acceptance is not None and self.status in IN_FORCE

    def leveled(self, acts: tuple[LevelAct, ...]) -> "DecisionState":
        """Return the state with these acts on its level; a level that was never settled counts as unknown."""
        level, _ = level_after(acts)
        return self._replace(level=UNKNOWN_LEVEL if level is None else level, level_acts=acts)

    @property
    def is_question_open(self) -> bool:
        """Return whether the vCISO's last word is a question that nobody replied to."""
        last = self.given[-1] if self.given else None
        return last is not None and last.code == "question" and last.seq > self.replied_seq

    @property
    def turn_began(self) -> datetime | None:
        """Return since when the question lies with the author, or None: her first one without a reply."""
        began = None
        for given in reversed(self.given):
            if given.code != "question" or given.seq <= self.replied_seq:
                break
            began = given.at
        return began

    @property
    def open_ask(self) -> Asked | None:
        """Return the review that was asked for and has had no answer since (a question is none)."""
        asked = self.asked
        if asked is None:
            return None
        if any(g.seq > asked.seq and g.verdict.is_input and g.engagement is not None for g in self.given):
            return None
        return asked

    def may_not_judge(self, person: int | None, seq: int = 0) -> bool:
        """Return whether an answer by `person` at `seq` (zero: now) counts for nothing: they decided."""
        return any(person == who and (seq == 0 or seq > since) for who, since in self.deciders)


class Moment(NamedTuple):
    """The stretch of time `[starts, ends)` in which nothing was recorded; `ends` None is for ever."""

    starts: datetime
    ends: datetime | None
    state: DecisionState
    company: CompanyState
