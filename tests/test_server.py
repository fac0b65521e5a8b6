"""The production server: stopping, refusing an address, and what it prints."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from adr_app.server import CannotListen, Server, address_of

# A request that waits until the test lets it go on: it opens a pipe whose other end the test holds.
PROGRAM = """
import sys
from adr_app.server import CannotListen, serve

def app(environ, start_response):
    if environ["PATH_INFO"] == "/slow":
        print("begun", flush=True)
        open(sys.argv[1]).read()
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"whole answer " * 1_000_000]

try:
    serve(app, "127.0.0.1", int(sys.argv[2]), announce=lambda address: print(address, flush=True))
except CannotListen as refusal:
    sys.exit(str(refusal))
print("stopped", flush=True)
"""
WHOLE = b"whole answer " * 1_000_000


class Served:
    """The server as a process of its own, with a pipe that holds its slow request back."""

    def __init__(self, folder: Path, port: int = 0) -> None:
        self.pipe = folder / "pipe"
        os.mkfifo(self.pipe)
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, self.pipe, str(port)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def release(self) -> None:
        self.pipe.write_text("go on")


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    server = Served(tmp_path)
    yield server
    if server.process.poll() is None:
        server.process.kill()
    server.process.communicate()


def connection_to(address: str) -> http.client.HTTPConnection:
    return http.client.HTTPConnection(address.removeprefix("http://"), timeout=30)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_request_in_flight_is_answered_to_its_last_byte_when_the_server_is_stopped(
    served: Served, number: signal.Signals
) -> None:
    connection = connection_to(served.line())
    connection.request("GET", "/slow")
    assert served.line() == "begun"
    served.process.send_signal(number)
    served.release()
    assert connection.getresponse().read() == WHOLE
    assert served.line() == "stopped"
    assert served.process.wait() == 0
    connection.close()


def test_a_stopping_server_takes_no_new_connection(served: Served) -> None:
    address = served.line()
    connection = connection_to(address)
    connection.request("GET", "/slow")
    assert served.line() == "begun"
    served.process.send_signal(signal.SIGTERM)
    _wait_until_refused(address)
    served.release()
    assert connection.getresponse().read() == WHOLE
    connection.close()


def _wait_until_refused(address: str) -> None:
    """Connect until the door is closed: a connection still accepted is closed by the other side."""
    host, _, port = address.removeprefix("http://").partition(":")
    while True:
        try:
            with socket.create_connection((host, int(port)), timeout=30) as late:
                assert late.recv(1) == b""
        except (ConnectionRefusedError, ConnectionResetError):
            return


def test_an_idle_connection_does_not_keep_a_stopping_server(served: Served) -> None:
    address = served.line()
    idle = connection_to(address)
    idle.request("GET", "/")
    assert idle.getresponse().read() == WHOLE
    served.process.send_signal(signal.SIGTERM)
    assert served.process.wait() == 0
    idle.close()


def test_a_second_signal_ends_the_waiting(served: Served) -> None:
    connection = connection_to(served.line())
    connection.request("GET", "/slow")
    assert served.line() == "begun"
    served.process.send_signal(signal.SIGTERM)
    served.process.send_signal(signal.SIGINT)
    assert served.process.wait() == 0
    with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
        connection.getresponse()
    connection.close()


def test_a_taken_port_is_named_with_what_to_do(served: Served, tmp_path: Path) -> None:
    address = served.line()
    port = int(address.rpartition(":")[2])
    (tmp_path / "second").mkdir()
    second = Served(tmp_path / "second", port)
    _, complaint = second.process.communicate()
    assert second.process.returncode == 1
    assert address in complaint
    assert "ADR_PORT" in complaint
    assert "Traceback" not in complaint


@pytest.mark.parametrize("host", ["203.0.113.7", "no such host", "host.invalid"])
def test_an_address_of_another_machine_is_refused_by_name(host: str) -> None:
    with pytest.raises(CannotListen, match=host) as refusal:
        Server(_nothing, host, 0)
    assert "ADR_HOST" in str(refusal.value)


def test_every_address_of_a_name_is_served_on_one_port() -> None:
    server = Server(_nothing, "localhost", 0)
    thread = threading.Thread(target=server.run)
    thread.start()
    families = {
        family for family, *_ in socket.getaddrinfo("localhost", server.port, type=socket.SOCK_STREAM)
    }
    answers = 0
    for _, _, _, _, place in socket.getaddrinfo("localhost", server.port, type=socket.SOCK_STREAM):
        connection = http.client.HTTPConnection(str(place[0]), server.port, timeout=30)
        try:
            connection.request("GET", "/")
        except OSError:
            continue  # this machine names an address family it does not have
        assert connection.getresponse().status == 204
        connection.close()
        answers += 1
    server.stop()
    thread.join()
    assert 1 <= answers >= len(families) - 1


def test_stopping_twice_or_after_the_end_is_harmless() -> None:
    server = Server(_nothing, "127.0.0.1", 0)
    thread = threading.Thread(target=server.run)
    thread.start()
    server.stop()
    thread.join()
    server.stop()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", server.port))


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("0.0.0.0", "http://127.0.0.1:8000"),
        ("::", "http://127.0.0.1:8000"),
        ("::1", "http://[::1]:8000"),
        ("decisions.example", "http://decisions.example:8000"),
    ],
)
def test_the_address_shown_is_one_that_can_be_opened_here(host: str, address: str) -> None:
    assert address_of(host, 8000) == address


def _nothing(environ, start_response):  # type: ignore[no-untyped-def]
    start_response("204 No Content", [])
    return []
