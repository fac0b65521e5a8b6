"""`adr-app export`: write the whole log into a folder, in a format of others or as a website."""

from pathlib import Path
from typing import Any

import click

from adr_app.cli.running import acting_as, as_json, clock, configured, of_company, only, opened, say, telling
from adr_app.domain.documents.writers import FORMATS, WHOLE
from adr_app.domain.documents.writers.adr_tools import SPELLINGS
from adr_app.secret_key import signing_seed_for
from adr_app.services import exports
from adr_app.services.signing import signer

WORDS = {code: found.words for code, found in (FORMATS | WHOLE).items()} | {"site": "website"}


@click.command("export")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@of_company("exports")
@click.option(
    "--format",
    "code",
    type=click.Choice(exports.CODES),
    default=exports.CODES[0],
    show_default=True,
    help="site is a website that needs no program, csv one table, json-adr and the others files of records.",
)
@click.option("--restricted", is_flag=True, help="Write restricted decisions too, as far as you see them.")
@click.option("--force", is_flag=True, help="Write into a folder that holds other files, beside those.")
@click.option(
    "--spelling",
    type=click.Choice(list(SPELLINGS)),
    default="superseded",
    show_default=True,
    help="For adr-tools: how “superseded” is spelled.",
)
@click.option("--bom", is_flag=True, help="For CSV: begin with a mark by which Excel knows UTF-8.")
@click.option("--sign-offs", is_flag=True, help="Write the vCISO's signed OK beside each file, for the gate.")
@click.option("--json", "json_wanted", is_flag=True, help="Print what was done as JSON.")
@telling
def export_command(
    folder: Path,
    slug: str | None,
    email: str | None,
    code: str,
    restricted: bool,
    force: bool,
    spelling: str,
    bom: bool,
    sign_offs: bool,
    json_wanted: bool,
) -> None:
    """Write every decision into FOLDER, so that other tools, or nothing but a browser, can read them.

    What came from a file that nobody changed is given back byte for byte in its own format. Exporting
    again writes only what changed, and removes what is gone. FOLDER must be new, empty or an earlier
    export; restricted decisions are left out, and how many is said.

    \b
    Examples:
      adr-app export decisions --company larkspur-dental --sign-offs
      adr-app export out --format adr-tools --spelling superceded
      adr-app export out --format csv --bom
      adr-app export public --format site    (then open public/index.html)
    """
    config = configured()
    with opened(config):
        at = clock()
        viewer = acting_as(only(slug), email, at)
        done = exports.run(
            viewer,
            folder,
            code=code,
            restricted=restricted,
            force=force,
            spelling=spelling,
            bom=bom,
            key=signer(signing_seed_for(config)) if sign_offs else None,
            at=at,
        )
    if json_wanted:
        as_json(done)
    else:
        _summary(done)


def _summary(done: dict[str, Any]) -> None:
    say(f"{done['decisions']} decisions as {WORDS[done['format']]} in {done['folder']}.")
    for key, words in (
        ("as_they_came", "given back byte for byte as they came"),
        ("written", "files written"),
        ("unchanged", "files unchanged"),
        ("removed", "files removed that are no longer part of it"),
        ("left_out", "restricted decisions left out (--restricted writes those you may see)"),
    ):
        if done[key]:
            say(f"  {done[key]} {words}")


COMMANDS = (export_command,)
