"""Text that people send us: trimmed, measured and free of what a database or a page cannot hold.

HTML in it is just text; whoever shows it escapes it.
"""

from __future__ import annotations

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from .errors import InvalidInput

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def one_line(text: str, field: str, *, limit: int, required: bool = False) -> str:
    """A single line without control characters, spaces made single.

    Raises InvalidInput(field) when it is longer than ``limit`` characters, or empty though ``required``.

    >>> one_line("  SN-1\\r\\n 2 ", "serial", limit=100)
    'SN-1 2'
    """
    line = " ".join(_printable(text.replace("\n", " ").replace("\r", " ").replace("\t", " ")).split())
    return _measured(line, field, limit=limit, required=required)


def paragraphs(text: str, field: str, *, limit: int, required: bool = True) -> str:
    """Text of several lines, line feeds kept, without other control characters; raises as :func:`one_line` does."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return _measured(_printable(lines, keep="\n\t").strip(), field, limit=limit, required=required)


def email(text: str, field: str) -> str:
    """A mail address in lower case; raises InvalidInput(field) for anything else."""
    address = text.strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        raise InvalidInput(_("Not an e-mail address."), field) from None
    if len(address) > 254:
        raise InvalidInput(_("Not an e-mail address."), field)
    return address


def whole_number(value: int, field: str, *, low: int, high: int) -> int:
    """A whole number between ``low`` and ``high``, both inclusive; raises InvalidInput(field) for anything else."""
    if isinstance(value, bool) or not low <= value <= high:
        raise InvalidInput(_("A whole number from %(low)d to %(high)d.") % {"low": low, "high": high}, field)
    return value


def storable(text: str) -> str:
    """The text without what no database can hold."""
    return text if is_storable(text) else text.replace("\0", "").encode("utf-8", "ignore").decode()


def is_storable(text: str) -> bool:
    """Whether the database can hold it: PostgreSQL stores no NUL, and half a surrogate pair is no character.

    >>> is_storable("Grüße 👋"), is_storable("a\\0b"), is_storable("\\ud83d")
    (True, False, False)
    """
    return _UNSTORABLE.search(text) is None


def _printable(text: str, *, keep: str = "") -> str:
    return "".join(char for char in text if char in keep or unicodedata.category(char) not in {"Cc", "Cs"})


def _measured(text: str, field: str, *, limit: int, required: bool) -> str:
    if required and not text:
        raise InvalidInput(_("Please fill in this field."), field)
    if len(text) > limit:
        raise InvalidInput(_("At most %(limit)d characters.") % {"limit": limit}, field)
    return text
