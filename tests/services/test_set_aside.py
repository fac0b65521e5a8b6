"""A flag set aside by leadership: who may, for how long, what it leaves, and what the record says of it."""

from datetime import date, timedelta

import pytest

from adr_app.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from adr_app.models.events import Event
from adr_app.models.flags import FlagSetAside, SpanRow
from adr_app.models.people import Company
from adr_app.services import (
    company_settings,
    decisions,
    drafts,
    engagements,
    flags,
    go_live,
    people,
    reviews,
    risks,
    set_aside,
)
from adr_app.services.dashboard import dashboard
from adr_app.services.flagged import flagged
from adr_app.services.record import acting
from adr_app.services.verification import verify
from tests.casts import Cast
from tests.conftest import START
from tests.services.security_company import NONE

LATER = timedelta(days=31)
UNTIL = START.date() + timedelta(days=90)
HARMLESS, FACT = "self-cert-unverified", "accepted-no-input"


def decided(cast: Cast, answers: dict[str, str] = NONE, by: str = "cto", *, cleared: bool = False) -> int:
    who = cast.viewer(by, START)
    made = drafts.draft(who, {"title": "Choose a colour"}, answers=answers, at=START)
    decisions.propose(who, made.number, at=START)
    if cleared:
        vciso = cast.viewer("vciso", START)
        reviews.answer(vciso, made.number, "approve", base=1, text="Fine.", level=None, todos=[], at=START)
    decisions.accept(cast.viewer("cto", START), made.number, base=1, reason="Now.", at=START)
    return int(made.number)


def aside(
    cast: Cast, number: int, code: str = HARMLESS, *, by: str = "leader", until: date = UNTIL
) -> FlagSetAside:
    who = cast.viewer(by, START + LATER)
    return set_aside.put_aside(who, number, code, reason="We look in spring.", until=until, at=START + LATER)


def on(cast: Cast, at: timedelta) -> set[tuple[str, str]]:
    return {(row.code, row.why) for row in SpanRow.running(cast.company.id, "flag", START + at)}


def company(cast: Cast) -> Company:
    return Company.get_by_id(cast.company.id)


def test_who_accepted_a_decision_sets_none_of_its_flags_aside(cast: Cast) -> None:
    number = decided(cast, by="member")
    leader = cast.viewer("leader", START)
    engagements.appoint(leader, role="leader", email=cast.cto.email, at=START)
    with pytest.raises(NotAllowed, match="You decided this yourself"):
        aside(cast, number, by="cto")
    assert aside(cast, number).code == HARMLESS


def test_a_flag_is_aside_until_its_day_and_comes_back_by_itself(cast: Cast) -> None:
    number = decided(cast)
    before = dashboard(cast.viewer("leader", START + LATER), at=START + LATER).without_input
    row = aside(cast, number)
    assert on(cast, LATER) == {("set-aside", HARMLESS)}
    assert on(cast, timedelta(days=92)) == {(HARMLESS, "")}
    (shown,) = set_aside.listed(cast.viewer("reader", START + LATER), START + LATER)
    assert (shown.decision.number, shown.act.reason) == (number, "We look in spring.")
    assert set_aside.listed(cast.viewer("leader", START), row.until) == []
    assert dashboard(cast.viewer("leader", START), at=START + LATER).without_input == before
    assert flags.check(company(cast)).different == [] and verify(company(cast)).broken is None
    set_aside.take_up(cast.viewer("leader", START), number, row.id, at=START + 2 * LATER)
    assert on(cast, 2 * LATER) == {(HARMLESS, "")}
    assert verify(company(cast)).broken is None
    for column, value in (("reason", "Another"), ("until", START), ("ended_at", None), ("leader_name", "X")):
        kept = getattr(FlagSetAside.get_by_id(row.id), column)
        FlagSetAside.update({column: value}).where(FlagSetAside.id == row.id).execute()
        assert verify(company(cast)).broken is not None, column
        FlagSetAside.update({column: kept}).where(FlagSetAside.id == row.id).execute()


def test_only_leadership_sets_aside_and_never_who_wrote_it_or_is_the_vciso(cast: Cast) -> None:
    number = decided(cast)
    for role in ("cto", "vciso", "member", "reader"):
        with pytest.raises(NotAllowed):
            aside(cast, number, by=role)
    mine = decided(cast, by="leader")
    with pytest.raises(NotAllowed, match="You wrote this decision"):
        aside(cast, mine)
    engagements.appoint(cast.viewer("leader", START), role="leader", email=cast.cto.email, at=START)
    engagements.appoint(cast.viewer("cto", START), role="vciso", email=cast.leader.email, at=START)
    both = people.viewer(cast.leader, "larkspur", START + LATER)
    with pytest.raises(NotAllowed, match="vCISO's role"):
        set_aside.put_aside(both, number, HARMLESS, reason="So.", until=UNTIL, at=START + LATER)


def test_a_fact_is_never_set_aside_nor_a_flag_that_is_not_on(cast: Cast) -> None:
    number = decided(cast, {**NONE, "data": "yes"})
    with pytest.raises(WrongState, match="stays in the history"):
        aside(cast, number, FACT)
    for code in (HARMLESS, "no-such-flag"):
        with pytest.raises(NotFound):
            aside(cast, number, code)
    assert FlagSetAside.select().count() == 0


@pytest.mark.parametrize("days", [-1, 398])
def test_it_always_ends_within_a_year_and_has_a_reason(cast: Cast, days: int) -> None:
    number = decided(cast)
    with pytest.raises(Invalid) as refused:
        aside(cast, number, until=START.date() + timedelta(days=days))
    assert set(refused.value.fields) == {"until"}
    with pytest.raises(Invalid) as refused:
        set_aside.put_aside(
            cast.viewer("leader", START), number, HARMLESS, reason="  ", until=UNTIL, at=START + LATER
        )
    assert set(refused.value.fields) == {"reason"}


def test_leadership_makes_a_flag_graver_from_then_on_and_never_less_grave(cast: Cast) -> None:
    decided(cast)
    leader = cast.viewer("leader", START)
    assert company_settings.set_severity(leader, HARMLESS, "S2", at=START + LATER)
    rows = list(SpanRow.select().where(SpanRow.code == HARMLESS).order_by(SpanRow.starts))
    assert [(row.severity, row.ended_as) for row in rows] == [("S3", "changed"), ("S2", "")]
    assert flags.check(company(cast)).different == [] and verify(company(cast)).broken is None
    again = cast.viewer("leader", START + LATER)
    assert not company_settings.set_severity(again, HARMLESS, "S2", at=START + LATER)
    for code, severity in ((FACT, "S2"), (HARMLESS, "S0"), ("no-such-flag", "S1")):
        with pytest.raises(Invalid):
            company_settings.set_severity(again, code, severity, at=START + LATER)
    with pytest.raises(NotAllowed):
        company_settings.set_severity(cast.viewer("cto", START), HARMLESS, "S1", at=START + LATER)
    Company.update(severities={}).where(Company.id == cast.company.id).execute()
    broken = verify(company(cast)).broken
    assert broken is not None and "gravity of flags" in broken.message


def test_an_entry_that_cannot_be_read_is_told_and_counts_nowhere_as_good(cast: Cast) -> None:
    number = decided(cast)
    with acting(cast.company.id, at=START + LATER, actor=cast.vciso.id) as ledger:
        decision = drafts.find(cast.viewer("cto", START), number)
        ledger.append("review.verdict", ("decision", decision.id), {"code": "a-newer-kind", "verdict": 1})
    assert on(cast, LATER) == {("rule-error", "entry")}
    board = dashboard(cast.viewer("leader", START), at=START + LATER)
    assert (board.unread, board.without_input, board.quarter.before) == (1, 0, 0)
    assert flagged(cast.viewer("admin", START), at=START + LATER)["rule-error"].count == 1
    assert flags.check(company(cast)).different == []
    assert Event.select().where(Event.kind == "review.verdict").count() == 1


def test_a_deviation_needs_an_end_and_what_went_live_is_looked_at(cast: Cast) -> None:
    answers = {**NONE, "undo": "yes", "q8": "yes", "q11": "days", "q12": "yes", "q14": "no"}
    number = decided(cast, answers, cleared=True)
    assert ("deviation-no-exception", "") in on(cast, LATER)
    until, leader = (START + LATER).date() + timedelta(days=30), cast.viewer("leader", START)
    allowed = {"reason": "Until spring.", "protects": "Alarms.", "until": until, "at": START + LATER}
    risks.take(leader, number, **allowed)
    assert on(cast, LATER) == set()
    assert on(cast, LATER + timedelta(days=20)) == {("exception-ending", "")}
    with pytest.raises(WrongState, match="extended by a new request"):
        risks.take(leader, number, **allowed)
    cto, vciso = cast.viewer("cto", START), cast.viewer("vciso", START)
    with pytest.raises(WrongState):
        go_live.look_at(vciso, number, "The settings.", at=START + LATER)
    decisions.set_implementation(cto, number, "implemented", at=START + LATER)
    month = LATER + timedelta(days=31)
    assert ("not-verified-after-go-live", "") in on(cast, month)
    with pytest.raises(Invalid):
        go_live.look_at(vciso, number, " ", at=START + LATER)
    go_live.look_at(vciso, number, "The settings are as decided.", at=START + month)
    assert ("not-verified-after-go-live", "") not in on(cast, month)
    assert verify(company(cast)).broken is None
