"""Every setting of the product: its name, its default, its help, and how what was typed is read."""

from collections.abc import Callable
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.utils import parseaddr
from os import pathsep
from pathlib import Path
from string import hexdigits
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

PREFIX = "ADR_"
CONFIG_FILE = "adr.ini"
_SWITCH = {
    **dict.fromkeys(("yes", "true", "on", "1"), True),
    **dict.fromkeys(("no", "false", "off", "0"), False),
}
_SHORTEST_KEY = 32
SEED_BYTES = 32
"""Bytes of the secret from which the signing key is made."""


def _text(value: str) -> str:
    return value


def _whole(low: int, high: int) -> Callable[[str], int]:
    def read(value: str) -> int:
        number = int(value) if value.isascii() and value.isdigit() and len(value) < 12 else -1
        if not low <= number <= high:
            raise ValueError(f"must be a whole number from {low} to {high}")
        return number

    return read


def _host(value: str) -> str:
    if any(character in value for character in "/@ ") or value.count(":") == 1:
        raise ValueError("must be a host name or address alone, for example 127.0.0.1; the port is ADR_PORT")
    return value.strip("[]")


def _split_url(value: str) -> SplitResult:
    try:
        parts = urlsplit(value)
        parts.port  # noqa: B018 - reading it is what checks it
    except ValueError as error:
        raise ValueError("is not a URL; check its brackets and its port") from error
    return parts


def _database(value: str) -> str:
    # The message never repeats the value: it may hold a password.
    parts = _split_url(value)
    if parts.scheme == "sqlite":
        if parts.netloc or parts.path in ("", "/", "/:memory:"):
            raise ValueError(
                "must name a file after three slashes: sqlite:///relative.db or sqlite:////full/path.db"
            )
    elif parts.scheme in ("postgresql", "postgres"):
        if len(parts.path) < 2:
            raise ValueError("must end with a database name: postgresql://user:password@host/name")
    else:
        raise ValueError("must begin with sqlite:/// or postgresql://")
    return value


def _public_url(value: str) -> str:
    parts = _split_url(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        raise ValueError("must be an address such as https://decisions.example.com")
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        raise ValueError("must end after the host and port: the product answers at the top of its address")
    return f"{parts.scheme}://{parts.netloc}"


def _key(value: str) -> str:
    if len(value) < _SHORTEST_KEY:
        raise ValueError(
            f"must have at least {_SHORTEST_KEY} characters; `openssl rand -hex 32` makes a good one"
        )
    return value


def _seed(value: str) -> str:
    if len(value) != 2 * SEED_BYTES or any(digit not in hexdigits for digit in value):
        raise ValueError(
            f"must be {2 * SEED_BYTES} hexadecimal digits; `openssl rand -hex {SEED_BYTES}` makes one"
        )
    return value.lower()


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError("must be a time zone name such as Europe/Berlin or America/New_York") from error
    return value


def _switch(value: str) -> bool:
    if value.lower() not in _SWITCH:
        raise ValueError("must be yes or no")
    return _SWITCH[value.lower()]


def _folders(value: str) -> tuple[Path, ...]:
    found = tuple(Path(part.strip()) for part in value.split(pathsep) if part.strip())
    if not all(folder.is_absolute() and folder.is_dir() for folder in found):
        raise ValueError(f"must be whole paths of folders that are there, separated by “{pathsep}”")
    return found


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed in: `tls` is “at once” (smtps), “upgrade” (STARTTLS, demanded) or “no”."""

    host: str
    port: int
    tls: str
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)


_PORTS = {"at once": 465, "upgrade": 587, "no": 25}


def _mail_server(value: str) -> MailServer:
    # The message never repeats the value: it holds a password.
    parts = _split_url(value)
    asked = dict(parse_qsl(parts.query))
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or parts.path not in ("", "/"):
        raise ValueError("must be such as smtps://user:password@mail.example.com or smtp://mail.example.com")
    if asked.keys() - {"tls"} or asked.get("tls", "no") != "no" or (asked and parts.scheme == "smtps"):
        raise ValueError(
            "may end with ?tls=no after smtp://, for a mail server on the same machine, or nothing"
        )
    tls = "at once" if parts.scheme == "smtps" else "no" if asked else "upgrade"
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return MailServer(parts.hostname, parts.port or _PORTS[tls], tls, user, password)


def _mail_from(value: str) -> str:
    name, address = parseaddr(value)
    try:
        made = Address(name, addr_spec=address)
    except Exception as error:  # the parser of addresses raises whatever its many parts raise
        raise ValueError("must be such as Decisions <decisions@example.com>") from error
    if not made.username or not made.domain or not value.isprintable():
        raise ValueError("must be such as Decisions <decisions@example.com>")
    return value


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its environment variable, its default as typed, its help, how it is read.

    An empty default is explained by the help. A `secret` may also stand in a file of its own, named by
    the same variable with `_FILE` after it.
    """

    name: str
    default: str
    help: str
    read: Callable[[str], Any] = field(default=_text, repr=False)
    secret: bool = False

    @property
    def key(self) -> str:
        """Return its name in the configuration file, and in `Config`."""
        return self.name.removeprefix(PREFIX).lower()


SETTINGS = (
    Setting(
        "ADR_DATABASE_URL",
        "",
        "sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME; unless set, adr.db in ADR_DATA_DIR",
        _database,
        secret=True,
    ),
    Setting("ADR_DATA_DIR", "adr-data", "the folder for the SQLite database and the secret key"),
    Setting("ADR_HOST", "127.0.0.1", "the address to listen on", _host),
    Setting("ADR_PORT", "8000", "the port to listen on; 0 takes a free one", _whole(0, 65535)),
    Setting(
        "ADR_PUBLIC_URL",
        "",
        "the address people open, for the links in messages; the address listened on unless set",
        _public_url,
    ),
    Setting(
        "ADR_SMTP_URL",
        "",
        "the mail server: smtps://USER:PASSWORD@HOST, or smtp:// with STARTTLS, or smtp://HOST?tls=no on the "
        "same machine; unless set, no mail is sent. It needs ADR_PUBLIC_URL and ADR_MAIL_FROM too",
        _mail_server,
        secret=True,
    ),
    Setting(
        "ADR_MAIL_FROM", "", "who mail comes from, such as Decisions <decisions@example.com>", _mail_from
    ),
    Setting(
        "ADR_SECRET_KEY",
        "",
        "signs cookies and links; made once beside an SQLite database, needed with PostgreSQL",
        _key,
        secret=True,
    ),
    Setting(
        "ADR_SIGNING_KEY",
        "",
        "signs security OKs written to files; made once beside an SQLite database, needed with PostgreSQL",
        _seed,
        secret=True,
    ),
    Setting("ADR_ZONE", "UTC", "the time zone offered when a company is set up", _zone),
    Setting("ADR_SESSION_DAYS", "30", "how many days a device stays signed in", _whole(1, 365)),
    Setting(
        "ADR_COOKIE_SECURE",
        "",
        "yes sends cookies over https only; unless set, yes where ADR_PUBLIC_URL begins with https",
        _switch,
    ),
    Setting(
        "ADR_PROXIES", "0", "how many proxies of yours stand in front and set X-Forwarded-…", _whole(0, 10)
    ),
    Setting("ADR_MAX_BODY", "4194304", "the largest request taken, in bytes", _whole(1_000, 1_000_000_000)),
    Setting(
        "ADR_SONARQUBE_URL",
        "",
        "the SonarQube server that “adr-app readings sonarqube” asks, such as https://sonarqube.example.com",
    ),
    Setting(
        "ADR_SONARQUBE_TOKEN",
        "",
        "a token of a SonarQube user who may browse what is read; needed unless that is public",
        secret=True,
    ),
    Setting(
        "ADR_IMPORT_FOLDERS",
        "",
        f"folders that may be imported in the browser, separated by “{pathsep}”; none unless set",
        _folders,
    ),
)
"""Every setting of the product, in the order documentation and help show them."""

ELSEWHERE = {
    "ADR_CONFIG": f"the configuration file; {CONFIG_FILE} in the current folder unless set",
    "ADR_VENV": "where ./run keeps its environment",
    "ADR_PYTHON": "the Python that ./run uses",
    "ADR_CHROMIUM": "the browser that the tests use",
}
"""Variables with our prefix that are read by something else than the product's settings."""
