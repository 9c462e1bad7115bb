"""The promises of ``Sender``, kept by SMTP and by every mail service: taken, refused, later, or nobody can say."""

from __future__ import annotations

import base64
import json
import socket
from collections.abc import Iterator
from functools import partialmethod
from typing import Any

import pytest
import requests
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from django.core.mail import EmailMultiAlternatives

from saleor_aftercare.core.errors import ProviderError, ProviderUnavailable
from saleor_aftercare.providers import registry
from saleor_aftercare.providers.credentials import CredentialsRejected
from saleor_aftercare.providers.senders.base import LetterLost, LetterRefused, Posting, Sender
from saleor_aftercare.providers.senders.mail_services import MailService

pytestmark = [
    pytest.mark.filterwarnings("ignore::anymail.exceptions.AnymailNotSupportedWarning"),
    # The test's server lets in without TLS, on this very machine.
    pytest.mark.filterwarnings("ignore:Requiring AUTH:UserWarning"),
]
RAW = b"From: care@shop.test\r\nTo: hana@customer.test\r\nSubject: Kettle\r\n\r\nHello\r\n"
TOKEN = "a-good-token"


def posting(sender: str = "care@shop.test", recipient: str = "hana@customer.test") -> Posting:
    def message() -> EmailMultiAlternatives:
        made = EmailMultiAlternatives("Kettle", "Hello", "Care <care@shop.test>", [recipient])
        made.extra_headers = {"Message-ID": "<1.2@shop.test>", "Date": "Mon, 01 Jun 2026 12:00:00 +0000"}
        return made

    return Posting(sender=sender, recipients=(recipient,), raw=RAW, message=message)


# -- SMTP ------------------------------------------------------------------------------------------------------------


class Server:
    """Lets in who knows the password or has the token, and keeps every envelope."""

    def __init__(self) -> None:
        self.taken: list[Any] = []
        self.answers: dict[str, str | None] = {}
        self.port = 0

    async def _say(self, server: Any, command: str) -> str:
        answer = self.answers.get(command, "250 OK")
        if answer is None:
            server.transport.abort()
            return "421 bye"
        return answer

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802  aiosmtpd's name
        envelope.mail_from = address
        return await self._say(server, "MAIL")

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802  aiosmtpd's name
        envelope.rcpt_tos.append(address)
        return await self._say(server, "RCPT")

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  aiosmtpd's name
        self.taken.append(envelope)
        return await self._say(server, "DATA")

    async def auth_XOAUTH2(self, server: Any, args: list[str]) -> AuthResult:  # noqa: N802  aiosmtpd's name
        given = args[1]

        text = base64.b64decode(given).decode()
        if text == f"user=care@shop.test\x01auth=Bearer {TOKEN}\x01\x01":
            return AuthResult(success=True)
        await server.challenge_auth(b'{"status":"401"}')
        return AuthResult(success=False, handled=False)


def knows(_server: Any, _session: Any, _envelope: Any, _mechanism: str, given: Any) -> AuthResult:
    return AuthResult(success=getattr(given, "password", None) == b"open-sesame", handled=False)


@pytest.fixture
def server(settings: Any) -> Iterator[Server]:
    settings.OUTBOUND_PRIVATE_ADDRESSES = True
    handler = Server()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        handler.port = probe.getsockname()[1]
    controller = Controller(
        handler,
        hostname="127.0.0.1",
        port=handler.port,
        authenticator=knows,
        auth_required=True,
        auth_require_tls=False,
        ready_timeout=10,
    )
    controller.start()
    yield handler
    controller.stop()


_opened: list[Sender] = []


@pytest.fixture(autouse=True)
def _close_all() -> Iterator[None]:
    yield
    while _opened:
        _opened.pop().close()


def smtp(server: Server, *, access_token: str = "", **changes: str) -> Sender:
    values = {
        "host": "127.0.0.1",
        "port": str(server.port),
        "security": "none",
        "username": "care@shop.test",
        "password": "open-sesame",
        **changes,
    }
    _opened.append(registry.mail_sender("smtp", values, access_token=access_token))
    return _opened[-1]


def test_letters_go_over_one_connection_and_each_is_taken_once(server):
    sender = smtp(server)
    assert isinstance(sender, Sender)

    for _letter in range(2):
        assert sender.post(posting()) == ""

    assert [(one.mail_from, one.rcpt_tos, one.content) for one in server.taken] == [
        ("care@shop.test", ["hana@customer.test"], RAW)
    ] * 2
    assert sender.is_alive()


def test_an_answer_that_no_person_wrote_has_no_return_path(server):
    smtp(server).post(posting(sender=""))

    assert server.taken[0].mail_from == "<>"


@pytest.mark.parametrize(
    ("command", "answer", "outcome", "taken"),
    [
        ("MAIL", "451 4.3.0 later", ProviderUnavailable, 0),
        ("MAIL", "553 5.7.1 not your address", LetterRefused, 0),
        ("RCPT", "550 5.1.1 hana@customer.test unknown", LetterRefused, 0),
        ("RCPT", None, ProviderUnavailable, 0),
        ("DATA", "452 4.2.2 full", ProviderUnavailable, 1),
        ("DATA", "554 5.7.1 spam", LetterRefused, 1),
        ("DATA", None, LetterLost, 1),
    ],
)
def test_what_became_of_a_letter_is_told_apart(server, command, answer, outcome, taken):
    server.answers[command] = answer

    with pytest.raises(ProviderError) as raised:
        smtp(server).post(posting())

    assert type(raised.value) is outcome
    assert len(server.taken) == taken
    assert "hana" not in raised.value.message


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"password": "wrong"}, "password", "user name or the password"),
        ({"security": "starttls"}, "security", "no STARTTLS"),
        ({"security": "tls"}, "security", "does not speak TLS"),
        ({"port": "1"}, "port", "Nobody answers"),
    ],
)
def test_who_is_not_let_in_learns_which_field_to_look_at(server, changes, field, words):
    with pytest.raises(ProviderError, match=words) as raised:
        smtp(server, **changes).verify("care@shop.test")

    assert raised.value.field == field
    assert not isinstance(raised.value, LetterRefused | LetterLost)


def test_trying_sends_nothing_and_finds_out_whether_the_sender_may_send(server):
    smtp(server).verify("care@shop.test")
    server.answers["MAIL"] = "553 5.7.1 not yours"

    with pytest.raises(CredentialsRejected, match="letters from this address") as raised:
        smtp(server).verify("care@shop.test")

    assert (raised.value.field, server.taken) == ("address", [])


def test_a_token_takes_the_place_of_the_password(server):
    smtp(server, auth="microsoft", password="", access_token=TOKEN).post(posting())
    assert len(server.taken) == 1

    with pytest.raises(CredentialsRejected) as raised:
        smtp(server, auth="microsoft", password="", access_token="stale").open()

    assert raised.value.field == "auth"


def test_merchants_do_not_get_into_our_own_network(server, settings):
    settings.OUTBOUND_PRIVATE_ADDRESSES = False

    with pytest.raises(CredentialsRejected, match="private network") as raised:
        smtp(server, security="tls").open()

    assert raised.value.field == "host"


# -- mail services ---------------------------------------------------------------------------------------------------

#: Amazon's is spoken to by its own library, which this deployment lacks.
SERVICES = [slug for slug in registry.mail_services() if registry.mail_service(slug).installed]


def values_for(service: MailService) -> dict[str, str]:
    values = {one.name: f"shops-{one.name}" for one in service.sends if not one.choices}
    return values | ({"api_url": "https://postal.test/api/v1/"} if service.slug == "postal" else {})


class Line:
    """Answers every request as it is told, and keeps them."""

    def __init__(self, status: int | Exception) -> None:
        self.status = status
        self.requests: list[requests.PreparedRequest] = []

    def __call__(self, _session: Any, request: requests.PreparedRequest, **_settings: Any) -> requests.Response:
        self.requests.append(request)
        if isinstance(self.status, Exception):
            raise self.status
        response = requests.Response()
        response.status_code, response.request, response.url = self.status, request, request.url or ""
        response._content = b"{}"
        return response


@pytest.mark.parametrize("slug", SERVICES)
@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (401, ProviderUnavailable),
        (429, ProviderUnavailable),
        (503, ProviderUnavailable),
        (422, LetterRefused),
        (requests.ReadTimeout(), LetterLost),
        (requests.ConnectTimeout(), ProviderUnavailable),
    ],
)
def test_services_are_understood_alike(slug, status, outcome, monkeypatch):
    line = Line(status)
    monkeypatch.setattr(requests.Session, "send", partialmethod(line))
    service = registry.mail_service(slug)
    sender = registry.mail_sender(slug, values_for(service))
    _opened.append(sender)

    with pytest.raises(ProviderError) as raised:
        sender.post(posting())

    assert type(raised.value) is outcome
    assert len(line.requests) == 1
    assert raised.value.field == (service.key if status == 401 else None)


@pytest.mark.parametrize("slug", SERVICES)
def test_a_shops_letters_never_leave_by_the_deployments_own_account(slug, monkeypatch, settings):
    service = registry.mail_service(slug)
    settings.ANYMAIL = {f"{slug.upper()}_{one.name.upper()}": "deployments" for one in service.sends}
    settings.ANYMAIL |= {f"{slug.upper()}_API_URL": "https://deployments.test/"}
    line = Line(503)
    monkeypatch.setattr(requests.Session, "send", partialmethod(line))
    sender = registry.mail_sender(slug, values_for(service))
    _opened.append(sender)

    with pytest.raises(ProviderUnavailable):
        sender.post(posting())

    (request,) = line.requests
    seen = f"{request.url} {dict(request.headers)} {request.body!r}"
    assert "deployments" not in seen


def test_a_postal_server_in_our_own_network_is_not_reached():
    with pytest.raises(CredentialsRejected) as raised:
        registry.mail_service("postal").check({"api_key": "k", "api_url": "http://10.0.0.1/"})

    assert raised.value.field == "api_url"


def test_a_postal_server_whose_name_leads_into_our_network_is_not_reached(monkeypatch):
    def rebound(host: str, port: int, **_more: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", rebound)
    sender = registry.mail_sender("postal", {"api_key": "k", "api_url": "https://postal.example/api/v1/"})
    _opened.append(sender)

    with pytest.raises(ProviderUnavailable, match="private network") as raised:
        sender.post(posting())

    assert raised.value.field == "api_url"


def test_postmark_is_asked_to_keep_our_message_id(monkeypatch):
    line = Line(503)
    monkeypatch.setattr(requests.Session, "send", partialmethod(line))
    sender = registry.mail_sender("postmark", values_for(registry.mail_service("postmark")))
    _opened.append(sender)

    with pytest.raises(ProviderUnavailable):
        sender.post(posting())

    body = json.loads(line.requests[0].body or "")
    assert {"Name": "X-PM-KeepID", "Value": "true"} in body["Headers"]
    assert {"Name": "Message-ID", "Value": "<1.2@shop.test>"} in body["Headers"]
