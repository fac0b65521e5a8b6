"""What a decision in force is known by beside its signed text: who may restate it, and that it shows."""

from datetime import timedelta
from typing import Any

import pytest

from adr_app.domain.errors import Invalid
from adr_app.models.decisions import Decision, Revision
from adr_app.services import answers, decisions, drafts, histories, imports, reviews
from adr_app.services.people import Viewer
from tests.casts import Cast, cast_of
from tests.conftest import START as AT
from tests.services.security_company import PLAIN, assert_true

LATER = AT + timedelta(days=2)
SAID = {"plain_words": "Patients pay on another page.", "decided_by": ["Cto"], "accountable": "Cto"}


@pytest.fixture
def cast(database: object) -> Cast:
    """Everybody at Larkspur."""
    return cast_of("Larkspur", AT)


def accepted(cast: Cast) -> Decision:
    viewer = cast.viewer("cto", AT)
    made = drafts.draft(viewer, {"title": "Move billing", **SAID}, answers=PLAIN, at=AT)
    decisions.propose(viewer, made.number, at=AT)
    return decisions.accept(viewer, made.number, base=1, reason="now", at=AT)


def revise(viewer: Viewer, made: Decision, **typed: Any) -> Revision | None:
    return drafts.revise(viewer, made.number, typed, base=Decision.get_by_id(made.id).latest, at=LATER)


CHANGES = [
    ("plain_words", "Nothing changes for patients."),
    ("decided_by", ["Leader"]),
    ("accountable", "Leader"),
    ("decided_on", "2026-11-20"),
]


@pytest.mark.parametrize(("name", "words"), CHANGES)
@pytest.mark.parametrize("role", ["member", "vciso", "leader"])
def test_what_a_decision_in_force_is_known_by_is_not_everybodys_to_rewrite(
    cast: Cast, role: str, name: str, words: Any
) -> None:
    made = accepted(cast)
    with pytest.raises(Invalid) as refusal:
        revise(cast.viewer(role, LATER), made, **{name: words, "tags": ["mine"]})
    assert set(refusal.value.fields) == {name}
    sentence = refusal.value.fields[name]
    assert "Cto or Delegate changes this" in sentence and "discussion" in sentence
    assert Revision.select().count() == 1


@pytest.mark.parametrize(("name", "words"), CHANGES)
def test_who_may_accept_restates_it_and_it_says_since_when_and_by_whom(
    cast: Cast, name: str, words: Any
) -> None:
    made = accepted(cast)
    revise(cast.viewer("delegate", LATER), made, **{name: words})
    assert histories.restated(Decision.get_by_id(made.id)) == {name: (LATER, "Delegate")}
    assert_true(cast)


def test_the_team_still_changes_what_only_helps_to_find_it(cast: Cast) -> None:
    made = accepted(cast)
    written = revise(cast.viewer("member", LATER), made, tags=["billing"], informed=["Finance"])
    assert written is not None and Decision.get_by_id(made.id).in_force == 2
    assert histories.restated(Decision.get_by_id(made.id)) == {}


def test_a_change_of_the_text_and_back_again_carries_no_rewritten_words_into_force(cast: Cast) -> None:
    made, member = accepted(cast), cast.viewer("member", LATER)
    revise(member, made, title="Move all billing", plain_words="Nothing changes.")
    with pytest.raises(Invalid):
        revise(member, made, title="Move billing")
    row = Decision.get_by_id(made.id)
    assert (row.in_force, row.plain_words) == (1, SAID["plain_words"])


def test_words_that_came_with_a_new_text_say_so_once_somebody_put_it_in_force(cast: Cast) -> None:
    made = accepted(cast)
    reviews.answer(cast.viewer("vciso", AT), made.number, "approve", base=1, at=AT)
    revise(cast.viewer("member", LATER), made, title="Move our billing", plain_words="Nothing changes.")
    assert histories.restated(Decision.get_by_id(made.id)) == {}
    answers.same_meaning(cast.viewer("vciso", LATER), made.number, base=2, at=LATER)
    assert histories.restated(Decision.get_by_id(made.id)) == {"plain_words": (LATER, "Member")}


def test_what_was_changed_before_it_was_accepted_is_part_of_what_was_accepted(cast: Cast) -> None:
    viewer = cast.viewer("cto", AT)
    made = drafts.draft(viewer, {"title": "Move billing"}, answers=PLAIN, at=AT)
    revise(cast.viewer("member", LATER), made, plain_words="Patients pay elsewhere.")
    decisions.propose(viewer, made.number, at=LATER)
    decisions.accept(viewer, made.number, base=2, reason="now", at=LATER)
    assert histories.restated(Decision.get_by_id(made.id)) == {}


def test_a_file_read_again_restates_too_and_says_so(cast: Cast, tmp_path: Any) -> None:
    file = tmp_path / "0001-a.md"
    text = "---\nstatus: accepted\ndate: 2026-11-20\ndecision-makers: {}\n---\n\n# Use x\n\n## Context and Problem Statement\n\nWhy.\n"  # noqa: E501
    for at, name in ((AT, "Cto"), (LATER, "Leader")):
        file.write_text(text.format(name))
        imports.run(cast.viewer("cto", at), tmp_path, source="", at=at)
    made = Decision.get(Decision.imported)
    assert made.in_force == 2
    assert histories.restated(made) == {"decided_by": (LATER, "Cto")}
