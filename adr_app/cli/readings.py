"""`adr-app readings`: take what other tools measured on a system, from a file or from SonarQube."""

from pathlib import Path

import click

from adr_app.cli.running import acting_as, as_json, clock, configured, of_company, only, opened, say, telling
from adr_app.domain.errors import Invalid
from adr_app.domain.reading_files import MOST_BYTES
from adr_app.domain.readings import Reading, value_text
from adr_app.services import readings, sonarqube, systems

SYSTEM = click.option(
    "--system", required=True, help="The system they are of, as a decision or debt names it."
)
SETTINGS = click.option(
    "--settings", default="", help="How the tool is set up; the line breaks where it changes."
)
AS_JSON = click.option("--json", "json_wanted", is_flag=True, help="Print what was taken as JSON.")


@click.group("readings")
def readings_group() -> None:
    """Take what other tools measured on a system: beside the debt, never as debt.

    \b
    Example:
      adr-app readings take results.sarif --system Billing --company larkspur-dental
    """


@readings_group.command("take")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path))
@SYSTEM
@click.option("--tool-version", default="", help="The tool's version, where FILE does not say.")
@SETTINGS
@click.option("--on", default="", help="The day they were read, as 2026-11-24; that of FILE, else today.")
@of_company("takes them")
@AS_JSON
@telling
def take_command(
    file: Path,
    system: str,
    tool_version: str,
    settings: str,
    on: str,
    slug: str | None,
    email: str | None,
    json_wanted: bool,
) -> None:
    """Take the counts in FILE: SARIF of any tool, or an answer of SonarQube's api/measures/component.

    Taking the same file again changes nothing.

    \b
    Examples:
      adr-app readings take results.sarif --system Billing
      adr-app readings take measures.json --system Billing --tool-version 10.4 --settings "Sonar way"
    """
    with opened(configured()):
        at, company = clock(), only(slug)
        with file.open("rb") as opened_file:
            content = opened_file.read(MOST_BYTES + 1)
        typed = {"version": tool_version, "settings": settings, "on": on}
        taken = readings.take_file(acting_as(company, email, at), system, content, typed, at=at)
    _tell(taken, json_wanted)


@readings_group.command("sonarqube")
@SYSTEM
@click.option("--project", required=True, help="The project's key in SonarQube.")
@click.option("--branch", default="", help="The branch; SonarQube's main one unless told.")
@click.option(
    "--metric", "metrics", multiple=True, help="A metric's key, once for each; the usual ones unless told."
)
@SETTINGS
@click.option("--plain-http", is_flag=True, help="Send the token unencrypted, where the way there is safe.")
@of_company("takes them")
@AS_JSON
@telling
def sonarqube_command(
    system: str,
    project: str,
    branch: str,
    metrics: tuple[str, ...],
    settings: str,
    plain_http: bool,
    slug: str | None,
    email: str | None,
    json_wanted: bool,
) -> None:
    """Ask the SonarQube server that ADR_SONARQUBE_URL names for a project's measures, and take them.

    The token comes from ADR_SONARQUBE_TOKEN, or the file that ADR_SONARQUBE_TOKEN_FILE names. Its version and
    the rules in use are asked too, so that the line breaks where they change.

    \b
    Examples:
      export ADR_SONARQUBE_URL=https://sonarqube.example.com
      adr-app readings sonarqube --system Billing --project larkspur-billing
    """
    config = configured()
    if not config.sonarqube_url:
        raise Invalid(
            "Set ADR_SONARQUBE_URL to the address of SonarQube, such as https://sonarqube.example.com."
        )
    where = sonarqube.server(config.sonarqube_url, config.sonarqube_token, plain=plain_http)
    with opened(config):
        at, company = clock(), only(slug)
        viewer = acting_as(company, email, at)
        systems.find(viewer, system)
    asked = metrics or sonarqube.ASKED
    found = sonarqube.measures(
        where, project, metrics=asked, branch=branch
    )  # with no database held meanwhile
    with opened(config):
        taken = readings.take(viewer, system, [found], {"settings": settings}, at=at)
    _tell(taken, json_wanted)


def _tell(taken: list[Reading], json_wanted: bool) -> None:
    if json_wanted:
        as_json([_row(one) for one in taken])
        return
    if not taken:
        say("Nothing is new: all of this was here.")
    for one in taken:
        say(f"{one.tool} {one.version}, {one.on}: {len(one.measures)} numbers taken")
        for measure in one.measures:
            say(f"  {measure.metric}: {value_text(measure.value, measure.unit)}")
        if one.passed_over:
            say(f"  passed over, as they are no numbers: {', '.join(one.passed_over)}")


def _row(one: Reading) -> dict[str, object]:
    values = {measure.metric: measure.value / 1000 for measure in one.measures}
    return {
        "tool": one.tool,
        "version": one.version,
        "settings": one.settings,
        "on": one.on,
        "values": values,
    }


COMMANDS = (readings_group,)
