"""karrio, loaded when a shop first uses a carrier, and kept from what it does to its host.

Importing karrio 2026.1.32 turns the checking of certificates off for every urllib request of the whole process, writes
to stderr by itself, and its requests wait for ever and hand their bodies to Sentry. So the import is followed at once
by putting the checking back, its logger is silenced, and its one function that opens connections is replaced by ours:
verified, with a time limit, through httpx, and noting what left, which decides whether a label may have been bought.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import io
import ssl
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from typing import Any, Final
from urllib.error import HTTPError
from urllib.response import addinfourl

import httpx

from saleor_aftercare.core.errors import ProviderError

TIMEOUT: Final = httpx.Timeout(30.0, connect=5.0)
MAX_ANSWER_BYTES: Final = 20 * 1024 * 1024

#: One conversation with a carrier at a time in a process: karrio answers from threads of its own, and what left must be
#: told to the right one. Labels are made by workers, of which there are as many processes as a shop wants.
_turn = threading.Lock()
_loading = threading.Lock()
_sdk: Any = None


def installed(carrier: str) -> bool:
    """Whether the extra ``[carriers]`` is there with this carrier; nothing is imported to find out."""
    try:
        return all(importlib.metadata.distribution(name) is not None for name in ("karrio", f"karrio_{carrier}"))
    except importlib.metadata.PackageNotFoundError:
        return False


@dataclass(slots=True)
class Exchange:
    """What went over the wire in one conversation: (is it the fetching of a token, method, status or None)."""

    requests: list[tuple[bool, str, int | None]] = field(default_factory=list)
    failure: Exception | None = None

    @property
    def rejected(self) -> bool:
        """The carrier did not accept who we say we are."""
        return any(
            status in {401, 403} or (token and status is not None and 400 <= status < 500 and status != 429)
            for token, _method, status in self.requests
        )

    @property
    def busy(self) -> bool:
        """The carrier asked us to come later."""
        return any(status == 429 for _token, _method, status in self.requests)

    @property
    def broken(self) -> bool:
        """A request got no answer, or one of a server in trouble."""
        return any(status is None or status >= 500 for _token, _method, status in self.requests)

    @property
    def left(self) -> bool:
        """Something other than the question for a token may have reached the carrier."""
        sent = [one for one in self.requests if not one[0]]
        if not sent:
            return False
        only_one = len(sent) == 1 and sent[0][2] is None
        return not (only_one and isinstance(self.failure, httpx.ConnectError | httpx.ConnectTimeout))


_exchange: Exchange | None = None
_transport: httpx.BaseTransport | None = None


@contextmanager
def conversation() -> Iterator[tuple[Any, Exchange]]:
    """karrio's ``sdk`` module, and the notes of what is sent while the context lasts.

    Raises ProviderError where the extra is not installed.
    """
    global _exchange  # noqa: PLW0603
    sdk = load()
    with _turn:
        _exchange = Exchange()
        try:
            yield sdk, _exchange
        finally:
            _exchange = None


def load() -> Any:
    """karrio's ``sdk`` module, tamed."""
    global _sdk  # noqa: PLW0603
    if _sdk is not None:
        return _sdk
    with _loading:
        if _sdk is None:
            _sdk = _import()
    return _sdk


def _import() -> Any:
    make_context = ssl._create_default_https_context  # noqa: SLF001  what karrio replaces
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # PyPDF2 says that it is old
            loguru = importlib.import_module("loguru")
            loguru.logger.disable("karrio")
            sdk = importlib.import_module("karrio.sdk")
            helpers = importlib.import_module("karrio.core.utils.helpers")
            importlib.import_module("karrio.references").collect_providers_data()
    except ImportError:
        raise ProviderError("This server lacks karrio: pip install 'saleor-aftercare[carriers]'") from None
    finally:
        ssl._create_default_https_context = make_context  # noqa: SLF001
    if not hasattr(helpers, "_urlopen_with_span"):
        raise ProviderError("This release of karrio opens connections in a way that we do not know; use 2026.1")
    vars(helpers)["_urlopen_with_span"] = _open
    return sdk


def _open(request: Any, timeout: float | None = None) -> addinfourl:
    """In place of karrio's own: as ``urllib.request.urlopen`` answers, with HTTPError for 400 and more."""
    exchange = _exchange
    if exchange is None:
        raise RuntimeError("karrio sends a request outside of a conversation")
    url, method = request.full_url, request.get_method()
    token = "token" in url.partition("?")[0].lower()
    try:
        with httpx.Client(transport=_transport, timeout=TIMEOUT, follow_redirects=True, trust_env=False) as http:
            answer = http.request(method, url, headers=dict(request.header_items()), content=request.data)
    except httpx.HTTPError as error:
        exchange.requests.append((token, method, None))
        exchange.failure = error
        raise
    exchange.requests.append((token, method, answer.status_code))
    headers = Message()
    for name, value in answer.headers.items():
        headers[name] = value
    content = answer.content[:MAX_ANSWER_BYTES]
    if answer.status_code >= 400:
        raise HTTPError(url, answer.status_code, answer.reason_phrase, headers, io.BytesIO(content))
    return addinfourl(io.BytesIO(content), headers, url, answer.status_code)


@contextmanager
def using_transport(transport: httpx.BaseTransport) -> Iterator[None]:
    """Let carriers be played by ``transport`` for a while."""
    global _transport  # noqa: PLW0603
    before, _transport = _transport, transport
    try:
        yield
    finally:
        _transport = before
