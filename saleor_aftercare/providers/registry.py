"""Which adapters exist. The only module that imports one; everybody else sees the protocol."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from saleor_aftercare.core.errors import ProviderError

from .labels.base import LabelProvider
from .labels.printable import PrintableLabels

#: What a shop has until it chooses otherwise.
DEFAULT_LABEL_PROVIDER: Final = PrintableLabels.slug

_NO_CREDENTIALS: Final[Mapping[str, str]] = MappingProxyType({})

_LABEL_PROVIDERS: Final[Mapping[str, Callable[[Mapping[str, str]], LabelProvider]]] = MappingProxyType(
    {
        PrintableLabels.slug: PrintableLabels,
    }
)


def label_provider_slugs() -> tuple[str, ...]:
    """Every provider that a shop may choose, in the order in which settings show them."""
    return tuple(_LABEL_PROVIDERS)


def label_provider(slug: str, credentials: Mapping[str, str] = _NO_CREDENTIALS) -> LabelProvider:
    """The adapter of that name, holding one shop's decrypted ``credentials``.

    Raises:
        ProviderError: nobody goes by that slug (the shop chose it under another release), or the
            credentials lack something.
    """
    try:
        build = _LABEL_PROVIDERS[slug]
    except KeyError:
        raise ProviderError(f"There is no label provider called {slug!r}", "label_provider") from None
    return build(credentials)
