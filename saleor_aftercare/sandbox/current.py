"""The one practice shop that this process serves."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path

import httpx

from . import settings
from .aftercare import Aftercare
from .furnishing import Furnishing
from .install import Installer
from .messenger import Messenger, Telephone
from .post import Post
from .seed import fill
from .store import PracticeShop
from .webhooks import TIMEOUT, Webhooks


@dataclass
class Practice:
    """A shop with all that its pages need."""

    shop: PracticeShop
    hooks: Webhooks
    installer: Installer
    aftercare: Aftercare
    post: Post
    messenger: Messenger
    telephone: Telephone
    furnishing: Furnishing
    url: str  #: our own origin
    mail_folder: Path | None
    clock_file: Path | None  #: holds the offset of everybody's clock


_serving: list[Practice] = []
_lock = threading.Lock()


def build(
    *,
    practice_url: str,
    aftercare_url: str,
    data_dir: Path | None = None,
    clock_file: Path | None = None,
    http: httpx.Client | None = None,
) -> Practice:
    """A filled shop; what ``data_dir`` remembers is kept, and ``http`` leads to Aftercare."""
    path = data_dir / "practice-shop.json" if data_dir else None
    shop = PracticeShop(api_url=f"{practice_url}/graphql/", path=path)
    fill(shop)
    client = http or httpx.Client(timeout=TIMEOUT, follow_redirects=False)
    aftercare = Aftercare(shop, client, aftercare_url, practice_url)
    return Practice(
        shop=shop,
        hooks=Webhooks(shop, client),
        installer=Installer(shop, client),
        aftercare=aftercare,
        post=Post(aftercare),
        messenger=Messenger(aftercare),
        telephone=Telephone(aftercare),
        furnishing=Furnishing(aftercare),
        url=practice_url,
        mail_folder=data_dir / "mail" if data_dir else None,
        clock_file=clock_file,
    )


def current() -> Practice:
    """The shop of this process, made from its settings when first asked for."""
    with _lock:
        if not _serving:
            folder, clock_file = settings.AFTERCARE_DATA_DIR, settings.AFTERCARE_CLOCK_FILE
            made = build(
                practice_url=settings.PRACTICE_URL,
                aftercare_url=settings.AFTERCARE_URL,
                data_dir=Path(folder) if folder else None,
                clock_file=Path(clock_file) if clock_file else None,
            )
            _serving.append(made)
        return _serving[0]


def serve(practice: Practice | None) -> None:
    """Serve this shop from now on; None makes a new one from the settings when it is needed."""
    with _lock:
        _serving[:] = [practice] if practice else []
