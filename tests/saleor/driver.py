"""Driving a running Saleor the way its staff, its customers and a payment app do."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeVar
from uuid import uuid4

import httpx

T = TypeVar("T")

ADDRESS = {
    "firstName": "Hanako",
    "lastName": "Aftercare",
    "streetAddress1": "1 Test Street",
    "city": "NEW YORK",
    "postalCode": "10001",
    "country": "US",
    "countryArea": "NY",
    "phone": "+12125550100",
}


def wait_for(what: str, look: Callable[[], T | None], *, seconds: float = 120) -> T:
    """What ``look`` finds, asked until it is there."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found := look():
            return found
        time.sleep(0.25)
    raise AssertionError(f"{what} did not happen within {seconds} s")


class GraphQL:
    """A GraphQL endpoint and who asks there."""

    def __init__(self, url: str, token: str = "", **headers: str) -> None:
        bearer = {"Authorization": f"Bearer {token}"} if token else {}
        self.headers = {**bearer, **headers}
        self.url = url

    def post(self, **body: Any) -> httpx.Response:
        """One request, whatever comes back."""
        return httpx.post(self.url, headers=self.headers, timeout=60, **body)

    def __call__(self, query: str, **variables: Any) -> dict[str, Any]:
        """Run a document; fails the test for any error, also one inside a payload."""
        return self._data(self.post(json={"query": query, "variables": variables}))

    def upload(self, query: str, *, paths: dict[str, tuple[str, bytes, str]], **variables: Any) -> dict[str, Any]:
        """Run a document with files (GraphQL multipart request): ``paths`` maps a variable's path to a file."""
        operations = json.dumps({"query": query, "variables": variables})
        names = {str(n): [path] for n, path in enumerate(paths)}
        files = {str(n): file for n, file in enumerate(paths.values())}
        data = {"operations": operations, "map": json.dumps(names)}
        return self._data(self.post(data=data, files=files))

    @staticmethod
    def _data(response: httpx.Response) -> dict[str, Any]:
        answer = response.json()
        assert "errors" not in answer, answer
        for payload in answer["data"].values():
            assert not (isinstance(payload, dict) and payload.get("errors")), payload
        return answer["data"]


class PaymentApp:
    """A payment app on this machine that pays back whatever Saleor asks for, up to a limit that a test may set."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.refuse_above: float | None = None
        #: It only says that it has begun, and reports the result some day.
        self.answers_later = False
        app = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                app.asked.append(body)
                amount = body["action"]["amount"]
                refused = app.refuse_above is not None and amount > app.refuse_above
                begun = {"pspReference": f"psp-{uuid4()}"}
                result = {
                    "result": "REFUND_FAILURE" if refused else "REFUND_SUCCESS",
                    "amount": amount,
                    "message": "card closed" if refused else "",
                }
                body["answer"] = begun
                answer = json.dumps(begun if app.answers_later else begun | result).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *args: Any) -> None:
                """Be quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Answer nobody any more."""
        self.server.shutdown()
        self.server.server_close()

    @property
    def url(self) -> str:
        """Where Saleor asks for refunds."""
        return f"http://127.0.0.1:{self.server.server_port}/refund"


@dataclass
class Saleor:
    """A running Saleor with somebody signed in."""

    url: str
    email: str
    password: str

    def __post_init__(self) -> None:
        self._tokens: dict[str, tuple[str, float]] = {}
        token = self.sign_in(self.email, self.password)
        self.staff = GraphQL(self.url, token)
        channels = self.staff("{channels{id slug currencyCode isActive}}")["channels"]
        usable = [c for c in channels if c["isActive"]]
        self.channel = next((c for c in usable if c["slug"] == "default-channel"), usable[0])

    def sign_in(self, email: str, password: str) -> str:
        """A user's access token; the same one for some minutes, for Saleor counts attempts."""
        token, until = self._tokens.get(email, ("", 0.0))
        if time.monotonic() > until:
            query = "mutation($e:String!,$p:String!){tokenCreate(email:$e,password:$p){token errors{message}}}"
            token = GraphQL(self.url)(query, e=email, p=password)["tokenCreate"]["token"]
            self._tokens[email] = (token, time.monotonic() + 180)
        return token

    def renew(self) -> None:
        """Tokens live for five minutes."""
        self.staff = GraphQL(self.url, self.sign_in(self.email, self.password))

    def install(self, manifest_url: str) -> str:
        """Install an app as staff do, replacing an earlier installation; returns its id."""
        apps = self.staff("{apps(first:100){edges{node{id identifier}}}}")["apps"]["edges"]
        for edge in apps:
            if edge["node"]["identifier"] == "saleor.aftercare":
                self.staff("mutation($id:ID!){appDelete(id:$id){errors{message}}}", id=edge["node"]["id"])
        permissions = self.staff(
            "mutation($u:String!){appFetchManifest(manifestUrl:$u)"
            "{manifest{name permissions{code}} errors{field message code}}}",
            u=manifest_url,
        )["appFetchManifest"]["manifest"]["permissions"]
        installation = self.staff(
            "mutation($i:AppInstallInput!){appInstall(input:$i){appInstallation{id} errors{field message code}}}",
            i={
                "appName": "Saleor Aftercare",
                "manifestUrl": manifest_url,
                "permissions": [p["code"] for p in permissions],
                "activateAfterInstallation": True,
            },
        )["appInstall"]["appInstallation"]["id"]

        def installed() -> str | None:
            for one in self.staff("{appsInstallations{id status message}}")["appsInstallations"]:
                if one["id"] == installation:
                    assert one["status"] != "FAILED", one
                    return None
            nodes = self.staff("{apps(first:100){edges{node{id identifier isActive}}}}")["apps"]["edges"]
            found = [
                e["node"]["id"]
                for e in nodes
                if e["node"]["identifier"] == "saleor.aftercare" and e["node"]["isActive"]
            ]
            return found[-1] if found else None

        return wait_for("the installation", installed)

    def app_token(self, app_id: str) -> str:
        """What the Dashboard hands to the app's page."""
        return self.staff("query($id:ID!){app(id:$id){accessToken}}", id=app_id)["app"]["accessToken"]

    def add_payment_app(self, app: PaymentApp) -> GraphQL:
        """Make a payment app in Saleor that ``app`` stands behind; returns Saleor as that app sees it."""
        made = self.staff(
            'mutation{appCreate(input:{name:"Aftercare test payments",permissions:[HANDLE_PAYMENTS,MANAGE_ORDERS]})'
            "{authToken app{id} errors{message}}}"
        )["appCreate"]
        query = (
            "subscription{event{... on TransactionRefundRequested{action{actionType amount currency}"
            " transaction{id pspReference}}}}"
        )
        self.staff(
            "mutation($i:WebhookCreateInput!){webhookCreate(input:$i){webhook{id} errors{field message}}}",
            i={
                "name": "refunds",
                "targetUrl": app.url,
                "app": made["app"]["id"],
                "syncEvents": ["TRANSACTION_REFUND_REQUESTED"],
                "isActive": True,
                "query": query,
            },
        )
        return GraphQL(self.url, made["authToken"])

    def place_order(
        self, *, quantity: int, email: str = "", user: str = "", language: str = "EN", counted: bool = False
    ) -> dict[str, Any]:
        """A confirmed order of one product, not paid yet; ``counted``: one of whose stock Saleor keeps count."""
        variant = self._sellable(quantity, counted=counted)
        who = {"user": user} if user else {"userEmail": email}
        draft = self.staff(
            "mutation($i:DraftOrderCreateInput!){draftOrderCreate(input:$i)"
            "{order{id shippingMethods{id name price{amount} active}} errors{field message code}}}",
            i={
                **who,
                "channelId": self.channel["id"],
                "billingAddress": ADDRESS,
                "shippingAddress": ADDRESS,
                "languageCode": language,
                "lines": [{"variantId": variant["id"], "quantity": quantity}],
            },
        )["draftOrderCreate"]["order"]
        method = max((m for m in draft["shippingMethods"] if m["active"]), key=lambda m: m["price"]["amount"])
        self.staff(
            "mutation($id:ID!,$i:DraftOrderInput!){draftOrderUpdate(id:$id,input:$i){order{id} errors{field message}}}",
            id=draft["id"],
            i={"shippingMethod": method["id"]},
        )
        self.staff(
            "mutation($id:ID!){draftOrderComplete(id:$id){order{id} errors{field message code}}}", id=draft["id"]
        )
        return self.order(draft["id"]) | {"warehouse": variant["warehouse"]}

    def _sellable(self, quantity: int, *, counted: bool = False) -> dict[str, Any]:
        products = self.staff(
            "query($c:String!){products(first:50,channel:$c,filter:{isAvailable:true})"
            "{edges{node{productType{kind isShippingRequired} variants{id trackInventory"
            " stocks{quantity quantityAllocated warehouse{id shippingZones(first:50){edges{node{countries{code}"
            " channels{slug}}}}}}}}}}}",
            c=self.channel["slug"],
        )["products"]["edges"]
        for edge in products:
            kind = edge["node"]["productType"]
            if kind["kind"] != "NORMAL" or not kind["isShippingRequired"]:
                continue
            for variant in edge["node"]["variants"] or ():
                if counted and not variant["trackInventory"]:
                    continue
                for stock in variant["stocks"] or ():
                    zones = [z["node"] for z in stock["warehouse"]["shippingZones"]["edges"]]
                    reaches = any(
                        any(c["code"] == "US" for c in z["countries"])
                        and any(c["slug"] == self.channel["slug"] for c in z["channels"])
                        for z in zones
                    )
                    if reaches and stock["quantity"] - stock["quantityAllocated"] >= quantity:
                        return {"id": variant["id"], "warehouse": stock["warehouse"]["id"]}
        raise AssertionError("This Saleor sells nothing that ships")

    def order(self, order_id: str) -> dict[str, Any]:
        """An order and its money."""
        return self.staff(
            "query($id:ID!){order(id:$id){id number status chargeStatus userEmail total{gross{amount currency}}"
            " shippingPrice{gross{amount}} totalCharged{amount} totalRefunded{amount} totalGrantedRefund{amount}"
            " lines{id quantity productName totalPrice{gross{amount}}}"
            " fulfillments{id status reason lines{quantity orderLine{id}}}"
            " grantedRefunds{id status reason amount{amount}} transactions{id name pspReference"
            " chargedAmount{amount} refundedAmount{amount}}}}",
            id=order_id,
        )["order"]

    def pay_by_card(self, order: dict[str, Any], payments: GraphQL) -> None:
        """Charge the whole order through the payment app."""
        total = order["total"]["gross"]
        payments(
            "mutation($id:ID!,$t:TransactionCreateInput!){transactionCreate(id:$id,transaction:$t)"
            "{transaction{id} errors{field message code}}}",
            id=order["id"],
            t={
                "name": "Card",
                "pspReference": f"charge-{uuid4()}",
                "availableActions": ["REFUND"],
                "amountCharged": {"amount": str(total["amount"]), "currency": total["currency"]},
            },
        )

    def mark_as_paid(self, order: dict[str, Any]) -> None:
        """Staff note a bank transfer: no payment app stands behind it."""
        self.staff("mutation($id:ID!){orderMarkAsPaid(id:$id){order{id} errors{field message code}}}", id=order["id"])

    def fulfill(self, order: dict[str, Any]) -> None:
        """Ship everything."""
        self.staff(
            "mutation($o:ID!,$i:OrderFulfillInput!){orderFulfill(order:$o,input:$i)"
            "{fulfillments{id} errors{field message code}}}",
            o=order["id"],
            i={
                "notifyCustomer": False,
                "trackingNumber": "TRK-1234",
                "lines": [
                    {
                        "orderLineId": line["id"],
                        "stocks": [{"quantity": line["quantity"], "warehouse": order["warehouse"]}],
                    }
                    for line in order["lines"]
                ],
            },
        )


class Till:
    """A payment app that pays back, or says no, as a test wishes."""

    def __init__(self, saleor: Saleor) -> None:
        self.app = PaymentApp()
        self.saleor = saleor.add_payment_app(self.app)

    def charge(self, order: dict[str, Any], amount: float, name: str) -> None:
        """Take a part of what the order costs."""
        self.saleor(
            "mutation($id:ID!,$t:TransactionCreateInput!){transactionCreate(id:$id,transaction:$t)"
            "{transaction{id} errors{field message code}}}",
            id=order["id"],
            t={
                "name": name,
                "pspReference": f"charge-{uuid4()}",
                "availableActions": ["REFUND"],
                "amountCharged": {"amount": f"{amount:.2f}", "currency": order["total"]["gross"]["currency"]},
            },
        )
