"""Labels and tracking beside a running Saleor: a label program of the shop's own, and what Saleor is told of it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest

from saleor_aftercare.core.errors import Unauthenticated
from saleor_aftercare.core.signatures import HEADER, check_signature

from .conftest import Service, text_of
from .driver import GraphQL, Saleor, wait_for
from .test_main_job import bought, with_return_address

pytestmark = pytest.mark.saleor

#: An address that no other test reads mail of.
EVE = "eve.sends.back@example.com"
RIGHT, WRONG = "the secret that both sides know", "a secret that the program does not know"
PDF = "JVBERi0xLjcKJSVFT0YK"

CREATE = """mutation($i:ReturnRequestCreateInput!){returnRequestCreate(input:$i){return{id number state}
  errors{field message code}}}"""
PARCELS = (
    "query($id:ID!){return(id:$id){state parcels{id state carrier trackingNumber cost{amount} a6Url error actions}}}"
)
SAVE = """mutation($i:LabelProviderInput!){labelProviderUpdate(input:$i){provider{slug ready chosen}
  errors{field message code}}}"""
TEST = 'mutation{labelProviderTest(provider:"webhook"){problem errors{field message code}}}'


class Program:
    """A merchant's label program on this machine."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        program = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                try:
                    check_signature(self.headers[HEADER], RIGHT, body, at=datetime.now(tz=UTC))
                    status, answer = 200, program.answer(json.loads(body))
                except Unauthenticated as error:
                    status, answer = 401, {"error": error.message}
                data = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_args: Any) -> None:
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/labels"

    def answer(self, asked: dict[str, Any]) -> dict[str, Any]:
        """A label for any purchase."""
        self.asked.append(asked)
        if asked["action"] != "buy":
            return {"status": "ok"}
        label = {"carrier": "Pigeon Post", "tracking_number": f"PP-{asked['request']['return_number']}"}
        paid = {"cost": {"amount": "3.20", "currency": "USD"}, "expires_on": "2030-01-31", "label_base64": PDF}
        return {"status": "ready", "label": label | paid}


@pytest.fixture(scope="module")
def program() -> Iterator[Program]:
    program = Program()
    yield program
    program.server.shutdown()
    program.server.server_close()


def use(staff: GraphQL, program: Program, secret: str) -> None:
    credentials = [{"name": "url", "value": program.url}, {"name": "secret", "value": secret}]
    saved = staff(SAVE, i={"provider": "webhook", "credentials": credentials, "choose": True})
    assert saved["labelProviderUpdate"]["provider"] == {"slug": "webhook", "ready": True, "chosen": True}


def problems(saleor: Saleor, app_id: str) -> list[dict[str, Any]]:
    """What Saleor's Dashboard shows beside the app, and nobody has dismissed."""
    saleor.renew()
    rows = saleor.staff("query($id:ID!){app(id:$id){problems{key message dismissed{by}}}}", id=app_id)["app"][
        "problems"
    ]
    return [one for one in rows if one["key"] == "label-provider:webhook" and not one["dismissed"]]


def test_wrong_credentials_stand_in_saleor_until_they_are_mended(saleor, service, staff, app_id, program):
    use(staff, program, WRONG)

    assert "does not accept" in staff(TEST)["labelProviderTest"]["problem"]
    (problem,) = wait_for("the problem in Saleor", lambda: problems(saleor, app_id))
    assert "credentials" in problem["message"]

    use(staff, program, RIGHT)
    assert staff(TEST)["labelProviderTest"]["problem"] is None
    wait_for("Saleor to forget the problem", lambda: not problems(saleor, app_id))


def test_a_bought_label_reaches_the_customer_and_its_way_is_followed(
    saleor: Saleor, service: Service, staff: GraphQL, program: Program, payments: GraphQL
):
    with_return_address(staff)
    use(staff, program, RIGHT)
    placed = saleor.place_order(quantity=1, email=EVE)
    saleor.pay_by_card(placed, payments)
    saleor.fulfill(placed)
    order = bought(saleor, staff, placed)
    made = staff(
        CREATE,
        i={
            "orderId": order["id"],
            "lines": [{"orderLineId": order["lines"][0]["id"], "quantity": 1, "reason": "defective"}],
        },
    )["returnRequestCreate"]["return"]
    if made["state"] == "REQUESTED":
        staff("mutation($id:ID!){returnApprove(id:$id){return{state} errors{field message code}}}", id=made["id"])

    def ready() -> dict[str, Any] | None:
        parcels = staff(PARCELS, id=made["id"])["return"]["parcels"]
        return parcels[0] if parcels and parcels[0]["state"] == "READY" else None

    parcel = wait_for("the label", ready)
    assert parcel["carrier"] in {"Pigeon Post", "printable"}
    assert made["number"] in text_of(service.letter(EVE, made["number"]))
    assert httpx.get(parcel["a6Url"], timeout=30).content.startswith(b"%PDF-")

    sent = staff(
        'mutation($id:ID!){parcelMarkSent(id:$id,trackingNumber:"EVE-1"){parcel{state} errors{field message code}}}',
        id=parcel["id"],
    )["parcelMarkSent"]
    assert sent["parcel"]["state"] == "IN_TRANSIT"
    secret = staff("{settings{carrierSecret}}")["settings"]["carrierSecret"]
    handle = staff("query($id:ID!){return(id:$id){statusUrl}}", id=made["id"])["return"]["statusUrl"].split("/")[4]
    event = {"tracking_number": "EVE-1", "status": "delivered", "at": datetime.now(tz=UTC).isoformat()}
    told = httpx.post(
        f"{service.url}/carriers/{handle}/events/",
        json=event,
        headers={"Authorization": f"Bearer {secret}"},
        timeout=30,
    )
    assert told.json() == {"parcels": 1}
    wait_for("the arrival", lambda: staff(PARCELS, id=made["id"])["return"]["state"] == "ARRIVED")
