"""What a vCISO allows in advance: the second before, at and after each end, and what it never covers."""

import pytest

from adr_app.domain.errors import Invalid
from adr_app.domain.standing_rules import checked, latest_end, meets
from tests.domain.acts import CTO, SECOND, SOMEBODY, VCISO, Story, epoch, utc

NOES = {"data": "no", "access": "no", "outside": "no", "undo": "no"}
HARMLESS = [["data", ["no"]], ["access", ["no"]]]
SIGNED, UNTIL, ACCEPTED = "2026-02-01", "2026-06-01", "2026-03-10 10:00"
TEXT = {"digest": "text 1", "level": 0, "answers": NOES, "inside": False, "owners": []}


def ruled(story: Story | None = None, *, allows: object = HARMLESS, **more: object) -> Story:
    """Sign a rule, in place of another where it `replaces` one."""
    data: dict[str, object] = {"rule": 1, "engagement": 1, "until": epoch(UNTIL), "replaces": None, **more}
    story = story or Story()
    return story.act(SIGNED, "rule.signed", by=VCISO, about=("company", 1), allows=allows, **data)


def drafted(story: Story, *, by: int = SOMEBODY, at: str = "2026-03-02", **text: object) -> Story:
    story.act(at, "decision.drafted", by=by, number=1, **(TEXT | text))
    return story.propose("2026-03-03")


def test_what_a_rule_covers_is_cleared_before_and_after_it_is_accepted() -> None:
    story = drafted(ruled()).accept(ACCEPTED, way="plain")
    assert story.standing("2026-03-03") == ("cleared-before", "in-advance")
    assert story.standing(ACCEPTED) == ("cleared", "in-advance")
    assert story.at(ACCEPTED, "standing")["cleared"].detail == {"rule": 1}
    assert story.at(ACCEPTED) == {}
    assert set(story.at(ACCEPTED, "input")) == {"before"}
    assert story.standing("2027-03-03") == ("cleared", "in-advance")  # its end undoes nothing


@pytest.mark.parametrize("how", ["its day", "ended", "role", "replaced"])
def test_a_rule_covers_up_to_the_second_it_ends(how: str) -> None:
    def begun() -> Story:
        story = ruled()
        end = "2026-05-01"
        if how == "ended":
            story.act(end, "rule.ended", by=VCISO, about=("company", 1), rule=1, why="-")
        elif how == "role":
            data = {"engagement": 1, "person": VCISO, "role": "vciso", "ends_at": epoch(end)}
            story.act("2026-02-10", "engagement.ended", about=("company", 1), **data)
        elif how == "replaced":
            story.act(
                end, "rule.signed", by=VCISO, about=("company", 1), rule=2, engagement=1, replaces=1,
                allows=[["data", ["yes"]]], until=epoch(UNTIL),
            )  # fmt: skip
        return story

    end = utc(UNTIL if how == "its day" else "2026-05-01")
    for moment, covered in ((end - SECOND, True), (end, False), (end + SECOND, False)):
        acts = begun().acts
        story = Story()
        story.acts = [act for act in acts if act.at <= moment]
        drafted(story, at="2026-03-02")
        story.acts.sort(key=lambda act: act.at)
        story.accept(moment, way="unasked")
        assert (story.standing(moment)[1] == "in-advance") is covered, (how, moment)
        if how in ("its day", "role"):  # ends that lie ahead are known beforehand
            waiting = drafted(begun())
            assert (waiting.standing(moment)[0] == "cleared-before") is covered


def test_what_was_decided_before_a_rule_was_signed_it_does_not_cover() -> None:
    for day, covered in (("2026-01-31", False), ("2026-02-01", True)):
        story = ruled()
        story.act("2026-02-05", "decision.recorded", number=1, decided_on=day, deciders=[CTO], **TEXT)
        assert (story.standing("2026-02-05")[1] == "in-advance") is covered
    late = drafted(Story(), at="2026-01-05").accept("2026-01-10", by=CTO, way="unasked")
    assert ruled(late).standing(ACCEPTED) == ("self-declared", "chosen")


NEVER = {
    "no vciso": ({"by": VCISO}, {}),
    "owner": ({"owners": [VCISO]}, {}),
    "decider": ({}, {"by": VCISO}),
    "level 2": ({"level": 2}, {}),
    "an answer that is not allowed": ({"answers": NOES | {"data": "yes"}, "level": 1}, {}),
    "unknown": ({"answers": NOES | {"data": "unknown"}, "level": 1}, {}),
    "unanswered": ({"answers": {"access": "no", "outside": "no", "undo": "no"}, "level": 1}, {}),
    "no answers": ({"answers": {}}, {}),
}


@pytest.mark.parametrize("why", NEVER)
def test_a_rule_never_covers(why: str) -> None:
    text, accepting = NEVER[why]
    story = drafted(ruled(), **text).accept(ACCEPTED, **accepting)  # type: ignore[arg-type]
    assert story.standing(ACCEPTED)[1] != "in-advance"


def test_a_closer_look_that_was_asked_for_ends_it_and_so_does_her_word_on_the_decision_itself() -> None:
    raised = drafted(ruled()).act("2026-03-04", "level.raised", level=2)
    assert raised.standing("2026-03-04") == ("not-asked", "")
    refused = drafted(ruled()).answer("2026-03-05", "deny")
    assert refused.standing("2026-03-05") == ("refused", "")
    assert refused.accept(ACCEPTED).standing(ACCEPTED) == ("against-advice", "")
    later = drafted(ruled()).accept(ACCEPTED, way="plain").answer("2026-04-01", "advise")
    assert later.standing("2026-04-02") == ("cleared", "in-advance")
    assert later.answer("2026-04-03", "deny").standing("2026-04-03") == ("against-advice", "late")


def test_another_text_in_force_is_changed_since_unless_a_rule_covers_that_too() -> None:
    story = drafted(ruled()).accept(ACCEPTED, way="plain")
    more = {"level": 0, "inside": False, "owners": []}
    story.act("2026-03-11", "decision.revised", number=2, digest="text 2", answers=NOES, **more)
    story.act("2026-03-12", "decision.text-accepted", number=2, digest="text 2", way="plain")
    assert story.standing("2026-03-12") == ("cleared", "in-advance")
    riskier = NOES | {"data": "yes"}
    story.act("2026-03-13", "decision.revised", number=3, digest="text 3", answers=riskier, **more)
    story.act("2026-03-14", "decision.text-accepted", number=3, digest="text 3", way="unasked")
    assert story.standing("2026-03-14") == ("changed", "")
    assert story.at("2026-03-14")["changed-after-signoff"].detail == {"rule": 1}


def test_an_acceptance_taken_back_takes_its_clearance_back_too() -> None:
    story = drafted(ruled()).accept(ACCEPTED, way="plain")
    story.act("2026-03-10 10:05", "decision.taken-back", accepted_seq=len(story.acts), restores=[])
    story.act("2026-03-11", "rule.ended", by=VCISO, about=("company", 1), rule=1, why="-")
    assert story.accept("2026-03-12").standing("2026-03-12") == ("self-declared", "chosen")


def test_a_system_inside_a_boundary_says_so_itself_and_what_a_no_closes_is_harmless() -> None:
    no_boundary = checked({"q13": ["no"]})
    assert meets(no_boundary, NOES, inside=False)
    assert not meets(no_boundary, NOES, inside=True)
    behind = checked({"q6": ["none"], "outside": ["no", "yes"]})
    assert meets(behind, NOES, inside=False)
    opened = NOES | {"outside": "yes", "q4": "existing"}
    assert not meets(behind, opened, inside=False)  # q6 is not answered
    assert meets(behind, opened | {"q6": "none"}, inside=False)
    assert not meets(behind, opened | {"q6": "no-data"}, inside=False)
    assert not meets(checked({"undo": ["no"]}), {**NOES, "q1": "yes"}, inside=False)


@pytest.mark.parametrize(
    "typed", [{}, {"data": []}, {"data": ["unknown"]}, {"q9": ["severe"]}, {"q1": ["no"]}, {"q99": ["no"]}]
)
def test_what_cannot_be_allowed_in_advance_is_refused(typed: dict[str, list[str]]) -> None:
    with pytest.raises(Invalid):
        checked(typed)


def test_a_rule_ends_within_a_year() -> None:
    assert latest_end(utc("2028-02-29").date()) == utc("2029-02-28").date()
