"""Which review level counts after texts, wishes for a closer look, and the vCISO's answers."""

from adr_app.domain.levels import ANSWER, LOWERED, RAISED, TEXT, LevelAct, at_least, level_after
from adr_app.domain.timeline import fold
from tests.domain.acts import OWN, VCISO, Story


def level(story: Story) -> int:
    found = fold(OWN, story.acts)
    assert found is not None
    return found.state.level


def answered(story: Story, at: str, level: int, *, number: int = 1, code: str = "advise") -> Story:
    return story.act(
        at,
        "review.verdict",
        by=VCISO,
        verdict=len(story.acts),
        code=code,
        number=number,
        digest=f"text {number}",
        level=level,
        engagement=1,
    )


def taken_back(story: Story, at: str) -> Story:
    given = [act for act in story.acts if act.kind == "review.verdict"][-1]
    return story.act(at, "review.verdict-taken-back", by=VCISO, verdict=given.data["verdict"])


def test_a_text_asks_for_its_level_and_never_for_less_than_was_set() -> None:
    assert [at_least(answers, None) for answers in (None, 0, 3)] == [None, 0, 3]
    assert [at_least(answers, 1) for answers in (None, 0, 1, 2)] == [2, 1, 1, 2]
    assert at_least(None, 3) == 3


def test_without_any_act_no_level_is_settled() -> None:
    assert level_after([]) == (None, None)
    assert level_after([LevelAct(TEXT, None)]) == (None, None)
    assert level_after([LevelAct(TEXT, 3), LevelAct(LOWERED, 1), LevelAct(TEXT, 0)]) == (0, None)
    assert level_after([LevelAct(RAISED, 3), LevelAct(ANSWER, 1, 7), LevelAct(TEXT, 0)]) == (1, 1)


def test_the_level_she_set_outlasts_an_edit_and_riskier_answers_raise_it() -> None:
    story = answered(Story().draft("2026-03-02", level=0), "2026-03-03", 2)
    assert level(story) == 2
    assert level(story.draft("2026-03-04", level=0, number=2)) == 2
    assert level(story.draft("2026-03-05", level=3, number=3)) == 3
    assert level(story.draft("2026-03-06", level=1, number=4)) == 2
    assert level(answered(story, "2026-03-07", 0, number=4)) == 0


def test_her_lower_level_holds_for_the_text_she_saw() -> None:
    story = answered(Story().draft("2026-03-02", level=3), "2026-03-03", 0, code="not-relevant")
    assert level(story) == 0
    assert level(story.draft("2026-03-04", level=3, number=2)) == 3


def test_an_answer_taken_back_gives_back_the_level_before_it() -> None:
    story = answered(Story().draft("2026-03-02", level=3), "2026-03-03 10:00", 0, code="not-relevant")
    assert level(taken_back(story, "2026-03-03 10:05")) == 3
    story = answered(answered(Story().draft("2026-03-02", level=1), "2026-03-03", 2), "2026-03-04 10:00", 3)
    assert level(taken_back(story, "2026-03-04 10:05")) == 2
    assert level(story.draft("2026-03-05", level=0, number=2)) == 2


def test_what_was_set_in_between_stays_when_an_answer_is_taken_back() -> None:
    story = answered(Story().draft("2026-03-02", level=1), "2026-03-03 10:00", 3)
    story.draft("2026-03-03 10:02", level=0, number=2)
    assert level(story) == 3
    assert level(taken_back(story, "2026-03-03 10:05")) == 0
    story = answered(Story().draft("2026-03-02", level=1), "2026-03-03 10:00", 0)
    story.act("2026-03-03 10:02", "level.raised", level=3)
    assert level(taken_back(story, "2026-03-03 10:05")) == 3


def test_a_question_and_an_answer_without_a_role_set_no_level() -> None:
    story = answered(Story().draft("2026-03-02", level=3), "2026-03-03", 0, code="question")
    assert level(story) == 3
    story.act("2026-03-04", "review.verdict", by=VCISO, verdict=99, code="advise", number=1, level=0)
    assert level(story) == 3
