"""`adr-app people`: what only whoever runs the installation may do for people."""

import click

from adr_app.cli.running import clock, configured, opened, say, telling
from adr_app.services import forgotten


@click.group("people")
def people_group() -> None:
    """Help people who cannot sign in.

    \b
    Example:
      adr-app people reset sam@example.com
    """


@people_group.command("reset")
@click.argument("email")
@telling
def reset_command(email: str) -> None:
    """Print a link with which the person with this EMAIL chooses a new password; it works once.

    \b
    Example:
      adr-app people reset sam@example.com
    """
    config = configured()
    with opened(config):
        token = forgotten.reset_by_operator(email, at=clock())
    say(f"{config.address}/new-password/{token}")


COMMANDS = (people_group,)
