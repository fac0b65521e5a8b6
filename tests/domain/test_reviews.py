"""What the answers of the vCISO mean, and that nobody both decides and judges."""

import pytest

from adr_app.domain.reviews import PHONE_ANSWERS, VERDICTS, verdict_counts


@pytest.mark.parametrize(
    ("code", "is_input", "clears"),
    [
        ("approve", True, True),
        ("approve-with-conditions", True, True),
        ("not-relevant", True, True),
        ("advise", True, False),
        ("changes-requested", True, False),
        ("deny", True, False),
        ("question", False, False),
    ],
)
def test_what_each_answer_counts_as(code: str, is_input: bool, clears: bool) -> None:
    assert (VERDICTS[code].is_input, VERDICTS[code].clears) == (is_input, clears)


def test_there_is_no_eighth_answer_and_every_no_needs_words() -> None:
    assert len(VERDICTS) == 7 and set(PHONE_ANSWERS) <= set(VERDICTS)
    assert {v.code for v in VERDICTS.values() if not v.needs_text} == {"approve", "approve-with-conditions"}
    assert [v.code for v in VERDICTS.values() if v.conditions] == ["approve-with-conditions"]
    assert not any(v.objects and v.clears for v in VERDICTS.values())


def test_an_answer_counts_under_a_role_and_from_somebody_who_did_not_decide() -> None:
    assert verdict_counts("deny", 7, False)
    assert not verdict_counts("deny", None, False)
    assert not verdict_counts("approve", 7, True)
    assert not verdict_counts("question", 7, False)
