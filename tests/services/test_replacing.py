"""What replaces what: an import whose status is said later, and what was decided already."""

from datetime import timedelta
from pathlib import Path

import pytest

from adr_app.domain.decisions import Status
from adr_app.domain.errors import Invalid
from adr_app.models.decisions import Decision, Link
from adr_app.models.people import Company
from adr_app.services import (
    decision_rows,
    decisions,
    drafts,
    engagements,
    flags,
    histories,
    imports,
    links,
    people,
    stating,
)
from adr_app.services.verification import verify
from tests.conftest import START as AT
from tests.debt_company import Cast
from tests.decision_company import cast

SOON = AT + timedelta(minutes=5)


@pytest.fixture
def here(database: object) -> Cast:
    """Everybody at Larkspur and Ostara, on the database of this test."""
    return cast(AT)


def status(here: Cast, number: int) -> str:
    return str(decision_rows.find(here.sam, number).status)


def assert_true(here: Cast) -> None:
    """Check that every row says what its acts say."""
    company = Company.get_by_id(here.sam.company.id)
    found = flags.check(company)
    assert (found.different, found.stale) == ([], 0)
    assert verify(company).broken is None


def imported(here: Cast, folder: Path, older: str, newer: str, link: str = "Supersedes") -> None:
    """Import AD-0001 and AD-0002, which replaces it, each with a status or without one."""
    for number, stated, more in ((1, older, ""), (2, newer, f"{link} [1. Way 1](0001-way-1.md)")):
        lines = "\n\n".join(line for line in (stated, more) if line)
        section = f"## Status\n\n{lines}\n\n" if lines else ""
        (folder / f"000{number}-way-{number}.md").write_text(
            f"# {number}. Way {number}\n\n{section}## Context\n\nSlow.\n\n## Decision\n\nYes.\n"
        )
    imports.run(here.sam, folder, at=AT)


@pytest.mark.parametrize("stated", ["accepted", "deprecated"])
def test_an_import_replaces_what_its_file_names_once_its_status_is_said(
    here: Cast, tmp_path: Path, stated: str
) -> None:
    imported(here, tmp_path, "Accepted", "")
    assert (status(here, 1), status(here, 2)) == ("accepted", "unstated")
    stating.state_status(here.sam, 2, stated, at=SOON)
    assert (status(here, 1), status(here, 2)) == ("superseded", stated)
    assert Link.get().effective
    acts = histories.of(here.sam, decision_rows.find(here.sam, 1), SOON).acts
    assert acts[0][0].kind == "decision.status-stated"
    assert_true(here)


@pytest.mark.parametrize("stated", ["proposed", "rejected"])
def test_an_import_that_is_said_not_to_hold_replaces_nothing(here: Cast, tmp_path: Path, stated: str) -> None:
    imported(here, tmp_path, "Accepted", "")
    stating.state_status(here.sam, 2, stated, at=SOON)
    assert (status(here, 1), status(here, 2)) == ("accepted", stated)
    assert_true(here)


def test_what_an_accepted_import_replaces_is_replaced_when_its_own_status_is_said(
    here: Cast, tmp_path: Path
) -> None:
    imported(here, tmp_path, "", "Accepted")
    assert status(here, 1) == "unstated"
    stating.state_status(here.sam, 1, "accepted", at=SOON)
    assert status(here, 1) == "superseded"
    assert_true(here)


def test_a_proposal_that_an_accepted_import_replaces_is_replaced_once_accepted(
    here: Cast, tmp_path: Path
) -> None:
    imported(here, tmp_path, "Proposed", "Accepted")
    answers = dict.fromkeys(("data", "access", "outside", "undo"), "no")
    drafts.revise(here.sam, 1, {}, base=1, answers=answers, at=SOON)
    decisions.accept(here.sam, 1, base=2, at=SOON)
    assert status(here, 1) == "superseded"
    assert_true(here)


@pytest.mark.parametrize("older_first", [True, False])
def test_in_whichever_order_two_imports_are_said_to_hold_the_older_one_is_replaced(
    here: Cast, tmp_path: Path, older_first: bool
) -> None:
    imported(here, tmp_path, "", "")
    for number in (1, 2) if older_first else (2, 1):
        stating.state_status(here.sam, number, "accepted", at=SOON)
    assert (status(here, 1), status(here, 2)) == ("superseded", "accepted")
    assert_true(here)


@pytest.mark.parametrize("said_between", [True, False])
def test_taking_a_stated_status_back_puts_what_it_replaced_in_force_again(
    here: Cast, tmp_path: Path, said_between: bool
) -> None:
    imported(here, tmp_path, "", "")
    stating.state_status(here.sam, 2, "accepted", at=AT)
    if said_between:
        stating.state_status(here.sam, 1, "accepted", at=AT)
    decisions.take_back(here.sam, 2, at=SOON)
    if not said_between:
        stating.state_status(here.sam, 1, "accepted", at=SOON)
    assert (status(here, 1), status(here, 2)) == ("accepted", "proposed")
    assert_true(here)


def test_an_import_that_replaces_a_part_leaves_the_rest_in_force(here: Cast, tmp_path: Path) -> None:
    imported(here, tmp_path, "Accepted", "", "Partially supersedes")
    stating.state_status(here.sam, 2, "accepted", at=SOON)
    assert (status(here, 1), Link.get().part) == ("accepted", True)
    assert Decision.select().where(Decision.status == Status.SUPERSEDED).count() == 0
    assert_true(here)


def recorded(here: Cast, title: str, **given: object) -> Decision:
    typed = {"title": title, "decided_on": AT.date().isoformat()}
    return decisions.record_decided(here.sam, typed, at=AT, **given)  # type: ignore[arg-type]


def test_what_was_decided_already_replaces_an_earlier_decision_at_once(here: Cast) -> None:
    recorded(here, "Old")
    new = recorded(here, "New", replaces=1)
    assert (status(here, 1), status(here, 2)) == ("superseded", "accepted")
    assert (Link.get().from_id, Link.get().effective, Link.get().part) == (new.id, True, False)
    acts = histories.of(here.sam, decision_rows.find(here.sam, 1), SOON).acts
    assert (acts[0][0].kind, acts[0][0].subject_id) == ("decision.recorded", new.id)
    assert_true(here)
    decisions.take_back(here.sam, 2, at=SOON)
    assert (status(here, 1), status(here, 2)) == ("accepted", "proposed")
    assert_true(here)


def test_what_was_decided_already_may_replace_a_part_and_says_which(here: Cast) -> None:
    recorded(here, "Old")
    with pytest.raises(Invalid) as refusal:
        recorded(here, "New", replaces=1, part=True, note=" ")
    assert set(refusal.value.fields) == {"replaces_note"}
    recorded(here, "New", replaces=1, part=True, note="The\nbackups")
    assert (status(here, 1), Link.get().note, Link.get().effective) == ("accepted", "The backups", True)
    assert_true(here)


def test_only_what_is_in_force_and_known_here_is_replaced_and_nothing_is_half_recorded(here: Cast) -> None:
    recorded(here, "Old")
    drafts.draft(here.sam, {"title": "Draft"}, at=AT)
    drafts.draft(here.olga, {"title": "Elsewhere"}, at=AT)
    before = Decision.select().count()
    for number in (2, 3, 2**40):
        with pytest.raises(Invalid) as refusal:
            recorded(here, "New", replaces=number)
        assert set(refusal.value.fields) == {"replaces"}
    assert Decision.select().count() == before
    assert not Link.select().exists()
    assert [row.ref for row in links.in_force(here.sam)] == ["AD-0001"]
    assert_true(here)


def test_a_restricted_decision_is_neither_offered_nor_replaced_by_who_may_not_know_it(here: Cast) -> None:
    recorded(here, "Secret")
    Decision.update(restricted=True).execute()
    boss = here.sam
    engagements.appoint(boss, role="delegate", email="mia@example.com", at=AT)
    mia = people.viewer(here.mia.person, "larkspur", AT)
    assert links.in_force(mia) == []
    with pytest.raises(Invalid) as refusal:
        decisions.record_decided(mia, {"title": "New", "decided_on": "2026-11-24"}, replaces=1, at=AT)
    assert refusal.value.fields == {"replaces": "Name a decision of this company."}


def test_a_decision_does_not_replace_itself_by_the_number_it_is_about_to_get(here: Cast) -> None:
    with pytest.raises(Invalid) as refusal:
        recorded(here, "New", replaces=1)
    assert set(refusal.value.fields) == {"replaces"}
    assert not Decision.select().exists()


def test_the_vciso_is_not_said_to_have_taken_part_where_nobody_is_engaged(here: Cast) -> None:
    engagements.end(here.sam, here.vera.vciso_engagement, at=AT)  # type: ignore[arg-type]
    with pytest.raises(Invalid) as refusal:
        recorded(here, "In the meeting", took_part=True)
    assert "Nobody is engaged as vCISO" in refusal.value.fields["took_part"]
    assert not Decision.select().exists()
    assert recorded(here, "In the meeting").status == "accepted"
