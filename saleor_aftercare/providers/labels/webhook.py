"""Labels from a merchant's own program: we ask it with signed JSON, it answers at once or calls back.

``docs/providers.md`` has the shapes and a worked example. The program must give the same label whenever it is asked
for one reference (``Idempotency-Key``); that is what makes every retry safe.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar, Final

import httpx
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from saleor_aftercare.core import clock, outside
from saleor_aftercare.core.errors import InvalidInput, ProviderError, ProviderUnavailable
from saleor_aftercare.core.signatures import HEADER, check_signature, signature
from saleor_aftercare.providers.credentials import Credential, Credentials, CredentialsRejected
from saleor_aftercare.providers.documents import as_pdf

from .base import Awaited, Callback, Capabilities, Cost, From, Label, LabelRequest, MaybeBought, News, TrackingNews

VERSION: Final = 1
MIN_SECRET: Final = 16
#: Every combination of what a program may be able to do, in the order in which settings show them.
_FEATURES: Final = (
    "void",
    "track",
    "dropoff",
    "void+track",
    "void+dropoff",
    "track+dropoff",
    "void+track+dropoff",
)
_NAME: Final = "The label program"


class WebhookLabels:
    """Asks the program at ``url``; ``features`` names what it can do beside selling labels."""

    slug: ClassVar[str] = "webhook"
    wants: ClassVar[tuple[Credential, ...]] = (
        Credential(
            name="url", label=gettext_noop("Address of your program"), help="https://labels.example.com/aftercare"
        ),
        Credential(
            name="secret", label=gettext_noop("Shared secret"), secret=True, help=gettext_noop("At least 16 characters")
        ),
        Credential(
            name="features",
            label=gettext_noop("What it can do beside selling labels"),
            required=False,
            choices=_FEATURES,
        ),
    )
    most: ClassVar[Capabilities] = Capabilities(
        deduplicates=True, voids=True, tracks=True, dropoff_codes=True, customs=True
    )

    def __init__(self, credentials: Mapping[str, str]) -> None:
        values = Credentials(values=credentials).check(self.wants)
        self._secret = values["secret"]
        if len(self._secret) < MIN_SECRET:
            raise CredentialsRejected(_("At least %(limit)d characters.") % {"limit": MIN_SECRET}, "secret")
        try:
            self._url = outside.check_url(values["url"], "url")
        except InvalidInput as error:
            raise CredentialsRejected(error.message, "url") from None
        self._features = frozenset(filter(None, values.get("features", "").split("+")))

    @property
    def capabilities(self) -> Capabilities:
        """As far as the merchant says that the program goes."""
        return Capabilities(
            deduplicates=True,
            voids="void" in self._features,
            tracks="track" in self._features,
            dropoff_codes="dropoff" in self._features,
            customs=True,
        )

    def verify(self) -> None:
        """Any signed answer with status 200 will do."""
        self._ask("verify", {})

    def buy(self, request: LabelRequest) -> Label | Awaited:
        """The program's label, or its promise to call back."""
        answer = self._ask("buy", {"request": _request(request)}, key=request.reference)
        found = _outcome(answer)
        if found is None:
            raise ProviderError(f"{_NAME} answered a purchase with “none”")
        return found

    def find(self, reference: str) -> Label | Awaited | None:
        """Whatever the program has for ``reference``; not every program can tell, so buying again is relied upon."""
        return _outcome(self._ask("find", {"reference": reference}))

    def void(self, provider_reference: str) -> None:
        """Have the program give the label back."""
        if not self.capabilities.voids:
            raise ProviderError(_("The label program takes no labels back."))
        self._ask("void", {"provider_reference": provider_reference})

    def track(self, tracking_numbers: Sequence[str]) -> Sequence[TrackingNews]:
        """What the program knows of these parcels."""
        if not self.capabilities.tracks:
            raise ProviderError(_("The label program does not track parcels."))
        answer = self._ask("track", {"tracking_numbers": list(tracking_numbers)})
        events = answer.get("events")
        if not isinstance(events, list):
            raise ProviderError(f"{_NAME} answered without “events”")
        wanted = set(tracking_numbers)
        return [news for one in events if (news := _news(one)).tracking_number in wanted]

    def read_callback(self, header: str, body: bytes, *, at: datetime) -> Callback:
        """What the program says later about a reference that it had accepted.

        Raises Unauthenticated for a signature that does not fit or is too old, ProviderError for an unusable body.
        """
        check_signature(header, self._secret, body, at=at)
        data = _json_object(body)
        reference = data.get("reference")
        if not isinstance(reference, str) or not reference:
            raise ProviderError(f"{_NAME} called back without “reference”", "reference")
        if data.get("status") == "refused":
            return Callback(reference, None, _text(data.get("error"), 300) or "refused")
        found = _outcome(data)
        if not isinstance(found, Label):
            raise ProviderError(f"{_NAME} must call back with “ready” or “refused”", "status")
        return Callback(reference, found, "")

    def _ask(self, action: str, content: Mapping[str, Any], *, key: str = "") -> dict[str, Any]:
        body = json.dumps({"version": VERSION, "action": action, **content}, ensure_ascii=False).encode()
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "SaleorAftercare",
            HEADER: signature(self._secret, body, at=clock.real_now()),
        }
        if key:
            headers["Idempotency-Key"] = key
        lost = MaybeBought if action == "buy" else ProviderUnavailable
        try:
            answer = outside.post(self._url, body, headers)
        except outside.Forbidden as error:
            raise CredentialsRejected(error.message, "url") from None
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            message = _("The label program cannot be reached (%(why)s).")
            raise ProviderUnavailable(message % {"why": type(error).__name__}) from None
        except httpx.InvalidURL:
            raise CredentialsRejected(_("This is no web address."), "url") from None
        except httpx.HTTPError as error:
            raise lost(_("The label program did not answer (%(why)s).") % {"why": type(error).__name__}) from None
        return _read(answer, lost)


def _read(answer: outside.Answer, lost: type[ProviderUnavailable]) -> dict[str, Any]:
    status = answer.status
    if status in {429, 503}:
        wait = answer.headers.get("retry-after", "")
        after = min(int(wait), 3600) if wait.isdigit() else None
        message = _("The label program is busy (%(status)d).")
        raise ProviderUnavailable(message % {"status": status}, retry_after_s=after)
    if status >= 500:
        raise lost(_("The label program answered with an error (%(status)d).") % {"status": status})
    if status in {401, 403}:
        message = _("The label program does not accept the signature (%(status)d).")
        raise CredentialsRejected(message % {"status": status}, "secret")
    if status in {200, 202}:
        try:
            return _json_object(answer.body)
        except ProviderError as error:
            raise lost(error.message) from None
    raise ProviderError(_("The label program refused: %(reason)s") % {"reason": _reason(answer.body) or status})


def _reason(body: bytes) -> str:
    try:
        return _text(_json_object(body).get("error"), 300)
    except ProviderError:
        return ""


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        raise ProviderError(f"{_NAME} sent something that is no JSON") from None
    if not isinstance(data, dict):
        raise ProviderError(f"{_NAME} sent something that is no JSON object")
    return data


def _outcome(data: Mapping[str, Any]) -> Label | Awaited | None:
    match data.get("status"):
        case "ready":
            label = data.get("label")
            if not isinstance(label, dict):
                raise ProviderError(f"{_NAME} sent no label", "label")
            return _label(label)
        case "accepted":
            return Awaited(From.PROVIDER, _text(data.get("provider_reference"), 200))
        case "none":
            return None
        case "refused":
            raise ProviderError(_("The label program refused: %(reason)s") % {"reason": _text(data.get("error"), 300)})
        case _:
            raise ProviderError(f"{_NAME} sent a status that is none of ready, accepted, none, refused", "status")


def _label(data: Mapping[str, Any]) -> Label:
    return Label(
        carrier=_text(data.get("carrier"), 60),
        tracking_number=_text(data.get("tracking_number"), 200),
        tracking_url=_text(data.get("tracking_url"), 1000),
        cost=_cost(data.get("cost")),
        pdf=_document(data.get("label_base64"), "label_base64"),
        expires_on=_day(data.get("expires_on")),
        provider_reference=_text(data.get("provider_reference"), 300),
        dropoff_code=_text(data.get("dropoff_code"), 400),
        customs=_document(data.get("customs_base64"), "customs_base64"),
    )


def _document(value: object, field: str) -> bytes | None:
    if value is None or value == "":
        return None
    try:
        data = base64.b64decode(value if isinstance(value, str) else "", validate=True)
    except (binascii.Error, ValueError):
        raise ProviderError(f"{_NAME} sent a {field} that is no base64", field) from None
    return as_pdf(data)


def _cost(value: object) -> Cost | None:
    if value is None:
        return None
    if not isinstance(value, dict) or not isinstance(value.get("amount"), str):
        raise ProviderError(f"{_NAME} must write a cost as text with a currency", "cost")
    try:
        return Cost(Decimal(value["amount"]), _text(value.get("currency"), 3))
    except InvalidOperation:
        raise ProviderError(f"{_NAME} sent a cost that is no number", "cost") from None


def _day(value: object) -> date | None:
    if value is None or value == "":
        return None
    try:
        return date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        raise ProviderError(f"{_NAME} sent an expires_on that is no day", "expires_on") from None


def _news(value: object) -> TrackingNews:
    try:
        row = dict(value) if isinstance(value, dict) else {}
        at = datetime.fromisoformat(row["at"])
        news = TrackingNews(
            tracking_number=_text(row["tracking_number"], 100),
            status=News(row["status"]),
            at=at,
            description=_text(row.get("description"), 300),
            location=_text(row.get("location"), 200),
        )
    except (KeyError, TypeError, ValueError):
        raise ProviderError(f"{_NAME} sent an event that is not as documented", "events") from None
    if at.tzinfo is None:
        raise ProviderError(f"{_NAME} sent a time without its zone", "events")
    return news


def _text(value: object, limit: int) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ProviderError(f"{_NAME} sent a number or an object in place of text")
    return " ".join(value.split())[:limit]


def _request(request: LabelRequest) -> dict[str, Any]:
    return {
        "reference": request.reference,
        "return_number": request.return_number,
        "order_number": request.order_number,
        "position": request.position,
        "language": request.language,
        "payer": request.payer.value,
        "weight_g": request.weight_g,
        "usual_weight_g": request.usual_weight_g,
        "box_cm": [request.box.length_cm, request.box.width_cm, request.box.height_cm],
        "handover": "dropoff" if request.prefers_dropoff else "label",
        "sender": request.sender.to_json() | {"email": request.sender_email},
        "recipient": request.recipient.to_json(),
        "customs": {
            "reason": "returned_goods",
            "duties": request.duties.value,
            "items": [asdict(one) | {"value": str(one.value)} for one in request.commodities],
        }
        if request.crosses_border
        else None,
    }
