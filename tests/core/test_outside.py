"""Requests to addresses that merchants typed in: SSRF."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import httpx
import pytest

from saleor_aftercare.core import outside
from saleor_aftercare.core.errors import InvalidInput, ProviderError
from saleor_aftercare.core.outside import Forbidden, check_url, is_public, post

#: What a merchant could type to reach what is ours: loopback, private networks, link-local, the cloud's metadata.
NEAR_US = [
    "127.0.0.1",
    "127.1.2.3",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "192.0.2.1",
    "198.18.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1",
    "fd00::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "2002:7f00:1::",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
]


@pytest.mark.parametrize("address", NEAR_US)
def test_ssrf_no_address_near_us_is_public(address: str):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.215.14", "2606:4700:4700::1111", "64:ff9b::101:101"])
def test_addresses_of_the_internet_are_public(address: str):
    assert is_public(address)


def resolve_to(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> list[str]:
    asked: list[str] = []

    def answer(host: str, port: int, **_kwargs: Any) -> list[Any]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    return asked


@pytest.mark.parametrize("addresses", [("10.0.0.1",), ("1.1.1.1", "169.254.169.254")])
def test_ssrf_a_name_that_leads_near_us_is_not_connected_to(monkeypatch, addresses):
    resolve_to(monkeypatch, *addresses)

    with pytest.raises(Forbidden, match="private network"):
        post("https://labels.example.com/x", b"{}", {})


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_ssrf_this_machine_by_any_name_is_near_us(host: str):
    with pytest.raises(Forbidden):
        post(f"https://{host}/x", b"{}", {})


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1"])
def test_ssrf_an_address_written_in_another_way_is_what_it_resolves_to(monkeypatch, host: str):
    resolve_to(monkeypatch, "127.0.0.1")

    with pytest.raises(Forbidden):
        post(f"https://{host}/x", b"{}", {})


def test_ssrf_only_https_leaves_the_house():
    with pytest.raises(Forbidden, match="https"):
        post("http://1.1.1.1/x", b"{}", {})


def test_ssrf_the_connection_goes_to_the_address_that_was_looked_at(monkeypatch):
    """DNS rebinding: the name is asked once, and its certificate is still held against the name."""
    asked = resolve_to(monkeypatch, "93.184.215.14")
    seen: list[httpx.Request] = []

    def inner(_self: Any, request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, content=b"ok")

    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", inner)

    answer = post("https://labels.example.com/x", b"{}", {})

    assert (answer.status, answer.body) == (200, b"ok")
    assert asked == ["labels.example.com"]
    assert seen[0].url.host == "93.184.215.14"
    assert seen[0].headers["Host"] == "labels.example.com"
    assert seen[0].extensions["sni_hostname"] == "labels.example.com"


def test_ssrf_redirects_are_not_followed():
    transport = httpx.MockTransport(lambda _request: httpx.Response(302, headers={"Location": "http://127.0.0.1/"}))
    with outside.using_transport(transport):
        assert post("https://labels.example.com/x", b"{}", {}).status == 302


def test_an_answer_without_end_is_cut_off():
    transport = httpx.MockTransport(lambda _request: httpx.Response(200, content=b"x" * (outside.MAX_ANSWER_BYTES + 1)))
    with outside.using_transport(transport), pytest.raises(ProviderError, match="15 MB"):
        post("https://labels.example.com/x", b"{}", {})


@pytest.mark.parametrize(
    "url",
    [
        "",
        "labels.example.com",
        "http://labels.example.com",
        "ftp://labels.example.com",
        "https://",
        "https://user:secret@labels.example.com",
        "https://labels.example.com/#x",
        "https://labels.example.com:99999/",
        "https://[::1",
        "https://0177.0.0.1/x",
        "https://labels.example.com/" + "x" * 1000,
    ],
)
def test_an_address_that_is_none_names_the_field(url: str):
    with pytest.raises(InvalidInput) as caught:
        check_url(url, "url")

    assert caught.value.field == "url"


@pytest.fixture
def server() -> Iterator[tuple[str, list[tuple[bytes, dict[str, str]]]]]:
    taken: list[tuple[bytes, dict[str, str]]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            taken.append((self.rfile.read(int(self.headers["Content-Length"])), dict(self.headers)))
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_args: Any) -> None:
            """Quiet."""

    httpd = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=httpd.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{httpd.server_port}/labels", taken
    httpd.shutdown()
    httpd.server_close()


def test_a_developer_may_reach_a_program_on_this_machine(server, settings):
    url, taken = server
    with pytest.raises(Forbidden):
        post(url, b'{"a":1}', {"X": "1"})
    assert taken == []

    settings.OUTBOUND_PRIVATE_ADDRESSES = True
    answer = post(url, b'{"a":1}', {"X": "1"})

    assert (answer.status, answer.body) == (200, b"{}")
    ((body, headers),) = taken
    assert (body, headers["X"]) == (b'{"a":1}', "1")
