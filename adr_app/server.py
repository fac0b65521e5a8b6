"""The production server: waitress, taught to finish what it began before it stops.

Waitress on its own leaves its loop at the first signal, and an answer still being made or sent is cut off.
Here a signal only closes the door: requests already received are answered to their last byte, then it ends.
"""

import errno
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING, Any

from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer, create_server
from waitress.task import ThreadedTaskDispatcher

from adr_app.domain.errors import Refused

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

# A body larger than this is refused while it arrives; the application has its own, smaller limits.
LARGEST_BODY_BYTES = 32 * 1024 * 1024
# How long a stopping server waits for requests in flight, in seconds.
GRACE_SECONDS = 30.0
LOOP_SECONDS = 1.0
EVERY_INTERFACE = {"", "0.0.0.0", "::", "*"}  # noqa: S104 - compared with, never bound by default


class CannotListen(Refused):
    """The address cannot be served: taken, not of this machine, or not allowed to this user."""


class Server:
    """One listening server; `address` is the URL to open, `run()` blocks until `stop()`."""

    def __init__(
        self, app: "WSGIApplication", host: str, port: int, threads: int = 8, grace: float = GRACE_SECONDS
    ) -> None:
        """Listen on `host` and `port` (0 lets the system choose one).

        :raises CannotListen: when the address cannot be had, in words for the person who started it.
        """
        sockets = _bound_sockets(host, port)
        self.port: int = sockets[0].getsockname()[1]
        self.address = address_of(host, self.port)
        self._grace = grace
        self._stopping = False
        self._hurried = False
        self._map: dict[int, Any] = {}
        self._dispatcher = ThreadedTaskDispatcher()
        self._dispatcher.set_thread_count(threads)
        create_server(
            app,
            map=self._map,
            _dispatcher=self._dispatcher,
            sockets=sockets,
            ident="",
            max_request_body_size=LARGEST_BODY_BYTES,
        )
        self._listeners = [each for each in self._map.values() if isinstance(each, BaseWSGIServer)]

    def run(self) -> None:
        """Answer requests until told to stop, then finish those in flight and return."""
        try:
            while not self._stopping:
                wasyncore.loop(timeout=LOOP_SECONDS, map=self._map, count=1)
            self._close_door()
            self._finish_requests()
        finally:
            self._dispatcher.shutdown(timeout=0 if self._hurried else 1)
            wasyncore.close_all(self._map, ignore_all=True)

    def stop(self) -> None:
        """Begin to stop; a second call stops waiting for requests in flight. Safe in a signal handler."""
        self._hurried = self._stopping
        self._stopping = True
        for listener in self._listeners:
            try:
                listener.pull_trigger()  # wakes the loop, which may be waiting for the next request
            except OSError:
                return  # run() has already ended and closed its own pipe

    def close(self) -> None:
        """Give the address back without ever having answered there."""
        self._dispatcher.shutdown(timeout=1)
        wasyncore.close_all(self._map, ignore_all=True)

    def _close_door(self) -> None:
        """Accept what the system has already taken in for us, read it once, then stop listening."""
        for listener in self._listeners:
            known = -1
            while known != len(self._map):
                known = len(self._map)
                listener.handle_accept()
        wasyncore.loop(timeout=0, map=self._map, count=1)
        for listener in self._listeners:
            # The listener's trigger stays: worker threads wake the loop through it.
            listener.del_channel()
            listener.socket.close()

    def _finish_requests(self) -> None:
        deadline = time.monotonic() + self._grace
        while self._channels() and not self._hurried and time.monotonic() < deadline:
            for channel in self._channels():
                if not _busy(channel):
                    channel.handle_close()
            if self._channels():
                wasyncore.loop(timeout=LOOP_SECONDS, map=self._map, count=1)

    def _channels(self) -> list[HTTPChannel]:
        return [each for each in self._map.values() if isinstance(each, HTTPChannel)]


def serve(
    app: "WSGIApplication",
    host: str,
    port: int,
    threads: int = 8,
    announce: Callable[[str], None] | None = None,
) -> None:
    """Serve `app` until TERM, INT or HUP, finishing requests in flight; a second signal ends at once.

    `announce` is called with the address once the server listens. A HUP that was ignored when the process
    began (`nohup`) stays ignored.

    :raises CannotListen: when the address cannot be had.
    """
    server = Server(app, host, port, threads)
    with _stopped_by_signals(server):
        if announce is not None:
            announce(server.address)
        server.run()


def address_of(host: str, port: int) -> str:
    """Return the URL a person on this machine opens for a server on `host` and `port`."""
    shown = "127.0.0.1" if host in EVERY_INTERFACE else host
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"


def _busy(channel: HTTPChannel) -> bool:
    # The order matters: a worker adds to the output before it drops its request, so no answer is missed.
    return bool(channel.requests or channel.request is not None or channel.total_outbufs_len)


def _bound_sockets(host: str, port: int) -> list[socket.socket]:
    """Return one bound socket for each address `host` means here; all share one port.

    Bound here and not by waitress, so that a refusal comes before any thread is started.

    :raises CannotListen: when there is none, or one of them is taken.
    """
    wanted = None if host in {"", "*"} else host
    try:
        found = socket.getaddrinfo(wanted, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, OverflowError, UnicodeError) as error:
        raise CannotListen(f"“{host}” is not an address of this machine. Set ADR_HOST to one.") from error
    sockets: list[socket.socket] = []
    refusal: OSError | None = None
    for family, kind, protocol, _, address in found:
        # localhost with port 0: the second family takes the port the first was given
        place = (address[0], sockets[0].getsockname()[1] if sockets else port, *address[2:])
        try:
            sockets.append(_bound_socket(family, kind, protocol, place))
        except OSError as error:
            refusal = error
            if error.errno in {errno.EADDRINUSE, errno.EACCES}:
                break
    if refusal is not None and (not sockets or refusal.errno in {errno.EADDRINUSE, errno.EACCES}):
        for each in sockets:
            each.close()
        raise CannotListen(_refusal(host, port, refusal)) from refusal
    return sockets


def _bound_socket(family: int, kind: int, protocol: int, address: tuple[Any, ...]) -> socket.socket:
    bound = socket.socket(family, kind, protocol)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            bound.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        bound.bind(address)
        # Listening already now: on some systems two sockets may bind one port and only the second
        # `listen` is refused.
        bound.listen()
    except OSError:
        bound.close()
        raise
    return bound


def _refusal(host: str, port: int, error: OSError) -> str:
    address = address_of(host, port)
    if error.errno == errno.EADDRINUSE:
        return (
            f"{address} is taken: another program, or adr_app itself, already answers there. "
            f"Stop it, or choose another port, for example ADR_PORT={port + 1 if port < 65535 else 8000}."
        )
    if error.errno == errno.EACCES:
        return f"{address} needs rights this user does not have. Choose a port above 1023 with ADR_PORT."
    return f"{address} cannot be served: “{host}” is not an address of this machine. Set ADR_HOST to one."


@contextmanager
def _stopped_by_signals(server: Server) -> Iterator[None]:
    def stop(_number: int, _frame: FrameType | None) -> None:
        server.stop()

    names = [name for name in ("SIGTERM", "SIGINT", "SIGHUP", "SIGBREAK") if hasattr(signal, name)]
    numbers = [getattr(signal, name) for name in names]
    heard = [number for number in numbers if signal.getsignal(number) != signal.SIG_IGN]
    before = {number: signal.signal(number, stop) for number in heard}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
