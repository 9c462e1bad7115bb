"""Which of an app's extensions stand on a page of the Dashboard frame, and at which address."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from .records import App, Extension, User
from .store import PracticeShop
from .tokens import app_user_token

DASHBOARD_VERSION = "3.23.27"
#: What the Dashboard allows a framed app to do, and nothing else.
SANDBOX = "allow-same-origin allow-forms allow-scripts allow-downloads allow-popups"


@dataclass(frozen=True)
class Frame:
    """One iframe: what it shows and how it is filled."""

    app: App
    extension: Extension | None
    kind: str  #: page, widget, home or popup
    src: str
    method: str = "GET"
    #: Fields of the form that fills a frame by POST.
    fields: tuple[tuple[str, str], ...] = ()
    label: str = ""

    @property
    def origin(self) -> str:
        """Where its messages come from."""
        return "/".join(self.src.split("/")[:3])

    @property
    def token_url(self) -> str:
        """Where the page gets its tokens."""
        query = {"app": self.app.id} | ({"extension": self.extension.id} if self.extension else {})
        return f"/dashboard/token/?{urlencode(query)}"

    @property
    def target(self) -> str:
        """A name for the frame."""
        return f"frame-{(self.extension or self.app).id.rstrip('=')}"


def page_frame(shop: PracticeShop, app: App, path: str, query: str, theme: str) -> Frame:
    """The app's own page under ``path``, with the address bar's query."""
    own = _context(shop, app) | {"theme": theme}
    src = f"{app.app_url}/{path}?{query + '&' if query else ''}{urlencode(own)}"
    return Frame(app, None, "page", src, label=app.name)


def frames(shop: PracticeShop, user: User, mount: str, *, theme: str, **context: str) -> list[Frame]:
    """The frames of a mount that this user may see; ``context`` names the order or customer of the page."""
    found = [
        _frame(shop, user, app, extension, theme, context)
        for app in shop.state.apps
        if app.is_active and not app.is_deleted
        for extension in app.extensions
        if extension.mount == mount and set(extension.permissions) <= set(user.permissions)
    ]
    return sorted(found, key=lambda f: f.app.name)


def _frame(
    shop: PracticeShop, user: User, app: App, extension: Extension, theme: str, context: dict[str, str]
) -> Frame:
    kind = {"POPUP": "popup", "APP_PAGE": "page"}.get(extension.target, "widget")
    kind = "home" if extension.mount == "HOMEPAGE_WIDGETS" else kind
    base = extension.url if "://" in extension.url else app.app_url + extension.url
    options = extension.options.get("homeWidgetTarget" if kind == "home" else "widgetTarget") or {}
    # The Dashboard's default is POST, whatever its documentation says.
    if kind in {"widget", "home"} and options.get("method", "POST") == "POST":
        fields = {
            "saleorApiUrl": shop.api_url,
            "accessToken": app_user_token(shop, user, app, extension=extension),
            "appId": app.id,
            **context,
        }
        return Frame(app, extension, kind, base, "POST", tuple(fields.items()), extension.label)
    query = urlencode(_context(shop, app) | {"theme": theme} | context)
    return Frame(app, extension, kind, f"{base}?{query}", label=extension.label)


def _context(shop: PracticeShop, app: App) -> dict[str, str]:
    return {"domain": shop.api_url.split("/")[2], "saleorApiUrl": shop.api_url, "id": app.id}


def app_path(app: App) -> str:
    """Where an app's pages begin in the Dashboard."""
    return f"/dashboard/extensions/app/{quote(app.id, safe='')}"


def page_path(app: App, extension: Extension) -> str:
    """The Dashboard's own address of an APP_PAGE extension."""
    return f"{app_path(app)}{extension.url}"
