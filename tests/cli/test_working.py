"""`adr-app work` sends what waits, beside or instead of the server, and ends when it is told to."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from adr_app.models.notices import Notice
from adr_app.services import drafts, post, reviews
from tests.casts import cast_of, quick_passwords
from tests.conftest import START, connected
from tests.databases import Databases
from tests.mailbox import KEY, SENDER, Mailbox, sending

ROOT = Path(__file__).resolve().parents[2]


def test_a_process_of_its_own_sends_what_waits_and_stops_when_told(databases: Databases) -> None:
    url = databases.migrated("sqlite")
    with Mailbox() as mailbox:
        with connected(url), quick_passwords(), sending(mailbox):
            cto = cast_of("Larkspur", START).viewer("cto", START)
            drafts.draft(cto, {"title": "Move billing"}, at=START)
            reviews.ask(cto, 1, at=START)
        assert post.current() is None
        settings = {
            "ADR_DATABASE_URL": url,
            "ADR_SECRET_KEY": KEY,
            "ADR_SMTP_URL": f"smtp://127.0.0.1:{mailbox.port}?tls=no",
            "ADR_MAIL_FROM": SENDER,
            "ADR_PUBLIC_URL": "https://decisions.example.com",
        }
        worker = subprocess.Popen(
            [sys.executable, "-m", "adr_app", "work", "--threads", "2"],
            cwd=ROOT,
            env={k: v for k, v in os.environ.items() if not k.startswith("ADR_")} | settings,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            assert worker.stdout is not None
            assert "Sending what waits" in worker.stdout.readline()
            assert mailbox.arrived.wait(60)
            worker.send_signal(signal.SIGTERM)
            worker.communicate(timeout=60)
        finally:
            worker.kill()
        assert (worker.returncode, len(mailbox.letters)) == (0, 1)
    with connected(url):
        assert Notice.get().state == "sent"
    databases.discard(url)
