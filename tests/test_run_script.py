"""The start script: what it says on a machine that lacks something, and that it installs only once."""

import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SCRIPT = ROOT / "run"
CI_SCRIPT = ROOT / ".ci" / "run"
# What the script uses of a system; nothing else is on its path in these tests.
SYSTEM = ("cat", "cksum", "dirname", "id", "ls", "rm", "sh")

# Stands for a Python: answers the questions the script asks of one, makes an environment that holds itself,
# and writes down what it was asked to do.
PYTHON = """#!/bin/sh
printf '%s|' "$@" >>"{log}"; echo >>"{log}"
case "$*" in
    *'version_info <'*) exit {too_old} ;;
    *'%d.%d.%d'*) echo {version}.1 ;;
    *'%d.%d'*) echo {version} ;;
    *'import ensurepip, venv'*) exit {no_venv} ;;
    -V) echo Python {version}.1 ;;
    '-m venv '*)
        mkdir -p "$3/bin"; cp "$0" "$3/bin/python"; : >"$3/pyvenv.cfg"
        printf '#!/bin/sh\\nprintf "%%s|" adr-app "$@" >>"{log}"; echo >>"{log}"\\n' >"$3/bin/adr-app"
        chmod +x "$3/bin/adr-app" ;;
    *'pip install'*) exit {no_network} ;;
esac
"""


class Machine:
    """A bare machine: a checkout whose path holds a space, and a system with what the test puts there."""

    def __init__(self, folder: Path) -> None:
        self.checkout = folder / "my check out"
        self.checkout.mkdir()
        for name in ("run", "setup.cfg", "pyproject.toml"):
            shutil.copy(ROOT / name, self.checkout)
        self.programs = folder / "bin"
        self.programs.mkdir()
        for name in (*SYSTEM, "cp", "mkdir", "chmod"):
            found = shutil.which(name)
            assert found is not None
            (self.programs / name).symlink_to(found)
        self.log = folder / "log"

    def install(self, name: str, text: str) -> None:
        path = self.programs / name
        path.write_text(text)
        path.chmod(path.stat().st_mode | stat.S_IXUSR)

    def python(
        self, name: str = "python3", version: str = "3.12", no_venv: bool = False, no_network: bool = False
    ) -> None:
        too_old = tuple(map(int, version.split("."))) < (3, 11)
        answers = {"too_old": int(too_old), "no_venv": int(no_venv), "no_network": int(no_network)}
        self.install(name, PYTHON.format(log=self.log, version=version, **answers))

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.checkout / "run", *arguments],
            env={"PATH": str(self.programs), "HOME": str(self.checkout), **environment},
            capture_output=True,
            text=True,
            cwd=self.checkout.parent,
        )

    def asked(self, word: str) -> list[str]:
        """Return the commands given so far that hold a word."""
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        return [line for line in lines if word in line]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@pytest.mark.parametrize(("shell", "script"), [("sh", SCRIPT), ("bash", CI_SCRIPT)])
def test_the_scripts_parse_and_may_be_executed(shell: str, script: Path) -> None:
    assert subprocess.run([shell, "-n", script]).returncode == 0
    assert os.access(script, os.X_OK)


def test_help_needs_nothing_installed(machine: Machine) -> None:
    shown = machine.run("help")
    assert shown.returncode == 0
    for word in ("./run test", "./run bench", "./run --empty", "ADR_HOST", "ADR_PORT", "ADR_DATABASE_URL"):
        assert word in shown.stdout
    assert not (machine.checkout / ".venv").exists()


def test_a_first_start_makes_an_environment_and_a_second_installs_nothing(machine: Machine) -> None:
    machine.python()
    first = machine.run()
    assert first.returncode == 0, first.stderr
    assert machine.asked("adr-app|") == ["adr-app|start|"]
    assert len(machine.asked("install|")) == 1
    machine.python(no_network=True)
    second = machine.run("--empty")
    assert (second.returncode, second.stderr) == (0, "")
    assert machine.asked("adr-app|")[1:] == ["adr-app|start|--empty|"]
    assert len(machine.asked("install|")) == 1


def test_changed_requirements_are_installed_once_more(machine: Machine) -> None:
    machine.python()
    machine.run()
    with (machine.checkout / "setup.cfg").open("a") as setup:
        setup.write("# changed\n")
    machine.run()
    machine.run()
    assert len(machine.asked("install|")) == 2


def test_the_tests_bring_their_own_requirements_which_serve_the_start_too(machine: Machine) -> None:
    machine.python()
    machine.run("test", "tests/domain", "-x")
    assert [line.split("|")[-2] for line in machine.asked("install|")] == [f"{machine.checkout}[test]"]
    assert machine.asked("pytest|") == ["-m|pytest|tests/domain|-x|"]
    machine.run()
    assert len(machine.asked("install|")) == 1


def test_every_other_word_is_a_command_of_the_product(machine: Machine) -> None:
    machine.python()
    machine.run("import", "a folder", "--dry-run")
    assert machine.asked("adr-app|") == ["adr-app|import|a folder|--dry-run|"]


def test_an_environment_elsewhere_is_used_when_named(machine: Machine, tmp_path: Path) -> None:
    machine.python()
    machine.run(ADR_VENV=str(tmp_path / "else where"))
    assert (tmp_path / "else where" / "pyvenv.cfg").exists()
    assert not (machine.checkout / ".venv").exists()


def test_a_folder_that_is_no_environment_is_left_alone(machine: Machine, tmp_path: Path) -> None:
    machine.python()
    precious = tmp_path / "papers"
    precious.mkdir()
    (precious / "letter").write_text("dear")
    refused = machine.run(ADR_VENV=str(precious))
    assert refused.returncode == 1
    assert "not a Python environment" in refused.stderr
    assert (precious / "letter").read_text() == "dear"


def test_without_python_the_package_to_install_is_named(machine: Machine) -> None:
    machine.install("apt-get", "#!/bin/sh\n")
    refused = machine.run()
    assert refused.returncode == 1
    assert "needs Python 3.11 or newer" in refused.stderr
    assert "apt-get install -y python3 python3-venv" in refused.stderr


def test_a_python_too_old_is_named_with_its_version(machine: Machine) -> None:
    machine.python(version="3.9")
    refused = machine.run()
    assert refused.returncode == 1
    assert "python3 is Python 3.9.1" in refused.stderr


def test_without_the_module_for_environments_its_package_is_named(machine: Machine) -> None:
    machine.install("apt-get", "#!/bin/sh\n")
    machine.python(version="3.11", no_venv=True)
    refused = machine.run()
    assert refused.returncode == 1
    assert "apt-get install -y python3.11-venv" in refused.stderr
    assert not (machine.checkout / ".venv").exists()


def test_a_newer_python_is_found_beside_one_that_is_too_old(machine: Machine) -> None:
    machine.python(version="3.9")
    machine.python("python3.12")
    assert machine.run().returncode == 0


def test_a_failed_installation_is_tried_again_at_the_next_start(machine: Machine) -> None:
    machine.python(no_network=True)
    failed = machine.run()
    assert failed.returncode == 1
    assert "network" in failed.stderr
    assert machine.asked("adr-app|") == []
    machine.python()
    shutil.copy(machine.programs / "python3", machine.checkout / ".venv" / "bin" / "python")
    assert machine.run().returncode == 0
    assert machine.asked("adr-app|") == ["adr-app|start|"]
