"""Sam brings in his team's records as an archive: he looks first, then imports, and finds them in the log."""

import zipfile
from pathlib import Path

from tests.browser.players import Log

RECORD = "# {title}\n\n## Status\n\nAccepted\n\n## Context\n\nWhy.\n\n## Decision\n\nWe do it.\n"
TITLES = (
    "One cloud",
    "Sign in by key",
    "A queue for letters that must arrive before anybody asks where they are",
)


def test_an_archive_is_looked_at_imported_and_found_in_the_log(larkspur: Log, player, tmp_path: Path):
    archive = tmp_path / "product-main.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for number, title in enumerate(TITLES, 1):
            packed.writestr(f"product-main/docs/adr/{number:04}-x.md", RECORD.format(title=title))
        packed.writestr("product-main/docs/index.md", "# The handbook\n\nNot a decision.\n")
        packed.writestr("product-main/logo.png", b"x")
    sam = player().comes_in(larkspur.sam, f"{larkspur.path}/decisions")
    sam.follows("Import")
    sam.page.get_by_label("Archive").set_input_files(archive)
    sam.presses("Look what is in it")
    assert "Nothing is stored yet." in sam.main.inner_text()
    # The page between turns itself over, so it is not looked at: it may be gone meanwhile.
    sam.page.get_by_role("button", name="Import 3 decisions").click()
    sam.page.get_by_role("link", name="See the decisions").wait_for()
    sam.looks("imported")
    sam.follows("See the decisions")
    for title in TITLES:
        assert title in sam.main.inner_text()
