"""A practice shop as Saleor, and recordings of the real one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from saleor_aftercare.connection import webhooks
from saleor_aftercare.sandbox import PracticeShop, fill
from tests.house import House, build_house

RECORDINGS = Path(__file__).parents[1] / "files" / "recordings"


@pytest.fixture(autouse=True)
def _no_remembered_shops() -> Iterator[None]:
    webhooks.forget_shops()
    yield
    webhooks.forget_shops()


@pytest.fixture
def saleor() -> PracticeShop:
    """Goods and people, no orders."""
    shop = PracticeShop()
    fill(shop, orders=False)
    return shop


@pytest.fixture
def house(db: None, saleor: PracticeShop) -> Iterator[House]:
    """Aftercare, installed in the practice shop."""
    with build_house(saleor) as house:
        house.settle()
        yield house


@dataclass(frozen=True)
class Recording:
    """One request of a real Saleor."""

    name: str
    headers: dict[str, str]
    body: bytes

    @property
    def signature(self) -> str:
        """Its detached JWS."""
        return self.headers["Saleor-Signature"]

    @property
    def payload(self) -> dict[str, Any]:
        """Its body, read."""
        return dict(json.loads(self.body))


def read_recordings() -> list[Recording]:
    """Every recording, in the order of arrival."""
    found = []
    for path in sorted(RECORDINGS.glob("0*.json")):
        data = json.loads(path.read_text())
        found.append(Recording(path.stem, dict(data["headers"]), data["body"].encode()))
    return found


def recorded(name: str) -> Recording:
    """The recording whose name begins so."""
    return next(one for one in read_recordings() if one.name.startswith(name))


def recorded_jwks() -> dict[str, Any]:
    """The keys of the Saleor that was recorded."""
    return dict(json.loads((RECORDINGS / "jwks.json").read_text()))
