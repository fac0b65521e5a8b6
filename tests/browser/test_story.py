"""The whole product played once through its pages: recorded, answered, flagged, owed, imported, kept."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from adr_app.models.events import Event
from tests.browser.players import YEARS_AGO, Log, Player, adr_app, reported

ELSEWHERE = {
    "docs/adr/0001-record-decisions.md": """\
# 1. Record decisions

Date: 2024-02-03

## Status

Accepted

## Context

Nobody knows why things are as they are.

## Decision

We write them down.
""",
    "docs/adr/0002-one-database.md": """\
---
status: accepted
date: 2024-05-06
---

# One database for everything

## Context and Problem Statement

Where do rows live?

## Considered Options

* PostgreSQL
* Files

## Decision Outcome

Chosen option: "PostgreSQL", because backups exist.
""",
    "docs/adr/20240607-send-mail-by-queue.md": """\
# Send mail by a queue

- Status: proposed
- Date: 2024-06-07

## Context

Mail is slow.

## Decision

A queue sends it.
""",
    "docs/adr/README.md": "# Our decisions\n\nThey are beside this file.\n",
}
"""Records of a project that never met this log, in three of the formats people use."""


@pytest.fixture
def clock(clock):
    """The story begins years ago: records from elsewhere come in today."""
    clock.now = YEARS_AGO
    return clock


def test_a_decision_goes_from_the_cto_to_the_vciso_to_the_leader_and_stays_in_the_record(
    larkspur: Log, player, settings, tmp_path, clock
):
    sam, vera, priya = player(), player(phone=True), player()
    sam.comes_in(larkspur.sam)
    link = _sam_records_a_decision_and_sends_it(sam)
    clock.advance(hours=3)
    _vera_answers_on_her_phone(vera, larkspur, link)
    clock.advance(hours=1)
    _sam_accepts_what_was_checked(sam, larkspur)
    _sam_accepts_another_without_asking(sam, larkspur)
    priya.comes_in(larkspur.priya, f"{larkspur.path}/dashboard")
    _priya_sees_both(priya)
    _sam_notes_a_debt(sam, larkspur)
    _records_from_elsewhere_come_in(settings, tmp_path, larkspur)
    clock.now = datetime.now(UTC).replace(microsecond=0)
    _everything_stands_in_one_list_and_one_record(sam, larkspur)
    for command in (["verify"], ["flags", "--check"]):
        ended = adr_app(settings, *command)
        assert ended.returncode == 0, (command, ended.stdout, ended.stderr)


def _sam_records_a_decision_and_sends_it(sam: Player) -> str:
    sam.follows("Record a decision")
    sam.follows("Not decided yet Write down what it is about, ask for security, decide later. Three minutes.")
    sam.types("What is to be decided?", "Move billing to a payment provider")
    sam.types("What is the situation?", "We keep card numbers. **Nobody** wants to.\n\n- audits\n- fear")
    sam.clicks(sam.page.locator("button[value=context]"))
    sam.reads("audits")
    sam.opens("More:")
    sam.types("In plain words", "Patients pay on the provider's page, not on ours.")
    sam.types("Outside firms", "Payfast")
    sam.looks("draft-form")
    sam.presses("Save as draft")
    sam.reads("AD-0001 is noted as a draft", "Not asked yet")
    sam.presses("Send to Vera for security review")
    sam.reads("Sent to Vera Lindqvist for security review, answer by Tue 3 Dec")
    return sam.page.get_by_label("Link for Vera").input_value()


def _vera_answers_on_her_phone(vera: Player, larkspur: Log, link: str) -> None:
    before = Event.select().count()
    vera.comes_in(larkspur.vera, link)
    assert vera.page.url == link
    vera.reads("Patients pay on the provider's page", "Your answer")
    vera.chooses("OK, with to-dos…")
    first = vera.page.get_by_role("group", name="To-do 1")
    vera.types("What has to be done?", "Delete the stored card numbers", first)
    vera.types("Which risk does it reduce?", "Card numbers can be stolen", first)
    vera.types("By which day?", "2024-12-18", first)
    vera.presses("Confirm…")
    vera.reads("Confirm your answer", "Move billing to a payment provider", "Delete the stored card numbers")
    assert Event.select().where(Event.kind == "review.verdict").count() == 0, "nothing is signed before"
    assert Event.select().count() - before <= 1, "looking leaves at most one trace: that she looked"
    vera.presses("Confirm")
    vera.reads("Your answer on AD-0001 is saved", "Delete the stored card numbers")


def _sam_accepts_what_was_checked(sam: Player, larkspur: Log) -> None:
    sam.goes_to(f"{larkspur.path}/decisions/AD-0001")
    sam.reads("Checked, to-dos open", "Delete the stored card numbers")
    sam.presses("Accept")
    sam.reads("AD-0001 is accepted. You can take that back for ten minutes.")


def _sam_accepts_another_without_asking(sam: Player, larkspur: Log) -> None:
    sam.goes_to(f"{larkspur.path}/decisions/new/undecided")
    sam.types("What is to be decided?", "A chat window for patients")
    sam.presses("Save as draft")
    sam.presses("Propose without asking")
    sam.reads("Answer the four security questions first, or send it to the vCISO.")
    sam.follows("Answer the four questions")
    sam.answers("Is data about people, money or health involved?", "Yes")
    sam.answers("Does it change who gets in, or what keeps others out?", "No")
    sam.answers("Does an outside firm or service come in?", "No")
    sam.answers("Is it hard to undo, or would a failure hurt soon?", "No")
    sam.looks("questions")
    sam.presses("Save version 2")
    sam.follows("Accept without asking")
    sam.reads("Vera has not been asked.", "Made without vCISO input", "Checked N days late")
    sam.presses("Accept without asking")
    sam.types("Why now?", "The old window is switched off tonight")
    sam.presses("Accept without asking")
    sam.reads("AD-0002 is accepted", "Made without vCISO input")


def _priya_sees_both(priya: Player) -> None:
    priya.reads("Was security asked?", "What we decided, what we owe")
    assert "Made without vCISO input" in priya.row("A chat window for patients").inner_text()
    assert "Checked, to-dos open" in priya.row("Move billing to a payment provider").inner_text()
    priya.goes_to("/")


def _sam_notes_a_debt(sam: Player, larkspur: Log) -> None:
    sam.follows("Note a debt")
    sam.types("What is owed?", "The chat window keeps its texts for ever")
    sam.presses("Note it")
    sam.reads("Noted as TD-0001")
    sam.follows("Open it")
    sam.opens("Link a decision")
    sam.types("Decision", "AD-0002")
    sam.presses("Link it")
    sam.reads("A chat window for patients")
    sam.follows("A chat window for patients")
    sam.reads("Technical debt", "TD-0001 The chat window keeps its texts for ever")


def _records_from_elsewhere_come_in(settings: dict[str, str], folder: Path, larkspur: Log) -> None:
    for path, text in ELSEWHERE.items():
        file = folder / "elsewhere" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    into = (str(folder / "elsewhere"), "--company", larkspur.company.slug)
    told, report, again = (reported(settings, "import", *into, *more) for more in (["--dry-run"], [], []))
    assert (report["files"], report["created"]) == (4, 3)
    assert [one["path"] for one in report["skipped"]] == ["docs/adr/README.md"]
    assert [one["path"] for one in told["decisions"]] == [one["path"] for one in report["decisions"]]
    assert (again["created"], again["unchanged"]) == (0, 3)


def _everything_stands_in_one_list_and_one_record(sam: Player, larkspur: Log) -> None:
    sam.comes_in(larkspur.sam, f"{larkspur.path}/decisions")
    assert "Older than this log" in sam.row("One database for everything").inner_text()
    assert "Proposed" in sam.row("Send mail by a queue").inner_text()
    assert "Made without vCISO input" in sam.row("A chat window for patients").inner_text()
    sam.follows("One database for everything")
    sam.reads("Chosen option", "PostgreSQL")
    sam.turns_to("Record")
    sam.reads("AD-0001", "AD-0002", "TD-0001")
