"""`adr-app mail`: whether letters go out."""

import click

from adr_app.cli.running import clock, configured, say, telling
from adr_app.config import Config
from adr_app.domain.errors import Refused
from adr_app.secret_key import secret_key_for
from adr_app.services import post


def post_of(config: Config, key: str) -> post.Post | None:
    """Return where mail is handed in by this configuration, or None where none is sent."""
    if config.mail_is_off or config.smtp_url is None:
        return None
    return post.Post(config.smtp_url, config.mail_from, config.public_url, key)


@click.command("mail")
@click.option("--test", "address", metavar="ADDRESS", help="Send one letter to this e-mail address now.")
@telling
def mail_command(address: str | None) -> None:
    """Say whether mail is sent, and try it.

    \b
    Example:
      adr-app mail --test sam@example.com
    """
    config = configured()
    found = post_of(config, secret_key_for(config))
    if found is None:
        raise Refused(config.mail_is_off)
    server = found.server
    say(f"Mail goes through {server.host}:{server.port} and comes from {found.sender}.")
    if address is None:
        return
    at = clock()
    words = (
        "This log can send mail: you read it.",
        ("Open the log", found.public_url),
    )
    letter = post.Letter(
        address, "", "Mail from your decision log works", words, f"test.{at.timestamp():.0f}"
    )
    try:
        post.send(letter, found, at)
    except post.NotSent as error:
        raise Refused(f"{error} Nothing was sent.") from error
    say(f"The mail server took a letter to {address}. If it does not arrive, look among unwanted mail.")


COMMANDS = (mail_command,)
