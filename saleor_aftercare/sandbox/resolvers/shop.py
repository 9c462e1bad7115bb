"""The shop itself, its channels and warehouses, metadata and addresses, and how filters match."""

from __future__ import annotations

from typing import Any

from babel import Locale
from graphql import GraphQLError, GraphQLResolveInfo

from saleor_aftercare.sandbox.records import Address, Channel, Record, Warehouse
from saleor_aftercare.sandbox.schema import minor
from saleor_aftercare.sandbox.store import ShopError

from . import field
from .common import caller, found, mutation, page, the_shop

Info = GraphQLResolveInfo

_COUNTRIES: dict[str, str] = dict(Locale("en").territories)
LANGUAGES = {"EN": "English", "JA": "Japanese", "DE": "German", "PL": "Polish"}


def matches(value: Any, wanted: dict[str, Any]) -> bool:
    """Whether a value passes a ``…FilterInput`` or range: eq, oneOf, range, gte, lte."""
    if wanted.get("eq") is not None and value != wanted["eq"]:
        return False
    if wanted.get("one_of") is not None and value not in wanted["one_of"]:
        return False
    limits = wanted.get("range") or wanted
    low, high = limits.get("gte"), limits.get("lte")
    return (low is None or value >= low) and (high is None or value <= high)


@field("Query.shop")
def shop(_: Any, info: Info) -> dict[str, Any]:
    practice = the_shop(info)
    warehouse = practice.state.warehouses[0] if practice.state.warehouses else None
    host = practice.api_url.split("/")[2]
    secure = practice.api_url.startswith("https")
    return {
        "id": "U2hvcDo=",
        "name": practice.state.name,
        "description": "A stand-in for Saleor, for practice",
        "version": practice.version,
        "schemaVersion": minor(practice.version),
        "domain": {
            "host": host,
            "url": practice.api_url.removesuffix("graphql/"),
            "sslEnabled": secure,
        },
        "languages": [{"code": code, "language": name} for code, name in LANGUAGES.items()],
        "defaultCountry": country(warehouse.address.country) if warehouse else None,
        "companyAddress": warehouse.address if warehouse else None,
        "permissions": [],
        "customerSetPasswordUrl": None,
        "fulfillmentAutoApprove": True,
        "fulfillmentAllowUnpaid": False,
        "defaultWeightUnit": "KG",
    }


def country(code: str) -> dict[str, str]:
    """A ``CountryDisplay``."""
    return {"code": code, "country": _COUNTRIES.get(code, code)}


@field("Address.country")
def address_country(address: Address, _info: Info) -> dict[str, str]:
    return country(address.country)


@field("Query.channels")
def channels(_: Any, info: Info) -> list[Channel]:
    caller(info).need("AUTHENTICATED_APP", "AUTHENTICATED_USER")
    return the_shop(info).state.channels


@field("Query.channel")
def channel(_: Any, info: Info, id: str | None = None, slug: str | None = None) -> Any:
    return the_shop(info).channel(slug if id is None else id)


field("Channel.currencyCode")(lambda channel, _info: channel.currency)
field("Channel.isActive")(lambda _channel, _info: True)
field("Channel.defaultCountry")(lambda channel, _info: country(channel.country))
field("Channel.orderSettings")(
    lambda _channel, _info: {
        "markAsPaidStrategy": "TRANSACTION_FLOW",
        "automaticallyConfirmAllNewOrders": True,
        "automaticallyFulfillNonShippableGiftCard": False,
    }
)


@field("Query.warehouses")
def warehouses(
    _: Any,
    info: Info,
    filter: dict[str, Any] | None = None,
    sort_by: dict[str, Any] | None = None,
    **paging: Any,
) -> dict[str, Any]:
    del sort_by
    caller(info).need("MANAGE_PRODUCTS", "MANAGE_ORDERS", "MANAGE_SHIPPING")
    wanted = filter or {}
    rows: list[Warehouse] = [
        w
        for w in the_shop(info).state.warehouses
        if (wanted.get("ids") is None or w.id in wanted["ids"])
        and (wanted.get("slugs") is None or w.slug in wanted["slugs"])
        and (not wanted.get("search") or wanted["search"].lower() in w.name.lower())
    ]
    return page(rows, **paging)


# --- metadata -----------------------------------------------------------------------------------------------------

#: Who may write (and read the private half of) the metadata of what.
METADATA_PERMISSIONS = {
    "Order": "MANAGE_ORDERS",
    "OrderLine": "MANAGE_ORDERS",
    "Fulfillment": "MANAGE_ORDERS",
    "User": "MANAGE_USERS",
    "Product": "MANAGE_PRODUCTS",
    "ProductVariant": "MANAGE_PRODUCTS",
    "TransactionItem": "HANDLE_PAYMENTS",
    "GiftCard": "MANAGE_GIFT_CARD",
    "App": "MANAGE_APPS",
    "Voucher": "MANAGE_DISCOUNTS",
}


def _may(info: Info, record: Record) -> None:
    if record.typename == "App" and caller(info).app is record:
        return
    caller(info).need(METADATA_PERMISSIONS.get(record.typename, "MANAGE_SETTINGS"))


def _items(values: dict[str, str]) -> list[dict[str, str]]:
    return [{"key": key, "value": value} for key, value in values.items()]


for _type in METADATA_PERMISSIONS.keys() | {"Category", "ProductType"}:
    field(f"{_type}.metadata")(lambda record, _info: _items(record.metadata))
    field(f"{_type}.metafield")(lambda record, _info, key: record.metadata.get(key))


def _private(record: Record, info: Info) -> list[dict[str, str]]:
    _may(info, record)
    return _items(record.private_metadata)


def _private_field(record: Record, info: Info, key: str) -> str | None:
    _may(info, record)
    return record.private_metadata.get(key)


for _type in METADATA_PERMISSIONS:
    field(f"{_type}.privateMetadata")(_private)
    field(f"{_type}.privateMetafield")(_private_field)


def _record(info: Info, id_: str) -> Record:
    practice = the_shop(info)
    state = practice.state
    parts: list[Record] = [*state.users, *state.products, *state.variants, *state.gift_cards]
    parts += [*state.apps, *state.vouchers, *state.orders]
    for order in state.orders:
        parts += [*order.lines, *order.fulfillments, *order.transactions]
    record: Record = found(next((x for x in parts if x.id == id_), None))
    return record


_METADATA_EVENTS = {
    "Order": "ORDER_METADATA_UPDATED",
    "Fulfillment": "FULFILLMENT_METADATA_UPDATED",
    "User": "CUSTOMER_METADATA_UPDATED",
}


def _changed(info: Info, record: Record) -> None:
    practice, by = the_shop(info), caller(info).id
    event = _METADATA_EVENTS.get(record.typename)
    extra: dict[str, Any] = {}
    if record.typename == "Fulfillment":
        pair = practice.fulfillment(record.id)
        extra["order"] = pair[0] if pair else None
    if event:
        practice.announce(event, record, principal=by, **extra)
    if record.typename == "User":
        practice.announce("CUSTOMER_UPDATED", record, principal=by)


def _write(name: str, attribute: str) -> None:
    @field(f"Mutation.update{name}")
    @mutation()
    def update(_: Any, info: Info, id: str, input: list[dict[str, str]]) -> dict[str, Any]:
        record = _record(info, id)
        _may(info, record)
        if any(not item["key"].strip() for item in input):
            raise ShopError("REQUIRED", "Metadata key cannot be empty.", "input")
        with the_shop(info).changing():
            getattr(record, attribute).update({item["key"]: item["value"] for item in input})
            _changed(info, record)
        return {"item": record}

    @field(f"Mutation.delete{name}")
    @mutation()
    def delete(_: Any, info: Info, id: str, keys: list[str]) -> dict[str, Any]:
        record = _record(info, id)
        _may(info, record)
        with the_shop(info).changing():
            for key in keys:
                getattr(record, attribute).pop(key, None)
            _changed(info, record)
        return {"item": record}

    del update, delete


_write("Metadata", "metadata")
_write("PrivateMetadata", "private_metadata")


def no_argument(name: str) -> GraphQLError:
    """What Saleor says when none of several alternative arguments came."""
    return GraphQLError(f"At least one of arguments is required: {name}.")
