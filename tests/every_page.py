"""Visit every page of the product as every person of the demonstration; prints as JSON what was found.

Run as a program of its own where only an installed product is on the path: by the packaging test, and by
`.ci/run` in an environment that holds nothing else. Ends with 1 where a page does not answer as it should.
"""

import json
import os
import re
import sys
from collections import Counter
from html import unescape
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from flask import Flask
from flask.testing import FlaskClient

import adr_app
from adr_app.app import create_app, system_clock
from adr_app.config import load_config
from adr_app.models.base import database
from adr_app.models.schema import upgrade
from adr_app.services import demonstration

# Lists lead to the same page under many addresses (sort orders, filters, rows): a few of each kind do.
EACH_KIND = 4
# 403: a page whose address is known to somebody whose role does not open it.
RIGHT = {200, 302, 303, 403}
# Fewer kinds of page than this were found only if the way to them is broken.
MANY = 25
LINK = re.compile(r'(?:href|src)="([^"#]+)')
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def kind(app: Flask, address: str) -> str:
    """Return the rule an address is matched by, or the address itself when there is none."""
    try:
        rule, _ = app.url_map.bind("localhost").match(urlsplit(address).path, return_rule=True)
    except Exception as error:
        return f"{address}: {error}"
    return str(rule.rule) if rule.endpoint != "static" else address


def sign_in(client: FlaskClient, email: str) -> int:
    """Sign in through the form and return the status that answers it."""
    token = TOKEN.search(client.get("/sign-in").text)
    assert token is not None
    typed = {"csrf_token": unescape(token[1]), "email": email, "password": demonstration.PASSWORD}
    return client.post("/sign-in", data=typed).status_code


def visit(app: Flask, client: FlaskClient, answers: dict[str, int], kinds: set[str]) -> None:
    """Follow every link from the first page on, and ask for every page whose address is fixed."""
    waiting = ["/"] + [rule.rule for rule in app.url_map.iter_rules() if not rule.arguments]
    seen: set[str] = set()
    often: Counter[str] = Counter()
    while waiting:
        address = waiting.pop(0)
        if address in seen:
            continue
        seen.add(address)
        what = kind(app, address)
        often[what] += 1
        if often[what] > EACH_KIND:
            continue
        answer = client.get(address)
        if answer.status_code == 405:  # an act: it is only ever sent from a form
            continue
        kinds.add(what)
        answers[address] = max(answer.status_code, answers.get(address, 0))
        if answer.mimetype == "text/html":
            links = (urljoin(address, unescape(link)) for link in LINK.findall(answer.text))
            waiting += [link for link in links if not urlsplit(link).netloc and link.startswith("/")]


def main() -> None:
    """Fill a new database with the demonstration and visit it, signed out and as everybody in it."""
    app = create_app(load_config(os.environ))
    with database.connection_context():
        upgrade(database)
        demonstration.seed(at=system_clock())
    answers: dict[str, int] = {}
    kinds: set[str] = set()
    visit(app, app.test_client(), answers, kinds)
    for member in demonstration.CAST:
        client = app.test_client()
        assert sign_in(client, member.email) in {302, 303}
        visit(app, client, answers, kinds)
    for file in Path(str(app.static_folder)).rglob("*"):
        if file.is_file():
            address = f"/static/{file.relative_to(str(app.static_folder)).as_posix()}"
            answers[address] = app.test_client().get(address).status_code
    templates = app.jinja_env.list_templates()
    for name in templates:
        app.jinja_env.get_template(name)
    told = {"place": adr_app.__file__, "answers": answers, "kinds": sorted(kinds), "templates": templates}
    sys.stdout.write(json.dumps(told))
    # There is a company already, so there is nothing to set up.
    right = {at: RIGHT if at != "/set-up" else {404} for at in answers}
    wrong = {at: status for at, status in answers.items() if status not in right[at]}
    if wrong or len(kinds) < MANY:
        sys.exit(f"{len(kinds)} kinds of page were visited; these do not answer as they should: {wrong}")


main()
