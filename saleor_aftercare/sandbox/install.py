"""The install handshake as Saleor performs it, and its end.

GET the manifest (twice, with ``Saleor-Schema-Version``), create the app with its webhooks and extensions, POST the
token to ``tokenTargetUrl`` (not signed), and on 2xx tell the app that it is installed. Anything else undoes it.
"""

from __future__ import annotations

import secrets
import string
from dataclasses import dataclass
from typing import Any

import httpx
from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    validate,
)

from .api import is_subscription, parse_cached
from .happenings import PERMISSIONS, type_name
from .records import App, Extension, Webhook
from .schema import build_schema, minor
from .store import PracticeShop

TIMEOUT = httpx.Timeout(18.0, connect=2.0)
TOKEN_LENGTH = 30


class InstallError(Exception):
    """Why an app could not be installed; shown to staff as it is."""


@dataclass(frozen=True)
class Installer:
    """Installs apps over HTTP; ``http`` may carry a transport of a test."""

    shop: PracticeShop
    http: httpx.Client

    def install(self, manifest_url: str, *, grant: set[str] | None = None) -> App:
        """Install the app behind ``manifest_url``; ``grant`` limits the permissions that staff gives it.

        An app that is already there is removed first, without a word to it (as after an accident): a new
        installation always has a new id and token. Raises InstallError.
        """
        self._manifest(manifest_url)
        manifest = self._manifest(manifest_url)
        with self.shop.changing():
            old = self.shop.installed(manifest["id"])
            app = self._create(manifest, manifest_url, grant)
            if old is not None:
                old.is_deleted = True
                old.is_active = False
            self.shop.state.apps.append(app)
        try:
            self._send_token(manifest["tokenTargetUrl"], app)
        except InstallError:
            with self.shop.changing():
                self.shop.state.apps.remove(app)
                if old is not None:
                    old.is_deleted, old.is_active = False, True
            raise
        with self.shop.changing():
            self.shop.announce("APP_INSTALLED", app)
        return app

    def _common_headers(self) -> dict[str, str]:
        version = minor(self.shop.version)
        return {"User-Agent": f"Saleor/{version}", "Saleor-Schema-Version": version}

    def _manifest(self, url: str) -> dict[str, Any]:
        try:
            response = self.http.get(url, headers=self._common_headers(), timeout=TIMEOUT)
            response.raise_for_status()
            manifest = response.json()
        except httpx.HTTPError as error:
            raise InstallError(f"Can't fetch the manifest: {error}") from error
        except ValueError as error:
            raise InstallError("The manifest is not JSON") from error
        missing = [k for k in ("id", "name", "version", "tokenTargetUrl") if not manifest.get(k)]
        if missing:
            raise InstallError(f"The manifest lacks {', '.join(missing)}")
        return dict(manifest)

    def _create(self, manifest: dict[str, Any], url: str, grant: set[str] | None) -> App:
        asked = [str(code) for code in manifest.get("permissions") or []]
        if "MANAGE_APPS" in asked and minor(self.shop.version) == "3.24":
            raise InstallError("Apps can't be granted MANAGE_APPS")
        alphabet = string.ascii_letters + string.digits
        app = App(
            id=self.shop.new_id("App"),
            name=manifest["name"],
            identifier=manifest["id"],
            version=manifest["version"],
            token="".join(secrets.choice(alphabet) for _ in range(TOKEN_LENGTH)),
            created=self.shop.now(),
            permissions=[code for code in asked if grant is None or code in grant],
            app_url=manifest.get("appUrl") or "",
            manifest_url=url,
            author=manifest.get("author") or "",
            audience=manifest.get("audience") or "",
        )
        for item in manifest.get("webhooks") or []:
            app.webhooks.append(self._webhook(app, item))
        for item in manifest.get("extensions") or []:
            app.extensions.append(self._extension(app, item, set(asked)))
        return app

    def _webhook(self, app: App, item: dict[str, Any]) -> Webhook:
        wanted = [*(item.get("asyncEvents") or []), *(item.get("syncEvents") or [])] or None
        return Webhook(
            id=self.shop.new_id("Webhook"),
            app=app.id,
            name=item["name"],
            target_url=item["targetUrl"],
            query=item["query"],
            events=check_subscription(self.shop, item["query"], wanted),
            identifier=item.get("identifier") or "",
            is_active=item.get("isActive") is not False,
            custom_headers=dict(item.get("customHeaders") or {}),
        )

    def _extension(self, app: App, item: dict[str, Any], asked: set[str]) -> Extension:
        missing = [k for k in ("label", "url", "mount") if not item.get(k)]
        if missing:
            raise InstallError(f"An extension lacks {', '.join(missing)}")
        permissions = [str(code) for code in item.get("permissions") or []]
        if not set(permissions) <= asked:
            raise InstallError("Extension permission must be listed in App's permissions.")
        return Extension(
            id=self.shop.new_id("AppExtension"),
            app=app.id,
            label=item["label"],
            url=item["url"],
            mount=item["mount"],
            target=item.get("target") or "POPUP",
            permissions=permissions,
            identifier=item.get("identifier") or "",
            options=item.get("options") or {},
        )

    def _send_token(self, url: str, app: App) -> None:
        domain = self.shop.api_url.split("/")[2]
        headers = self._common_headers() | {
            "Content-Type": "application/json",
            "X-Saleor-Domain": domain,
            "Saleor-Domain": domain,
            "Saleor-Api-Url": self.shop.api_url,
        }
        try:
            response = self.http.post(url, json={"auth_token": app.token}, headers=headers, timeout=TIMEOUT)
        except httpx.HTTPError as error:
            raise InstallError(f"Can't send the token: {type(error).__name__}") from error
        if not response.is_success:
            raise InstallError(_reason(response))


def _reason(response: httpx.Response) -> str:
    try:
        return str(response.json()["error"]["message"])
    except (ValueError, KeyError, TypeError):
        return f"The app answered {response.status_code}"


def uninstall(shop: PracticeShop, app: App) -> None:
    """Remove an app: its token is dead at once, and from 3.23 on it gets APP_DELETED."""
    with shop.changing():
        app.is_deleted, app.is_active = True, False
        shop.announce("APP_DELETED", app)


def set_active(shop: PracticeShop, app: App, *, active: bool) -> None:
    """Switch an app on or off; it hears of both (APP_STATUS_CHANGED)."""
    with shop.changing():
        app.is_active = active
        shop.announce("APP_STATUS_CHANGED", app)


def check_subscription(shop: PracticeShop, query: str, wanted: list[str] | None = None) -> list[str]:
    """Validate a webhook's query against the version's schema; gives its events. Raises InstallError."""
    try:
        document = parse_cached(query)
    except GraphQLError as error:
        raise InstallError(f"Unable to parse the subscription: {error.message}") from error
    errors = validate(build_schema(minor(shop.version)), document)
    if errors:
        raise InstallError(f"Subscription query is not valid: {errors[0].message}")
    if not is_subscription(document):
        raise InstallError("Subscription query is not a subscription")
    unknown = set(wanted or ()) - PERMISSIONS.keys()
    if unknown:
        raise InstallError(f"The practice shop has no events {', '.join(sorted(unknown))}")
    if wanted:
        return list(wanted)
    named = _types_in(query)
    return [event for event in PERMISSIONS if type_name(event) in named]


def _types_in(query: str) -> set[str]:
    """Type names in inline fragments and fragment definitions."""
    found: set[str] = set()

    def walk(selections: SelectionSetNode | None) -> None:
        for node in selections.selections if selections else ():
            if isinstance(node, InlineFragmentNode) and node.type_condition is not None:
                found.add(node.type_condition.name.value)
            if isinstance(node, FieldNode | InlineFragmentNode):
                walk(node.selection_set)

    for definition in parse_cached(query).definitions:
        if isinstance(definition, FragmentDefinitionNode):
            found.add(definition.type_condition.name.value)
            walk(definition.selection_set)
        elif isinstance(definition, OperationDefinitionNode):
            walk(definition.selection_set)
    return found
