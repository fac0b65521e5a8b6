"""The command line: `adr-app`, with Flask's own commands beside the product's."""

from importlib import import_module
from typing import TYPE_CHECKING

import click

from adr_app import __version__
from adr_app.cli.running import configured, opened, telling

if TYPE_CHECKING:
    from flask import Flask

FLASKS = ("routes", "run", "shell")
"""Flask's own commands."""

WHERE = {
    "serving": ("start", "serve", "work", "migrate", "settings"),
    "mail": ("mail",),
    "companies": ("companies",),
    "people": ("people",),
    "controls": ("controls",),
    "debt": ("debt",),
    "readings": ("readings",),
    "imports": ("import",),
    "exports": ("export",),
    "syncs": ("sync",),
    "flags": ("flags",),
    "gate": ("check",),
    "statements": ("key", "sign-offs"),
    "record": ("verify",),
}
"""The product's commands by their modules: a hook that runs at each commit need not wait for all of them."""

_MODULES = {name: module for module, names in WHERE.items() for name in names}


@telling
def app_for_flask() -> "Flask":
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


class Commands(click.Group):
    """The product's commands, and three of Flask's; each is loaded when it is asked for."""

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Return one of the product's or of Flask's own commands."""
        if name in FLASKS:
            from flask.cli import FlaskGroup, ScriptInfo

            ctx.obj = ScriptInfo(create_app=app_for_flask)
            return FlaskGroup(add_version_option=False).commands[name]
        if name in _MODULES and name not in self.commands:
            for command in import_module(f"adr_app.cli.{_MODULES[name]}").COMMANDS:
                self.add_command(command)
        return click.Group.get_command(self, ctx, name)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the product's and of Flask's own commands."""
        return sorted({*FLASKS, *_MODULES})


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Settings are environment variables named ADR_…, or lines of adr.ini: see “adr-app settings”.",
)
@click.version_option(__version__, prog_name="adr-app")
def cli() -> None:
    """Keep a log of technology decisions in which security is asked, and seen to be asked.

    Every command exits with 0 when done, 1 when something failed, 2 when used wrongly.
    """


def main() -> None:
    """Run the command line."""
    cli.main(prog_name="adr-app")
