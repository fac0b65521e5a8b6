"""Names and e-mails are kept in one spelling, or refused by their field."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from adr_app.domain.errors import Invalid
from adr_app.services import people


@given(st.text(max_size=150))
def test_a_name_is_saved_on_one_line_or_refused_by_its_field(text):
    try:
        name = people.check_name(text)
    except Invalid as refusal:
        assert set(refusal.fields) == {"name"}
    else:
        assert name and name == name.strip() and "\n" not in name and len(name) <= people.LONGEST_NAME
        assert people.check_name(name) == name


@pytest.mark.parametrize("typed", ["Vera@Example.COM", "  vera@example.com\n", "vera@example.com\x00"])
def test_an_e_mail_has_one_spelling(typed):
    assert people.check_email(typed) == "vera@example.com"


@pytest.mark.parametrize(
    "typed",
    ["", "vera", "@example.com", "a@b@c.com", "a b@c.com", "<a@b.com>", "a@b.com,c@d.com", "a@" + "b" * 260],
)
def test_what_is_no_e_mail_is_refused_by_its_field(typed):
    with pytest.raises(Invalid) as refusal:
        people.check_email(typed)
    assert set(refusal.value.fields) == {"email"}


@given(st.text(max_size=40))
@example("0 \x08")
@example("\u0130")
def test_an_e_mail_that_is_kept_is_already_in_its_spelling(text):
    folded = people.folded_email(text)
    assert people.folded_email(folded) == folded
