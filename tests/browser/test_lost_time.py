"""Somebody loses time to a debt, says so in ten seconds, and the ledger comes in from a table."""

from pathlib import Path

from tests.browser.players import Log


def test_a_table_comes_in_and_lost_time_stands_beside_it(larkspur: Log, player, tmp_path: Path):
    table = tmp_path / "debt.csv"
    table.write_text("What is owed,System\nBackups were never tried,Billing\n,Billing\n", encoding="utf-8")
    sam = player().comes_in(larkspur.sam, f"{larkspur.path}/debt")
    sam.follows("Import a table")
    sam.page.get_by_label("Table").set_input_files(table)
    sam.presses("See what it would do")
    sam.reads("Mend these cells", "Say in one line what is owed.")
    table.write_text("What is owed;System\nBackups were never tried;Billing\n", encoding="utf-8-sig")
    sam.page.get_by_label("Table").set_input_files(table)
    sam.presses("See what it would do")
    sam.reads("nothing is stored yet")
    sam.presses("Import it")
    sam.follows("Report lost time")
    sam.types("To what?", "TD-0001 Backups were never tried")
    sam.types("How long?", "24")
    sam.presses("Report it")
    sam.reads("Noted: 24 hours lost", "By 1 report of the last 90 days")
    sam.opens("Link a ticket")
    sam.types("Address of the ticket", "https://github.com/larkspur/billing/issues/12")
    sam.presses("Link it")
    sam.reads("GitHub larkspur/billing#12")


def test_findings_of_a_tool_stand_on_the_systems_page(larkspur: Log, player, tmp_path: Path):
    file = tmp_path / "results.sarif"
    file.write_text(
        '{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "Lint", "version": "1.2"}}, '
        '"results": [{"level": "error"}, {}]}]}',
        encoding="utf-8",
    )
    sam = player().comes_in(larkspur.sam, f"{larkspur.path}/debt/new")
    sam.types("What is owed?", "Slow tests")
    sam.opens("Say more")
    sam.types("System", "Billing")
    sam.presses("Note it")
    sam.goes_to(f"{larkspur.path}/systems/system?system=Billing")
    sam.follows("Take the first reading")
    sam.opens("Take readings from a file")
    sam.page.get_by_label("File").set_input_files(file)
    sam.presses("Take them")
    sam.reads("Taken from Lint 1.2: 4 numbers.", "Findings it calls errors", "first reading")
