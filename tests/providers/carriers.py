"""Carriers, played: answers in the shapes that karrio 2026.1.32 reads, over the connection that we give it.

No account with any carrier stands behind these. The shapes follow the carriers' public API descriptions as far as
karrio's mappers use them; what is proved is our side of karrio, not the carriers'.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx
from PIL import Image

from saleor_aftercare.core.address import PostalAddress
from saleor_aftercare.providers.labels.carriers import sdk


def pdf() -> bytes:
    """A label as a PDF that other programs can read."""
    out = io.BytesIO()
    Image.new("1", (812, 1218), 1).save(out, "PDF", resolution=203)
    return out.getvalue()


def png(width: int = 812, height: int = 1218) -> bytes:
    """A label as a picture, 4 by 6 inches at 203 dpi."""
    out = io.BytesIO()
    Image.new("1", (width, height), 1).save(out, "PNG")
    return out.getvalue()


PDF = pdf()


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


Handler = Callable[[httpx.Request], httpx.Response]


@dataclass
class Played:
    """One carrier: what it wants to know, who sends to whom, and how it answers."""

    credentials: Mapping[str, str]
    customer: PostalAddress
    shop: PostalAddress
    answer: Handler
    requests: list[httpx.Request] = field(default_factory=list)
    #: Takes the place of ``answer`` when it returns or raises something.
    trouble: Callable[[httpx.Request], httpx.Response | None] | None = None

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if self.trouble is not None and (response := self.trouble(request)) is not None:
            return response
        return self.answer(request)


@contextmanager
def played_carriers(played: Played) -> Iterator[Played]:
    """Let this one answer whatever karrio asks."""
    played.requests.clear()
    with sdk.using_transport(httpx.MockTransport(played)):
        try:
            yield played
        finally:
            played.trouble = None


def _json(data: object, status: int = 200) -> httpx.Response:
    return httpx.Response(status, json=data)


def _token(_request: httpx.Request) -> httpx.Response:
    issued = "1764000000000"
    return _json({"access_token": "t", "token_type": "Bearer", "expires_in": "3600", "issued_at": issued})


def _dhl_paket(request: httpx.Request) -> httpx.Response:
    path = request.url.path
    if "token" in path:
        return _token(request)
    if path.endswith("/returns/v1/orders"):
        label = {"b64": b64(PDF)}
        return _json({"shipmentNo": "999991587211", "label": label, "routingCode": "40327653113+99000933090010"}, 201)
    return httpx.Response(200, text='<data name="piece-shipment-list" code="100" error="No data found"/>')


def _ups(request: httpx.Request) -> httpx.Response:
    path = request.url.path
    if "token" in path:
        return _token(request)
    if path.endswith("/ship"):
        money = {"CurrencyCode": "USD", "MonetaryValue": "12.34"}
        none = {"CurrencyCode": "USD", "MonetaryValue": "0.00"}
        picture = {"ImageFormat": {"Code": "PNG", "Description": "PNG"}, "GraphicImage": b64(png())}
        number = "1Z999AA10123456784"
        package = {"TrackingNumber": number, "ServiceOptionsCharges": none, "ShippingLabel": picture}
        charges = {"TransportationCharges": money, "ServiceOptionsCharges": none, "TotalCharges": money}
        results = {
            "ShipmentCharges": charges,
            "BillingWeight": {"UnitOfMeasurement": {"Code": "LBS", "Description": "Pounds"}, "Weight": "3.0"},
            "ShipmentIdentificationNumber": number,
            "PackageResults": [package],
        }
        status = {"ResponseStatus": {"Code": "1", "Description": "Success"}}
        return _json({"ShipmentResponse": {"Response": status, "ShipmentResults": results}})
    if "/void/" in path:
        status = {"Code": "1", "Description": "Success"}
        done = {"Response": {"ResponseStatus": status}, "SummaryResult": {"Status": status}}
        return _json({"VoidShipmentResponse": done})
    return _json({"trackResponse": {"shipment": [{"warnings": [{"code": "TW0001", "message": "No data"}]}]}})


def _fedex(request: httpx.Request) -> httpx.Response:
    path = request.url.path
    if "token" in path:
        return _token(request)
    if path.endswith("/ship/v1/shipments"):
        document = {"contentType": "LABEL", "docType": "PDF", "encodedLabel": b64(PDF)}
        shipment = {
            "serviceType": "FEDEX_GROUND",
            "masterTrackingNumber": "794953535000",
            "pieceResponses": [{"trackingNumber": "794953535000", "packageDocuments": [document]}],
        }
        return _json({"transactionId": "1", "output": {"transactionShipments": [shipment]}})
    if path.endswith("/cancel"):
        return _json({"transactionId": "1", "output": {"cancelledShipment": True}})
    return _json({"transactionId": "1", "output": {"completeTrackResults": []}})


def _usps(request: httpx.Request) -> httpx.Response:
    path = request.url.path
    if "token" in path:
        return _token(request)
    if "payment-authorization" in path:
        return _json({"paymentAuthorizationToken": "p", "roles": []})
    if path.endswith("/labels/v3/label"):
        about = {"trackingNumber": "9234690361980900000142", "postage": 8.76, "SKU": "DUXR", "serviceTypeCode": "346"}
        return _json({"labelMetadata": about | {"commitment": {"name": "3 Days"}}, "labelImage": b64(PDF)})
    if request.method == "DELETE":
        return _json({"trackingNumber": "9234690361980900000142", "status": "CANCELED"})
    return _json({"error": {"code": "404", "message": "A status update is not yet available.", "errors": []}}, 404)


def _canada_post(request: httpx.Request) -> httpx.Response:
    path = request.url.path
    if path.endswith("/authorizedreturn"):
        link = 'rel="label" href="https://ct.soa-gw.canadapost.ca/rs/artifact/1" media-type="application/pdf" index="0"'
        return httpx.Response(
            200,
            text='<?xml version="1.0" encoding="UTF-8"?>'
            '<authorized-return-info xmlns="http://www.canadapost.ca/ws/authreturn-v2">'
            f"<tracking-pin>987654321098</tracking-pin><links><link {link}/></links></authorized-return-info>",
        )
    if "/artifact/" in path:
        return httpx.Response(200, content=PDF)
    message = "<message><code>004</code><description>No Pin History</description></message>"
    return httpx.Response(404, text=f'<messages xmlns="http://www.canadapost.ca/ws/messages">{message}</messages>')


def _dhl_express(request: httpx.Request) -> httpx.Response:
    body = request.content.decode()
    if "ShipmentRequest" in body:
        return httpx.Response(
            200,
            text='<?xml version="1.0" encoding="UTF-8"?><res:ShipmentResponse xmlns:res="http://www.dhl.com">'
            "<AirwayBillNumber>7520067111</AirwayBillNumber><CurrencyCode>EUR</CurrencyCode>"
            "<ShippingCharge>23.45</ShippingCharge><LabelImage><OutputFormat>PDF</OutputFormat>"
            f"<OutputImage>{b64(PDF)}</OutputImage></LabelImage></res:ShipmentResponse>",
        )
    condition = (
        "<Condition><ConditionCode>209</ConditionCode><ConditionData>No Shipments Found</ConditionData></Condition>"
    )
    status = f"<Status><ActionStatus>No Shipments Found</ActionStatus>{condition}</Status>"
    info = f"<AWBInfo><AWBNumber>1234567890</AWBNumber>{status}</AWBInfo>"
    return httpx.Response(
        200, text=f'<req:TrackingResponse xmlns:req="http://www.dhl.com">{info}</req:TrackingResponse>'
    )


def _gls(request: httpx.Request) -> httpx.Response:
    path = request.url.path
    if "token" in path:
        return _token(request)
    if path.endswith("/rs/shipments"):
        label = {"labelData": b64(PDF), "format": "PDF"}
        return _json({"shipmentId": "S1", "trackingNumbers": ["ZHO9AXAC"], "labels": [label], "status": "CREATED"})
    return _json({"parcels": []})


_BERLIN = PostalAddress(
    name="Ada Example", street1="Lange Str. 5", city="Berlin", postal_code="10115", country="DE", phone="+4930123456"
)
_HAMBURG = PostalAddress(
    company="Laden GmbH", street1="Hafenweg 1", city="Hamburg", postal_code="20095", country="DE", phone="+4940123456"
)
_SPRINGFIELD = PostalAddress(
    name="Ada Example",
    street1="1 Main St",
    city="Springfield",
    postal_code="62701",
    country_area="IL",
    country="US",
    phone="2125551234",
)
_CHICAGO = PostalAddress(
    company="Shop Inc",
    street1="2 Dock Rd",
    city="Chicago",
    postal_code="60601",
    country_area="IL",
    country="US",
    phone="3125551234",
)
_MONTREAL = PostalAddress(
    name="Ada Example", street1="1 Rue X", city="Montreal", postal_code="H2X1Y4", country_area="QC", country="CA"
)
_TORONTO = PostalAddress(
    company="Shop", street1="1 King St", city="Toronto", postal_code="M5H1A1", country_area="ON", country="CA"
)

CARRIERS_PLAYED: dict[str, Played] = {
    "dhl_parcel_de": Played(
        {"username": "u", "password": "p", "client_id": "c", "client_secret": "s"}, _BERLIN, _HAMBURG, _dhl_paket
    ),
    "dhl_express": Played({"site_id": "u", "password": "p", "account_number": "A1"}, _BERLIN, _HAMBURG, _dhl_express),
    "ups": Played({"client_id": "c", "client_secret": "s", "account_number": "A1"}, _SPRINGFIELD, _CHICAGO, _ups),
    "fedex": Played({"api_key": "c", "secret_key": "s", "account_number": "A1"}, _SPRINGFIELD, _CHICAGO, _fedex),
    "usps": Played(
        {"client_id": "c", "client_secret": "s", "account_number": "A1", "CRID": "1", "MID": "2"},
        _SPRINGFIELD,
        _CHICAGO,
        _usps,
    ),
    "canadapost": Played(
        {"username": "u", "password": "p", "customer_number": "C1"}, _MONTREAL, _TORONTO, _canada_post
    ),
    "gls": Played({"client_id": "c", "client_secret": "s", "contact_id": "X"}, _BERLIN, _HAMBURG, _gls),
}
