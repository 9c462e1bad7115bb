"""Over a real SMTP connection, to a server that answers as it is told."""

from __future__ import annotations

import email
import socket
from collections.abc import Iterator
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from saleor_aftercare.core.errors import ProviderUnavailable
from saleor_aftercare.mail import transport
from tests.mail.test_mime import a_letter


class Server:
    """Keeps every envelope; ``answers`` replaces the reply to a command, None hangs up."""

    def __init__(self) -> None:
        self.taken: list[Any] = []
        self.answers: dict[str, str | None] = {}
        self.connections = 0

    async def _say(self, server: SMTP, command: str, usual: str) -> str:
        answer = self.answers.get(command, usual)
        if answer is None:
            server.transport.abort()
            return "421 bye"
        return answer

    async def handle_EHLO(self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]) -> Any:  # noqa: N802  aiosmtpd's name
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802  aiosmtpd's name
        envelope.mail_from = address
        return await self._say(server, "MAIL", "250 OK")

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802  aiosmtpd's name
        envelope.rcpt_tos.append(address)
        return await self._say(server, "RCPT", "250 OK")

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  aiosmtpd's name
        self.taken.append(envelope)
        return await self._say(server, "DATA", "250 OK")


@pytest.fixture
def server(settings: Any) -> Iterator[Server]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    handler = Server()
    controller = Controller(handler, hostname="127.0.0.1", port=port, ready_timeout=10)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = port
    settings.EMAIL_TIMEOUT = 5
    yield handler
    transport.hang_up()
    controller.stop()


def test_a_letter_arrives_whole(server):
    letter = a_letter(
        subject="ラベル", text="Hello\n.\n..dots\nこんにちは\n", from_email='"木漏れ日" <care@komorebi.test>'
    )

    transport.hand_over(letter, [transport.Attached("a.pdf", "application/pdf", b"%PDF")])

    (envelope,) = server.taken
    assert (envelope.mail_from, envelope.rcpt_tos) == ("care@komorebi.test", ["ada@customer.test"])
    message = email.message_from_bytes(envelope.content, policy=default)
    assert message["Subject"] == "ラベル"
    plain = message.get_body(("plain",))
    assert plain is not None
    assert plain.get_content().replace("\r\n", "\n") == letter.text


def test_one_connection_carries_many_letters(server):
    for _n in range(5):
        transport.hand_over(a_letter())

    assert len(server.taken) == 5
    assert server.connections == 1


def test_a_connection_that_the_server_closed_is_opened_again(server, monkeypatch):
    transport.hand_over(a_letter())
    line = transport._lines.open[None]
    line.sender.backend.connection.sock.close()
    line.used -= 30

    transport.hand_over(a_letter())

    assert len(server.taken) == 2


@pytest.mark.parametrize(
    ("command", "answer", "error"),
    [
        ("MAIL", "451 4.3.0 busy", ProviderUnavailable),
        ("MAIL", "550 5.7.1 no", transport.LetterRefused),
        ("MAIL", None, ProviderUnavailable),
        ("RCPT", "450 4.2.1 greylisted ada@customer.test", ProviderUnavailable),
        ("RCPT", "550 5.1.1 <ada@customer.test> unknown", transport.LetterRefused),
        ("RCPT", None, ProviderUnavailable),
        ("DATA", "452 4.3.1 full", ProviderUnavailable),
        ("DATA", "554 5.7.1 spam", transport.LetterRefused),
        ("DATA", None, transport.LetterLost),
    ],
)
def test_what_a_servers_answer_means(server, command, answer, error):
    server.answers[command] = answer

    with pytest.raises(error) as caught:
        transport.hand_over(a_letter())

    assert type(caught.value) is error
    assert "ada" not in caught.value.message
    server.answers.clear()
    transport.hand_over(a_letter())


def test_the_code_of_a_refusal_is_kept(server):
    server.answers["RCPT"] = "550 5.1.1 <ada@customer.test> unknown"

    with pytest.raises(transport.LetterRefused, match=r"said 550 5\.1\.1: no"):
        transport.hand_over(a_letter())


def test_a_server_that_is_not_there_is_asked_again_later(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1

    with pytest.raises(ProviderUnavailable, match="does not let us in"):
        transport.hand_over(a_letter())


def test_a_wrong_password_is_no_fault_of_the_letter(server, settings):
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "shop", "wrong"

    with pytest.raises(ProviderUnavailable):
        transport.hand_over(a_letter())

    assert server.taken == []
