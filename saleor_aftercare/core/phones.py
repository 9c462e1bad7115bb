"""Telephone numbers as people write them, as one spelling that can be compared."""

from __future__ import annotations

import unicodedata

import phonenumbers

#: Nothing that people write as a number is longer.
_LONGEST = 40


def e164(text: str, *, region: str) -> str | None:
    """The number in E.164, None when it is none; ``region`` (ISO 3166) is where a number without +… is from.

    Digits may be full-width, as Japanese keyboards write them. A number only has to be possible, not assigned: the
    plans of the world change faster than any list of them. An extension is left out.

    >>> e164("０９０-１２３４-５６７８", region="JP"), e164("+44 20 7946 0958", region=""), e164("call me", region="JP")
    ('+819012345678', '+442079460958', None)
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if not plain or len(plain) > _LONGEST:
        return None
    try:
        number = phonenumbers.parse(plain, region.upper() or None)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def national(number: str, *, region: str) -> str:
    """An E.164 number as somebody in ``region`` would read it; what cannot be read stays as it is.

    >>> national("+819012345678", region="JP"), national("+819012345678", region="DE")
    ('090-1234-5678', '+81 90-1234-5678')
    """
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    at_home = phonenumbers.region_code_for_number(parsed) == region.upper()
    style = phonenumbers.PhoneNumberFormat.NATIONAL if at_home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(parsed, style)
