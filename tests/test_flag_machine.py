"""Two companies acting on one database, their clocks running: what flags must keep whatever happens."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import peewee
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from adr_app.domain.errors import Refused
from adr_app.domain.flag_rules import RULES
from adr_app.domain.standing import HEADLINE, standing_at
from adr_app.domain.timeline import fold
from adr_app.models.decisions import Decision
from adr_app.models.events import Event, happenings
from adr_app.models.flags import FlagSetAside, SpanRow, Tally
from adr_app.models.people import Company
from adr_app.services import company_settings, decisions, drafts, flags, reviews, risks, set_aside
from tests.casts import Cast, cast_of, quick_passwords
from tests.conftest import START, connected
from tests.databases import Databases
from tests.services.security_company import NONE

PLAIN = frozenset({"cleared", "cleared-with-conditions", "advised", "advised-meeting"})
"""Standings that say nothing was wanting."""

FACTS = frozenset(code for code, known in RULES.items() if known.kind == "fact")
WAITS = [timedelta(), timedelta(minutes=5), timedelta(days=1), timedelta(days=8), timedelta(days=400)]
CODES = ["approve", "approve-with-conditions", "advise", "deny", "question", "not-relevant"]
COMPANIES, WHICH = st.integers(0, 1), st.integers(0, 3)


class Companies(RuleBasedStateMachine):
    """Larkspur and Hale; each rule is one act of one of them, tried by whoever usually does it."""

    database: Callable[[], Any]

    @initialize()
    def found(self) -> None:
        self.opened = self.database()
        self.opened.__enter__()
        self.at = START
        self.casts = [cast_of(name, START) for name in ("Larkspur", "Hale")]
        self.without: set[tuple[int, int]] = set()
        for which in (0, 1):
            self._act(
                which, lambda cast: drafts.draft(cast.viewer("cto", self.at), {"title": "One"}, at=self.at)
            )

    def teardown(self) -> None:
        if hasattr(self, "opened"):
            self.opened.__exit__(None, None, None)

    def _on(self, cast: Cast, what: int) -> Decision:
        rows = list(Decision.select().where(Decision.company == cast.company.id).order_by(-Decision.id))
        return rows[what % len(rows)]

    def _act(self, which: int, act: Callable[[Cast], object]) -> None:
        mine, other = self.casts[which].company.id, self.casts[1 - which].company.id
        theirs, ours = _rows(other), _past(mine, self.at)
        try:
            act(self.casts[which])
        except Refused:
            assert _past(mine, self.at) == ours
        assert _rows(other) == theirs, "nothing of one company changes another"
        # The law, through the database: what had begun is still told as it was.
        assert _past(mine, self.at) == ours, "an act leaves what was before it as it was"

    @rule(wait=st.sampled_from(WAITS))
    def time_passes(self, wait: timedelta) -> None:
        self.at += wait

    @rule(which=COMPANIES, harmless=st.booleans(), go=st.booleans())
    def draft(self, which: int, harmless: bool, go: bool) -> None:
        answers = NONE if harmless else {**NONE, "data": "yes"}

        def act(cast: Cast) -> None:
            made = drafts.draft(cast.viewer("cto", self.at), {"title": "Two"}, answers=answers, at=self.at)
            if go:
                decisions.propose(cast.viewer("cto", self.at), made.number, at=self.at)

        self._act(which, act)

    @rule(which=COMPANIES, what=WHICH)
    def ask(self, which: int, what: int) -> None:
        self._act(
            which, lambda c: reviews.ask(c.viewer("cto", self.at), self._on(c, what).number, at=self.at)
        )

    @rule(which=COMPANIES, what=WHICH, emergency=st.booleans())
    def accept(self, which: int, what: int, emergency: bool) -> None:
        def act(cast: Cast) -> None:
            one = self._on(cast, what)
            decisions.accept(
                cast.viewer("cto", self.at), one.number, base=one.latest, reason="Now.", emergency=emergency,
                at=self.at,
            )  # fmt: skip

        self._act(which, act)

    @rule(which=COMPANIES, what=WHICH, code=st.sampled_from(CODES))
    def answer(self, which: int, what: int, code: str) -> None:
        def act(cast: Cast) -> None:
            one = self._on(cast, what)
            todos = [{"text": "Turn it on", "due_on": (self.at.date() + timedelta(days=3)).isoformat()}]
            reviews.answer(
                cast.viewer("vciso", self.at), one.number, code, base=one.latest, text="So.", level=None,
                todos=todos, at=self.at,
            )  # fmt: skip

        self._act(which, act)

    @rule(which=COMPANIES, what=WHICH)
    def revise(self, which: int, what: int) -> None:
        def act(cast: Cast) -> None:
            one = self._on(cast, what)
            drafts.revise(
                cast.viewer("cto", self.at), one.number, {"title": f"Version {one.latest}"}, base=one.latest,
                at=self.at,
            )  # fmt: skip

        self._act(which, act)

    @rule(which=COMPANIES, what=WHICH, take=st.booleans())
    def risk_or_work(self, which: int, what: int, take: bool) -> None:
        def act(cast: Cast) -> None:
            number = self._on(cast, what).number
            if not take:
                decisions.set_implementation(cast.viewer("cto", self.at), number, "implemented", at=self.at)
                return
            until = self.at.date() + timedelta(days=40)
            risks.take(
                cast.viewer("leader", self.at),
                number,
                reason="So.",
                longer="Spring.",
                until=until,
                at=self.at,
            )

        self._act(which, act)

    @rule(which=COMPANIES, what=WHICH, code=st.sampled_from(sorted(RULES)), graver=st.booleans())
    def lead(self, which: int, what: int, code: str, graver: bool) -> None:
        def act(cast: Cast) -> None:
            leader = cast.viewer("leader", self.at)
            if graver:
                company_settings.set_severity(leader, code, "S1", at=self.at)
                return
            until = self.at.date() + timedelta(days=20)
            on = [
                row.code
                for row in SpanRow.running(cast.company.id, "flag", self.at)
                if row.subject_type == "decision"
            ]
            code_on = on[what % len(on)] if on else code
            number = self._on(cast, what).number
            set_aside.put_aside(leader, number, code_on, reason="So.", until=until, at=self.at)

        self._act(which, act)

    @invariant()
    def a_standing_is_a_function_of_facts_and_a_late_answer_removes_none(self) -> None:
        for cast in getattr(self, "casts", ()):
            company = cast.company.id
            assert FlagSetAside.select().where(FlagSetAside.code.in_(FACTS)).count() == 0
            held = {r.subject_id: r for r in SpanRow.running(company, "standing", self.at)}
            for one in Decision.select().where(Decision.company == company):
                moment = fold(one.id, happenings(company, one.id))
                assert moment is not None
                state, standing = moment.state, held[one.id]
                now = standing_at(state, moment.company, self.at)
                assert (standing.code, standing.why, standing.detail) == (now.code, now.why, now.detail)
                accepted = (one.id, state.acceptance.seq) if state.acceptance else None
                if accepted and standing.code in HEADLINE:
                    self.without.add(accepted)
                assert accepted not in self.without or standing.code not in PLAIN

    @rule()
    def compare(self) -> None:
        for cast in self.casts:
            assert flags.check(Company.get_by_id(cast.company.id)).different == []


def _rows(company: int) -> list[Any]:
    """Return what is stored of a company's flags, decisions and record."""
    return [
        sorted(table.select().where(table.company == company).tuples(), key=repr)
        for table in (SpanRow, Tally, Decision, Event, FlagSetAside)
    ]


def _past(company: int, at: Any) -> list[tuple[Any, ...]]:
    """Return everything found to hold before a moment, cut at it."""
    rows = SpanRow.select().where(SpanRow.company == company, SpanRow.starts < at)
    return sorted(
        (r.subject_type, r.subject_id, r.kind, r.code, r.why, r.severity, r.starts, min(r.ends, at))
        for r in rows
    )


def test_flags_of_two_companies_hold_what_they_promise(databases: Databases) -> None:
    # What differs between engines is tried by any sequence of acts.
    @contextmanager
    def fresh() -> Iterator[peewee.Database]:
        url = databases.migrated("sqlite")
        with connected(url) as database:
            yield database
        databases.discard(url)

    machine = type("Here", (Companies,), {"database": staticmethod(fresh)})
    few = settings(
        max_examples=10, stateful_step_count=16, deadline=None, suppress_health_check=list(HealthCheck)
    )
    with quick_passwords():
        run_state_machine_as_test(machine, settings=few)
