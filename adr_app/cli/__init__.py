"""The command line: `adr-app`, with Flask's own commands beside the product's."""

import click
from flask import Flask
from flask.cli import AppGroup, FlaskGroup

from adr_app import __version__
from adr_app.cli import (
    companies,
    controls,
    exports,
    flags,
    gate,
    imports,
    mail,
    people,
    record,
    serving,
    statements,
    syncs,
)
from adr_app.cli.running import configured, opened, telling


@telling
def app_for_flask() -> Flask:
    """Return the application for `run`, `shell` and `routes`, on the configuration of the environment.

    :raises Unavailable: for `run` and `shell`, when the database is missing, older or newer.
    """
    from adr_app.app import create_app
    from adr_app.secret_key import secret_key_for

    config = configured()
    if click.get_current_context().info_name != "routes":
        with opened(config):
            pass
    return create_app(config, secret_key=secret_key_for(config))


class Commands(FlaskGroup):
    """Flask's group without the commands an application adds: ours adds none, so help needs none made."""

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Return one of the product's or of Flask's own commands."""
        return AppGroup.get_command(self, ctx, name)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the product's and of Flask's own commands."""
        return sorted(AppGroup.list_commands(self, ctx))


@click.group(
    cls=Commands,
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


for module in (
    serving,
    mail,
    companies,
    people,
    controls,
    imports,
    exports,
    syncs,
    flags,
    gate,
    statements,
    record,
):
    for command in module.COMMANDS:
        cli.add_command(command)


def main() -> None:
    """Run the command line."""
    cli.main(prog_name="adr-app")
