"""Edges between decisions: when a replacement takes effect, what undoes it, who sees it."""

from datetime import timedelta

import pytest

from adr_app.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from adr_app.models.decisions import Decision, Link
from adr_app.services import decision_rows, decisions, drafts, links
from tests.conftest import START as AT
from tests.debt_company import Cast
from tests.decision_company import cast

SOON = AT + timedelta(minutes=5)


@pytest.fixture
def here(database: object) -> Cast:
    """Everybody at Larkspur and Ostara, on the database of this test."""
    return cast(AT)


def in_force(here: Cast, title: str = "Old") -> Decision:
    return decisions.record_decided(here.sam, {"title": title, "decided_on": AT.date().isoformat()}, at=AT)


def proposed(here: Cast, title: str = "New") -> Decision:
    no = dict.fromkeys(("data", "access", "outside", "undo"), "no")
    made = drafts.draft(here.sam, {"title": title}, answers=no, at=AT)
    return decisions.propose(here.sam, made.number, at=AT)


def status(here: Cast, decision: Decision) -> str:
    return str(decision_rows.find(here.sam, decision.number).status)


def test_a_replacement_waits_until_the_newer_one_is_accepted(here: Cast) -> None:
    old, new = in_force(here), proposed(here)
    links.link(here.sam, new.number, old.number, "supersedes", at=AT)
    assert status(here, old) == "accepted"
    decisions.accept(here.sam, new.number, base=1, reason="now", at=AT)
    assert status(here, old) == "superseded"
    assert [row["words"] for row in links.of(here.sam, old)] == ["replaced by"]


def test_a_part_that_is_replaced_leaves_the_rest_in_force(here: Cast) -> None:
    old, new = in_force(here), proposed(here)
    links.link(here.sam, new.number, old.number, "supersedes", part=True, note="the export", at=AT)
    decisions.accept(here.sam, new.number, base=1, reason="now", at=AT)
    assert status(here, old) == "accepted"
    [row] = links.of(here.sam, new)
    assert (row["part"], row["note"], row["effective"]) == (True, "the export", True)


def test_taking_the_newer_one_back_puts_the_older_one_in_force_again(here: Cast) -> None:
    old, new = in_force(here), proposed(here)
    links.link(here.sam, new.number, old.number, "supersedes", at=AT)
    decisions.accept(here.sam, new.number, base=1, reason="now", at=AT)
    decisions.take_back(here.sam, new.number, at=SOON)
    assert (status(here, old), status(here, new)) == ("accepted", "proposed")
    assert not Link.get().effective


def test_what_another_one_replaces_too_stays_replaced_when_one_is_taken_back(here: Cast) -> None:
    old, first, second = in_force(here), proposed(here, "First"), proposed(here, "Second")
    for new in (first, second):
        links.link(here.sam, new.number, old.number, "supersedes", at=AT)
    for new in (first, second):
        decisions.accept(here.sam, new.number, base=1, reason="now", at=AT)
    decisions.take_back(here.sam, second.number, at=SOON)
    assert status(here, old) == "superseded"
    decisions.take_back(here.sam, first.number, at=SOON)
    assert status(here, old) == "accepted"


def test_what_was_marked_unused_meanwhile_is_not_called_replaced(here: Cast) -> None:
    old, new = in_force(here), proposed(here)
    links.link(here.sam, new.number, old.number, "supersedes", at=AT)
    decisions.deprecate(here.sam, old.number, at=AT)
    decisions.accept(here.sam, new.number, base=1, reason="now", at=AT)
    assert status(here, old) == "deprecated"
    decisions.take_back(here.sam, new.number, at=SOON)
    assert status(here, old) == "deprecated"


def test_only_what_is_not_accepted_can_replace_and_only_what_is_in_force_be_replaced(here: Cast) -> None:
    old, new = in_force(here), proposed(here)
    with pytest.raises(WrongState):
        links.link(here.sam, old.number, new.number, "supersedes", at=AT)
    other = proposed(here, "Other")
    with pytest.raises(Invalid) as refusal:
        links.link(here.sam, new.number, other.number, "supersedes", at=AT)
    assert "not in force" in refusal.value.fields["to"]


@pytest.mark.parametrize(
    ("to", "kind", "field"), [(1, "relates", "to"), (99, "relates", "to"), (2, "odd", "kind")]
)
def test_a_link_that_makes_no_sense_is_refused_under_its_field(
    here: Cast, to: int, kind: str, field: str
) -> None:
    in_force(here), in_force(here)
    with pytest.raises(Invalid) as refusal:
        links.link(here.sam, 1, to, kind, at=AT)
    assert set(refusal.value.fields) == {field}


def test_two_are_linked_once(here: Cast) -> None:
    in_force(here), in_force(here)
    links.link(here.sam, 1, 2, "relates", at=AT)
    with pytest.raises(Invalid):
        links.link(here.sam, 1, 2, "relates", at=AT)


def test_a_link_is_removed_by_its_company_only_and_never_once_it_replaces(here: Cast) -> None:
    old, new = in_force(here), proposed(here)
    edge = links.link(here.sam, new.number, old.number, "supersedes", at=AT)
    drafts.draft(here.olga, {"title": "Elsewhere"}, at=AT)
    with pytest.raises(NotFound):
        links.unlink(here.olga, 1, edge.id, at=AT)
    with pytest.raises(NotAllowed):
        links.unlink(here.ray, new.number, edge.id, at=AT)
    decisions.accept(here.sam, new.number, base=1, reason="now", at=AT)
    with pytest.raises(WrongState):
        links.unlink(here.sam, new.number, edge.id, at=AT)
    other = links.link(here.sam, new.number, old.number, "relates", at=AT)
    links.unlink(here.sam, new.number, other.id, at=AT)
    assert Link.select().count() == 1


def test_a_link_to_a_hidden_decision_is_not_there_for_who_may_not_know(here: Cast) -> None:
    hidden = here.decision(here.sam, "Secret", restricted=True)
    seen = here.decision(here.sam, "Open")
    links.link(here.sam, seen.number, hidden.number, "relates", at=AT)
    assert len(links.of(here.sam, seen)) == 1
    assert links.of(here.mia, seen) == []
    with pytest.raises(Invalid):
        links.link(here.mia, seen.number, hidden.number, "depends", at=AT)
