"""The whole text of a file is laid out when somebody reads it; every other text is stored laid out."""

from pathlib import Path

from adr_app.domain.revisions import MAX_TEXT
from adr_app.models.decisions import Decision, Revision
from adr_app.services import decision_rows, drafts, imports
from adr_app.services.laid_out import html_of
from adr_app.services.rendering import as_typed, render
from tests.casts import Cast
from tests.conftest import START

TEXT = (
    "# 1. Keep `Postgres`\n\n## Status\n\nAccepted\n\n## Context\n\nSee *all* of [it](https://e.example/).\n"
)


def imported(cast: Cast, folder: Path, text: str) -> Revision:
    (folder / "0001-a.md").write_text(text)
    imports.run(cast.viewer("cto", START), folder, at=START)
    return decision_rows.revision(Decision.get())


def test_the_whole_text_of_a_file_is_laid_out_when_it_is_read(cast: Cast, tmp_path: Path) -> None:
    written = imported(cast, tmp_path, TEXT)
    assert written.html == {}
    assert html_of(written) == {"body": render(written.fields["body"], "body")}
    assert "<em>all</em>" in html_of(written)["body"]


def test_a_whole_text_that_cannot_be_laid_out_is_shown_as_typed(cast: Cast, tmp_path: Path) -> None:
    long = TEXT + "word " * (MAX_TEXT // 5)
    written = imported(cast, tmp_path, long)
    assert html_of(written) == {"body": as_typed(written.fields["body"])}


def test_a_version_stored_with_all_of_its_html_shows_that(cast: Cast, tmp_path: Path) -> None:
    written = imported(cast, tmp_path, TEXT)
    written.html = {"body": "<p>as it was shown then</p>"}
    assert html_of(written) == {"body": "<p>as it was shown then</p>"}


def test_what_is_written_in_fields_is_stored_laid_out(cast: Cast) -> None:
    drafts.draft(cast.viewer("cto", START), {"title": "Use X", "context": "Some **context**."}, at=START)
    written = decision_rows.revision(Decision.get())
    assert written.html == html_of(written) == {"context": render("Some **context**.", "context")}
