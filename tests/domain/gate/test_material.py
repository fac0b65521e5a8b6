"""What a security OK binds to: every word of a decision, and nothing that accepting it changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adr_app.domain.gate.material import is_only_status, material_digest, material_text

NYGARD = """# 7. Use a queue

Date: 2026-11-20

## Status

{status}

## Context

Orders get lost.

```yaml
status: proposed
```

## Decision

We use a queue.

## Consequences

* Good, because orders wait.
"""
MADR = """---
status: {status}
date: 2026-11-20
decision-makers: [Sam Carter, Vera Lind]
security-review: asked
data: none
---

# Use a queue

## Context and Problem Statement

Orders get lost.

## Decision Outcome

Chosen option: "Queue", because orders wait.

## Security Review

* Was security asked: waiting
* Hard to undo: no
"""
BULLETS = """# Use a queue

* Status: {status}
* Deciders: Sam Carter
* Date: 2026-11-20
* Technical Story: orders get lost

## Decision

We use a queue.
"""
TABLE = """# Use a queue

| Status | Date | Scope |
| --- | --- | --- |
| {status} | 2026-11-20 | orders |

## Decision

We use a queue.
"""
FORMATS = [NYGARD, MADR, BULLETS, TABLE]


@pytest.mark.parametrize("text", FORMATS)
@pytest.mark.parametrize(
    "status",
    ["Accepted", "accepted", "**Approved**", "accepted on 2026-11-24", "Approved by @ann and Bob Lee"],
)
def test_accepting_keeps_what_was_signed(text: str, status: str) -> None:
    if text is MADR:
        status = status.replace("**", "")
    assert material_digest(text.format(status=status)) == material_digest(text.format(status="proposed"))


@pytest.mark.parametrize("text", FORMATS)
def test_every_other_word_counts(text: str) -> None:
    before = material_digest(text.format(status="proposed"))
    for old, new in (("queue", "file"), ("Use a", "Use no"), ("# ", "## ")):
        if old in text:
            assert material_digest(text.format(status="proposed").replace(old, new, 1)) != before


SAME = [
    (NYGARD, "2026-11-20", "2026-11-24"),
    (NYGARD, "Date: 2026-11-20\n\n", ""),
    (NYGARD, "## Status\n\n{status}\n\n", ""),
    (NYGARD, "{status}", "{status}\n\nAmended by [12. Use two queues](0012-use-two-queues.md)"),
    (NYGARD, "# 7. Use", "# 8. Use"),
    (NYGARD, "# 7. Use", "# Accepted: Use"),
    (NYGARD, "lost.\n\n", "lost.\n\n\n"),
    (NYGARD, "lost.", "lost.  "),
    (MADR, "date: 2026-11-20", "date: 2026-11-24"),
    (MADR, "[Sam Carter, Vera Lind]", "\n  - Sam Carter\n  - Priya Rao"),
    (MADR, "security-review: asked", "security-review: OK by Vera Lind on 24 November 2026, two to-dos"),
    (MADR, "security-review: asked\n", ""),
    (MADR, "asked: waiting", "asked: checked by Vera Lind"),
    (MADR, "status: {status}", 'status: "{status}"'),
    (BULLETS, "* Date: 2026-11-20\n", ""),
    (BULLETS, "Sam Carter", "Sam Carter, Priya Rao"),
]


@pytest.mark.parametrize(("text", "old", "new"), SAME)
def test_what_accepting_changes_is_not_signed(text: str, old: str, new: str) -> None:
    assert old in text
    assert material_text(text.replace(old, new).format(status="accepted")) == material_text(
        text.format(status="accepted")
    )


OTHER = [
    # words put where only a status, a day or a name belongs
    (NYGARD, "{status}", "{status}. Passwords may be mailed."),
    (NYGARD, "{status}", "{status}\n\nPasswords may be mailed."),
    (NYGARD, "{status}", "{status} <!-- Passwords may be mailed -->"),
    (NYGARD, "{status}", "{status}\n\nAmended by [passwords may be mailed](0012-use-two-queues.md)"),
    (
        NYGARD,
        "{status}",
        "{status}\n\nAmended by [12. Use two queues](https://evil.example/0012-use-two-queues.md)",
    ),
    (NYGARD, "{status}", "{status}\n\nSupersedes [3. Encrypt](0003-encrypt.md)"),
    (NYGARD, "Date: 2026-11-20", "Date: 2026-11-20 and passwords may be mailed"),
    (MADR, "status: {status}", "status: {status}; passwords may be mailed"),
    (MADR, "date: 2026-11-20", "date: |\n  2026-11-20\n  passwords may be mailed"),
    (MADR, "date: 2026-11-20", "date: 2026-11-20 # passwords may be mailed"),
    (MADR, "security-review: asked", "security-review: |\n  passwords may be mailed"),
    (
        MADR,
        "decision-makers: [Sam Carter, Vera Lind]",
        "decision-makers: passwords may be sent to anybody by mail now",
    ),
    (BULLETS, "* Date: 2026-11-20", "* Date: 2026-11-20 <!-- passwords may be mailed -->"),
    # front matter that nobody said is unsigned, and answers to security questions
    (MADR, "data: none", "data: health"),
    (MADR, "data: none", "data: none\ntitle: Use nothing"),
    (MADR, "undo: no", "undo: yes"),
    (MADR, "undo: no", "undo: no\n\n### Also\n\nPasswords may be mailed."),
    # look-alikes and what cannot be seen
    (NYGARD, "queue.", "queu\N{CYRILLIC SMALL LETTER IE}."),
    (NYGARD, "queue.", "queue\N{ZERO WIDTH SPACE}."),
    (NYGARD, "queue.", "queue\N{RIGHT-TO-LEFT OVERRIDE}."),
    # a status that is not the record's own
    (NYGARD, "status: proposed", "status: accepted"),
    (NYGARD, "We use a queue.", "We use a queue.\n\n### Status\n\nRejected"),
    (NYGARD, "# 7. Use a queue", "# 7. Use a cue"),
    (BULLETS, "orders get lost", "orders get found"),
    (TABLE, "| orders |", "| everything |"),
]


@pytest.mark.parametrize(("text", "old", "new"), OTHER)
def test_what_else_changes_is_signed(text: str, old: str, new: str) -> None:
    assert old in text
    assert material_text(text.replace(old, new).format(status="accepted")) != material_text(
        text.format(status="accepted")
    )


def test_line_ends_and_composition_of_letters_do_not_count() -> None:
    text = "# Café\n\n## Status\n\nAccepted\n\n## Decision\n\nWe do.\n"
    assert material_digest(text.replace("é", "e\N{COMBINING ACUTE ACCENT}")) == material_digest(text)
    assert material_digest(text.rstrip("\n")) == material_digest(text)


@pytest.mark.parametrize(
    ("said", "only"),
    [
        ("Accepted", True),
        ("✅ Accepted", True),
        ("_Accepted_ (2026-11-24)", True),
        ("Approved by the architecture board on 2024-05-18.", True),
        ("accepted by Sam Carter, Vera Lind and @priya on 24 November 2026", True),
        ("Accepted by mailing passwords", False),
        ("Accepted, but passwords may be mailed", False),
        ("Accepted. All secrets are public.", False),
        ("accepted 4 secrets", False),
        ("All secrets are public", False),
        ("Superseded by [ADR-0057](0057-x.md)", False),
        ("Accepted " * 100, False),
        ("", True),
    ],
)
def test_a_status_is_only_a_status(said: str, only: bool) -> None:
    assert is_only_status(said) is only


WORDS = st.text("abcdefghij äöü.,*_-#|>`:[](){}!\t", min_size=1, max_size=60).filter(lambda x: x.strip(" \t"))
PARTS = st.lists(WORDS, min_size=1, max_size=8)


@given(PARTS, st.data())
def test_any_change_of_any_line_of_a_section_loses_it(parts: list[str], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(parts) - 1))
    other = data.draw(WORDS.filter(lambda x: x.rstrip(" \t") != parts[at].rstrip(" \t")))

    def text(lines: list[str]) -> str:
        return NYGARD.format(status="Accepted") + "\n## Notes\n\n" + "\n".join(lines) + "\n"

    changed = [*parts[:at], other, *parts[at + 1 :]]
    assert material_digest(text(changed)) != material_digest(text(parts))


@given(
    PARTS,
    st.sampled_from(["Proposed", "draft", "Accepted", "**Approved**", "Rejected."]),
    st.sampled_from(["", "Date: 2026-11-20\n\n", "Date: 2 March 2027\n\n"]),
    st.sampled_from(["\n", "  \n", "\t\n", "\n\n"]),
)
def test_any_change_of_status_day_and_line_ends_keeps_it(
    parts: list[str], status: str, day: str, end: str
) -> None:
    body = "\n## Notes\n\n" + "\n".join(parts) + "\n"
    plain = NYGARD.format(status="Proposed") + body
    changed = NYGARD.format(status=status).replace("Date: 2026-11-20\n\n", day) + body
    assert material_digest(changed.replace("\n", end)) == material_digest(plain)


@given(st.text(max_size=400))
def test_no_text_is_too_odd(text: str) -> None:
    material_digest("".join(char for char in text if not "\ud800" <= char <= "\udfff").replace("\r", "\n"))
