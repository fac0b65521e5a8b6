"""What a decision puts at stake is said in plain words, and what nobody knows is no comfort."""

import pytest

from adr_app.domain.at_stake import NOT_KNOWN, at_stake
from adr_app.domain.security_questions import QUESTIONS, UNKNOWN

NOTHING = "Nothing beyond public or internal data"


@pytest.mark.parametrize(
    ("fields", "answers", "said"),
    [
        ({}, {}, {}),
        ({"data": ["health", "secrets"]}, {"data": "no"}, {"To protect": "Health data, passwords or keys"}),
        ({"data": ["internal"]}, {}, {"To protect": NOTHING}),
        ({}, {"data": "no"}, {"To protect": NOTHING}),
        ({}, {"data": "yes"}, {"To protect": "Data about people, money or health"}),
        ({}, {"data": "yes", "q3": UNKNOWN}, {"To protect": NOT_KNOWN}),
        ({"data": ["public"]}, {"data": UNKNOWN}, {"To protect": NOT_KNOWN}),
        ({}, {"data": "yes", "q3": "personal"}, {"To protect": "Confidential or personal data"}),
        ({"undo": "hard"}, {}, {"Going back": "Hard to undo"}),
        ({"undo": "hard"}, {"undo": "no"}, {}),
        ({}, {"undo": UNKNOWN}, {"Going back": NOT_KNOWN}),
        ({}, {"undo": "yes", "q12": "no"}, {"Going back": "Not within a day without losing data"}),
        ({}, {"q9": UNKNOWN, "q11": UNKNOWN}, {"If it leaks": NOT_KNOWN, "If it is down": NOT_KNOWN}),
    ],
)
def test_what_must_be_protected_and_what_happens_if_it_fails_is_said_as_far_as_it_is_known(
    fields, answers, said
):
    assert dict(at_stake(fields, answers)) == said


@pytest.mark.parametrize("code", ["q3", "q9", "q10", "q11", "q12"])
def test_every_answer_about_what_is_at_stake_has_words(code):
    for answer in QUESTIONS[code].answers:
        assert at_stake({}, {code: answer.code}), answer.code
