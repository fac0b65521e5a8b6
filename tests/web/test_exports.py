"""Everybody who reads a company takes along what they see of it, and nothing else."""

import io
import zipfile

import pytest
from flask import Flask

from adr_app.domain.permissions import Role
from adr_app.services import exports
from tests import tenancy
from tests.casts import quick_passwords
from tests.conftest import Clock
from tests.tenancy import SECRET, SEES_RESTRICTED, SIGNED_OUT, STRANGER, THEIRS, World, visiting

ADDRESS = "/larkspur/everything.zip"


@pytest.fixture
def world(app: Flask, clock: Clock) -> World:
    with quick_passwords():
        return tenancy.build(clock())


def test_every_role_downloads_what_it_may_see_and_no_more(app: Flask, world: World) -> None:
    for role in Role:
        with visiting(app, world, str(role)) as client:
            answer = client.get(ADDRESS)
        assert answer.status_code == 200 and answer.mimetype == "application/zip", role
        assert "larkspur-decisions.zip" in answer.headers["Content-Disposition"]
        assert answer.headers["Cache-Control"] == "no-store"
        said = tenancy.words(answer)
        assert "README.md\n" in said and "decisions.csv\n" in said
        assert "Backups abroad" in said and THEIRS not in said, role
        assert (SECRET in said) == (str(role) in SEES_RESTRICTED), role


def test_nobody_else_downloads_anything(app: Flask, world: World) -> None:
    for visitor in (STRANGER, SIGNED_OUT):
        with visiting(app, world, visitor) as client:
            assert client.get(ADDRESS).status_code in (302, 404), visitor
            assert client.post(ADDRESS).status_code in (403, 404, 405), visitor


def test_the_settings_lead_to_it(app: Flask, world: World) -> None:
    with visiting(app, world, "reader") as client:
        page = client.get("/larkspur/settings").text
    assert f'href="{ADDRESS}"' in page and "Download everything" in page


def test_the_archive_is_sent_whole(app: Flask, world: World) -> None:
    with visiting(app, world, "cto") as client:
        answer = client.get(ADDRESS)
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    with zipfile.ZipFile(io.BytesIO(answer.data)) as packed:
        assert packed.testzip() is None


def test_a_large_archive_is_sent_from_a_file(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "IN_MEMORY", 10)
    with visiting(app, world, "cto") as client, client.get(ADDRESS) as answer:
        assert "Backups abroad" in tenancy.words(answer)
