"""`adr-app key` and `adr-app sign-offs`: what a repository pins, and the security OKs it is given."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from adr_app.cli.running import as_json, clock, configured, only, opened, say, telling
from adr_app.domain.gate.keys import key_line
from adr_app.secret_key import signing_seed_for
from adr_app.services.signing import signer
from adr_app.services.statements import write_beside


@click.command("key")
@click.option("--company", "slug", metavar="SLUG", help="Print the whole block for .adr-app.toml.")
@telling
def key_command(slug: str | None) -> None:
    """Print this installation's public key, for repositories to pin; the key is made when there is none.

    \b
    Examples:
      adr-app key
      adr-app key --company larkspur-dental >> .adr-app.toml
    """
    line = key_line(signer(signing_seed_for(configured())).public)
    if slug is None:
        say(line)
        return
    say("[gate]")
    say(f"company = {json.dumps(slug, ensure_ascii=False)}")
    say(f'keys = ["{line}"]')


@click.command("sign-offs")
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--company", "slug", help="The company's address, such as larkspur-dental.")
@click.option("--source", default="", help="The name the files were imported under (the folder's place).")
@click.option("--json", "json_wanted", is_flag=True, help="Print the report as JSON.")
@telling
def sign_offs_command(folder: Path, slug: str | None, source: str, json_wanted: bool) -> None:
    """Write the vCISO's OK beside every record below DIR whose exact text she gave it to.

    Each becomes a small signed file (0007-use-x.signoff.json) that `adr-app check` verifies without this
    installation. For every other accepted or proposed record it is said why none was written.

    \b
    Examples:
      adr-app sign-offs docs/decisions --company larkspur-dental
    """
    config = configured()
    key = signer(signing_seed_for(config))
    with opened(config):
        outcome = write_beside(only(slug), folder, key, source=source, at=clock())
    if json_wanted:
        as_json(asdict(outcome))
        return
    for path in outcome.written:
        say(f"{path}: written")
    for path, reason in outcome.none.items():
        say(f"{path}: not written, because {reason}")
    counts = (len(outcome.written), len(outcome.unchanged), len(outcome.none))
    say("{} written, {} unchanged, {} without a security OK.".format(*counts))


COMMANDS = (key_command, sign_offs_command)
