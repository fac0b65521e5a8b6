"""Tickets elsewhere, by their addresses: which of them are ones, and how each is shown short.

An address is read and kept, never fetched: whoever opens the ticket signs in where it is.
"""

import re
from urllib.parse import parse_qs, unquote, urlsplit

from adr_app.domain.digest import clean_text
from adr_app.domain.errors import Invalid
from adr_app.domain.values import dataclass

TRACKERS = {"github": "GitHub", "gitlab": "GitLab", "jira": "Jira"}

LONGEST = 500
"""Characters of an address as it is kept."""

_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*")
_NUMBER = re.compile(r"[1-9][0-9]{0,9}")
_NAME = re.compile(r"(?!\.{1,2}$)[A-Za-z0-9_.][A-Za-z0-9_.-]{0,99}")
_KEY = re.compile(r"[A-Z][A-Z0-9_]{0,49}-[1-9][0-9]{0,9}")
_EXAMPLES = (
    "Copy it from the address bar, such as https://github.com/larkspur/billing/issues/12, "
    "https://gitlab.com/larkspur/billing/-/issues/12 or https://larkspur.atlassian.net/browse/PAY-12."
)


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket: whose kind it is (a key of `TRACKERS`), its address as kept, and how it is shown short."""

    tracker: str
    address: str
    label: str


def parse_ticket(text: str) -> Ticket:
    """Return the ticket that an address names; what follows “?” or “#” is dropped, as it may hold a secret.

    :raises Invalid: under `address`, when it is no address of a ticket of GitHub, GitLab or Jira.
    """
    address = clean_text(text, "address").strip()
    if not address:
        raise _refused("Paste the ticket's address. " + _EXAMPLES)
    if len(address) > LONGEST:
        raise _refused(f"This address is longer than {LONGEST} characters. Copy it from the ticket itself.")
    try:
        parts = urlsplit(address)
        port, host = parts.port, (parts.hostname or "").lower()
    except ValueError:
        raise _refused("This is no address. " + _EXAMPLES) from None
    if parts.scheme.lower() not in ("https", "http") or not _HOST.fullmatch(host):
        raise _refused("This is no address of a ticket. " + _EXAMPLES)
    if parts.username is not None or parts.password is not None:
        raise _refused("This address holds a name or password. Take it out: everybody here can read it.")
    top = f"{parts.scheme.lower()}://{host}" + (f":{port}" if port else "")
    path = [unquote(part) for part in parts.path.split("/") if part]
    asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
    for read in (_jira, _gitlab, _github):
        if found := read(top, path, asked, host):
            return found
    raise _refused("No ticket of GitHub, GitLab or Jira has such an address. " + _EXAMPLES)


def _github(top: str, path: list[str], asked: dict[str, str], host: str) -> Ticket | None:
    """Read `/OWNER/REPOSITORY/issues/12` or `…/pull/12`, on github.com or a server of one's own."""
    if len(path) < 4 or path[2] not in ("issues", "pull") or not _NUMBER.fullmatch(path[3]):
        return None
    if host == "gitlab.com" or not all(map(_NAME.fullmatch, path[:2])):
        return None
    owner, repository, kind, number = path[:4]
    return Ticket("github", f"{top}/{owner}/{repository}/{kind}/{number}", f"{owner}/{repository}#{number}")


_GITLAB = {"issues": "#", "work_items": "#", "merge_requests": "!"}


def _gitlab(top: str, path: list[str], asked: dict[str, str], host: str) -> Ticket | None:
    """Read `/GROUP/…/PROJECT/-/issues/12`, `…/work_items/12` or `…/merge_requests/12`."""
    if "-" in path:
        at = path.index("-")
        project, rest = path[:at], path[at + 1 :]
    elif host == "gitlab.com" and len(path) >= 4:  # as addresses were before 2020; they still lead there
        project, rest = path[:-2], path[-2:]
    else:
        return None
    if len(project) < 2 or len(rest) < 2 or rest[0] not in _GITLAB or not _NUMBER.fullmatch(rest[1]):
        return None
    if not all(map(_NAME.fullmatch, project)):
        return None
    named, kind, number = "/".join(project), rest[0], rest[1]
    return Ticket("gitlab", f"{top}/{named}/-/{kind}/{number}", f"{named}{_GITLAB[kind]}{number}")


_CLOUD = ("software", "core", "servicedesk", "c")


def _jira(top: str, path: list[str], asked: dict[str, str], host: str) -> Ticket | None:
    """Read `/browse/PAY-12`, also below a path, `/projects/PAY/issues/PAY-12`, or an issue of a board."""
    key, above = "", 0
    if len(path) >= 2 and path[-2] == "browse":
        key, above = path[-1], len(path) - 2
    elif len(path) >= 4 and path[-4] == "projects" and path[-2] == "issues":
        key, above = path[-1], len(path) - 4
    elif "selectedIssue" in asked and "projects" in path:
        key, above = asked["selectedIssue"], path.index("projects")
    if not _KEY.fullmatch(key.upper()):
        return None
    # Jira in the cloud answers at the top, a server of one's own often below a path such as /jira.
    context = [] if path[0] == "jira" and path[1] in _CLOUD else path[:above]
    if not all(map(_NAME.fullmatch, context)) or len(context) > 3:
        return None
    return Ticket("jira", "/".join([top, *context, "browse", key.upper()]), key.upper())


def _refused(message: str) -> Invalid:
    return Invalid("This cannot be saved yet.", {"address": message})
