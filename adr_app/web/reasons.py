"""Why security matters in a decision, in a few words: what it touches, and what is hard about it."""

from adr_app.domain.at_stake import DATA_WORDS
from adr_app.models.decisions import Revision

FROM_ANSWERS = (
    ("data", "data about people, money or health"),
    ("access", "changes who gets in"),
    ("outside", "an outside firm"),
    ("undo", "hard to undo"),
)


def reasons(revision: Revision | None) -> list[str]:
    """Return the reasons a text gives, sensitive data first; none where nothing was said."""
    if revision is None:
        return []
    fields, answers = revision.fields, revision.answers
    data = fields.get("data")
    found = [words for code, words in DATA_WORDS.items() if code in data] if data else []
    for code, words in FROM_ANSWERS:
        if answers.get(code) == "yes" and not (code == "data" and found):
            found.append(words)
    if fields.get("vendors") and "an outside firm" not in found:
        found.append("an outside firm")
    if fields.get("undo") == "hard" and "hard to undo" not in found:
        found.append("hard to undo")
    return found
