"""Letters by e-mail: how one is written so that every reader can show it, and how it is handed to the server.

Nothing here knows why a letter is sent. Where this process sends from is set once, when it starts.
"""

import re
import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from html import escape
from urllib.parse import urlsplit

from adr_app.settings import MailServer

SECONDS = 15.0
"""How long the mail server may take for one step."""

LONGEST_SUBJECT = 200
_UNSHOWN = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")


class NotSent(Exception):
    """A letter was not taken; `lasting` where trying again cannot help."""

    def __init__(self, why: str, *, lasting: bool = False) -> None:
        super().__init__(why)
        self.lasting = lasting


@dataclass(frozen=True, slots=True)
class Post:
    """Where this installation's mail is handed in, who it comes from, and what its links begin with."""

    server: MailServer
    sender: str
    public_url: str
    key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Letter:
    """What one mail says: paragraphs, each a text or a link as `(words, address)`, and a small last line.

    `name` is the same whenever this letter is sent again, so that a reader shows it once. `stop` is where one
    press ends letters like it.
    """

    to: str
    to_name: str
    subject: str
    body: tuple[str | tuple[str, str], ...]
    name: str
    foot: tuple[str | tuple[str, str], ...] = ()
    stop: str = ""


_post: list[Post] = []


def set_up(post: Post | None) -> None:
    """Say where this process sends mail from; None means that it sends none."""
    _post[:] = [post] if post else []


def current() -> Post | None:
    """Return where this process sends mail from, or None where it sends none."""
    return _post[0] if _post else None


def on_one_line(text: str, longest: int = LONGEST_SUBJECT) -> str:
    """Return a text as a header may carry it: without line breaks and what turns the writing round."""
    line = _UNSHOWN.sub(" ", text).strip()
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def written(letter: Letter, post: Post, at: datetime) -> EmailMessage:
    """Return a letter as it goes out, in plain text and as a simple page.

    :raises NotSent: when its address cannot be written in a mail.
    """
    message = EmailMessage(policy=SMTP)
    name, sender = parseaddr(post.sender)
    try:
        message["From"] = Address(on_one_line(name), addr_spec=sender)
        message["To"] = Address(on_one_line(letter.to_name), addr_spec=letter.to)
        message["Subject"] = on_one_line(letter.subject)
    except (MessageError, ValueError, IndexError) as error:
        raise NotSent("This e-mail address cannot be written in a mail.", lasting=True) from error
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{letter.name}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    if letter.stop:
        message["List-Unsubscribe"] = f"<{letter.stop}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(_as_text(letter))
    message.add_alternative(_as_page(letter), subtype="html")
    return message


def _as_text(letter: Letter) -> str:
    parts = [part if isinstance(part, str) else f"{part[0]}:\n{part[1]}" for part in letter.body]
    foot = [part if isinstance(part, str) else f"{part[0]}: {part[1]}" for part in letter.foot]
    return "\n\n".join([*parts, *(["-- \n" + "\n".join(foot)] if foot else [])]) + "\n"


def _as_page(letter: Letter) -> str:
    parts = "".join(f"<p>{_in_page(part)}</p>\n" for part in letter.body)
    foot = "<br>\n".join(_in_page(part) for part in letter.foot)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f"<title>{escape(letter.subject)}</title></head>\n<body>\n{parts}"
        f"{f'<hr>{chr(10)}<p><small>{foot}</small></p>' if foot else ''}\n</body></html>\n"
    )


def _in_page(part: str | tuple[str, str]) -> str:
    if isinstance(part, str):
        return escape(part).replace("\n", "<br>\n")
    return f'<a href="{escape(part[1])}">{escape(part[0])}</a>'


def send(letter: Letter, post: Post, at: datetime) -> None:
    """Hand one letter to the mail server.

    :raises NotSent: saying in one sentence what went wrong.
    """
    message = written(letter, post, at)
    # By our public name: what the system calls this machine may take as long as a name server does.
    name = urlsplit(post.public_url).hostname or "localhost"
    with _told(post.server), _connected(post.server, name) as server:
        server.send_message(message)


@contextmanager
def _connected(to: MailServer, name: str) -> Iterator[smtplib.SMTP]:
    context = ssl.create_default_context()
    if to.tls == "at once":
        server: smtplib.SMTP = smtplib.SMTP_SSL(to.host, to.port, name, timeout=SECONDS, context=context)
    else:
        server = smtplib.SMTP(to.host, to.port, name, timeout=SECONDS)
    with server:
        if to.tls == "upgrade":
            server.starttls(context=context)
        if to.user:
            server.login(to.user, to.password)
        yield server


@contextmanager
def _told(server: MailServer) -> Iterator[None]:
    """Turn what may go wrong into one sentence that holds no secret."""
    where = f"The mail server {server.host}:{server.port}"
    try:
        yield
    except smtplib.SMTPRecipientsRefused as error:
        code = min((code for code, _ in error.recipients.values()), default=550)
        raise NotSent(
            f"{where} does not take mail for this address ({code}).", lasting=code >= 500
        ) from error
    except smtplib.SMTPAuthenticationError as error:
        raise NotSent(f"{where} refuses the user name or password ({error.smtp_code}).") from error
    except smtplib.SMTPSenderRefused as error:
        raise NotSent(f"{where} does not take mail from ADR_MAIL_FROM ({error.smtp_code}).") from error
    except smtplib.SMTPResponseException as error:
        raise NotSent(
            f"{where} refused the mail ({error.smtp_code}).", lasting=error.smtp_code >= 500
        ) from error
    except smtplib.SMTPNotSupportedError as error:
        raise NotSent(f"{where} cannot do what is needed: {error}") from error
    except ssl.SSLCertVerificationError as error:
        raise NotSent(
            f"{where} shows a certificate that cannot be trusted: {error.verify_message}."
        ) from error
    except ssl.SSLError as error:
        raise NotSent(f"{where} does not speak TLS there. Check smtp:// or smtps:// and the port.") from error
    except socket.gaierror as error:
        raise NotSent(f"There is no mail server called {server.host}. Check ADR_SMTP_URL.") from error
    except TimeoutError as error:
        raise NotSent(f"{where} does not answer in time.") from error
    except (OSError, smtplib.SMTPException) as error:
        why = getattr(error, "strerror", None) or "it ended the connection"
        raise NotSent(f"{where} cannot be reached: {why}.") from error
    except UnicodeError as error:
        raise NotSent("This e-mail address cannot be written in a mail.", lasting=True) from error
