"""Secrets at rest: Fernet (AES-128-CBC + HMAC) with keys that can be rotated.

The newest key in ``ENCRYPTION_KEYS`` encrypts; every listed key decrypts. ``aftercare check`` and
``reencrypt`` belong to the rotation described in docs/settings.md.
"""

from __future__ import annotations

from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models


def _box() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.ENCRYPTION_KEYS])


def encrypt(text: str) -> str:
    """The text as a Fernet token under the newest key."""
    return _box().encrypt(text.encode()).decode()


def decrypt(token: str) -> str:
    """The text of a token made under any listed key."""
    try:
        return _box().decrypt(token.encode()).decode()
    except InvalidToken:
        raise ImproperlyConfigured(
            "A stored secret was encrypted with a key that is no longer in ENCRYPTION_KEYS; add that key again."
        ) from None


def rotate(token: str) -> str:
    """The same text under the newest key."""
    return _box().rotate(token.encode()).decode()


class EncryptedTextField(models.TextField):  # type: ignore[type-arg]  # its two parameters are str here
    """A text column that the database only ever sees encrypted; it cannot be searched."""

    def get_prep_value(self, value: Any) -> Any:
        return value if value is None or value == "" else encrypt(value)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return value if value is None or value == "" else decrypt(value)
