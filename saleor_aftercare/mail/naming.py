"""What a letter of ours is called by those who answer it, or report about it.

By the Message-ID that we gave it, or, where its mail service puts another one in its place, by that: the service told
us when it took the letter, and it stands in ``OutboundMessage.provider_reference``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.db.models import Q

#: Services whose Message-ID is what they called the letter at a domain of theirs: Amazon SES, also below Resend
#: (``email.`` and ``REGION.amazonses.com``), and Postmark.
_RENAMING: Final = ("amazonses.com", "mtasv.net")


def service_names(message_id: str) -> set[str]:
    """What a mail service may have called the letter that its reader knows by ``message_id`` (without brackets).

    >>> sorted(service_names("0102-ab@eu-west-1.amazonses.com"))
    ['0102-ab', '0102-ab@eu-west-1.amazonses.com', '<0102-ab@eu-west-1.amazonses.com>']
    """
    local, _at, domain = message_id.rpartition("@")
    names = {message_id, f"<{message_id}>"}
    if local and f".{domain.lower()}".endswith(tuple(f".{one}" for one in _RENAMING)):
        names.add(local)
    return names


def letters_called(message_ids: Iterable[str]) -> Q:
    """The condition for letters that bear one of these names; without brackets, in the shop that the caller names."""
    ids = list(message_ids)
    ours = Q(message_id__in=[f"<{one}>" for one in ids])
    theirs = Q(provider_reference__in=sorted({name for one in ids for name in service_names(one)}))
    # The index has only letters that a service gave a name.
    return ours | (theirs & ~Q(provider_reference=""))
