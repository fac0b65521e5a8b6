"""A mail server on this machine that keeps what it is sent, and refuses what a test tells it to."""

import datetime as dt
import email
import email.policy
import socket
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from pathlib import Path
from types import TracebackType

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from adr_app.services import post
from adr_app.services.post import Post
from adr_app.settings import MailServer

SENDER = "Decisions <log@larkspur.example>"
PUBLIC_URL = "http://localhost"
KEY = "a key for the tests only, forty characters"


class Mailbox:
    """What arrived; `refusals` are answered first, each once, as `(step, code)` such as `("RCPT", 450)`."""

    def __init__(self, tls: tuple[str, Path] | None = None) -> None:
        self.letters: list[EmailMessage] = []
        self.refusals: list[tuple[str, int]] = []
        self.refused_for: dict[str, int] = {}
        self.logins: list[bytes] = []
        self.tls = tls
        self.arrived = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _Talk)
        self._server.mailbox = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def port(self) -> int:
        """Return where it listens."""
        return int(self._server.server_address[1])

    def __enter__(self) -> "Mailbox":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def post(self, tls: str = "no", public_url: str = PUBLIC_URL, port: int | None = None) -> Post:
        """Return how the product hands mail in here."""
        host = "localhost" if self.tls else "127.0.0.1"
        return Post(MailServer(host, port or self.port, tls), SENDER, public_url, KEY)

    def refuses(self, step: str) -> int:
        """Return the code with which this step is refused now, or 0."""
        if self.refusals and self.refusals[0][0] == step:
            return self.refusals.pop(0)[1]
        return 0

    def to(self, address: str) -> list[EmailMessage]:
        """Return what somebody was sent, oldest first."""
        return [one for one in self.letters if one["To"].addresses[0].addr_spec == address]


def text_of(letter: EmailMessage) -> str:
    """Return the plain text of a letter."""
    part = letter.get_body(("plain",))
    assert part is not None, "every mail has a plain text"
    return str(part.get_content()).replace("\r\n", "\n")


def links_in(letter: EmailMessage) -> list[str]:
    """Return the addresses in the plain text of a letter, in order."""
    return [word for word in text_of(letter).split() if word.startswith("http")]


@contextmanager
def sending(to: Mailbox, **options) -> Iterator[Mailbox]:
    """Let this process send its mail to a mailbox while the body runs."""
    post.set_up(to.post(**options))
    try:
        yield to
    finally:
        post.set_up(None)


def free_port() -> int:
    """Return a port where nothing listens."""
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    mailbox: Mailbox


class _Talk(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        with suppress(OSError, ssl.SSLError):
            self._talk()
        self.connection.close()  # one that speaks TLS is not the one that the server itself closes

    def _talk(self) -> None:
        mailbox = self.server.mailbox
        if mailbox.tls and mailbox.tls[0] == "at once":
            self._turn_tls_on()
        self._say("220 ready")
        while line := self.rfile.readline():
            word = line.split()[0].upper().decode() if line.split() else ""
            if code := mailbox.refuses(word):
                self._say(f"{code} no")
            elif word == "EHLO":
                more = "250-STARTTLS\r\n" if mailbox.tls and mailbox.tls[0] == "upgrade" else ""
                self._say(f"250-here\r\n{more}250-AUTH PLAIN\r\n250 8BITMIME")
            elif word == "STARTTLS" and mailbox.tls:
                self._say("220 go on")
                self._turn_tls_on()
            elif word == "AUTH":
                mailbox.logins.append(line.split()[-1])
                self._say("235 fine")
            elif word == "RCPT" and (code := _refusal_for(line, mailbox)):
                self._say(f"{code} no such mailbox")
            elif word == "DATA":
                self._take(mailbox)
            elif word == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 fine")

    def _take(self, mailbox: Mailbox) -> None:
        self._say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b".") else line)
        if code := mailbox.refuses("."):
            self._say(f"{code} no")
            return
        parsed = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
        mailbox.letters.append(parsed)  # type: ignore[arg-type]
        mailbox.arrived.set()
        self._say("250 taken")

    def _say(self, words: str) -> None:
        self.wfile.write(words.encode() + b"\r\n")

    def _turn_tls_on(self) -> None:
        assert self.server.mailbox.tls is not None
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.server.mailbox.tls[1])
        self.connection = context.wrap_socket(self.connection, server_side=True)
        self.rfile = self.connection.makefile("rb")
        self.wfile = self.connection.makefile("wb", buffering=0)


def _refusal_for(line: bytes, mailbox: Mailbox) -> int:
    return next((code for address, code in mailbox.refused_for.items() if address.encode() in line), 0)


def certificate(folder: Path) -> Path:
    """Make a certificate for localhost that vouches for itself, with its key in the same file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    today = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - dt.timedelta(days=1))
        .not_valid_after(today + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "mail.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path
