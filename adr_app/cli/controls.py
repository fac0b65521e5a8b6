"""`adr-app controls`: load a catalog of safeguards in the OSCAL format."""

from dataclasses import asdict
from pathlib import Path

import click

from adr_app.cli.running import acting_as, as_json, clock, configured, of_company, only, opened, say, telling
from adr_app.domain.oscal import MOST_BYTES
from adr_app.services import frameworks


@click.group("controls")
def controls_group() -> None:
    """Load catalogs of safeguards, which decisions are mapped to.

    \b
    Example:
      adr-app controls import catalog.json --company larkspur-dental
    """


@controls_group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path))
@of_company("imports")
@click.option("--json", "json_wanted", is_flag=True, help="Print what was loaded as JSON.")
@telling
def import_command(file: Path, slug: str | None, email: str | None, json_wanted: bool) -> None:
    """Load the OSCAL catalog FILE (JSON, version 1), such as NIST publishes them.

    A catalog of a standard that is known here is kept under it; any other becomes a standard of its own that
    the company may follow. Loading it again changes only what changed in it; a safeguard that it no longer
    lists is kept as withdrawn, as decisions may name it.

    \b
    Examples:
      adr-app controls import NIST_SP-800-171_rev2_catalog.json --company larkspur-dental
      adr-app controls import catalog.json --company larkspur-dental --json
    """
    with opened(configured()):
        at = clock()
        company = only(slug)
        with file.open("rb") as opened_file:
            content = opened_file.read(MOST_BYTES + 1)
        done = frameworks.load(acting_as(company, email, at), content, at=at)
    if json_wanted:
        as_json(asdict(done))
        return
    say(f"{done.title} (kept as {done.key}): {done.controls} safeguards")
    say(f"  new {done.added}, changed {done.changed}, withdrawn {done.withdrawn}")
    if done.lacking:
        say(f"  no longer listed, kept as withdrawn: {done.lacking}")


COMMANDS = (controls_group,)
