"""Decisions are brought in by an archive: looked at on one page, stored from it, told on the same."""

import io
from dataclasses import replace
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from adr_app.models.decisions import Decision, ImportedFile
from adr_app.services import import_jobs
from adr_app.services.archives import LARGEST_UPLOAD
from adr_app.services.import_places import Place
from tests.casts import Cast, csrf_token, send, sign_in
from tests.conftest import START
from tests.services.test_archives import zipped
from tests.services.test_import_jobs import FILES

PAGE = "/larkspur/import"


def upload(
    client: FlaskClient, content: bytes, source: str = "", name: str = "shop-main.zip"
) -> TestResponse:
    file = (io.BytesIO(content), name)
    data = {"csrf_token": csrf_token(client), "file": file, "source": source}
    answer = client.post(PAGE, data=data, content_type="multipart/form-data")
    answer.request.environ["wsgi.input"].close()  # a large body is a file of the test client's own
    return answer


def test_what_is_in_an_archive_is_shown_and_stored_by_one_click(
    app: Flask, cast: Cast, sam: FlaskClient
) -> None:
    assert upload(sam, zipped(FILES | {"logo.png": b"x"}).getvalue()).status_code == 302
    page = sam.get(PAGE).text
    assert (
        "Nothing is stored yet" in page and "Import 6 decisions" in page and "1 file of another kind" in page
    )
    assert "shop-main" in page and not Decision.select().exists()
    assert sam.get(f"{PAGE}/report.json").json["created"] == 6
    assert send(sam, f"{PAGE}/start").status_code == 302
    import_jobs.wait(Place(cast.viewer("cto", START), app.config["ADR"].data_dir / "uploads"))
    page = sam.get(PAGE).text
    assert "6 decisions are older than this log, and not checked" in page
    assert Decision.select().count() == 6
    assert send(sam, f"{PAGE}/discard").status_code == 302
    assert "Send the files you have" in sam.get(PAGE).text


def test_each_decision_says_what_becomes_of_it(app: Flask, cast: Cast, sam: FlaskClient) -> None:
    upload(sam, zipped(FILES).getvalue())
    send(sam, f"{PAGE}/start")
    import_jobs.wait(Place(cast.viewer("cto", START), app.config["ADR"].data_dir / "uploads"))
    changed = FILES["adr/0001-use-1.md"] + b"\nMore.\n"
    upload(
        sam,
        zipped(FILES | {"adr/0007-x.md": b"# More\n\n" + changed, "adr/0001-use-1.md": changed}).getvalue(),
    )
    became = {row["path"][-7:]: row["becomes"] for row in sam.get(f"{PAGE}/report.json").json["decisions"]}
    assert (became["se-1.md"], became["se-2.md"], became["07-x.md"]) == ("updated", "unchanged", "created")
    assert "newer text" in sam.get(PAGE).text


def test_files_that_came_before_under_another_name_can_bring_that_up_to_date(
    app: Flask, cast: Cast, sam: FlaskClient
) -> None:
    place = Place(cast.viewer("cto", START), app.config["ADR"].data_dir / "uploads")
    upload(sam, zipped(FILES).getvalue(), name="shop-1.0.zip")
    send(sam, f"{PAGE}/start")
    import_jobs.wait(place)
    changed = FILES["adr/0001-use-1.md"] + b"\nMore.\n"
    upload(sam, zipped(FILES | {"adr/0001-use-1.md": changed}).getvalue(), name="shop-1.1.zip")
    page = sam.get(PAGE).text
    assert "in the log already, from “shop-1.0”" in page and "they become second decisions" in page
    assert send(sam, f"{PAGE}/source", source="never heard of").status_code == 409
    assert send(sam, f"{PAGE}/source", source="shop-1.0").status_code == 302
    page = sam.get(PAGE).text
    assert "already, from" not in page and "Import 1 decision" in page
    send(sam, f"{PAGE}/start")
    import_jobs.wait(place)
    assert Decision.select().count() == 6


def test_a_file_with_a_new_name_is_told_and_followed_by_one_click(
    app: Flask, cast: Cast, sam: FlaskClient
) -> None:
    place = Place(cast.viewer("cto", START), app.config["ADR"].data_dir / "uploads")
    upload(sam, zipped(FILES).getvalue())
    send(sam, f"{PAGE}/start")
    import_jobs.wait(place)
    files = dict(FILES)
    files["adr/0011-moved.md"] = files.pop("adr/0001-use-1.md")
    upload(sam, zipped(files).getvalue())
    page = sam.get(PAGE).text
    assert "Followed to a new file name" in page and "Import 1 decision" in page and "new file name" in page
    send(sam, f"{PAGE}/start")
    import_jobs.wait(place)
    assert Decision.select().count() == 6
    assert ImportedFile.select().where(ImportedFile.path.endswith("0011-moved.md")).count() == 1


def test_what_is_unclear_is_counted_before_anything_is_stored(sam: FlaskClient) -> None:
    text = b"# 1. Use %d\n\n## Status\n\n%s\n\n## Context\n\nWhy.\n\n## Decision\n\nWe do.\n"
    files = {
        "adr/0001-a.md": text % (1, b"Blessed"),
        "adr/0001-b.md": text % (2, b"Accepted\n\nSupersedes [9. Gone](0009-gone.md)"),
    }
    upload(sam, zipped(files).getvalue())
    page = sam.get(PAGE).text
    assert "1 status not understood, left open" in page
    assert "1 link that fits no record, kept as words" in page
    assert "1 number that another record has too" in page


def test_what_cannot_be_read_is_told_and_what_was_typed_stays(sam: FlaskClient) -> None:
    answer = upload(sam, b"no archive", source="web-shop")
    assert answer.status_code == 422
    assert "Send a ZIP or TAR archive" in answer.text and 'value="web-shop"' in answer.text


def test_an_archive_may_be_larger_than_a_form_but_not_than_its_limit(sam: FlaskClient) -> None:
    big = FILES | {"noise.png": bytes(i * i % 251 for i in range(6 * 1024 * 1024))}
    assert upload(sam, zipped(big).getvalue()).status_code == 302
    assert upload(sam, b"0" * (LARGEST_UPLOAD + 1)).status_code == 413


def test_who_may_not_import_is_not_offered_it(app: Flask, cast: Cast) -> None:
    vera = sign_in(app.test_client(), cast.vciso)
    assert PAGE not in vera.get("/larkspur/decisions").text and vera.get(PAGE).status_code == 403


def test_a_running_import_shows_how_far_it_is(app: Flask, cast: Cast, sam: FlaskClient) -> None:
    upload(sam, zipped(FILES).getvalue())
    place = app.config["ADR"].data_dir / "uploads" / f"{cast.company.id}-{cast.cto.id}" / "job.json"
    place.write_text(place.read_text().replace('"waiting"', '"running"').replace('"total": 0', '"total": 6'))
    page = sam.get(PAGE).text
    assert "0 of 6 stored" in page and 'http-equiv="refresh"' in page
    assert send(sam, f"{PAGE}/stop").status_code == 302 and (place.parent / "stop").exists()
    assert send(sam, f"{PAGE}/discard").status_code == 409


def test_a_folder_of_the_server_is_offered_only_where_the_settings_allow_it(
    app: Flask, sam: FlaskClient, tmp_path: Path
) -> None:
    assert "A folder on the server" not in sam.get(PAGE).text
    assert send(sam, f"{PAGE}/folder", top=str(tmp_path)).status_code == 422
    (tmp_path / "adr").mkdir()
    (tmp_path / "adr" / "0001-x.md").write_bytes(FILES["adr/0001-use-1.md"])
    app.config["ADR"] = replace(app.config["ADR"], import_folders=(tmp_path,))
    assert "A folder on the server" in sam.get(PAGE).text
    wrong = send(sam, f"{PAGE}/folder", top=str(tmp_path), below="../..", folder_source="kept")
    assert wrong.status_code == 422 and 'value="kept"' in wrong.text
    assert send(sam, f"{PAGE}/folder", top=str(tmp_path), below="adr").status_code == 302
    assert "Import 1 decision" in sam.get(PAGE).text


def test_a_folder_that_vanished_meanwhile_can_be_discarded(
    app: Flask, sam: FlaskClient, tmp_path: Path
) -> None:
    (tmp_path / "adr").mkdir()
    app.config["ADR"] = replace(app.config["ADR"], import_folders=(tmp_path,))
    assert send(sam, f"{PAGE}/folder", top=str(tmp_path), below="adr").status_code == 302
    (tmp_path / "adr").rmdir()
    page = sam.get(PAGE)
    assert page.status_code == 200 and "no longer there" in page.text and "Discard" in page.text
    assert send(sam, f"{PAGE}/discard").status_code == 302
    assert "Send the files you have" in sam.get(PAGE).text


def test_a_second_copy_of_a_download_is_the_same_source(app: Flask, cast: Cast, sam: FlaskClient) -> None:
    place = Place(cast.viewer("cto", START), app.config["ADR"].data_dir / "uploads")
    for name in ("shop-main.zip", "shop-main (1).zip"):
        upload(sam, zipped(FILES).getvalue(), name=name)
        send(sam, f"{PAGE}/start")
        import_jobs.wait(place)
        send(sam, f"{PAGE}/discard")
    assert Decision.select().count() == 6
    assert '<option value="shop-main">' in sam.get(PAGE).text, "what came before is offered as a source"
