"""Addresses of tickets: read, shown short, kept without what may be a secret, and never guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adr_app.domain.errors import Invalid
from adr_app.domain.tickets import Ticket, parse_ticket

GITHUB = "https://github.com/larkspur/billing"
GITLAB = "https://gitlab.com/larkspur/team/billing"


@pytest.mark.parametrize(
    ("typed", "ticket"),
    [
        (f"{GITHUB}/issues/12", ("github", f"{GITHUB}/issues/12", "larkspur/billing#12")),
        (f" {GITHUB}/pull/7/files?w=1#r3 ", ("github", f"{GITHUB}/pull/7", "larkspur/billing#7")),
        (
            "https://git.larkspur.example:8443/a/b.c/issues/1",
            ("github", "https://git.larkspur.example:8443/a/b.c/issues/1", "a/b.c#1"),
        ),
        (f"{GITLAB}/-/issues/3", ("gitlab", f"{GITLAB}/-/issues/3", "larkspur/team/billing#3")),
        (f"{GITLAB}/-/work_items/3", ("gitlab", f"{GITLAB}/-/work_items/3", "larkspur/team/billing#3")),
        (
            f"{GITLAB}/-/merge_requests/9/diffs",
            ("gitlab", f"{GITLAB}/-/merge_requests/9", "larkspur/team/billing!9"),
        ),
        (
            "https://gitlab.com/a/b/issues/4",
            ("gitlab", "https://gitlab.com/a/b/-/issues/4", "a/b#4"),
        ),
        (
            "http://git.internal/a/b/-/issues/4",
            ("gitlab", "http://git.internal/a/b/-/issues/4", "a/b#4"),
        ),
        (
            "https://larkspur.atlassian.net/browse/PAY-12?atlOrigin=secret",
            ("jira", "https://larkspur.atlassian.net/browse/PAY-12", "PAY-12"),
        ),
        (
            "https://larkspur.atlassian.net/jira/software/c/projects/PAY/boards/1?selectedIssue=PAY-3",
            ("jira", "https://larkspur.atlassian.net/browse/PAY-3", "PAY-3"),
        ),
        (
            "https://larkspur.example/jira/browse/pay-12",
            ("jira", "https://larkspur.example/jira/browse/PAY-12", "PAY-12"),
        ),
        (
            "https://jira.larkspur.example/projects/PAY/issues/PAY-9",
            ("jira", "https://jira.larkspur.example/browse/PAY-9", "PAY-9"),
        ),
    ],
)
def test_a_ticket_is_known_by_its_address(typed: str, ticket: tuple[str, str, str]) -> None:
    assert parse_ticket(typed) == Ticket(*ticket)
    assert parse_ticket(ticket[1]) == Ticket(*ticket), "what is kept reads as itself"


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "",
            "PAY-12",
            "github.com/a/b/issues/1",
            "javascript:alert(1)//a/b/issues/1",
            "file:///a/b/issues/1",
        ),
        *("https://", "https:///a/b/issues/1", "https://[::1/a/b/issues/1", "https://h:x/a/b/issues/1"),
        *(f"{GITHUB}/issues", f"{GITHUB}/issues/0", f"{GITHUB}/issues/1x", f"{GITHUB}/tree/main"),
        *("https://github.com/../b/issues/1", "https://github.com/a%2Fb/c/issues/1"),
        *("https://github.com/<b>/c/issues/1", 'https://h/a"b/c/issues/1', "https://ho st/a/b/issues/1"),
        *(
            f"{GITLAB}/-/pipelines/3",
            "https://gitlab.com/-/issues/3",
            "https://h/browse/PAY",
            "https://h/browse/12",
        ),
        *("https://user:pass@github.com/a/b/issues/1", "https://token@github.com/a/b/issues/1"),
        *(f"{GITHUB}/issues/1" + "?" + "x" * 600, f"{GITHUB}/issues/1\x07", "https://h/browse/PAY-1\ud800"),
    ],
)
def test_anything_else_is_refused_under_its_field(typed: str) -> None:
    with pytest.raises(Invalid) as refusal:
        parse_ticket(typed)
    assert set(refusal.value.fields) == {"address"}


@given(
    st.text(max_size=80),
    st.sampled_from(["", "https://h/", "https://h/a/b/issues/1", "https://h/browse/A-1"]),
)
def test_no_text_breaks_it_and_what_is_kept_is_plain(more: str, before: str) -> None:
    try:
        found = parse_ticket(before + more)
    except Invalid:
        return
    assert found.address.startswith(("https://", "http://")) and found.address.isascii()
    assert not set(found.address) & set("\"'<>?#@ \\")
    assert parse_ticket(found.address) == found
