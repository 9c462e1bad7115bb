"""What an app does to itself: webhooks and problems; and its removal by staff."""

from __future__ import annotations

import json
from typing import Any

from graphql import GraphQLResolveInfo

from saleor_aftercare.sandbox.install import InstallError, check_subscription, uninstall
from saleor_aftercare.sandbox.records import App, Problem, Webhook
from saleor_aftercare.sandbox.store import ShopError

from . import field
from .common import caller, found, mutation, the_shop

Info = GraphQLResolveInfo


def _own_app(info: Info) -> App:
    caller(info).need("MANAGE_APPS", "AUTHENTICATED_APP")
    app: App = found(caller(info).app, "app")
    return app


def _own_webhook(info: Info, id_: str) -> tuple[App, Webhook]:
    app = _own_app(info)
    return app, found(next((w for w in app.webhooks if w.id == id_), None))


def _events(info: Info, query: str, wanted: list[str] | None) -> list[str]:
    try:
        return check_subscription(the_shop(info), query, wanted)
    except InstallError as error:
        raise ShopError("INVALID", str(error), "query") from error


@field("Mutation.webhookCreate")
@mutation("MANAGE_APPS", "AUTHENTICATED_APP")
def webhook_create(_: Any, info: Info, input: dict[str, Any]) -> dict[str, Any]:
    app, shop = _own_app(info), the_shop(info)
    if not input.get("target_url"):
        raise ShopError("REQUIRED", "This field is required.", "targetUrl")
    if not input.get("query"):
        raise ShopError("REQUIRED", "The practice shop needs a subscription query.", "query")
    with shop.changing():
        hook = Webhook(
            id=shop.new_id("Webhook"),
            app=app.id,
            name=input.get("name") or "",
            target_url=input["target_url"],
            query=input["query"],
            events=_events(info, input["query"], input.get("async_events")),
            identifier=input.get("identifier") or "",
            is_active=input.get("is_active") is not False,
            custom_headers=_headers(input.get("custom_headers")),
        )
        app.webhooks.append(hook)
    return {"webhook": hook}


def _headers(value: Any) -> dict[str, str]:
    headers = json.loads(value) if isinstance(value, str) else value or {}
    for name in headers:
        if not name.lower().startswith(("x-", "authorization")) and name != "BrokerProperties":
            raise ShopError("INVALID_CUSTOM_HEADERS", f"{name} is not allowed.", "customHeaders")
    return dict(headers)


@field("Mutation.webhookUpdate")
@mutation("MANAGE_APPS", "AUTHENTICATED_APP")
def webhook_update(
    _: Any,
    info: Info,
    id: str,
    input: dict[str, Any],
) -> dict[str, Any]:
    _app, hook = _own_webhook(info, id)
    with the_shop(info).changing():
        query = input.get("query") or hook.query
        if "query" in input or "async_events" in input:
            hook.events = _events(info, query, input.get("async_events"))
            hook.query = query
        for name in ("name", "target_url", "identifier", "is_active"):
            if input.get(name) is not None:
                setattr(hook, name, input[name])
        if "custom_headers" in input:
            hook.custom_headers = _headers(input["custom_headers"])
    return {"webhook": hook}


@field("Mutation.webhookDelete")
@mutation("MANAGE_APPS", "AUTHENTICATED_APP")
def webhook_delete(_: Any, info: Info, id: str) -> dict[str, Any]:
    app, hook = _own_webhook(info, id)
    with the_shop(info).changing():
        app.webhooks.remove(hook)
    return {"webhook": hook}


@field("Mutation.appProblemCreate")
@mutation("AUTHENTICATED_APP")
def problem_create(_: Any, info: Info, input: dict[str, Any]) -> dict[str, Any]:
    """A second report of one key within the period raises its count."""
    app, shop = _own_app(info), the_shop(info)
    with shop.changing() as at:
        period_s = (input.get("aggregation_period") or 60) * 60
        known = next((p for p in app.problems if p.key == input["key"]), None)
        if known is None or (at - known.updated_at).total_seconds() > period_s:
            known = Problem(shop.new_id("AppProblem"), input["key"], "", 0, False, at)
            app.problems.append(known)
        known.message, known.updated_at = input["message"], at
        known.count += 1
        threshold = input.get("critical_threshold")
        known.is_critical = threshold is not None and known.count >= threshold
    return {"appProblem": known}


@field("Mutation.appProblemDismiss")
@mutation("AUTHENTICATED_APP")
def problem_dismiss(_: Any, info: Info, input: dict[str, Any]) -> dict[str, Any]:
    app, wanted = _own_app(info), input.get("by_app") or {}
    keys, ids = wanted.get("keys") or [], wanted.get("ids") or []
    with the_shop(info).changing():
        app.problems = [p for p in app.problems if p.key not in keys and p.id not in ids]
    return {}


@field("Mutation.appDelete")
@mutation("MANAGE_APPS")
def app_delete(_: Any, info: Info, id: str) -> dict[str, Any]:
    app = found(the_shop(info).app(id))
    uninstall(the_shop(info), app)
    return {"app": app}
