"""What the practice shop's people do in Aftercare from outside: the storefront's hand-over, the merchant, a carrier.

Everything goes through Aftercare's public doors, with the tokens that Saleor would give them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx

from .paying import PAYMENT_APP
from .records import App, Fulfillment, Order, User
from .store import PracticeShop
from .tokens import access_token, app_user_token

IDENTIFIER = "saleor.aftercare"
TIMEOUT_S = 20


class AftercareError(Exception):
    """Aftercare could not be reached, or said no."""


@dataclass(frozen=True)
class Aftercare:
    """The app as the outside world reaches it; ``url`` and ``practice_url`` are origins."""

    shop: PracticeShop
    http: httpx.Client
    url: str
    practice_url: str

    @property
    def app(self) -> App | None:
        """The living installation."""
        return self.shop.installed(IDENTIFIER)

    @property
    def portal_url(self) -> str:
        """The customers' pages of this shop, with a slash at the end; before the shop is set up those of all shops."""
        handle = self.shop.state.handle
        return f"{self.url}/portal/{handle}/" if handle else f"{self.url}/portal/"

    @property
    def others(self) -> list[App]:
        """Other living apps with something to show, the payment app not among them."""
        apps = [a for a in self.shop.state.apps if not a.is_deleted]
        return [a for a in apps if a.identifier not in {IDENTIFIER, PAYMENT_APP}]

    def hand_over(self, user: User, order: Order, *, language: str, return_url: str) -> str:
        """Trade the customer's token for an address in the portal, as a storefront does. Raises AftercareError."""
        answer = self._post(
            "/portal/session",
            token=access_token(self.shop, user),
            payload={
                "orderId": order.id,
                "returnUrl": return_url,
                "locale": language,
                "channel": order.channel,
            },
        )
        if "url" not in answer:
            raise AftercareError(_first_message(answer))
        return str(answer["url"])

    def set_up(self) -> None:
        """The merchant names the storefront in Aftercare's settings; a second time changes nothing."""
        known = self._graphql("query PracticeSettings { settings { version allowedOrigins } shop { handle } }")
        settings = known["settings"]
        with self.shop.changing():
            self.shop.state.handle = known["shop"]["handle"]
        if self.practice_url in settings["allowedOrigins"]:
            return
        self._graphql(
            "mutation PracticeSetUp($input: ShopSettingsInput!) {"
            " settingsUpdate(input: $input) { errors { field message } } }",
            input={
                "version": settings["version"],
                "allowedOrigins": [*settings["allowedOrigins"], self.practice_url],
            },
        )

    def report_delivery(self, parcel: Fulfillment) -> None:
        """The practice carrier says that a parcel arrived. Raises AftercareError."""
        data = self._graphql("query PracticeCarrier { shop { handle } settings { carrierSecret } }")
        answer = self._post(
            f"/carriers/{data['shop']['handle']}/events/",
            token=data["settings"]["carrierSecret"],
            payload={
                "tracking_number": parcel.tracking_number,
                "status": "delivered",
                "at": self.shop.now().isoformat(),
            },
        )
        if "errors" in answer:
            raise AftercareError(_first_message(answer))

    def add_account(self, kind: str, account: dict[str, Any]) -> None:
        """The merchant adds an account of a channel, unless one of its address is there. Raises AftercareError."""
        query = "query PracticeAccounts($kind: String!) { channelAccounts(kind: $kind) { address } }"
        known = self._graphql(query, kind=kind)["channelAccounts"]
        if any(one["address"] == account["address"] for one in known):
            return
        self._graphql(
            "mutation PracticeAccount($kind: String!, $input: ChannelAccountInput!) {"
            " channelAccountCreate(kind: $kind, input: $input) { errors { field message } } }",
            kind=kind,
            input=account,
        )

    def do(self, mutation: str, **variables: Any) -> None:
        """Something that the merchant does in the Dashboard. Raises AftercareError."""
        self._graphql(mutation, **variables)

    def bring(self, kind: str, door: str, form: dict[str, str]) -> None:
        """A service brings a form to the door of an account of that kind. Raises AftercareError."""
        request = httpx.Request("POST", "https://form.invalid", data=form)
        self.knock(kind, door, request.read(), {"Content-Type": request.headers["Content-Type"]})

    def knock(self, kind: str, door: str, body: bytes, headers: dict[str, str]) -> None:
        """A service brings what it has to the door of an account of that kind. Raises AftercareError."""
        url = self.door(kind, door)
        try:
            response = self.http.post(url, content=body, headers=headers, timeout=TIMEOUT_S)
        except httpx.HTTPError as error:
            raise AftercareError(f"Aftercare does not answer ({type(error).__name__}).") from error
        if not response.is_success:
            raise AftercareError(f"Aftercare answered {response.status_code}.")

    def door(self, kind: str, door: str) -> str:
        """Where Aftercare wants to be told of something. Raises AftercareError."""
        query = "query PracticeDoors($kind: String!) { channelAccounts(kind: $kind) { doors { door url } } }"
        for account in self._graphql(query, kind=kind)["channelAccounts"]:
            for one in account["doors"]:
                if one["door"] == door:
                    return str(one["url"])
        raise AftercareError("Aftercare has no account for this.")

    def _graphql(self, query: str, **variables: Any) -> dict[str, Any]:
        """Ask as the owner of the shop, through the token the Dashboard would hand over."""
        app = self.app
        if app is None:
            raise AftercareError("Aftercare is not installed.")
        owner = next(u for u in self.shop.state.users if u.is_staff)
        answer = self._post(
            "/graphql/",
            token=app_user_token(self.shop, owner, app),
            payload={"query": query, "variables": variables},
        )
        if answer.get("errors") or not answer.get("data"):
            raise AftercareError(_first_message(answer))
        data: dict[str, Any] = answer["data"]
        for result in data.values():
            if isinstance(result, dict) and result.get("errors"):
                raise AftercareError(_first_message(result))
        return data

    def _post(self, path: str, *, token: str, payload: dict[str, Any]) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {token}", "Saleor-Api-Url": self.shop.api_url}
        try:
            response = self.http.post(f"{self.url}{path}", json=payload, headers=headers, timeout=TIMEOUT_S)
            answer: dict[str, Any] = response.json()
        except httpx.HTTPError as error:
            raise AftercareError(f"Aftercare does not answer ({type(error).__name__}).") from error
        except ValueError as error:
            raise AftercareError(f"Aftercare answered {response.status_code} without JSON.") from error
        return answer


def _first_message(answer: dict[str, Any]) -> str:
    errors = answer.get("errors") or [{}]
    return str(errors[0].get("message") or "Aftercare said no.")
