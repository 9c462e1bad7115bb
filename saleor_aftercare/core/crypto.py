"""Secrets at rest: Fernet (AES-128-CBC + HMAC) with keys that can be rotated.

The newest key in ``ENCRYPTION_KEYS`` encrypts; every listed key decrypts. ``aftercare reencrypt`` writes everything
with the newest one, so that the others can be taken off the list.
"""

from __future__ import annotations

from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models, transaction


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


def reencrypt() -> int:
    """Write every stored secret with the newest key; returns how many. Safe to run beside the service, and again."""
    written = 0
    for model in apps.get_models():
        for name in (field.name for field in model._meta.fields if isinstance(field, EncryptedTextField)):
            for pk, secret in model._default_manager.exclude(**{name: ""}).values_list("pk", name):
                rows = model._default_manager.select_for_update().filter(pk=pk)
                with transaction.atomic():
                    if rows.values_list(name, flat=True).first() == secret:
                        written += rows.update(**{name: secret})
    return written
