"""Aftercare, as far as the practice shop knocks at its doors."""

from __future__ import annotations

import httpx

AFTERCARE = "https://aftercare.test"


class FakeAftercare:
    """Aftercare's doors, as far as the practice shop knocks at them."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []
        self.hand_over = httpx.Response(200, json={"url": f"{AFTERCARE}/portal/enter/once/?order=1"})

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if request.url.path == "/saleor/manifest.json":
            return httpx.Response(200, json=MANIFEST)
        if request.url.path == "/portal/session":
            return self.hand_over
        if request.url.path == "/graphql/":
            data = {
                "settings": {"version": 1, "allowedOrigins": [], "carrierSecret": "acc_1"},
                "shop": {"handle": "kaze"},
                "channelAccounts": [
                    {"address": "care@shop.example", "doors": [{"door": "inbound", "url": f"{AFTERCARE}/inbound/"}]}
                ],
            }
            return httpx.Response(200, json={"data": data})
        return httpx.Response(200, json={})

    def sent_to(self, path: str) -> list[httpx.Request]:
        """Requests to one door."""
        return [r for r in self.requests if r.url.path == path]


MANIFEST = {
    "id": "saleor.aftercare",
    "name": "Saleor Aftercare",
    "version": "0.1.0",
    "appUrl": AFTERCARE,
    "tokenTargetUrl": f"{AFTERCARE}/saleor/register",
    "permissions": ["MANAGE_ORDERS", "MANAGE_USERS"],
    "extensions": [
        {
            "label": "Aftercare",
            "mount": "NAVIGATION_ORDERS",
            "target": "APP_PAGE",
            "url": "/inbox",
            "permissions": ["MANAGE_ORDERS"],
        },
        {
            "label": "Order help",
            "mount": "ORDER_DETAILS_WIDGETS",
            "target": "WIDGET",
            "url": f"{AFTERCARE}/widgets/order",
            "permissions": ["MANAGE_ORDERS"],
            "options": {"widgetTarget": {"method": "GET"}},
        },
        {
            "label": "Posted",
            "mount": "CUSTOMER_DETAILS_WIDGETS",
            "target": "WIDGET",
            "url": f"{AFTERCARE}/widgets/customer",
            "permissions": ["MANAGE_ORDERS"],
        },
        {
            "label": "Start return…",
            "mount": "ORDER_DETAILS_MORE_ACTIONS",
            "target": "POPUP",
            "url": "/popup/return",
            "identifier": "start-return",
            "permissions": ["MANAGE_ORDERS"],
        },
    ],
}
