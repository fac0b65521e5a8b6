"""The shape of the code: which layer may know which, how long things may get, and what files are called."""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "adr_app"
PROSE_LINES = 320
FUNCTION_LINES = 60
# Files are named after what they are about; one named after a kind of thing gathers whatever has no home.
NAMED_AFTER_A_KIND = {
    "base_utils",
    "common",
    "forms",
    "helpers",
    "misc",
    "shared",
    "tools",
    "util",
    "utils",
    "views",
}

LAYERS = {
    "domain": {"domain"},
    "models": {"models", "domain"},
    "services": {"services", "models", "domain", "settings"},
    "web": {"web", "services", "models", "domain", "settings"},
    "api": {"api", "services", "models", "domain", "settings"},
    "cli": {"cli", "services", "models", "domain", "settings", "app", "config", "secret_key", "server"},
}
"""What of ours each layer may import; `app` and its neighbours wire the layers and may know all of them."""

FOREIGN = {
    "domain": set(),
    "models": {"peewee", "playhouse", "psycopg"},
}
"""What of others the lowest layers may import, besides the standard library."""

FORBIDDEN = {
    "services": {"flask", "werkzeug", "jinja2", "click", "waitress"},
    "web": {"peewee", "playhouse", "psycopg", "click", "waitress"},
    "api": {"peewee", "playhouse", "psycopg", "click", "waitress", "jinja2"},
    "cli": {"werkzeug", "jinja2"},
}
"""What of others the upper layers must not import: pages know no tables' library, acts no pages."""

WRITES = {"save", "create", "insert", "insert_many", "insert_from", "update", "delete", "delete_instance"}
WRITES |= {"bulk_create", "bulk_update", "replace", "replace_many", "get_or_create", "execute", "execute_sql"}
WRITES |= {"atomic", "transaction", "savepoint", "truncate_table", "writing"}
CLOCKS = {"now", "utcnow", "today", "time", "localtime", "gmtime"}


@dataclass(frozen=True)
class Module:
    """A file of the product, parsed."""

    path: Path
    tree: ast.Module

    @property
    def name(self) -> str:
        parts = self.path.relative_to(ROOT).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @property
    def layer(self) -> str:
        """The folder below the package it is in, or its own name beside the layers."""
        return [*self.name.split("."), ""][1]

    def __str__(self) -> str:
        return str(self.path.relative_to(ROOT))


def modules() -> list[Module]:
    return [
        Module(path, ast.parse(path.read_text(encoding="utf-8"), str(path)))
        for path in sorted(PACKAGE.rglob("*.py"))
    ]


MODULES = modules()


def imports(module: Module) -> Iterator[tuple[int, str]]:
    """Yield the line and the full dotted name of everything a module imports, anywhere in it."""
    package = module.name.split(".")
    if module.path.name != "__init__.py":
        package = package[:-1]
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            source = ".".join([*base, *([node.module] if node.module else [])])
            yield from ((node.lineno, f"{source}.{alias.name}") for alias in node.names)


def layer_of(name: str) -> str | None:
    """Return which part of the product an imported name is in; None when it is not ours."""
    parts = name.split(".")
    return parts[1] if parts[0] == "adr_app" and len(parts) > 1 else None


def wrong_imports(module: Module) -> list[str]:
    found = []
    for line, name in imports(module):
        top, part = name.partition(".")[0], layer_of(name)
        if part is not None:
            wrong = part not in LAYERS[module.layer] and part != "__version__"
        elif module.layer in FOREIGN:
            wrong = top not in FOREIGN[module.layer] | sys.stdlib_module_names | {"adr_app"}
        else:
            wrong = top in FORBIDDEN[module.layer] and not only_its_errors(module, name)
        if wrong:
            found.append(f"{module}:{line} imports {name}")
    return found


def only_its_errors(module: Module, name: str) -> bool:
    """Tell whether a library is imported only to say what its errors mean to a person."""
    if "." in name:
        return name.endswith(("Error", "Exception"))
    used = [
        node.attr
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == name
    ]
    return bool(used) and all(each.endswith(("Error", "Exception")) for each in used)


def calls(module: Module) -> Iterator[tuple[int, str, str]]:
    """Yield line, what it is called on, and name of every call `something.name(…)` or `name(…)`."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call):
            function = node.func
            if isinstance(function, ast.Attribute):
                yield node.lineno, ast.unparse(function.value), function.attr
            elif isinstance(function, ast.Name):
                yield node.lineno, "", function.id


@pytest.mark.parametrize("module", [each for each in MODULES if each.layer in LAYERS], ids=str)
def test_each_layer_knows_only_those_below_it(module: Module) -> None:
    assert wrong_imports(module) == []


def tables() -> set[str]:
    """Return the names of the classes that are tables, by their base class."""
    return {
        node.name
        for module in MODULES
        if module.layer == "models"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ClassDef)
        and any(ast.unparse(base).endswith(("Table", "Model")) for base in node.bases)
    }


def writes(module: Module) -> list[str]:
    """Return the calls that write to the database: on a table, on the database, or on a row's own name."""
    names = tables() | {"database", "db"}
    found = []
    for line, target, name in calls(module):
        owner = target.split(".")[-1].split("(")[0]
        on_table = owner in names or any(target.startswith(f"{each}.") for each in names)
        unmistakable = name in {"save", "delete_instance", "execute_sql", "atomic", "writing", "bulk_create"}
        if name in WRITES and (on_table or unmistakable):
            found.append(f"{module}:{line} calls {target}.{name}")
    return found


@pytest.mark.parametrize("module", [each for each in MODULES if each.layer in {"web", "api", "cli"}], ids=str)
def test_pages_and_commands_write_only_through_services(module: Module) -> None:
    assert writes(module) == []


def clock_reads(module: Module) -> list[str]:
    return [
        f"{module}:{line} calls {target}.{name}"
        for line, target, name in calls(module)
        if name in CLOCKS and target.split(".")[-1] in {"datetime", "date", "time"}
    ]


@pytest.mark.parametrize(
    "module",
    [each for each in MODULES if each.layer in {"domain", "models", "services", "web", "api"}],
    ids=str,
)
def test_only_entry_points_read_the_clock(module: Module) -> None:
    assert clock_reads(module) == []


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_no_file_and_no_function_is_too_long_to_read(module: Module) -> None:
    lines = len(module.path.read_text(encoding="utf-8").splitlines())
    assert lines <= PROSE_LINES, f"{module} has {lines} lines: split it by what it is about"
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
            length = node.end_lineno - node.lineno + 1
            assert length <= FUNCTION_LINES, f"{module}:{node.lineno} {node.name} has {length} lines"


def test_files_are_named_after_what_they_are_about() -> None:
    names = {path.stem for folder in (PACKAGE, ROOT / "templates") for path in folder.rglob("*.*")}
    assert names & NAMED_AFTER_A_KIND == set()


def test_every_module_says_what_it_is_for() -> None:
    assert [str(module) for module in MODULES if not ast.get_docstring(module.tree)] == []


def public_functions(module: Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield the functions and methods of a module that others call by name."""
    holders: list[ast.Module | ast.ClassDef] = [module.tree]
    holders += [node for node in module.tree.body if isinstance(node, ast.ClassDef) and node.name[0] != "_"]
    for holder in holders:
        for node in holder.body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
                yield node


@pytest.mark.parametrize(
    "module", [each for each in MODULES if each.layer in {"domain", "services"}], ids=str
)
def test_every_rule_and_every_act_says_what_it_does(module: Module) -> None:
    silent = [node.name for node in public_functions(module) if not ast.get_docstring(node)]
    assert silent == []


def parsed(source: str, name: str) -> Module:
    return Module(PACKAGE / name, ast.parse(source))


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("domain/x.py", "import peewee"),
        ("domain/x.py", "from adr_app.models import base"),
        ("domain/x.py", "from ..models import base"),
        ("domain/x.py", "from adr_app import models"),
        ("models/x.py", "from adr_app.services import people"),
        ("models/x.py", "import flask"),
        ("services/x.py", "def f():\n    from flask import g"),
        ("services/x.py", "import adr_app.web.access"),
        ("web/x.py", "from adr_app.cli import main"),
        ("web/x.py", "from adr_app.api import access"),
        ("api/x.py", "from adr_app.web import access"),
        ("web/x.py", "from peewee import fn"),
        ("web/x.py", "import peewee\npeewee.fn.count()"),
        ("cli/x.py", "from adr_app import web"),
    ],
)
def test_an_import_against_the_direction_is_seen(name: str, source: str) -> None:
    assert len(wrong_imports(parsed(source, name))) == 1


def test_a_page_may_say_what_an_error_of_the_database_means() -> None:
    assert wrong_imports(parsed("import peewee\npeewee.OperationalError", "web/x.py")) == []


@pytest.mark.parametrize(
    "source",
    [
        "Decision.create(title='x')",
        "Decision.update(title='x').execute()",
        "row.save()",
        "decisions.Decision.delete()",
        "database.execute('DELETE')",
        "with writing(): pass",
        "with database.atomic(): pass",
    ],
)
def test_a_write_in_a_page_is_seen(source: str) -> None:
    assert writes(parsed(source, "web/x.py"))


@pytest.mark.parametrize(
    "source", ["form.update(request.form)", "text.replace('a', 'b')", "Decision.select()"]
)
def test_what_only_looks_like_a_write_is_not_taken_for_one(source: str) -> None:
    assert writes(parsed(source, "web/x.py")) == []


ACTS_OF_NOBODY_HERE_YET = {"leaderless", "record", "companies", "invitations", "record_checks"}
"""Where an act is opened without asking whether a role still holds: it founds a company, somebody comes in by
their invitation, or no person does it."""


@pytest.mark.parametrize("module", [m for m in MODULES if m.name.startswith("adr_app.services.")], ids=str)
def test_an_act_of_a_person_asks_inside_it_whether_their_role_still_holds(module: Module) -> None:
    opened = [line for line, _, name in calls(module) if name == "acting"]
    assert not opened or module.name.split(".")[-1] in ACTS_OF_NOBODY_HERE_YET, "call acting_as instead"
