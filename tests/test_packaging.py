"""What ships: the wheel holds every module, template, migration and static file, and serves by itself."""

import configparser
import fnmatch
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LEFT_BEHIND = shutil.ignore_patterns("__pycache__", "*.pyc")
VISITOR = ROOT / "tests" / "every_page.py"


def setup() -> configparser.ConfigParser:
    parser = configparser.ConfigParser()
    parser.read(ROOT / "setup.cfg", encoding="utf-8")
    return parser


def listed(section: str, key: str) -> list[str]:
    return [each.strip() for each in setup()[section][key].replace("\n", ",").split(",") if each.strip()]


def files_below(folder: Path) -> set[str]:
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_every_package_on_disk_is_listed() -> None:
    on_disk = {
        ".".join(path.parent.relative_to(ROOT).parts) for path in (ROOT / "adr_app").rglob("__init__.py")
    }
    assert set(listed("options", "packages")) == on_disk | {"adr_app.templates"}


def test_every_folder_with_code_is_a_package() -> None:
    folders = {path.parent for path in (ROOT / "adr_app").rglob("*.py")}
    assert [folder for folder in folders if not (folder / "__init__.py").exists()] == []


def test_every_template_matches_a_pattern_that_ships() -> None:
    patterns = listed("options.package_data", "adr_app.templates")
    # setuptools' `**/` also means the folder itself
    patterns += [pattern.removeprefix("**/") for pattern in patterns]
    templates = files_below(ROOT / "templates")
    assert templates
    assert [name for name in templates if not any(fnmatch.fnmatch(name, each) for each in patterns)] == []


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy: a build leaves a folder whose old files would be in the next one."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    for name in ("adr_app", "templates"):
        shutil.copytree(ROOT / name, source / name, ignore=LEFT_BEHIND)
    for name in ("setup.cfg", "pyproject.toml", "MANIFEST.in", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    built = subprocess.run(
        [sys.executable, "-c", f"from setuptools import build_meta as b; b.build_wheel({str(folder)!r})"],
        cwd=source,
        capture_output=True,
        text=True,
    )
    assert built.returncode == 0, built.stderr
    (found,) = folder.glob("adr_app-*.whl")
    return found


@pytest.fixture(scope="session")
def unpacked(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds what an installer would put among the libraries."""
    folder = tmp_path_factory.mktemp("site-packages")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def test_the_wheel_holds_every_file_of_the_product(unpacked: Path) -> None:
    expected = files_below(ROOT / "adr_app") | {
        f"templates/{name}" for name in files_below(ROOT / "templates")
    }
    assert files_below(unpacked / "adr_app") == expected
    assert sorted(path.name.partition("-")[0] for path in unpacked.iterdir()) == ["adr_app", "adr_app"]


def test_the_wheel_names_its_command_and_its_licence(unpacked: Path) -> None:
    (about,) = unpacked.glob("*.dist-info")
    assert "adr-app = adr_app.cli:main" in (about / "entry_points.txt").read_text()
    metadata = (about / "METADATA").read_text(encoding="utf-8")
    assert "License-Expression: MIT" in metadata
    assert (about / "licenses" / "LICENSE").is_file()


def away(unpacked: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python away from the checkout, on the unpacked wheel, with a database of its own."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ADR_")}
    environment |= {
        "PYTHONPATH": str(unpacked),
        "PYTHONSAFEPATH": "1",
        "ADR_DATA_DIR": str(folder),
        "ADR_SECRET_KEY": "a key for the tests only, forty characters",
    }
    return subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=environment, capture_output=True, text=True
    )


def test_the_wheel_serves_every_page_away_from_the_checkout(unpacked: Path, tmp_path: Path) -> None:
    ran = away(unpacked, tmp_path, str(VISITOR))
    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout)
    assert Path(told["place"]).is_relative_to(unpacked)
    assert set(told["templates"]) == files_below(ROOT / "templates")
    for page in ("/", "/sign-in", "/<slug>/decisions", "/<slug>/decisions/<ref:number>", "/<slug>/dashboard"):
        assert page in told["kinds"]


def test_the_command_of_the_wheel_helps_away_from_the_checkout(unpacked: Path, tmp_path: Path) -> None:
    ran = away(unpacked, tmp_path, "-m", "adr_app", "--help")
    assert ran.returncode == 0, ran.stderr
    assert "serve" in ran.stdout
