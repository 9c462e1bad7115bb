"""Aftercare as it runs in production, beside a Saleor that runs already: ``make e2e``."""

from __future__ import annotations

import email
import email.policy
import os
import re
import tempfile
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from saleor_aftercare.service.demo import HOST, Demo
from saleor_aftercare.service.processes import Child

from .driver import GraphQL, PaymentApp, Saleor, Till, wait_for
from .screens import Screen, dashboard


class Service(Demo):
    """The demo's processes without its practice shop, for a real Saleor."""

    def __init__(self, folder: Path, port: int, saleor_url: str) -> None:
        super().__init__(folder, port)
        self.saleor_url = saleor_url

    @property
    def url(self) -> str:
        """Our own origin."""
        return f"http://{HOST}:{self.ports.web}"

    def environ(self, database_url: str, broker_url: str) -> dict[str, str]:
        """The demo's settings, for this Saleor."""
        environ = super().environ(database_url, broker_url)
        del environ["DEMO_HOME_URL"]
        # The label program of a test stands on this machine.
        return environ | {"ALLOWED_SALEOR_URLS": self.saleor_url, "OUTBOUND_PRIVATE_ADDRESSES": "true"}

    def practice_shop(self, environ: dict[str, str]) -> list[Child]:
        """There is none; Saleor runs already."""
        return []

    def shop_is_installed(self) -> bool:
        """There is no practice shop; the test installs the app."""
        return True

    def letters(self, to: str, kind: str = "") -> list[EmailMessage]:
        """The mails that reached ``to``, oldest first; with ``kind`` in the subject."""
        found = []
        for path in sorted((self.folder / "mail").glob("*.eml"), key=lambda p: p.stat().st_mtime):
            letter = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            if to in str(letter["To"]) and re.search(kind, str(letter["Subject"])):
                found.append(letter)
        return found

    def letter(self, to: str, kind: str) -> EmailMessage:
        """The newest mail to ``to`` whose subject matches ``kind``, waited for."""
        return wait_for(f"a letter {kind!r}", lambda: (self.letters(to, kind) or [None])[-1])

    def move_clock(self, seconds: int) -> None:
        """Let time pass for Aftercare."""
        path = self.folder / "clock"
        path.with_suffix(".new").write_text(str(seconds))
        path.with_suffix(".new").replace(path)


def text_of(letter: EmailMessage) -> str:
    """The text part of a mail."""
    part = letter.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


@pytest.fixture(scope="session")
def saleor() -> Saleor:
    """The running Saleor that the environment names."""
    url = os.environ.get("SALEOR_URL")
    if not url:
        pytest.skip("SALEOR_URL names no running Saleor; see `make e2e`")
    return Saleor(url, os.environ["SALEOR_EMAIL"], os.environ["SALEOR_PASSWORD"])


@pytest.fixture(scope="session")
def service(saleor: Saleor) -> Iterator[Service]:
    """Aftercare, running."""
    with tempfile.TemporaryDirectory(prefix="aftercare-e2e-") as folder:
        service = Service(Path(folder), int(os.environ.get("PORT", "8790")), saleor.url)
        for name in ("logs", "mail"):
            (service.folder / name).mkdir(exist_ok=True)
        try:
            service.ports.check_free()
            service.start()
            yield service
        finally:
            service.stop()


@pytest.fixture(scope="session")
def app_id(saleor: Saleor, service: Service) -> str:
    """Aftercare installed in that Saleor through its own handshake."""
    saleor.renew()
    return saleor.install(f"{service.url}/saleor/manifest.json")


@pytest.fixture(scope="session")
def payments(saleor: Saleor) -> Iterator[GraphQL]:
    """Saleor as a payment app of the test sees it."""
    app = PaymentApp()
    yield saleor.add_payment_app(app)
    app.close()


@pytest.fixture
def staff(saleor: Saleor, service: Service, app_id: str) -> Any:
    """Aftercare's API as the Dashboard's page sees it."""
    saleor.renew()
    return GraphQL(f"{service.url}/graphql/", saleor.app_token(app_id), **{"Saleor-Api-Url": saleor.url})


@pytest.fixture(scope="session")
def screen(saleor: Saleor, service: Service, app_id: str) -> Iterator[Screen]:
    """The Dashboard that the environment names, with somebody signed in and our pages allowed inside."""
    url = os.environ.get("DASHBOARD_URL")
    if not url:
        pytest.skip("DASHBOARD_URL names no running Dashboard; see `make e2e`")
    saleor.renew()
    staff = GraphQL(f"{service.url}/graphql/", saleor.app_token(app_id), **{"Saleor-Api-Url": saleor.url})
    version = staff("{settings{version}}")["settings"]["version"]
    staff(
        "mutation($i:ShopSettingsInput!){settingsUpdate(input:$i){settings{version} errors{field message code}}}",
        i={"version": version, "dashboardUrl": url},
    )
    with dashboard(saleor, url) as page:
        yield Screen(page, app_id, service.url)


@pytest.fixture(scope="module")
def till(saleor: Saleor) -> Iterator[Till]:
    """A payment app of this module's own."""
    till = Till(saleor)
    yield till
    till.app.close()
