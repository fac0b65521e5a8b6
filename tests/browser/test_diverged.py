"""A record changed in git and in the log: Sam sees what differs and chooses, at his desk and on his phone."""

from pathlib import Path

import pytest

from adr_app.services import decision_rows, drafts, imports, people
from tests.browser.players import Log

RECORD = """# {title}

Date: {day}

## Status

Accepted

## Context

Letters to patients have to arrive, whoever is away. {context}

Today they are sent by hand, on the evening of the day on which the appointment was made, by whoever is the
last to leave; and twice this year nobody was, so that nobody wrote at all.

## Decision

{decision}

## Consequences

* One more thing to look after: `queue.letters.outgoing.example.internal.larkspur-dental.example`
* {consequence}
"""
AGREED = {
    "title": "A queue for letters",
    "day": "2024-03-01",
    "context": "Mails get lost.",
    "decision": "We use a queue.",
    "consequence": "It costs little.",
}
HERE = {"decision": "We use two queues.", "consequence": "It costs about 20 a month."}
THERE = {
    "day": "2024-03-04",
    "context": "Mails get lost on Mondays, and nobody notices until Thursday.",
    "decision": "We use no queue, but a table.",
}


@pytest.fixture
def both(larkspur: Log, clock, tmp_path: Path) -> Log:
    """Two decisions that changed in the log and in their files."""
    at = clock()
    sam = people.viewer(larkspur.sam, larkspur.company.slug, at)
    files = [tmp_path / "docs" / "adr" / f"000{number}-queue.md" for number in (1, 2)]
    files[0].parent.mkdir(parents=True)
    for file in files:
        file.write_text(RECORD.format(**AGREED))
    imports.run(sam, tmp_path, source="product", at=at)
    for number in (1, 2):
        drafts.revise(sam, number, {}, base=1, body=RECORD.format(**AGREED | HERE), at=at)
        assert decision_rows.find(sam, number).latest == 2
    for file in files:
        file.write_text(RECORD.format(**AGREED | THERE))
    assert imports.run(sam, tmp_path, source="product", at=at)["diverged"] == 2
    return larkspur


def test_what_changed_on_both_sides_is_looked_at_and_put_together(both: Log, player):
    sam = player().comes_in(both.sam, f"{both.path}/decisions/AD-0001")
    sam.reads("Its file has changed too.")
    sam.follows("See what differs")
    sam.reads("Both changed this", "Only the log changed this", "Only the file changed this")
    sam.opens("Take parts of both")
    sam.looks("parts")
    sam.presses("Save as version 3")
    sam.reads("Nothing is saved yet. Please look at this:")
    sam.looks("both-still-stand")
    sam.types("Text", RECORD.format(**AGREED | THERE | HERE))
    sam.presses("Save as version 3")
    sam.reads("What you put together is saved as a new version.", "1 change waiting")
    sam.misses("Its file has changed too.")


def test_the_file_s_text_is_taken_on_a_phone_without_scripts_and_the_other_one_kept(both: Log, player):
    sam = player(phone=True, java_script_enabled=False).comes_in(
        both.sam, f"{both.path}/decisions/AD-0001/file-change"
    )
    sam.presses("Take the file’s text")
    sam.reads("The file’s text is taken as a new version.", "We use no queue, but a table.")
    sam.goes_to(f"{both.path}/decisions/AD-0002").follows("See what differs")
    sam.presses("Keep what the log says")
    sam.reads("What the log says is kept.")
    sam.misses("Its file has changed too.")


def test_whoever_may_not_choose_sees_what_differs_on_a_phone(both: Log, player):
    vera = player(phone=True).comes_in(both.vera, f"{both.path}/decisions/AD-0001/file-change")
    vera.reads("Both changed this")
    vera.reads("Sam Okafor can choose")
    assert not vera.main.get_by_role("button").count()
