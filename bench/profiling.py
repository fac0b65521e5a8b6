"""Says where the time goes: the functions that take most of it themselves, of a page or of an import."""

import cProfile
import io
import pstats
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from adr_app.models.base import database, open_database
from adr_app.models.people import Person
from adr_app.services import imports, people
from bench.measuring import Page

TOP = 15
REQUESTS = 50


def of_page(url: str, page: Page) -> str:
    """Return the profile of a page's requests, made in a process of its own."""
    return _apart("page", url, page.path, page.token)


def of_import(url: str, slug: str, email: str, folder: Path) -> str:
    """Return the profile of importing a folder, made in a process of its own."""
    return _apart("import", url, slug, email, str(folder))


def _apart(*arguments: str) -> str:
    command = [sys.executable, "-m", "bench.profiling", *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def _page(url: str, path: str, token: str) -> cProfile.Profile:
    from bench.serving import application

    profile = cProfile.Profile()
    with tempfile.TemporaryDirectory() as folder:
        client = application(url, folder).test_client()
        client.set_cookie("adr_session", token)
        for _ in range(2):
            client.get(path)
        profile.enable()
        for _ in range(REQUESTS):
            client.get(path)
        profile.disable()
    return profile


def _import(url: str, slug: str, email: str, folder: str) -> cProfile.Profile:
    profile = cProfile.Profile()
    database.initialize(open_database(url))
    with database.connection_context():
        at = datetime.now(UTC).replace(microsecond=0)
        viewer = people.viewer(Person.get(Person.email == email), slug, at)
        profile.enable()
        imports.run(viewer, Path(folder), at=at)
        profile.disable()
    return profile


def _told(profile: cProfile.Profile) -> str:
    """Return one line for each of the dearest functions: seconds of its own, seconds in all, calls, place."""
    stats = pstats.Stats(profile, stream=io.StringIO())
    whole = stats.total_tt  # type: ignore[attr-defined]
    rows = sorted(stats.stats.items(), key=lambda row: row[1][2], reverse=True)[:TOP]  # type: ignore[attr-defined]
    lines = [f"{'own s':>9}{'share':>7}{'in all s':>10}{'calls':>10}  function"]
    for (file, line, name), (_, calls, own, spent, _) in rows:
        where = name if file == "~" else f"{'/'.join(Path(file).parts[-3:])}:{line} {name}"
        lines.append(f"{own:>9.3f}{own / whole:>7.1%}{spent:>10.3f}{calls:>10}  {where}")
    return "\n".join(lines)


if __name__ == "__main__":
    what, *arguments = sys.argv[1:]
    print(_told(_page(*arguments) if what == "page" else _import(*arguments)))
