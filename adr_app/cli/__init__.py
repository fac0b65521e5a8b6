"""The command line: `adr-app`, with Flask's own commands beside the product's."""

import click
from flask import Flask
from flask.cli import FlaskGroup

from adr_app import __version__
from adr_app.cli import flags, imports, people, record, serving
from adr_app.cli.running import configured


def app_for_flask() -> Flask:
    """Return the application for `run`, `shell` and `routes`, on the configuration of the environment."""
    from adr_app.app import create_app
    from adr_app.secret_key import secret_key_for

    config = configured()
    return create_app(config, secret_key=secret_key_for(config))


@click.group(
    cls=FlaskGroup,
    create_app=app_for_flask,
    add_version_option=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Settings are environment variables named ADR_…, or lines of adr.ini: see “adr-app settings”.",
)
@click.version_option(__version__, prog_name="adr-app")
def cli() -> None:
    """Keep a log of technology decisions in which security is asked, and seen to be asked.

    Every command exits with 0 when done, 1 when something failed, 2 when used wrongly.
    """


for command in (*serving.COMMANDS, *imports.COMMANDS, *flags.COMMANDS, *record.COMMANDS, *people.COMMANDS):
    cli.add_command(command)


def main() -> None:
    """Run the command line."""
    cli.main(prog_name="adr-app")
