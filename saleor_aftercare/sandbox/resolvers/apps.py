"""Apps, their webhooks and deliveries, as Saleor shows them."""

from __future__ import annotations

import json
from typing import Any

from graphql import GraphQLResolveInfo

from saleor_aftercare.sandbox.happenings import PERMISSIONS
from saleor_aftercare.sandbox.records import App, Extension, Webhook
from saleor_aftercare.sandbox.tokens import app_user_token

from . import field
from .common import caller, page, the_shop
from .people import permission_list

Info = GraphQLResolveInfo


@field("Query.app")
def app(_: Any, info: Info, id: str | None = None) -> App | None:
    """An app about itself, or any app with MANAGE_APPS."""
    who = caller(info)
    if id is None or (who.app is not None and who.app.id == id):
        who.need("AUTHENTICATED_APP")
        return who.app
    who.need("MANAGE_APPS")
    found = the_shop(info).app(id)
    return None if found is None or found.is_deleted else found


@field("Query.apps")
def apps(_: Any, info: Info, **arguments: Any) -> dict[str, Any]:
    caller(info).need("MANAGE_APPS")
    paging = {k: v for k, v in arguments.items() if k in {"first", "after", "last", "before"}}
    return page([a for a in the_shop(info).state.apps if not a.is_deleted], **paging)


field("App.type")(lambda _app, _info: "THIRDPARTY")
field("App.permissions", "AppExtension.permissions")(lambda record, _info: permission_list(record.permissions))
field("AppExtension.mountName")(lambda extension, _info: extension.mount)
field("AppExtension.targetName")(lambda extension, _info: extension.target)
field("AppExtension.settings")(lambda extension, _info: extension.options)


@field("App.accessToken")
def app_token(app: App, info: Info) -> str | None:
    """For a member of staff: what the Dashboard hands to the app's page."""
    user = caller(info).user
    return app_user_token(the_shop(info), user, app) if user and user.is_staff else None


@field("AppExtension.accessToken")
def extension_token(extension: Extension, info: Info) -> str | None:
    user, app = caller(info).user, the_shop(info).app(extension.app)
    if user is None or not user.is_staff or app is None:
        return None
    return app_user_token(the_shop(info), user, app, extension=extension)


@field("AppExtension.app", "Webhook.app")
def owner(record: Extension | Webhook, info: Info) -> App | None:
    return the_shop(info).app(record.app)


@field("Query.webhook")
def webhook(_: Any, info: Info, id: str) -> Webhook | None:
    who = caller(info)
    for one in the_shop(info).state.apps:
        for hook in one.webhooks:
            if hook.id == id:
                if who.app is not one:
                    who.need("MANAGE_APPS")
                return hook
    return None


field("Webhook.subscriptionQuery")(lambda hook, _info: hook.query)
field("Webhook.customHeaders")(lambda hook, _info: json.dumps(hook.custom_headers))
field("Webhook.asyncEvents")(
    lambda hook, _info: [
        {"eventType": name, "name": name.replace("_", " ").capitalize()} for name in hook.events if name in PERMISSIONS
    ]
)


@field("Webhook.eventDeliveries")
def event_deliveries(hook: Webhook, info: Info, **paging: Any) -> dict[str, Any]:
    """Failed and pending deliveries, newest first; Saleor forgets those that succeeded."""
    listed = caller(info).notes.get("deliveries")
    rows = listed(hook.id) if listed else []
    return page(rows, **paging)


@field("EventDelivery.attempts")
def attempts(delivery: Any, _info: Info, **paging: Any) -> dict[str, Any]:
    return page(delivery.attempts, **({"first": 100} | paging))


field("EventDelivery.payload")(lambda d, _info: d.body.decode() if d.body else None)
