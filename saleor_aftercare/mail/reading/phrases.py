"""Tables of words and phrases, written one row of alternatives to a line so that people can read and extend them."""

from __future__ import annotations


def words(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


def any_of(text: str) -> str:
    """A pattern for any of the alternatives, which stand on lines of their own or are parted by ``|``.

    >>> any_of('''
    ...     mailbox (?:is )?full
    ...     quota|storage
    ... ''')
    '(?:mailbox (?:is )?full|quota|storage)'
    """
    return f"(?:{'|'.join(line.strip() for line in text.splitlines() if line.strip())})"
