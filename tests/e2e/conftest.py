"""One demo for the browser tests of the inbox: from a copy of the package, of which a new build can take the place."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser

import saleor_aftercare
from scripts.screenshots import PHONE, ask_for_a_return, demo, sign_in

PACKAGE = Path(saleor_aftercare.__file__).parent
#: Not the port of the other demo, which may run at the same time.
PORT = 8930


@dataclass(frozen=True)
class Deployment:
    """A running demo, and the next build of its dashboard, which waits to take the place of the one that runs."""

    address: str
    static: Path
    #: What each file is called in the next build.
    renamed: dict[str, str]

    @property
    def entry(self) -> str:
        """The next build's first file."""
        return next(new for old, new in self.renamed.items() if old.startswith("app-") and old.endswith(".js"))

    def deploy(self) -> None:
        """Put the next build in the place of this one, as a new release does: the old files are gone."""
        manifest = self.static / ".vite" / "manifest.json"
        manifest.write_text(_renaming(manifest.read_text(), self.renamed))
        for old in self.renamed:
            for file in (self.static / "assets").glob(f"{old}*"):  # with what was packed of it
                file.unlink()


def _renaming(text: str, renamed: dict[str, str]) -> str:
    return re.sub(r"[\w.-]+-[\w-]{8}\.\w+", lambda name: renamed.get(name[0], name[0]), text)


def _build_next(static: Path) -> dict[str, str]:
    """Lay the next build beside this one: the same, under other names. Servers look for static files as they start."""
    assets = static / "assets"
    hashed = [re.fullmatch(r"(.+-)([\w-]{8})(\.\w+)", file.name) for file in assets.iterdir()]
    renamed = {name[0]: name[1] + name[2][::-1] + name[3] for name in hashed if name}
    for old, new in renamed.items():
        if old.endswith((".js", ".css")):
            (assets / new).write_text(_renaming((assets / old).read_text(), renamed))
        else:
            shutil.copy(assets / old, assets / new)
    return renamed


def _sources(folder: str, _names: list[str]) -> set[str]:
    """What no server reads: the dashboard's sources and the tools to build them."""
    return {"__pycache__", "dashboard"} if folder == str(PACKAGE) else {"__pycache__"}


@pytest.fixture(scope="session")
def deployment() -> Iterator[Deployment]:
    """The demo, running from a copy of the package."""
    with tempfile.TemporaryDirectory(prefix="aftercare-inbox-") as name:
        code = Path(name, "code", "saleor_aftercare")
        shutil.copytree(PACKAGE, code, ignore=_sources)
        static = code / "static" / "aftercare"
        renamed = _build_next(static)
        with demo(Path(name, "data"), PORT, code=code.parent) as address:
            yield Deployment(address, static, renamed)


@pytest.fixture(scope="session")
def staffed(deployment: Deployment, chromium: Browser) -> str:
    """The practice shop's address, where a customer has asked for a return."""
    context = chromium.new_context(**PHONE)
    ask_for_a_return(sign_in(context, deployment.address, "Jade"), japanese=False, pictures=False)
    context.close()
    return deployment.address
