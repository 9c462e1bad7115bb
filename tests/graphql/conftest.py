"""All of these tests happen at noon of one day."""

from collections.abc import Iterator

import httpx
import pytest
import time_machine

from saleor_aftercare.connection import client
from tests.graphql.dock import EAST
from tests.make import NOON


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def no_saleor() -> Iterator[None]:
    """A Saleor that knows no order: what we do not know does not exist."""

    def answer(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"data": {"order": None}})

    with client.using_transport(httpx.MockTransport(answer)):
        yield


@pytest.fixture
def unreachable_saleor() -> Iterator[None]:
    """A Saleor that does not answer: what we know has to do."""

    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    with client.using_transport(httpx.MockTransport(refuse)):
        yield


@pytest.fixture
def two_warehouses() -> Iterator[None]:
    """A Saleor with two warehouses, and nothing else that anybody asks."""

    def answer(_request: httpx.Request) -> httpx.Response:
        places = [{"node": {"id": EAST, "name": "East"}}, {"node": {"id": "V2FyZWhvdXNlOjI=", "name": "West"}}]
        page = {"edges": places, "pageInfo": {"hasNextPage": False, "endCursor": None}}
        return httpx.Response(200, json={"data": {"warehouses": page, "order": None}})

    with client.using_transport(httpx.MockTransport(answer)):
        yield
