"""Debt and readings at a terminal: noted, reported, taken from files and from a server."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from adr_app.models.debt import DebtItem
from adr_app.models.debt_reports import DebtReport
from adr_app.models.readings import ExternalReading
from tests.casts import Cast
from tests.cli.conftest import Commands
from tests.sonarqube_server import Sonar
from tests.tenancy import sarif


@pytest.fixture
def sonar() -> Iterator[Sonar]:
    server = Sonar()
    yield server
    server.close()


def test_a_debt_is_noted_and_time_reported_in_two_lines(adr: Commands, cast: Cast) -> None:
    noted = adr(
        "debt", "note", "Backups were never tried", "--system", "Billing", "--symptoms", "Nobody knows"
    )
    assert (noted.code, noted.out) == (0, "Noted as TD-0001: Backups were never tried\n")
    ran = adr("debt", "report", "td-0001", "45min", "Waited", "--as", cast.member.email, "--fault")
    assert ran.out == "Noted: 45 minutes lost to TD-0001 Backups were never tried\n"
    row = DebtReport.get()
    assert (row.minutes, row.text, row.fault, row.reported_by) == (45, "Waited", True, cast.member)


def test_both_answer_as_json(adr: Commands, cast: Cast) -> None:
    assert adr("debt", "note", "Slow", "--json").report["ref"] == "TD-0001"
    ran = adr("debt", "report", "1", "2", "--json")
    assert ran.report["minutes"] == 120 and ran.report["item"] == "TD-0001" and not ran.report["fault"]


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("TD-0009", "2"), 1, "There is no such item."),
        (("TD-0001", "soon"), 1, "lost: Say how much time"),
        (("AD-0001", "2"), 2, "is no item"),
        (("TD-0001", "2", "--on", "2999-01-01"), 1, "on: That day has not come yet."),
        (("TD-0001", "2", "--company", "nowhere"), 2, "There is no company"),
    ],
)
def test_what_cannot_be_reported_says_why(
    adr: Commands, cast: Cast, words: tuple[str, ...], code: int, told: str
) -> None:
    adr("debt", "note", "Slow")
    ran = adr("debt", "report", *words)
    assert ran.code == code and told in ran.err
    assert not DebtReport.select().exists() and DebtItem.select().count() == 1


def test_who_only_reads_notes_and_reports_nothing_by_a_command_either(adr: Commands, cast: Cast) -> None:
    adr("debt", "note", "Slow")
    for words in (("note", "Fast"), ("report", "TD-0001", "2")):
        ran = adr("debt", *words, "--as", cast.reader.email)
        assert ran.code == 1 and "Your role here does not allow that" in ran.err


def test_a_file_of_findings_is_taken_once(adr: Commands, cast: Cast, tmp_path: Path) -> None:
    adr("debt", "note", "Slow", "--system", "Billing")
    file = tmp_path / "results.sarif"
    file.write_bytes(sarif("Lint"))
    ran = adr("readings", "take", str(file), "--system", "Billing")
    assert ran.code == 0 and "Lint 1.0" in ran.out and "sarif_error: 1 finding" in ran.out
    assert (
        adr("readings", "take", str(file), "--system", "Billing").out
        == "Nothing is new: all of this was here.\n"
    )
    file.write_text(json.dumps({"component": {"measures": [{"metric": "ncloc", "value": "7"}]}}))
    refused = adr("readings", "take", str(file), "--system", "Billing")
    assert refused.code == 1 and "version: The file does not say which version of SonarQube" in refused.err
    taken = adr(
        "readings", "take", str(file), "--system", "Billing", "--tool-version", "10.4", "--json"
    ).report
    assert taken[0]["values"] == {"ncloc": 7.0} and taken[0]["version"] == "10.4"


def test_a_server_is_asked_that_the_environment_names(adr: Commands, cast: Cast, sonar: Sonar) -> None:
    adr("debt", "note", "Slow", "--system", "Billing")
    words = ("readings", "sonarqube", "--system", "Billing", "--project", "billing")
    asked = {"ADR_SONARQUBE_URL": sonar.url, "ADR_SONARQUBE_TOKEN": "squ_secret"}
    ran = adr(*words, **asked)
    assert ran.code == 0 and "SonarQube 10.4.1.88267" in ran.out and "ncloc: 1,200 lines" in ran.out
    assert {who for _, _, who in sonar.asked} == {"Bearer squ_secret"}
    row = ExternalReading.get()
    assert row.settings.startswith("Java: Sonar way") and "squ_secret" not in str(row.__data__)
    sonar.knows = lambda who: False
    refused = adr(*words, **asked)
    assert refused.code == 1 and "ADR_SONARQUBE_TOKEN" in refused.err and "squ_secret" not in refused.err


def test_a_server_is_not_asked_for_a_system_that_is_none_here(
    adr: Commands, cast: Cast, sonar: Sonar
) -> None:
    ran = adr(
        "readings", "sonarqube", "--system", "Vault", "--project", "billing", ADR_SONARQUBE_URL=sonar.url
    )
    assert ran.code == 1 and "There is no such system." in ran.err and sonar.asked == []
    ran = adr("readings", "sonarqube", "--system", "Vault", "--project", "billing")
    assert ran.code == 1 and "Set ADR_SONARQUBE_URL" in ran.err


def test_a_ledger_goes_out_as_a_table_and_comes_back(adr: Commands, cast: Cast, tmp_path: Path) -> None:
    adr("debt", "note", "=1+1", "--system", "Billing")
    file = tmp_path / "debt.csv"
    assert adr("debt", "export", str(file), "--json").report["items"] == 1
    assert file.read_bytes().startswith(b"\xef\xbb\xbfReference,") and b"\r\n" in file.read_bytes()
    ran = adr("debt", "import", str(file))
    assert (ran.code, ran.out) == (0, "new 0, changed 0, as it was 1\nStored.\n")
    assert adr("debt", "template", str(file)).code == 0
    assert adr("debt", "import", str(file), "--dry-run").out.endswith("Nothing was stored.\n")
    assert adr("debt", "import", str(file), "--json").report["new"] == 1


def test_a_wrong_cell_is_named_and_nothing_is_stored(adr: Commands, cast: Cast, tmp_path: Path) -> None:
    file = tmp_path / "debt.csv"
    file.write_text("title,kind\nFine,\nOld,nonsense\n")
    ran = adr("debt", "import", str(file))
    assert ran.code == 1 and "row 3, Kind: Write one of" in ran.err and "Nothing was stored." in ran.out
    file.write_text("owed\nx\n")
    assert "row 1, owed: There is no such column." in adr("debt", "import", str(file)).err
    file.write_bytes(b"title\n\xfc")
    ran = adr("debt", "import", str(file))
    assert ran.code == 1 and "not in UTF-8" in ran.err and not DebtItem.select().exists()
