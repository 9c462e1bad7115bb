"""The practice shop's addresses."""

from __future__ import annotations

from django.urls import path

from .views import control, dashboard, front, look, mail, storefront, talk

urlpatterns = [
    path("", front.front),
    path("healthz", front.health),
    path("choose/", look.choose),
    path("graphql/", front.saleor),
    path(".well-known/jwks.json", front.saleor),
    path("pictures/<slug:slug>.png", front.picture),
    path("assets/<str:name>", front.asset),
    path("shop/", storefront.home),
    path("shop/sign-in/", storefront.sign_in),
    path("shop/sign-out/", storefront.sign_out),
    path("shop/account/", storefront.account),
    path("shop/orders/<str:order_id>/help/", storefront.get_help),
    path("dashboard/", dashboard.home),
    path("dashboard/sign-in/", dashboard.sign_in),
    path("dashboard/token/", dashboard.token),
    path("dashboard/orders/", dashboard.orders),
    path("dashboard/orders", dashboard.orders),
    path("dashboard/orders/<str:order_id>", dashboard.order),
    path("dashboard/customers/", dashboard.customers),
    path("dashboard/customers", dashboard.customers),
    path("dashboard/customers/<str:user_id>", dashboard.customer),
    path("dashboard/extensions/app/<str:app_id>/", dashboard.app_page),
    path("dashboard/extensions/app/<str:app_id>/<path:path>", dashboard.app_page),
    path("control/", control.panel),
    path("control/install", control.install),
    path("control/<slug:name>/", control.press),
    path("mailbox/", mail.box),
    path("line/", talk.line),
    path("line/api/<path:path>", talk.line_api),
    path("line/<str:user_id>/", talk.line),
    path("line/<str:user_id>/say/", talk.say),
    path("telephone/call/", talk.call),
    path("mailbox/write/", mail.write),
    path("mailbox/send/", mail.send),
    path("mailbox/<str:name>/", mail.box),
    path("mailbox/<str:name>/<int:number>/", mail.attachment),
]
