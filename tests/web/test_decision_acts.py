"""What the page of a decision offers to whom: the way to leadership, and what proposing leads to."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from adr_app.models.decisions import Decision
from adr_app.models.people import Engagement
from adr_app.services import decisions, drafts, engagements, exceptions, imports, reviews, risks
from tests.casts import Cast, cast_of, quick_passwords, sign_in
from tests.conftest import START

PAGE = "/larkspur/decisions/AD-0001"
NO = dict.fromkeys(("data", "access", "outside", "undo"), "no")
PERSONAL = {**NO, "data": "yes", "q3": "personal", "q9": "limited", "q10": "limited", "q13": "no"}
RISKY = {**NO, "access": "yes", "q2": "changes", "q5": "no", "q7": "no"}


@pytest.fixture
def here(app: Flask) -> Iterator[Cast]:
    """Larkspur with somebody in every role."""
    with quick_passwords():
        yield cast_of("Larkspur", START)


def page(app: Flask, here: Cast, role: str) -> str:
    return sign_in(app.test_client(), getattr(here, role)).get(PAGE).text


def links(text: str) -> list[str]:
    """Return the words of the links to the question to leadership."""
    return re.findall(r'<a class="button[^"]*" href="[^"]*/AD-0001/risk">([^<]+)', text)


def drafted(here: Cast, answers: dict[str, str] | None = None, role: str = "cto") -> Decision:
    viewer = here.viewer(role, START)
    return drafts.draft(viewer, {"title": "Move billing"}, answers=answers or PERSONAL, at=START)


def denied(here: Cast, made: Decision) -> Decision:
    viewer = here.viewer("vciso", START)
    reviews.answer(viewer, made.number, "deny", base=1, text="Codes leak.", at=START)
    return made


ROLES = [
    ("cto", ["Ask leadership"]),
    ("delegate", ["Ask leadership"]),
    ("member", ["Ask leadership"]),
    ("vciso", ["Ask leadership"]),
    ("leader", ["Decide on the risk"]),
    ("reader", []),
    ("admin", []),
]


@pytest.mark.parametrize(("role", "words"), ROLES)
@pytest.mark.parametrize("answers", [PERSONAL, RISKY], ids=["warns", "wants an OK"])
def test_after_a_no_everybody_who_may_ask_leadership_finds_that_on_the_decision(
    app: Flask, here: Cast, answers: dict[str, str], role: str, words: list[str]
) -> None:
    made = drafted(here, answers)
    assert links(page(app, here, role)) == []
    denied(here, decisions.propose(here.viewer("cto", START), made.number, at=START))
    text = page(app, here, role)
    assert links(text) == words
    assert len(re.findall(r'class="button button-primary"(?! href="/larkspur/decisions/new)', text)) <= 1


@pytest.mark.parametrize(("role", "words"), ROLES)
def test_what_was_decided_against_advice_still_leads_to_leadership(
    app: Flask, here: Cast, role: str, words: list[str]
) -> None:
    made = decisions.propose(here.viewer("cto", START), drafted(here).number, at=START)
    denied(here, made)
    decisions.accept(here.viewer("cto", START), made.number, base=1, reason="the launch", at=START)
    assert links(page(app, here, role)) == words


def test_a_risk_that_is_asked_about_or_taken_is_not_asked_about_again(app: Flask, here: Cast) -> None:
    made = denied(here, decisions.propose(here.viewer("cto", START), drafted(here).number, at=START))
    day = START.date() + timedelta(days=5)
    exceptions.ask(
        here.viewer("member", START), made.number, question="May we?", technology_says="Yes.",
        answer_by=day, at=START,
    )  # fmt: skip
    assert links(page(app, here, "member")) == ["See the question to leadership"]
    assert links(page(app, here, "leader")) == ["Decide on the risk"]
    risks.take(here.viewer("leader", START), made.number, reason="the launch", until=day, at=START)
    assert links(page(app, here, "member")) == links(page(app, here, "leader")) == []


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        (PERSONAL, "If nobody asks Vciso before, it will always say “Made without vCISO input”."),
        (NO, "If nobody asks Vciso, it will say “Declared harmless by its author, not verified”."),
        (RISKY, "This company wants the vCISO&#39;s OK first. Send it to the vCISO."),
    ],
)
def test_beside_proposing_stands_who_can_accept_it_and_what_it_will_say(
    app: Flask, here: Cast, answers: dict[str, str], words: str
) -> None:
    made = drafted(here, answers, role="member")
    text = page(app, here, "member")
    assert "Propose without asking" in text
    assert f"Once proposed, Cto or Delegate can accept it. {words}" in text
    assert "Once proposed, you or Delegate can accept it." in page(app, here, "cto")
    assert "Once proposed" not in page(app, here, "reader")
    decisions.propose(here.viewer("member", START), made.number, at=START)
    assert "Once proposed" not in page(app, here, "member")


def test_without_a_vciso_proposing_says_that_nobody_is_engaged(app: Flask, here: Cast) -> None:
    held = Engagement.get(Engagement.role == "vciso")
    engagements.end(here.viewer("leader", START), held.id, at=START)
    drafted(here)
    assert "It will say that nobody was engaged as vCISO." in page(app, here, "cto")


@pytest.mark.parametrize(
    ("stated", "words"),
    [
        ("Date: 2019-03-01\n", "This was decided before this log began."),
        ("", "Nobody knows when this was decided, so it counts as older than this log."),
        ("Date: 2026-11-24\n", "The security questions are not answered yet."),
    ],
)
def test_what_is_older_than_the_log_has_no_security_questions_left_to_answer(
    app: Flask, here: Cast, tmp_path: Path, stated: str, words: str
) -> None:
    text = f"# 1. Use x\n\n{stated}\n## Status\n\nAccepted\n\n## Context\n\nWhy.\n\n## Decision\n\nx.\n"
    (tmp_path / "0001-use-x.md").write_text(text)
    imports.run(here.viewer("cto", START), tmp_path, source="", at=START)
    shown = page(app, here, "cto")
    assert words in shown
    assert ("questions are not answered yet" in shown) == ("2026" in stated)
