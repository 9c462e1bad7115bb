"""The servers that tests need, and what no test may do."""

import ipaddress
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from django.core.cache import cache
from django.db import connection

from build_assets import compile_translations
from saleor_aftercare.core.errors import AftercareError
from saleor_aftercare.service.embedded import Postgres, Valkey
from tests import settings as test_settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser

#: No sandbox, because CI runs as root; and nothing that Chromium would like to ask the network.
BROWSER_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def pytest_configure() -> None:
    """Compile translations that changed, so that a test never speaks yesterday's Japanese."""
    compile_translations()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> Iterator[None]:
    """Start the embedded PostgreSQL just before pytest-django creates the test database."""
    if not test_settings.EMBEDDED:
        yield
        return
    scratch = test_settings.SCRATCH
    server = Postgres(scratch / "postgres", log=scratch / "postgres.log", durable=False)
    server.start()
    server.create_database()
    yield
    server.stop()


@pytest.fixture(scope="session")
def valkey() -> Iterator[Valkey]:
    """A Valkey that a test may use, stop and start again, at ``settings.BROKER_URL``."""
    server = Valkey(test_settings.SCRATCH / "valkey", log=test_settings.SCRATCH / "valkey.log")
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def chromium(django_db_setup: None) -> Iterator["Browser"]:
    """The one browser of all browser tests: Playwright allows one in a thread."""
    from playwright.sync_api import sync_playwright

    # It keeps an event loop in this thread, which Django would otherwise take for an asynchronous caller.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=BROWSER_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session", autouse=True)
def _scratch() -> Iterator[None]:
    """One folder per process for all that tests write, gone at the end."""
    test_settings.SCRATCH.mkdir(exist_ok=True)
    yield
    shutil.rmtree(test_settings.SCRATCH)


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    cache.clear()


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    """Refuse every connection that would leave this machine."""
    patch = pytest.MonkeyPatch()
    connect, connect_ex, getaddrinfo = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def guarded_connect(self: socket.socket, address: Any) -> None:
        refuse_foreign(self.family, address)
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        refuse_foreign(self.family, address)
        return connect_ex(self, address)

    def guarded_getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
        if host is not None and not is_here(host):
            raise AssertionError(f"A test asked for the address of {host!r}; tests have no network")
        return getaddrinfo(host, *args, **kwargs)

    patch.setattr(socket.socket, "connect", guarded_connect)
    patch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
    patch.setattr(socket, "getaddrinfo", guarded_getaddrinfo)
    yield
    patch.undo()


def refuse_foreign(family: int, address: Any) -> None:
    """Let UNIX sockets and the loopback through."""
    if family != socket.AF_UNIX and not is_here(address[0]):
        raise AssertionError(f"A test tried to reach {address[0]!r}; tests have no network")


def is_here(host: str | bytes) -> bool:
    """Say whether a host is this machine's loopback."""
    name = host.decode() if isinstance(host, bytes) else host
    if name in ("localhost", ""):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


@pytest.fixture
def house(db: None) -> Iterator[Any]:
    """Aftercare installed in a practice shop with the demo's catalogue, customers and no orders; see tests/house.py."""
    from saleor_aftercare.sandbox import PracticeShop, fill
    from tests.house import build_house

    saleor = PracticeShop()
    fill(saleor, orders=False)
    with build_house(saleor) as built:
        yield built


@pytest.fixture
def at_once() -> Callable[[list[Callable[[], Any]]], list[Any]]:
    """Run several pieces of work at the same moment, each in a connection of its own; their results or error codes."""

    def run(work: list[Callable[[], Any]]) -> list[Any]:
        start = threading.Barrier(len(work))
        outcomes: list[Any] = []

        def act(piece: Callable[[], Any]) -> None:
            try:
                start.wait(10)
                outcomes.append(piece())
            except AftercareError as error:
                outcomes.append(error.code)
            finally:
                connection.close()

        threads = [threading.Thread(target=act, args=[piece]) for piece in work]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert len(outcomes) == len(work)
        return outcomes

    return run
