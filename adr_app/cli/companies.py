"""`adr-app companies`: which companies keep their log here, and founding one more."""

import click

from adr_app.cli.running import WrongUse, a_day, as_json, clock, configured, opened, say, telling
from adr_app.domain.errors import Invalid
from adr_app.domain.permissions import Role
from adr_app.models.people import Company
from adr_app.services import companies, leaderless

TYPED = {
    "company": "NAME",
    "email": "--leader",
    "leader_name": "--name",
    "zone": "--zone",
    "go_live_on": "--go-live",
    "role": "--role",
}
"""What the fields of a refusal are called on the command line."""


@click.group("companies", invoke_without_command=True)
@click.option("--json", "json_wanted", is_flag=True, help="Print the list as JSON.")
@click.pass_context
@telling
def companies_group(context: click.Context, json_wanted: bool) -> None:
    """List the companies that keep their log here, or add one.

    \b
    Examples:
      adr-app companies
      adr-app companies --json
      adr-app companies add "Ostara Software" --leader omar@example.com --name "Omar Haddad"
    """
    if context.invoked_subcommand is not None:
        return
    with opened(configured()):
        rows = [_plain(company) for company in Company.select().order_by(Company.slug)]
    if json_wanted:
        as_json(rows)
        return
    for row in rows:
        say(f"{row['company']}  {row['name']}  since {row['go_live_on']}, {row['zone']}")
    if not rows:
        say("There is no company yet. Start the product and set up the first one.")


@companies_group.command("add")
@click.argument("name")
@click.option("--leader", "email", required=True, help="E-mail of the person who leads it.")
@click.option("--name", "leader_name", default="", help="That person's name; needed where they are new here.")
@click.option(
    "--role",
    "roles",
    multiple=True,
    type=click.Choice([role.value for role in Role if role is not Role.LEADER]),
    help="Another role of that person there; may be given several times.",
)
@click.option("--zone", help="Its time zone, such as Europe/Berlin; ADR_ZONE by default. It stays as it is.")
@click.option("--go-live", "go_live", metavar="DATE", help="The first day of its log; today by default.")
@click.option("--json", "json_wanted", is_flag=True, help="Print what was made as JSON.")
@telling
def add_command(
    name: str,
    email: str,
    leader_name: str,
    roles: tuple[str, ...],
    zone: str | None,
    go_live: str | None,
    json_wanted: bool,
) -> None:
    """Found the company NAME for its leader, and print the link by which that person comes in.

    The link works once and for seven days. With it, somebody new chooses a password and somebody known
    types theirs. Somebody new needs --name; somebody known, as in the second example, does not.

    \b
    Examples:
      adr-app companies add "Ostara Software" --leader omar@example.com --name "Omar Haddad"
      adr-app companies add Fenwick --leader sam@example.com --role cto --zone Europe/London
      adr-app companies add Hale --leader ada@example.com --name "Ada Berg" --go-live 2026-09-01
    """
    on = None if go_live is None else a_day(go_live)
    config = configured()
    with opened(config):
        try:
            company, leader, token = companies.add(
                name, at=clock(), email=email, person_name=leader_name, roles=roles,
                zone=zone or config.zone, go_live_on=on,
            )  # fmt: skip
        except Invalid as refusal:
            said = [f"{TYPED.get(field, field)}: {words}" for field, words in refusal.fields.items()]
            if "leader_name" in refusal.fields and not leader_name:
                said.append(f'{email} is new here, so the name is needed: --name "First Last"')
            raise WrongUse("\n".join(said or [str(refusal)])) from refusal
    link = f"{config.address}/join/{token}"
    if json_wanted:
        as_json({**_plain(company), "leader": leader.email, "link": link})
        return
    first = "chooses a password" if leader.password_hash is None else "types the password they have here"
    say(f"{company.name} is founded, at {config.address}/{company.slug}/decisions")
    say(f"In commands it is called {company.slug}: --company {company.slug}")
    say(f"{leader.name} comes in by this link, once and within seven days, and {first}:")
    say(link)


@companies_group.command("lead")
@click.argument("company")
@click.option("--leader", "email", required=True, help="E-mail of the person who is to lead it.")
@click.option("--name", "leader_name", default="", help="That person's name; needed where they are new here.")
@click.option("--json", "json_wanted", is_flag=True, help="Print what was done as JSON.")
@telling
def lead_command(company: str, email: str, leader_name: str, json_wanted: bool) -> None:
    """Name a leader of COMPANY, which nobody leads any more: nobody there could appoint anybody.

    It is refused while somebody leads it or is invited to. The company's record says that no person of it
    appointed the leader. Somebody who is not among its people comes in by a link, once, within seven days.

    \b
    Examples:
      adr-app companies lead larkspur-dental --leader tomas@example.com
      adr-app companies lead larkspur-dental --leader ada@example.com --name "Ada Berg"
    """
    config = configured()
    with opened(config):
        try:
            led, leader, token = leaderless.name_leader(company, email, leader_name, at=clock())
        except Invalid as refusal:
            said = [f"{TYPED.get(field, field)}: {words}" for field, words in refusal.fields.items()]
            raise WrongUse("\n".join(said or [str(refusal)])) from refusal
    link = f"{config.address}/join/{token}" if token else None
    if json_wanted:
        as_json({**_plain(led), "leader": leader.email, "link": link})
        return
    say(f"{leader.name} leads {led.name} now; the record says that whoever runs this log named them.")
    if link:
        say("They come in by this link, once and within seven days:")
        say(link)


def _plain(company: Company) -> dict[str, str]:
    return {
        "company": company.slug,
        "name": company.name,
        "zone": company.zone,
        "currency": company.currency,
        "go_live_on": company.go_live_on.isoformat(),
    }


COMMANDS = (companies_group,)
