"""Letters go to a real mail server: what it gets, and what is said when it does not take one."""

from datetime import UTC, datetime

import pytest
from click.testing import CliRunner, Result

from adr_app.cli import cli
from adr_app.config import load_config
from adr_app.services import post
from adr_app.services.post import Letter, NotSent
from tests.mailbox import KEY, Mailbox, certificate, free_port, text_of

AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
STOP = "https://decisions.example.com/stop/x"
LETTER = Letter(
    "vera@example.com",
    "Vera Lindqvist",
    "[Larkspur] Your answer by Fri 27 Nov: Move\r\nBcc: all@example.com\r\n\r\n<b>billing</b> – “Stripe”",
    ("Sam asks for <your> answer.", ("Open it", "https://decisions.example.com/a?b=1&c=2")),
    "review-asked.1",
    foot=("It waits for you.", ("No more of these", STOP)),
    stop=STOP,
)


def test_a_letter_arrives_with_its_text_its_page_and_the_headers_that_mail_readers_look_for():
    with Mailbox() as mailbox:
        post.send(LETTER, mailbox.post(), AT)
    (letter,) = mailbox.letters
    subject = "[Larkspur] Your answer by Fri 27 Nov: Move Bcc: all@example.com <b>billing</b> – “Stripe”"
    assert (letter["Subject"], letter["Bcc"]) == (subject, None)
    assert (letter["From"], letter["To"]) == (
        "Decisions <log@larkspur.example>",
        "Vera Lindqvist <vera@example.com>",
    )
    assert (letter["Message-ID"], letter["Auto-Submitted"]) == (
        "<review-asked.1@larkspur.example>",
        "auto-generated",
    )
    assert letter["Date"].datetime == AT
    assert letter["List-Unsubscribe"] == f"<{STOP}>"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert text_of(letter).split("\n\n") == [
        "Sam asks for <your> answer.",
        "Open it:\nhttps://decisions.example.com/a?b=1&c=2",
        f"-- \nIt waits for you.\nNo more of these: {STOP}\n",
    ]
    page = letter.get_body(("html",)).get_content()
    assert "<p>Sam asks for &lt;your&gt; answer.</p>" in page
    assert 'href="https://decisions.example.com/a?b=1&amp;c=2"' in page
    assert "<b>" not in page


def test_what_went_wrong_is_said_in_one_sentence_and_whether_trying_again_helps():
    with Mailbox() as mailbox:
        tried = mailbox.post()
        for step, code, words, lasting in (
            ("RCPT", 450, "does not take mail for this address (450)", False),
            ("RCPT", 550, "does not take mail for this address (550)", True),
            ("MAIL", 550, "does not take mail from ADR_MAIL_FROM (550)", False),
            (".", 451, "refused the mail (451)", False),
            (".", 554, "refused the mail (554)", True),
        ):
            mailbox.refusals = [(step, code)]
            _is_refused(tried, words, lasting)
        assert mailbox.letters == []
        _is_refused(mailbox.post("upgrade"), "STARTTLS", False)
        _is_refused(mailbox.post("at once"), "does not speak TLS there", False)
    _is_refused(mailbox.post(port=free_port()), "cannot be reached: Connection refused", False)


def test_mail_is_handed_in_only_to_a_server_whose_certificate_is_trusted(tmp_path, monkeypatch):
    made = certificate(tmp_path)
    for tls in ("upgrade", "at once"):
        monkeypatch.delenv("SSL_CERT_FILE", raising=False)
        with Mailbox((tls, made)) as mailbox:
            _is_refused(mailbox.post(tls), "a certificate that cannot be trusted", False)
            monkeypatch.setenv("SSL_CERT_FILE", str(made))
            post.send(LETTER, mailbox.post(tls), AT)
            assert len(mailbox.letters) == 1


def _is_refused(tried: post.Post, words: str, lasting: bool) -> None:
    with pytest.raises(NotSent) as refused:
        post.send(LETTER, tried, AT)
    assert words in str(refused.value)
    assert refused.value.lasting is lasting


def test_mail_is_off_until_everything_it_needs_is_set_and_no_message_shows_the_password():
    needed = {
        "ADR_SMTP_URL": "smtps://log:s3cret%2Fword@mail.example.com",
        "ADR_PUBLIC_URL": "https://decisions.example.com",
        "ADR_MAIL_FROM": "Decisions <log@example.com>",
    }
    for left_out in needed:
        config = load_config({name: value for name, value in needed.items() if name != left_out})
        assert f"({left_out})" in config.mail_is_off
    config = load_config(needed)
    assert config.mail_is_off == ""
    assert (config.smtp_url.port, config.smtp_url.tls, config.smtp_url.password) == (
        465,
        "at once",
        "s3cret/word",
    )
    assert "s3cret" not in repr(config)
    assert load_config({"ADR_SMTP_URL": "smtp://mail.example.com"}).smtp_url.tls == "upgrade"


def test_the_command_tries_the_mail_and_says_plainly_what_failed(tmp_path):
    with Mailbox() as mailbox:
        mailbox.refused_for["nobody@"] = 550
        settings = {
            "ADR_SMTP_URL": f"smtp://127.0.0.1:{mailbox.port}?tls=no",
            "ADR_PUBLIC_URL": "https://decisions.example.com",
            "ADR_MAIL_FROM": "log@example.com",
            "ADR_SECRET_KEY": KEY,
            "ADR_DATA_DIR": str(tmp_path),
        }
        done = _run(settings, "sam@example.com")
        assert (done.exit_code, len(mailbox.letters)) == (0, 1)
        assert "took a letter to sam@example.com" in done.output
        refused = _run(settings, "nobody@example.com")
        assert refused.exit_code == 1
        assert "does not take mail for this address (550). Nothing was sent." in refused.output
    off = _run({**settings, "ADR_SMTP_URL": ""}, "sam@example.com")
    assert "No mail is sent: no mail server is set (ADR_SMTP_URL)." in off.output


def _run(settings: dict[str, str], address: str) -> Result:
    return CliRunner().invoke(cli, ["mail", "--test", address], env=settings)
