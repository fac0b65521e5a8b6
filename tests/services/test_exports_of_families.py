"""Records of every family are imported, given back in every format, and known again."""

from pathlib import Path

import peewee
import pytest

from adr_app.models.decisions import Decision, ImportedFile
from adr_app.services import exports, imports
from tests.casts import cast_of, quick_passwords
from tests.conftest import START

FIXTURES = Path(__file__).parents[1] / "fixtures" / "formats"
CASES = sorted(path for path in FIXTURES.glob("*/*") if path.is_dir())


@pytest.mark.either_database
@pytest.mark.parametrize("case", CASES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_family_is_imported_given_back_and_known_again(
    database: peewee.Database, tmp_path: Path, case: Path
) -> None:
    with quick_passwords():
        cast = cast_of("Larkspur", START)
    cto = cast.viewer("cto", START)
    report = imports.run(cto, case, source=case.name, at=START)
    count = len(report["decisions"])
    assert (report["created"], Decision.select().count(), ImportedFile.select().count()) == (count,) * 3
    assert imports.run(cto, case, source=case.name, at=START)["unchanged"] == count
    for code in ("madr4", "madr2", "adr-tools", "log4brains"):
        out = tmp_path / code
        assert exports.run(cto, out, code=code, at=START)["decisions"] == count
        again = imports.run(cto, out, source=f"from {code}", at=START)
        assert (again["created"], again["updated"], again["diverged"], again["unchanged"]) == (0, 0, 0, count)
