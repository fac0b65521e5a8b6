"""Asking a SonarQube server for the measures of one project, by its web API.

Only whoever runs the command on this machine says which server: no page takes an address, so nobody who signs
in can make the product ask anything of a network that it stands in. What answers is bounded in time and size,
and an answer that points elsewhere is not followed, as the token would go with it.
"""

import base64
import http.client
import json
import re
import socket
import ssl
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import field
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from adr_app.domain import reading_files
from adr_app.domain.digest import printable
from adr_app.domain.errors import Invalid, Refused
from adr_app.domain.readings import LONGEST_LINE, LONGEST_SETTINGS, Reading
from adr_app.domain.values import dataclass

ASKED = (
    *("ncloc", "sqale_index", "sqale_debt_ratio", "coverage", "duplicated_lines_density", "violations"),
    *("code_smells", "bugs", "vulnerabilities", "security_hotspots"),
    *("reliability_remediation_effort", "security_remediation_effort"),
)
"""The metrics that are asked for where nobody names others; one that a server lacks is passed over by it."""

SECONDS = 20.0
"""For everything that one reading asks."""

SECONDS_OF_SILENCE = 10.0
MOST_BYTES = 2 * 1024 * 1024
_PIECE = 64 * 1024
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_KEY = re.compile(r"[A-Za-z0-9_.:-]{1,400}")
_METRIC = re.compile(r"[a-z0-9_]{1,100}")
_VERSION = re.compile(r"[0-9][0-9A-Za-z. ()_-]{0,99}")
_TROUBLE = (OSError, http.client.HTTPException, ssl.SSLError)


@dataclass(frozen=True, slots=True)
class Server:
    """A server of SonarQube: its scheme, host and port, the path it answers below, a token (may be empty)."""

    scheme: str
    host: str
    port: int
    below: str
    token: str = field(repr=False)


class Unreachable(Refused):
    """The server does not answer as one of SonarQube; `str()` says what to do."""


def server(url: str, token: str, *, plain: bool = False) -> Server:
    """Return the server that an address names.

    A token goes over an encrypted connection, or to this machine; `plain` says that another will do.

    :raises Invalid: under `url`, saying what to change.
    """
    try:
        parts = urlsplit(url.strip())
        port, host = parts.port, parts.hostname or ""
    except ValueError:
        raise _wrong("is no address") from None
    if parts.scheme not in ("https", "http") or not host:
        raise _wrong("must be such as https://sonarqube.example.com")
    if parts.username is not None or parts.query or parts.fragment:
        raise _wrong("must end after the server's path; the token has a variable of its own")
    if any(not 32 < ord(character) < 127 for character in url.strip() + token):
        raise _wrong("and the token must be of plain characters, without spaces")
    if token and parts.scheme == "http" and host not in _LOOPBACK and not plain:
        raise _wrong(
            "begins with http: the token could be read on the way. Use https, or say --plain-http where the "
            "way to the server is safe"
        )
    usual = 443 if parts.scheme == "https" else 80
    return Server(parts.scheme, host, port or usual, parts.path.rstrip("/"), token)


def measures(
    where: Server, project: str, *, metrics: Sequence[str] = ASKED, branch: str = "", seconds: float = SECONDS
) -> Reading:
    """Return what a server says of a project now, with its version and the rules it went by.

    :raises Invalid: when the project's key or a metric cannot be one.
    :raises Unreachable: when the server does not answer as one of SonarQube, saying what to do.
    """
    if not _KEY.fullmatch(project):
        raise Invalid(
            "This is no key of a project. It stands in the address of the project's page, after id=."
        )
    wrong = [name for name in metrics if not _METRIC.fullmatch(name)]
    if wrong:
        raise Invalid(f"“{printable(wrong[0], 40)}” is no metric of SonarQube.")
    asking = _Asking(where, time.monotonic() + seconds)
    of = {"component": project, "metricKeys": ",".join(metrics)} | ({"branch": branch} if branch else {})
    whole = asking.json("api/measures/component", of)
    version = _version(asking.text("api/server/version"))
    try:
        return reading_files.sonarqube(whole, version=version, settings=_settings(asking, project))
    except Invalid as refusal:
        why = next(iter(refusal.fields.values()), str(refusal)).removeprefix("This file cannot be read: ")
        raise Unreachable(f"The answer of {where.host} cannot be read: {why}") from None


def _settings(asking: "_Asking", project: str) -> str:
    """Return the rules a project is measured by: each profile, how many rules it has, when they changed.

    Whoever's token may not read them gets a reading that says so: a line breaks where that changes.
    """
    try:
        whole = asking.json("api/qualityprofiles/search", {"project": project})
    except _Refused:
        return "profiles not readable with this token"
    profiles = whole.get("profiles")
    named = []
    for one in profiles if isinstance(profiles, list) else ():
        if isinstance(one, dict):
            changed = str(one.get("rulesUpdatedAt") or "")[:10]
            rules = one.get("activeRuleCount")
            parts = [
                f"{one.get('languageName') or one.get('language')}: {one.get('name')}",
                f"{rules} rules" if isinstance(rules, int) else "",
                f"changed {changed}" if changed else "",
            ]
            named.append(", ".join(part for part in parts if part))
    return printable("; ".join(sorted(named)), LONGEST_SETTINGS)


def _version(text: str) -> str:
    text = text.strip()
    if not _VERSION.fullmatch(text):
        raise Unreachable("The server does not say which version of SonarQube it is. Is it one?")
    return text


class _Refused(Unreachable):
    """The server answers that the token may not."""


class _Asking:
    """Asks one server, until a moment of the machine's own clock."""

    def __init__(self, where: Server, until: float) -> None:
        self._where, self._until = where, until
        self._schemes = [f"Bearer {where.token}", _basic(where.token)] if where.token else [""]

    def json(self, path: str, asked: Mapping[str, str]) -> dict[str, Any]:
        """Return the JSON object that an address answers with."""
        text = self.text(path, asked)
        try:
            whole = json.loads(text)
        except (ValueError, RecursionError):
            raise Unreachable(
                f"{self._where.host} does not answer with JSON. Is it the address of SonarQube itself?"
            ) from None
        if not isinstance(whole, dict):
            raise Unreachable(f"{self._where.host} does not answer as SonarQube does.")
        return whole

    def text(self, path: str, asked: Mapping[str, str] | None = None) -> str:
        """Return the text that an address answers with."""
        query = f"?{urlencode(asked)}" if asked else ""
        address = f"{quote(self._where.below)}/{path}{query}"
        while True:
            status, body = self._answer(address, self._schemes[0])
            # Servers before version 10 know a token only as the name of a user without a password.
            if status == 401 and len(self._schemes) > 1:
                self._schemes.pop(0)
                continue
            return self._told(status, body)

    def _told(self, status: int, body: bytes) -> str:
        if status == 200:
            return body.decode("utf-8", "replace")
        name, said = self._where.host, _reason(body)
        if status in (401, 403):
            raise _Refused(
                f"{name} refuses: the token is missing or may not see it. Set ADR_SONARQUBE_TOKEN to that of "
                "a user who may browse the project."
            )
        if 300 <= status < 400:
            raise Unreachable(
                f"{name} points to another address, which is not followed: the token would go there. Set "
                "ADR_SONARQUBE_URL to the address it ends at."
            )
        if status == 404:
            raise Unreachable(f"{name} knows no such project, or is not SonarQube.{said}")
        raise Unreachable(f"{name} answers with status {status}.{said}")

    def _answer(self, address: str, scheme: str) -> tuple[int, bytes]:
        connection = self._connection()
        headers = {"Accept": "application/json"} | ({"Authorization": scheme} if scheme else {})
        try:
            connection.request("GET", address, headers=headers)
            line = connection.sock  # an answer that ends with its connection takes it out of our hands
            with closing(connection.getresponse()) as answer:
                return answer.status, self._read(line, answer)
        except TimeoutError as error:
            raise Unreachable(f"{self._where.host} does not answer in time. Try again later.") from error
        except _TROUBLE as error:
            raise Unreachable(
                f"{self._where.host} cannot be reached: {printable(str(error), 120)}."
            ) from error
        finally:
            connection.close()

    def _connection(self) -> http.client.HTTPConnection:
        where, left = self._where, min(SECONDS_OF_SILENCE, self._left())
        if where.scheme == "https":
            return http.client.HTTPSConnection(
                where.host, where.port, timeout=left, context=ssl.create_default_context()
            )
        return http.client.HTTPConnection(where.host, where.port, timeout=left)

    def _read(self, line: socket.socket, answer: http.client.HTTPResponse) -> bytes:
        """Read an answer piece by piece, so that neither a slow nor an endless one holds us."""
        body = b""
        while True:
            line.settimeout(min(SECONDS_OF_SILENCE, self._left()))
            piece = answer.read1(_PIECE)
            if not piece:
                return body
            body += piece
            if len(body) > MOST_BYTES:
                raise Unreachable(f"{self._where.host} answers with more than a reading can be.")

    def _left(self) -> float:
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError("out of time")
        return left


def _basic(token: str) -> str:
    return "Basic " + base64.b64encode(f"{token}:".encode()).decode()


def _reason(body: bytes) -> str:
    """Return what a server says of a refusal, where it says so as SonarQube does."""
    try:
        errors = json.loads(body)["errors"]
        return f" It says: {printable(str(errors[0]['msg']), LONGEST_LINE)}"
    except (ValueError, LookupError, TypeError, RecursionError):
        return ""


def _wrong(why: str) -> Invalid:
    message = f"The address of SonarQube (ADR_SONARQUBE_URL) {why}."
    return Invalid(message, {"url": message})
