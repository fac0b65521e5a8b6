"""A company-wide act changes the flags of many decisions: at once where few, else soon, and pages say so."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from playhouse.test_utils import count_queries

from adr_app.cli.flags import rule_table
from adr_app.cli.serving import Keeper
from adr_app.models.base import database, writing
from adr_app.models.decisions import Decision
from adr_app.models.flags import SpanRow, Tally
from adr_app.models.people import Company, Engagement
from adr_app.services import company_settings, decisions, drafts, engagements, flags
from adr_app.services.verification import verify
from tests.casts import Cast, cast_of, quick_passwords, sign_in
from tests.cli.conftest import Commands
from tests.conftest import START

DECISIONS = 5
DECIDED = START.date() - timedelta(days=40)
Act = Callable[[Cast], object]


@pytest.fixture
def cast(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cast]:
    """A company with more decisions than are evaluated at once, decided before its first day."""
    monkeypatch.setattr(flags, "AT_ONCE", DECISIONS - 1)
    with quick_passwords():
        cast = cast_of("Larkspur", START, go_live_on=START.date())
        for number in range(DECISIONS):
            typed = {"title": f"Decision {number}", "decided_on": DECIDED.isoformat()}
            decisions.record_decided(cast.viewer("cto", START), typed, at=START)
        yield cast


def go_live_earlier(cast: Cast) -> object:
    on = DECIDED - timedelta(days=1)
    return company_settings.set_go_live(cast.viewer("leader", START), on, at=START + timedelta(hours=1))


def end_the_vciso(cast: Cast) -> object:
    held = Engagement.get(Engagement.company == cast.company.id, Engagement.role == "vciso")
    return engagements.end(cast.viewer("leader", START), held.id, at=START + timedelta(hours=1))


def insist_on_an_ok(cast: Cast) -> object:
    leader = cast.viewer("leader", START)
    return company_settings.set_policy(leader, 2, "enforce", at=START + timedelta(hours=1))


ACTS = [go_live_earlier, end_the_vciso, insist_on_an_ok]


def company(cast: Cast) -> Company:
    return Company.get_by_id(cast.company.id)


def standings(cast: Cast) -> set[str]:
    at = START + timedelta(hours=2)
    return {
        span.code
        for span in SpanRow.running(cast.company.id, "standing", at)
        if span.subject_type == "decision"
    }


@pytest.mark.parametrize("act", ACTS)
def test_what_is_behind_is_marked_and_pages_say_so_until_it_is_worked_in(
    cast: Cast, app: Flask, act: Act
) -> None:
    client = sign_in(app.test_client(), cast.reader)
    pages = {"/larkspur/decisions": "being worked in", "/larkspur/dashboard": "being worked out again"}
    for page, words in pages.items():
        assert words not in client.get(page).text
    assert act(cast)
    assert company(cast).stale_since == START + timedelta(hours=1)
    found = flags.check(company(cast))
    assert (found.different, found.stale) == ([], DECISIONS)
    for page, words in pages.items():
        assert words in client.get(page).text
    assert flags.refresh(cast.company.id, limit=2) == DECISIONS - 2
    assert company(cast).stale_since is not None
    assert flags.refresh(cast.company.id) == 0
    for page, words in pages.items():
        assert words not in client.get(page).text
    found = flags.check(company(cast))
    assert (found.checked, found.different, found.stale) == (DECISIONS + 1, [], 0)
    assert verify(company(cast)).broken is None


def test_decisions_change_only_when_they_are_worked_in(cast: Cast) -> None:
    assert standings(cast) == {"inherited"}
    go_live_earlier(cast)
    assert standings(cast) == {"inherited"}
    flags.refresh(cast.company.id, limit=1)
    assert standings(cast) == {"inherited", "no-input"}
    flags.refresh(cast.company.id)
    assert standings(cast) == {"no-input"}


def test_where_they_are_few_they_change_with_the_act(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flags, "AT_ONCE", DECISIONS)
    go_live_earlier(cast)
    assert company(cast).stale_since is None and standings(cast) == {"no-input"}
    assert flags.check(company(cast)).different == []


def test_a_decision_acted_on_meanwhile_is_worked_in_by_that_act(cast: Cast) -> None:
    go_live_earlier(cast)
    drafts.revise(cast.viewer("cto", START), 1, {"title": "Another"}, base=1, at=START + timedelta(hours=1))
    behind = Decision.select().where(Decision.stale_since.is_null(False)).count()
    assert behind == DECISIONS - 1 and flags.check(company(cast)).different == []


def test_the_command_tells_behind_from_different_and_rebuilds(cast: Cast, settings: dict[str, str]) -> None:
    adr = Commands(settings)
    with quick_passwords():
        ostara = cast_of("Ostara", START)
    drafts.draft(ostara.viewer("cto", START), {"title": "Queue or table"}, at=START)
    assert adr("flags", "--check").code == 0
    go_live_earlier(cast)
    ran = adr("flags", "--check")
    assert ran.code == 3 and f"larkspur: 1 checked, 0 different, {DECISIONS} behind" in ran.out
    # A real difference is a failure even where another company, or the same, is only behind.
    database.connect(reuse_if_open=True)
    SpanRow.update(why="something else").where(SpanRow.company == ostara.company.id).execute()
    ran = adr("flags", "--check", "--json")
    assert ran.code == 1
    told = {row["company"]: (len(row["different"]), row["stale"]) for row in ran.report}
    assert told["larkspur"] == (0, DECISIONS) and told["ostara"][0] > 0
    assert adr("flags", "--check", "--company", "larkspur").code == 3
    ran = adr("flags", "--rebuild")
    assert ran.code == 0 and f"larkspur: {DECISIONS} decisions" in ran.out
    assert adr("flags", "--check").code == 0
    database.connect(reuse_if_open=True)
    assert company(cast).stale_since is None and standings(cast) == {"no-input"}


def test_a_difference_in_what_is_not_behind_fails_though_the_rest_is_behind(cast: Cast) -> None:
    go_live_earlier(cast)
    flags.refresh(cast.company.id, limit=1)
    SpanRow.update(severity="S3").where(SpanRow.subject_id == Decision.get(Decision.number == 1).id).execute()
    found = flags.check(company(cast))
    assert found.stale == DECISIONS - 1
    assert [(row["what"], row["subject"]) for row in found.different] == [("spans", "decision")]


def test_while_the_server_runs_a_thread_works_in_what_is_behind(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Keeper, "SECONDS", 0.01)
    go_live_earlier(cast)
    with Keeper():
        while company(cast).stale_since is not None:
            pass
    assert flags.check(company(cast)).different == [] and standings(cast) == {"no-input"}


def test_a_rebuild_tells_how_far_it_is_and_goes_on_where_it_was_stopped(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flags, "BATCH", 2)
    SpanRow.update(why="something else").where(SpanRow.company == cast.company.id).execute()

    def stopped(done: int, whole: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        flags.rebuild(cast.company.id, told=stopped)
    assert flags.check(company(cast)).stale == DECISIONS - 2
    heard: list[tuple[int, int]] = []
    assert flags.rebuild(cast.company.id, go_on=True, told=lambda *told: heard.append(told)) == DECISIONS - 2
    assert heard == [(2, DECISIONS - 2), (DECISIONS - 2, DECISIONS - 2)]
    found = flags.check(company(cast))
    assert (found.different, found.stale, company(cast).stale_since) == ([], 0, None)


def test_a_rebuild_mends_wrong_totals_and_drops_spans_of_nothing(cast: Cast) -> None:
    Tally.update(n=Tally.n + 7).where(Tally.company == cast.company.id).execute()
    stray = SpanRow.get(SpanRow.company == cast.company.id)
    row = {**vars(stray)["__data__"], "id": None, "subject_id": 9999, "subject_type": "decision"}
    SpanRow.insert({key: value for key, value in row.items() if key != "id"}).execute()
    assert flags.check(company(cast)).different
    flags.rebuild(cast.company.id)
    assert flags.check(company(cast)).different == [] and verify(company(cast)).broken is None


def test_the_documentation_is_the_table_of_rules(settings: dict[str, str]) -> None:
    ran = Commands(settings)("flags", "--rules")
    assert ran.code == 0 and ran.out.strip() == rule_table().strip()
    assert Path("docs/flags.md").read_text(encoding="utf-8").endswith(rule_table())


def test_rebuilding_gives_the_same_spans_and_totals_again(cast: Cast) -> None:
    before = set(SpanRow.select(SpanRow.subject_id, SpanRow.code, SpanRow.starts, SpanRow.ends).tuples())
    assert flags.rebuild(cast.company.id) == DECISIONS
    after = set(SpanRow.select(SpanRow.subject_id, SpanRow.code, SpanRow.starts, SpanRow.ends).tuples())
    assert after == before and flags.check(company(cast)).different == []


def test_working_out_the_flags_of_one_decision_costs_the_same_queries_whatever_else_there_is(
    cast: Cast,
) -> None:
    cto, at = cast.viewer("cto", START), START + timedelta(hours=1)

    def queries() -> int:
        with writing(), count_queries() as counter:
            flags.renew(company(cast), [("decision", 1)], at)
        return counter.count

    few = queries()
    for number in range(3):
        drafts.draft(cto, {"title": f"Another {number}"}, at=at)
    for number in range(1, 5):
        drafts.revise(cto, 1, {"title": f"Decision told better {number}"}, base=number, at=at)
    assert 0 < queries() == few
