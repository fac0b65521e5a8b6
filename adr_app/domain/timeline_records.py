"""What acts on a decision leave behind, one by one: its texts, the answers on them, to-dos, risks taken."""

from datetime import datetime
from typing import NamedTuple

from adr_app.domain.conditions import GONE, State, binds
from adr_app.domain.reviews import VERDICTS, Verdict


class Revision(NamedTuple):
    """A version of the text: its number, its digest and the review level its answers ask for.

    `by` wrote it and `owners` answer for it; `inside` says that a system it names is inside a compliance
    boundary. Acts of earlier versions of this program name neither these nor the answers. `at` is when it was
    written, `from_file` that an import brought it; `marks` say what its answers tell beyond a level;
    `government` says that it touches government data.
    """

    number: int
    digest: str
    level: int
    answers: tuple[tuple[str, str], ...] = ()
    inside: bool = False
    by: int | None = None
    owners: tuple[int, ...] = ()
    at: datetime | None = None
    from_file: bool = False
    marks: tuple[str, ...] = ()
    government: bool = False


class Asked(NamedTuple):
    """A security review that was asked for; `seq` is the latest asking, `asked_at` the first unanswered.

    `review` is the id of its row, zero where the act names none.
    """

    seq: int
    asked_at: datetime
    due_at: datetime
    of: int | None
    emergency: bool
    review: int = 0


class Given(NamedTuple):
    """An answer that was given and not taken back; `until` is when it stops to hold."""

    seq: int
    at: datetime
    id: int
    by: int | None
    code: str
    number: int
    digest: str
    level: int
    engagement: int | None
    until: datetime | None

    @property
    def verdict(self) -> Verdict:
        """Return what this kind of answer means."""
        return VERDICTS[self.code]


class Claim(NamedTuple):
    """A claim that the vCISO took part in the meeting, and her answer to it (`yes` None: none yet)."""

    id: int
    at: datetime
    yes: bool | None = None
    answered_at: datetime | None = None
    answered_by: int | None = None
    engagement: int | None = None


class Condition(NamedTuple):
    """A to-do that came with an answer; `overdue_at` is the end of its due day.

    `binds_at` is when it binds if the CTO says nothing (None: from the start), `check_by` until when what is
    said to be done may wait for its check, `owned` whether somebody is named to do it.
    """

    id: int
    verdict: int
    overdue_at: datetime | None
    before_go_live: bool
    done: bool = False
    verified: bool = False
    state: str = State.PROPOSED
    binds_at: datetime | None = None
    owned: bool = True
    check_by: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Return whether it still stands and nobody checked it."""
        return not self.verified and self.state not in GONE

    def binds(self, at: datetime) -> bool:
        """Return whether it binds at `at`."""
        return binds(self.state, self.binds_at, at)


class Risk(NamedTuple):
    """A risk that leadership took until `until`, on one text; `ended_at` when it was ended sooner.

    `protected` says that what protects meanwhile is named, `extends` is the one before it that it goes on
    from (zero: none), `seq` its place in the record.
    """

    id: int
    at: datetime
    until: datetime | None
    digest: str
    ended_at: datetime | None = None
    protected: bool = False
    extends: int = 0
    seq: int = 0

    def runs(self, at: datetime) -> bool:
        """Return whether the acceptance of the risk holds at `at`."""
        return self.ended_at is None and (self.until is None or at < self.until)


class Allowed(NamedTuple):
    """That a rule cleared a text in advance: the act at `seq` put that text in force while the rule held."""

    seq: int
    rule: int
    digest: str


class Beneath(NamedTuple):
    """Something that a decision rests on changed by the act at `seq`: a system, a firm, another decision."""

    seq: int
    what: str
    id: int


class SetAside(NamedTuple):
    """A flag that a leader set aside until `until`; `ended_at` when it was ended sooner."""

    id: int
    code: str
    until: datetime | None
    ended_at: datetime | None = None

    def runs(self, at: datetime) -> bool:
        """Return whether the flag is set aside at `at`."""
        return self.ended_at is None and self.until is not None and at < self.until
