"""An import in the browser is looked at first, stored step by step, stopped, and gone on with."""

import io
import threading
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from adr_app.domain.errors import Invalid, NotAllowed, WrongState
from adr_app.models.decisions import Decision
from adr_app.services import import_jobs, imports
from adr_app.services.import_places import Place
from adr_app.services.people import Viewer
from tests.casts import Cast
from tests.conftest import START, Clock
from tests.services.test_archives import RECORD, zipped

FILES = {f"adr/{n:04}-use-{n}.md": RECORD.replace(b"a queue", b"number %d" % n) for n in range(1, 7)}


@pytest.fixture
def uploads(tmp_path: Path) -> Path:
    return tmp_path / "uploads"


@pytest.fixture
def place(cto: Viewer, uploads: Path) -> Place:
    return Place(cto, uploads)


def send(place: Place, files: dict[str, bytes] = FILES, at: datetime = START) -> Any:
    return import_jobs.send(place, zipped(files), name="shop.zip", source="shop", at=at)


def stored(place: Place, clock: Clock) -> Any:
    import_jobs.start(place, clock)
    import_jobs.wait(place)
    return place.read(clock())


def test_nothing_is_stored_before_somebody_says_so(place: Place, clock: Clock) -> None:
    job = send(place)
    report = import_jobs.preview(place, job)
    assert (report["created"], report["statuses"]["accepted"]) == (6, 6)
    assert not Decision.select().exists()
    done = stored(place, clock)
    assert (done.state, done.stored) == ("done", 6) and Decision.select().count() == 6
    assert import_jobs.result(place)["created"] == 6
    assert not (place.here / "files").exists()


def test_sent_again_only_what_changed_is_new(place: Place, clock: Clock) -> None:
    send(place)
    stored(place, clock)
    job = send(place, FILES | {"adr/0007-more.md": RECORD, "adr/0001-use-1.md": RECORD + b"\nMore.\n"})
    report = import_jobs.preview(place, job)
    assert (report["created"], report["updated"], report["unchanged"]) == (1, 1, 5)


def test_stopping_keeps_what_is_stored_and_going_on_takes_the_rest(
    place: Place, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "BATCH", 2)
    send(place)
    ticks: list[int] = []

    def ticking() -> datetime:
        ticks.append(1)
        if len(ticks) == 6:  # while the second step is being told of
            import_jobs.stop(place)
        return clock()

    import_jobs.start(place, ticking)
    import_jobs.wait(place)
    job = place.read(clock())
    assert job is not None and job.state == "stopped" and job.total == 6
    held = Decision.select().count()
    assert held in (2, 4) and job.stored == held
    done = stored(place, clock)
    assert done.state == "done" and Decision.select().count() == 6
    assert (done.earlier, import_jobs.result(place)["created"]) == (held, 6 - held)


def test_an_import_whose_process_is_gone_can_be_gone_on_with(place: Place, clock: Clock) -> None:
    send(place)
    file = place.here / "job.json"
    file.write_text(file.read_text().replace('"waiting"', '"running"'))
    with pytest.raises(WrongState):
        import_jobs.start(place, clock)
    clock.advance(minutes=3)
    assert stored(place, clock).state == "done" and Decision.select().count() == 6


def test_a_failure_is_told_and_loses_nothing(
    place: Place, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    send(place)
    files = place.here / "files"
    files.rename(files.with_name("elsewhere"))
    assert stored(place, clock).state == "failed" and "import in the background" in caplog.text
    files.with_name("elsewhere").rename(files)
    assert stored(place, clock).state == "done" and Decision.select().count() == 6


def test_nobody_sees_or_starts_what_another_person_sent(cast: Cast, uploads: Path, clock: Clock) -> None:
    send(Place(cast.viewer("cto", START), uploads))
    other = Place(cast.viewer("delegate", START), uploads)
    assert other.read(START) is None
    with pytest.raises(WrongState):
        import_jobs.start(other, clock)


def test_who_may_not_import_may_not_send(cast: Cast, uploads: Path) -> None:
    for role in ("reader", "member", "vciso"):
        with pytest.raises(NotAllowed):
            send(Place(cast.viewer(role, START), uploads))


def test_what_waits_is_gone_after_a_day(cast: Cast, uploads: Path) -> None:
    first = Place(cast.viewer("cto", START), uploads)
    send(first)
    later = START + timedelta(days=2)
    send(Place(cast.viewer("delegate", later), uploads), at=later)
    assert first.read(later) is None and not first.here.exists()


def test_a_bad_archive_leaves_nothing_behind(place: Place, uploads: Path) -> None:
    with pytest.raises(Invalid):
        import_jobs.send(place, io.BytesIO(b"x"), name="x", source="x", at=START)
    assert place.read(START) is None and list(uploads.iterdir()) == []


def test_what_was_sent_can_be_thrown_away(place: Place, uploads: Path) -> None:
    send(place)
    import_jobs.discard(place, START)
    assert place.read(START) is None and list(uploads.iterdir()) == []


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
    place = Place(cto, uploads, (shelf,))
    job = import_jobs.point(place, shelf, "shop/adr", source="", at=START)
    assert import_jobs.preview(place, job)["created"] == 6 and job.source.endswith("shop/adr")
    assert stored(place, clock).state == "done" and Decision.select().count() == 6
    import_jobs.discard(place, START)
    assert len(list((shelf / "shop" / "adr").iterdir())) == 6


@pytest.mark.parametrize("below", ["..", "../secrets", "/etc", "way-out", "a/../../secrets", "none", "a\0b"])
def test_no_folder_beside_those_allowed_is_looked_at(
    cto: Viewer, uploads: Path, shelf: Path, below: str
) -> None:
    place = Place(cto, uploads, (shelf,))
    with pytest.raises(Invalid, match="Nothing to read"):
        import_jobs.point(place, shelf, below, source="", at=START)
    assert place.read(START) is None


def test_what_would_be_stored_is_worked_out_again_once_the_log_says_something_new(
    cast: Cast, place: Place
) -> None:
    job = send(place)
    assert import_jobs.preview(place, job) == import_jobs.preview(place, job)
    imports.run(place.viewer, place.here / "files", source="shop", at=START)
    later = import_jobs.preview(Place(cast.viewer("cto", START), place.uploads), job)
    assert (later["created"], later["unchanged"]) == (0, 6)


def test_one_import_is_stored_at_a_time_in_a_company(cast: Cast, uploads: Path, clock: Clock) -> None:
    ours, theirs = (Place(cast.viewer(role, START), uploads) for role in ("cto", "delegate"))
    send(ours)
    send(theirs)
    go_on = threading.Event()

    def held_up() -> datetime:
        if threading.current_thread() is not threading.main_thread():
            go_on.wait(60)
        return clock()

    import_jobs.start(theirs, held_up)
    for place in (ours, theirs):
        with pytest.raises(WrongState, match="Somebody is importing"):
            import_jobs.start(place, clock)
    go_on.set()
    import_jobs.wait(theirs)
    assert stored(ours, clock).state == "done" and Decision.select().count() == 6


def test_a_turn_that_nobody_gives_back_is_over_after_some_silence(place: Place, clock: Clock) -> None:
    send(place)
    place.take(clock())
    with pytest.raises(WrongState, match="Somebody is importing"):
        import_jobs.start(place, clock)
    clock.advance(minutes=3)
    assert stored(place, clock).state == "done"


def test_a_folder_is_looked_at_again_before_it_is_stored(
    cto: Viewer, uploads: Path, shelf: Path, clock: Clock
) -> None:
    place, adr = Place(cto, uploads, (shelf,)), shelf / "shop" / "adr"
    job = import_jobs.point(place, shelf, "shop/adr", source="", at=START)
    with pytest.raises(WrongState, match="may no longer be imported"):
        import_jobs.start(Place(cto, uploads), clock)
    adr.rename(shelf / "elsewhere")
    adr.symlink_to(shelf.parent / "secrets")
    for act in (lambda: import_jobs.preview(place, job), lambda: import_jobs.start(place, clock)):
        with pytest.raises(WrongState, match="no longer there"):
            act()
    assert not Decision.select().exists()
