"""The standards that a company follows, and the catalogs of safeguards that it loads."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from adr_app.domain import oscal
from adr_app.domain.digest import canonical_json, digest
from adr_app.domain.errors import Invalid, NotFound
from adr_app.domain.frameworks import FRAMEWORKS
from adr_app.domain.permissions import Act
from adr_app.models.base import insert_rows, writing
from adr_app.models.controls import Catalog, CompanyFramework, Control
from adr_app.services.people import Viewer
from adr_app.services.record import Ledger, acting_as, hold


@dataclass(frozen=True, slots=True)
class Standard:
    """A standard that a company may follow: one that this product knows, or a catalog that was loaded."""

    key: str
    name: str
    followed: bool
    catalog: Catalog | None = None


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading a catalog did: how many safeguards it holds, how many were new, changed or withdrawn."""

    key: str
    title: str
    controls: int
    added: int
    changed: int
    withdrawn: int
    lacking: int


def followed(company_id: int) -> list[str]:
    """Return the keys of the standards that a company follows, in order."""
    rows = CompanyFramework.select(CompanyFramework.framework).where(CompanyFramework.company == company_id)
    return sorted(row[0] for row in rows.tuples())


def standards(viewer: Viewer) -> list[Standard]:
    """Return every standard that the company may follow, those that it follows first, in two queries."""
    chosen = set(followed(viewer.company.id))
    loaded = {row.framework: row for row in Catalog.select().where(Catalog.company == viewer.company.id)}
    names = {key: framework.name for key, framework in FRAMEWORKS.items()}
    names |= {key: row.title for key, row in loaded.items() if key not in names}
    found = [Standard(key, name, key in chosen, loaded.get(key)) for key, name in names.items()]
    return sorted(found, key=lambda one: not one.followed)


def follow(viewer: Viewer, key: str, *, at: datetime) -> bool:
    """Say that the company follows a standard; return whether that is new.

    :raises NotAllowed: when the viewer is not in leadership.
    :raises NotFound: when there is no such standard here.
    """
    viewer.require(Act.SET_POLICY)
    with _holding(viewer):
        if _known(viewer, key).followed:
            return False
        return _follow(viewer, key, at)


def _follow(viewer: Viewer, key: str, at: datetime) -> bool:
    with acting_as(viewer, at=at) as ledger:
        CompanyFramework.create(company=viewer.company.id, framework=key)
        ledger.append("company.framework-followed", ("company", viewer.company.id), {"framework": key})
    return True


def leave(viewer: Viewer, key: str, *, at: datetime) -> bool:
    """Say that the company no longer follows a standard; what decisions do to its safeguards is kept."""
    viewer.require(Act.SET_POLICY)
    with _holding(viewer):
        if not _known(viewer, key).followed:
            return False
        return _leave(viewer, key, at)


def _leave(viewer: Viewer, key: str, at: datetime) -> bool:
    with acting_as(viewer, at=at) as ledger:
        table = CompanyFramework
        table.delete().where(table.company == viewer.company.id, table.framework == key).execute()
        ledger.append("company.framework-left", ("company", viewer.company.id), {"framework": key})
    return True


@contextmanager
def _holding(viewer: Viewer) -> Iterator[None]:
    """Look and act with nobody acting in between: what another adds meanwhile is not lost."""
    with writing():
        hold(viewer.company.id)
        yield


def _known(viewer: Viewer, key: str) -> Standard:
    for standard in standards(viewer):
        if standard.key == key:
            return standard
    raise NotFound("There is no such page.")


def load(viewer: Viewer, content: bytes, *, at: datetime) -> Loaded:
    """Load a catalog in the OSCAL format, or its newer form; the same one again changes nothing.

    A safeguard that the newer form lacks is kept as withdrawn: decisions may name it.

    :raises NotAllowed: when the viewer may not.
    :raises Invalid: under `file`, saying what is wrong with it.
    """
    viewer.require(Act.LOAD_CATALOG)
    if not content:
        raise Invalid("Choose a file.", {"file": "Choose the catalog, a JSON file."})
    catalog = oscal.read(content)
    with _holding(viewer):
        return _load(viewer, catalog, at)


def _load(viewer: Viewer, catalog: oscal.Catalog, at: datetime) -> Loaded:
    company = viewer.company.id
    before = {row.code: row for row in _rows(company, catalog.key)}
    rows = [
        (one.code, one.title, one.text, one.withdrawn, place) for place, one in enumerate(catalog.controls)
    ]
    there = {row[0] for row in rows}
    lacking = [row for code, row in before.items() if code not in there]
    rows += [(r.code, r.title, r.text, True, len(rows) + n) for n, r in enumerate(lacking)]
    known = {code: (r.title, r.text, bool(r.withdrawn)) for code, r in before.items()}
    told = Loaded(
        key=catalog.key,
        title=catalog.title,
        controls=len(catalog.controls),
        added=sum(row[0] not in known for row in rows),
        changed=sum(row[0] in known and known[row[0]] != row[1:4] for row in rows),
        withdrawn=sum(one.withdrawn for one in catalog.controls),
        lacking=len(lacking),
    )
    if rows_digest(company, catalog.key) == _digest(catalog.title, catalog.version, rows):
        return told
    with acting_as(viewer, at=at) as ledger:
        _store(ledger, catalog, rows)
    return told


Row = tuple[str, str, str, bool, int]


def _store(ledger: Ledger, catalog: oscal.Catalog, rows: list[Row]) -> None:
    company = ledger.company.id
    for table in (Control, Catalog):
        table.delete().where(table.company == company, table.framework == catalog.key).execute()
    about = {"title": catalog.title, "version": catalog.version}
    Catalog.create(company=company, framework=catalog.key, **about)
    names = ("code", "title", "text", "withdrawn", "place")
    own = {"company": company, "framework": catalog.key}
    insert_rows(Control, ({**own, **dict(zip(names, row, strict=True))} for row in rows))
    told = {"framework": catalog.key, "rows": rows_digest(company, catalog.key)}
    ledger.append("company.catalog-loaded", ("company", company), told)


def rows_digest(company_id: int, key: str) -> str:
    """Return the digest over all that is kept of a catalog; empty where none is."""
    catalog = Catalog.get_or_none(Catalog.company == company_id, Catalog.framework == key)
    found = [(r.code, r.title, r.text, bool(r.withdrawn), r.place) for r in _rows(company_id, key)]
    if catalog is None:
        return "" if not found else _digest("", "", found)
    return _digest(catalog.title, catalog.version, found)


def _rows(company_id: int, key: str) -> list[Control]:
    rows = Control.select().where(Control.company == company_id, Control.framework == key)
    return list(rows.order_by(Control.place, Control.code))


def _digest(title: str, version: str, rows: list[Row]) -> str:
    return digest(canonical_json([title, version, [list(row) for row in rows]]))
