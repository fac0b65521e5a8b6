"""An import in the browser is looked at first, stored step by step, stopped, and gone on with."""

import io
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import peewee
import pytest

from adr_app.domain.errors import Invalid, NotAllowed, WrongState
from adr_app.models.decisions import Decision
from adr_app.services import import_jobs, imports
from adr_app.services.people import Viewer
from tests.casts import Cast, cast_of, quick_passwords
from tests.conftest import START, Clock
from tests.services.test_archives import RECORD, zipped

FILES = {f"adr/{n:04}-use-{n}.md": RECORD.replace(b"a queue", b"number %d" % n) for n in range(1, 7)}


@pytest.fixture
def cast(database: peewee.Database) -> Cast:
    with quick_passwords():
        return cast_of("Larkspur", START)


@pytest.fixture
def cto(cast: Cast) -> Viewer:
    return cast.viewer("cto", START)


@pytest.fixture
def uploads(tmp_path: Path) -> Path:
    return tmp_path / "uploads"


def send(viewer: Viewer, uploads: Path, files: dict[str, bytes] = FILES, at: datetime = START) -> Any:
    return import_jobs.send(viewer, zipped(files), name="shop.zip", source="shop", uploads=uploads, at=at)


def stored(viewer: Viewer, uploads: Path, clock: Clock) -> Any:
    import_jobs.start(viewer, uploads, clock)
    import_jobs.wait(viewer, uploads)
    return import_jobs.current(viewer, uploads, clock())


def test_nothing_is_stored_before_somebody_says_so(cto: Viewer, uploads: Path, clock: Clock) -> None:
    job = send(cto, uploads)
    report = import_jobs.preview(cto, uploads, job)
    assert (report["created"], report["statuses"]["accepted"]) == (6, 6)
    assert not Decision.select().exists()
    done = stored(cto, uploads, clock)
    assert (done.state, done.stored) == ("done", 6) and Decision.select().count() == 6
    assert import_jobs.result(cto, uploads)["created"] == 6
    assert not (uploads / f"{cto.company.id}-{cto.person.id}" / "files").exists()


def test_sent_again_only_what_changed_is_new(cto: Viewer, uploads: Path, clock: Clock) -> None:
    send(cto, uploads)
    stored(cto, uploads, clock)
    job = send(cto, uploads, FILES | {"adr/0007-more.md": RECORD, "adr/0001-use-1.md": RECORD + b"\nMore.\n"})
    report = import_jobs.preview(cto, uploads, job)
    assert (report["created"], report["updated"], report["unchanged"]) == (1, 1, 5)


def test_stopping_keeps_what_is_stored_and_going_on_takes_the_rest(
    cto: Viewer, uploads: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "BATCH", 2)
    send(cto, uploads)
    ticks: list[int] = []

    def ticking() -> datetime:
        ticks.append(1)
        if len(ticks) == 5:  # while the second step is being told of
            import_jobs.stop(cto, uploads)
        return clock()

    import_jobs.start(cto, uploads, ticking)
    import_jobs.wait(cto, uploads)
    job = import_jobs.current(cto, uploads, clock())
    assert job is not None and job.state == "stopped" and job.total == 6
    held = Decision.select().count()
    assert held in (2, 4) and job.stored == held
    done = stored(cto, uploads, clock)
    assert done.state == "done" and Decision.select().count() == 6


def test_an_import_whose_process_is_gone_can_be_gone_on_with(
    cto: Viewer, uploads: Path, clock: Clock
) -> None:
    send(cto, uploads)
    file = uploads / f"{cto.company.id}-{cto.person.id}" / "job.json"
    file.write_text(file.read_text().replace('"waiting"', '"running"'))
    with pytest.raises(WrongState):
        import_jobs.start(cto, uploads, clock)
    clock.advance(minutes=3)
    assert stored(cto, uploads, clock).state == "done" and Decision.select().count() == 6


def test_a_failure_is_told_and_loses_nothing(
    cto: Viewer, uploads: Path, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    send(cto, uploads)
    files = uploads / f"{cto.company.id}-{cto.person.id}" / "files"
    files.rename(files.with_name("elsewhere"))
    assert stored(cto, uploads, clock).state == "failed" and "import in the background" in caplog.text
    files.with_name("elsewhere").rename(files)
    assert stored(cto, uploads, clock).state == "done" and Decision.select().count() == 6


def test_nobody_sees_or_starts_what_another_person_sent(cast: Cast, uploads: Path, clock: Clock) -> None:
    send(cast.viewer("cto", START), uploads)
    other = cast.viewer("delegate", START)
    assert import_jobs.current(other, uploads, START) is None
    with pytest.raises(WrongState):
        import_jobs.start(other, uploads, clock)


def test_who_may_not_import_may_not_send(cast: Cast, uploads: Path) -> None:
    for role in ("reader", "member", "vciso"):
        with pytest.raises(NotAllowed):
            send(cast.viewer(role, START), uploads)


def test_what_waits_is_gone_after_a_day(cast: Cast, uploads: Path) -> None:
    send(cast.viewer("cto", START), uploads)
    later = START + timedelta(days=2)
    send(cast.viewer("delegate", later), uploads, at=later)
    assert import_jobs.current(cast.viewer("cto", later), uploads, later) is None


def test_a_bad_archive_leaves_nothing_behind(cto: Viewer, uploads: Path) -> None:
    with pytest.raises(Invalid):
        import_jobs.send(cto, io.BytesIO(b"x"), name="x", source="x", uploads=uploads, at=START)
    assert import_jobs.current(cto, uploads, START) is None and list(uploads.iterdir()) == []


def test_what_was_sent_can_be_thrown_away(cto: Viewer, uploads: Path) -> None:
    send(cto, uploads)
    import_jobs.discard(cto, uploads, START)
    assert import_jobs.current(cto, uploads, START) is None and list(uploads.iterdir()) == []


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """A folder of the server with the records of one product, beside others that are nobody's business."""
    adr = tmp_path / "shelf" / "shop" / "adr"
    adr.mkdir(parents=True)
    for path, content in FILES.items():
        (adr / Path(path).name).write_bytes(content)
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "0001-x.md").write_bytes(RECORD)
    (tmp_path / "shelf" / "way-out").symlink_to(tmp_path / "secrets")
    return tmp_path / "shelf"


def test_a_folder_of_the_server_is_looked_at_imported_and_stays(
    cto: Viewer, uploads: Path, shelf: Path, clock: Clock
) -> None:
    job = import_jobs.point(cto, shelf, "shop/adr", source="", uploads=uploads, at=START)
    assert import_jobs.preview(cto, uploads, job)["created"] == 6 and job.source.endswith("shop/adr")
    assert stored(cto, uploads, clock).state == "done" and Decision.select().count() == 6
    import_jobs.discard(cto, uploads, START)
    assert len(list((shelf / "shop" / "adr").iterdir())) == 6


@pytest.mark.parametrize("below", ["..", "../secrets", "/etc", "way-out", "a/../../secrets", "none", "a\0b"])
def test_no_folder_beside_those_allowed_is_looked_at(
    cto: Viewer, uploads: Path, shelf: Path, below: str
) -> None:
    with pytest.raises(Invalid, match="Nothing to read"):
        import_jobs.point(cto, shelf, below, source="", uploads=uploads, at=START)
    assert import_jobs.current(cto, uploads, START) is None


def test_what_would_be_stored_is_worked_out_again_once_the_log_says_something_new(
    cast: Cast, cto: Viewer, uploads: Path
) -> None:
    job = send(cto, uploads)
    assert import_jobs.preview(cto, uploads, job) == import_jobs.preview(cto, uploads, job)
    imports.run(cto, uploads / f"{cto.company.id}-{cto.person.id}" / "files", source="shop", at=START)
    later = import_jobs.preview(cast.viewer("cto", START), uploads, job)
    assert (later["created"], later["unchanged"]) == (0, 6)


def test_one_import_is_stored_at_a_time_in_a_company(cast: Cast, uploads: Path, clock: Clock) -> None:
    cto, delegate = cast.viewer("cto", START), cast.viewer("delegate", START)
    send(cto, uploads)
    send(delegate, uploads)
    file = uploads / f"{delegate.company.id}-{delegate.person.id}" / "job.json"
    file.write_text(file.read_text().replace('"waiting"', '"running"'))
    with pytest.raises(WrongState, match="Somebody is importing"):
        import_jobs.start(cto, uploads, clock)
    clock.advance(minutes=3)  # whoever is silent so long is gone
    assert stored(cto, uploads, clock).state == "done"
