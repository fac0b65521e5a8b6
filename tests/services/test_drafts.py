"""Writing a decision: drafts, versions, two at once, what is in force and what waits, unfinished texts."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adr_app.domain.errors import Invalid, NotAllowed, NotFound, Stale, WrongState
from adr_app.models.decisions import Decision, DecisionSystem, DecisionTag, Revision, WorkingCopy
from adr_app.models.events import Event
from adr_app.models.people import System
from adr_app.services import answers, decision_rows, decisions, drafts, levels, reviews, working_copies
from adr_app.services.people import Viewer
from tests.conftest import START as AT
from tests.debt_company import Cast
from tests.decision_company import cast

LATER = AT + timedelta(hours=1)
FOUR_NO = dict.fromkeys(("data", "access", "outside", "undo"), "no")


@pytest.fixture
def here(database: object) -> Cast:
    """Everybody at Larkspur and Ostara, on the database of this test."""
    return cast(AT)


def written(by: Viewer, **fields: Any) -> Decision:
    return drafts.draft(by, {"title": "Move billing", **fields}, at=AT)


def signed(here: Cast, **fields: Any) -> Decision:
    """Return an accepted decision with the vCISO's OK on its first version."""
    made = written(here.sam, **fields)
    reviews.ask(here.sam, made.number, at=AT)
    reviews.answer(here.vera, made.number, "approve", base=1, at=AT)
    return decisions.accept(here.sam, made.number, base=1, at=AT)


def kinds_of(decision: Decision) -> list[str]:
    rows = Event.select().where(Event.subject_type == "decision", Event.subject_id == decision.id)
    return [event.kind for event in rows.order_by(Event.seq)]


def test_a_title_is_enough_and_takes_the_next_number_of_its_company(here: Cast) -> None:
    first, second = written(here.mia), written(here.vera)
    assert (first.ref, second.ref, written(here.olga).ref) == ("AD-0001", "AD-0002", "AD-0001")
    assert first.status == "draft"
    assert kinds_of(first) == ["decision.drafted"]


def test_a_refused_draft_names_every_field_and_uses_up_no_number(here: Cast) -> None:
    with pytest.raises(Invalid) as refusal:
        drafts.draft(here.mia, {"title": "x" * 300, "decide_by": "soon", "kind": "odd"}, at=AT)
    assert set(refusal.value.fields) == {"title", "decide_by", "kind"}
    assert written(here.mia).number == 1


@pytest.mark.parametrize("title", ["", "   ", "a\x00b", "half \ud83d", "line\x1bend"])
def test_a_title_that_cannot_be_shown_is_refused_in_words(here: Cast, title: str) -> None:
    with pytest.raises(Invalid) as refusal:
        drafts.draft(here.mia, {"title": title}, at=AT)
    assert refusal.value.fields["title"]
    assert not Decision.select().exists()


def test_an_answer_that_is_not_offered_is_refused_and_nothing_is_written(here: Cast) -> None:
    with pytest.raises(Invalid):
        drafts.draft(here.mia, {"title": "A"}, answers={"data": "perhaps"}, at=AT)
    assert not Decision.select().exists()
    assert not System.select().exists()


def test_who_only_reads_may_not_write(here: Cast) -> None:
    with pytest.raises(NotAllowed):
        written(here.ray)
    made = written(here.mia)
    with pytest.raises(NotAllowed):
        drafts.revise(here.ray, made.number, {"title": "B"}, base=1, at=LATER)


def test_a_save_that_changes_nothing_makes_no_version(here: Cast) -> None:
    made = written(here.sam, systems="Billing, Portal")
    same = {"title": " Move  billing ", "systems": ["Billing", "Portal"]}
    assert drafts.revise(here.sam, made.number, same, base=1, at=LATER) is None
    assert Revision.select().count() == 1
    assert kinds_of(made) == ["decision.drafted"]


def test_only_the_fields_that_were_sent_change(here: Cast) -> None:
    made = written(here.sam, context="Before", tags="one")
    after = drafts.revise(here.sam, made.number, {"context": "After"}, base=1, at=LATER)
    assert after is not None
    assert (after.number, after.fields["context"], after.fields["tags"]) == (2, "After", ["one"])
    assert decision_rows.revision(decision_rows.find(here.sam, 1), 1).fields["context"] == "Before"


def test_the_second_of_two_people_at_once_is_told_and_saves_nothing(here: Cast) -> None:
    made = written(here.sam)
    drafts.revise(here.mia, made.number, {"context": "Mia's"}, base=1, at=LATER)
    with pytest.raises(Stale):
        drafts.revise(here.sam, made.number, {"context": "Sam's"}, base=1, at=LATER)
    assert decision_rows.revision(decision_rows.find(here.sam, 1)).fields["context"] == "Mia's"
    assert Revision.select().count() == 2


def test_what_only_the_other_changed_is_taken_over_and_a_clash_is_named() -> None:
    base = {"title": "A", "context": "old", "tags": ["x"]}
    newest = {"title": "A", "context": "theirs", "tags": ["x", "y"]}
    typed = {"title": "B", "context": "mine", "tags": ["x"]}
    assert drafts.merged(base, newest, typed) == (
        {"title": "B", "context": "mine", "tags": ["x", "y"]},
        ["context"],
    )


FIELDS = st.dictionaries(st.sampled_from(["title", "context", "tags"]), st.sampled_from(["a", "b", "c"]))


@given(FIELDS, FIELDS, FIELDS)
def test_putting_one_text_on_top_of_another_loses_no_change(
    base: dict[str, str], newest: dict[str, str], typed: dict[str, str]
) -> None:
    merged, both = drafts.merged(base, newest, typed)
    assert merged.keys() == typed.keys()
    for name, value in typed.items():
        mine, theirs = value != base.get(name, merged_empty(name)), newest.get(name) != base.get(name)
        if mine:
            assert merged[name] == value
        elif theirs and name in newest:
            assert merged[name] == newest[name]
        assert name not in both or (mine and theirs)


def merged_empty(name: str) -> Any:
    return [] if name == "tags" else ""


def test_a_closed_decision_keeps_its_text(here: Cast) -> None:
    made = written(here.sam)
    decisions.withdraw(here.sam, made.number, at=LATER)
    with pytest.raises(WrongState):
        drafts.revise(here.sam, made.number, {"context": "x"}, base=1, at=LATER)


def test_a_change_of_substance_waits_beside_the_text_in_force(here: Cast) -> None:
    made = signed(here, decision="One year")
    drafts.revise(here.sam, made.number, {"title": "Two", "decision": "Two years"}, base=1, at=LATER)
    row = decision_rows.find(here.sam, made.number)
    assert (row.latest, row.in_force) == (2, 1)
    assert row.title == "Move billing", "lists go on showing the text in force"
    answers.same_meaning(here.vera, made.number, base=2, at=LATER)
    row = decision_rows.find(here.sam, made.number)
    assert (row.in_force, row.title) == (2, "Two")


def test_a_change_that_no_ok_binds_to_takes_effect_at_once(here: Cast) -> None:
    made = signed(here)
    drafts.revise(here.sam, made.number, {"tags": "Money", "plain_words": "Simple"}, base=1, at=LATER)
    row = decision_rows.find(here.sam, made.number)
    assert (row.in_force, row.plain_words) == (2, "Simple")
    assert [tag.tag for tag in DecisionTag.select()] == ["money"]


def test_the_day_of_acceptance_survives_a_text_that_does_not_name_it(here: Cast) -> None:
    made = signed(here)
    assert made.decided_on == AT.date()
    drafts.revise(here.sam, made.number, {"tags": "money"}, base=1, at=LATER)
    drafts.revise(here.sam, made.number, {"decision": "Other"}, base=2, at=LATER)
    decisions.accept_text(here.sam, made.number, base=3, reason="a typo", at=LATER)
    assert decision_rows.find(here.sam, made.number).decided_on == AT.date()


def test_systems_are_linked_by_name_whatever_their_spelling(here: Cast) -> None:
    one, other = written(here.sam, systems="Billing"), written(here.mia, systems="billing ; Portal")
    assert System.select().where(System.company == here.sam.company.id).count() == 2
    billing = System.get(System.company == here.sam.company.id, System.folded == "billing")
    named = {row.decision_id for row in DecisionSystem.select().where(DecisionSystem.system_id == billing.id)}
    assert named == {one.id, other.id}


def test_answers_set_the_level_and_a_raised_level_stays_over_versions(here: Cast) -> None:
    made = drafts.draft(here.sam, {"title": "A"}, answers=FOUR_NO, at=AT)
    assert made.level == 0
    levels.raise_to(here.mia, made.number, 2, at=AT)
    drafts.revise(here.sam, made.number, {"context": "x"}, base=1, at=LATER)
    assert decision_rows.find(here.sam, made.number).level == 2


@pytest.mark.parametrize("number", [0, 2, 2**31, 2**70])
def test_a_number_that_nothing_has_is_missing(here: Cast, number: int) -> None:
    written(here.sam)
    with pytest.raises(NotFound):
        decision_rows.find(here.sam, number)


def test_a_foreign_and_a_hidden_decision_are_missing(here: Cast) -> None:
    hidden = here.decision(here.sam, "Buy the other company", restricted=True)
    for viewer in (here.mia, here.ray, here.olga):
        with pytest.raises(NotFound):
            decision_rows.find(viewer, hidden.number)
    assert decision_rows.find(here.vera, hidden.number).id == hidden.id


@pytest.mark.parametrize("version", [0, 2, 2**31 - 1])
def test_a_version_that_was_never_written_is_missing(here: Cast, version: int) -> None:
    with pytest.raises(NotFound):
        decision_rows.revision(written(here.sam), version)


def test_several_new_texts_are_kept_apart_and_finishing_one_drops_only_that(here: Cast) -> None:
    kafka = working_copies.keep(here.sam, {"title": "Kafka or a table?"}, at=AT)
    other = working_copies.keep(here.sam, {"title": "Backups"}, at=LATER)
    assert [copy.fields["title"] for copy in working_copies.all_of(here.sam)] == [
        "Backups",
        "Kafka or a table?",
    ]
    again = working_copies.keep(here.sam, {"title": "Kafka"}, copy=kafka.id, at=LATER)
    assert again.id == kafka.id
    drafts.draft(here.sam, {"title": "Kafka"}, copy=kafka.id, at=LATER)
    assert [copy.id for copy in working_copies.all_of(here.sam)] == [other.id]


def test_an_unrelated_draft_leaves_what_was_kept(here: Cast) -> None:
    working_copies.keep(here.sam, {"title": "Kafka"}, at=AT)
    written(here.sam)
    assert WorkingCopy.select().count() == 1


def test_what_somebody_kept_is_nobody_elses(here: Cast) -> None:
    mine = working_copies.keep(here.sam, {"title": "Kafka"}, at=AT)
    assert working_copies.find(here.mia, mine.id) is None
    assert working_copies.all_of(here.mia) == []
    working_copies.forget(here.mia, mine.id)
    assert working_copies.find(here.sam, mine.id) is not None
    with pytest.raises(NotAllowed):
        working_copies.keep(here.ray, {"title": "x"}, at=AT)


def test_saving_a_version_drops_what_was_kept_of_that_decision(here: Cast) -> None:
    made = written(here.sam)
    working_copies.keep(here.sam, {"title": "Kept"}, decision=made, base=1, at=AT)
    working_copies.keep(here.mia, {"title": "Mia's"}, decision=made, base=1, at=AT)
    drafts.revise(here.sam, made.number, {"title": "Saved"}, base=1, at=LATER)
    assert working_copies.of_decision(here.sam, made) is None
    assert working_copies.of_decision(here.mia, made) is not None
