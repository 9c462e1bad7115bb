"""The practice shop: a stand-in for Saleor, its Dashboard frame and a storefront, for the demo and for tests.

Nothing else of the package imports it, and it imports nothing of Aftercare but its clock: to Aftercare it is the
outside world. In a test::

    from saleor_aftercare.sandbox import PracticeShop, PracticeTransport, Webhooks, Installer, fill

    shop = PracticeShop()                       # in memory, https://shop.test/graphql/, acts as 3.23.28
    fill(shop)                                  # the demo's catalogue, customers and orders
    http = httpx.Client(transport=PracticeTransport(shop))           # give this to Aftercare's client
    hooks = Webhooks(shop, httpx.Client(transport=...to Aftercare...))
    app = Installer(shop, httpx.Client(transport=...to Aftercare...)).install("https://aftercare.test/saleor/manifest.json")

    order = place_order(shop, user=shop.user(email="…"), lines=[("KETTLE-KAZE-12", 2)])
    pay_by_card(shop, order)                    # or mark_as_paid: no payment app, so no refund through Saleor
    parcel = fulfill(shop, order, tracking_number="1234-5678")
    hooks.pump()                                # deliver; forward_s=310 lives through all retries
    settle_refunds(shop)                        # the payment app answers; or "failure", "pending"

    shop.faults.add("lost", operation="orderGrantRefundCreate")      # also "500", "timeout", "token"
    hooks.disorder.shuffle = True               # duplicate, lose={"ORDER_UPDATED"}, broken_order, deferred

Tokens: :func:`access_token` (customers, staff), :func:`app_user_token` (what the Dashboard hands to an app's page).
"""

from .faults import Faults
from .fulfilling import ReturnedLine, SentLine, cancel_fulfillment, fulfill, return_products, update_tracking
from .install import Installer, InstallError, set_active, uninstall
from .ordering import add_note, cancel_order, place_order
from .paying import create_transaction, mark_as_paid, pay_by_card, pay_by_gift_card, payment_app
from .refunding import AskedLine, grant_refund, request_granted_refund, request_refund, settle_refunds
from .seed import fill
from .store import PracticeShop, ShopError, to_global_id
from .tokens import access_token, app_user_token, refresh_token, sign_detached
from .transport import PracticeTransport
from .webhooks import Disorder, Webhooks

__all__ = [
    "AskedLine", "Disorder", "Faults", "InstallError", "Installer", "PracticeShop", "PracticeTransport",
    "ReturnedLine", "SentLine", "ShopError", "Webhooks", "access_token", "add_note", "app_user_token",
    "cancel_fulfillment", "cancel_order", "create_transaction", "fill", "fulfill", "grant_refund", "mark_as_paid",
    "pay_by_card", "pay_by_gift_card", "payment_app", "place_order", "refresh_token", "request_granted_refund",
    "request_refund", "return_products", "set_active", "settle_refunds", "sign_detached", "to_global_id", "uninstall",
    "update_tracking",
]  # fmt: skip
