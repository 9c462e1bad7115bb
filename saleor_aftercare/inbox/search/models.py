"""The index: one row per message, made of tokens."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from saleor_aftercare.core.models import ShopOwned
from saleor_aftercare.inbox.models import TicketMessage


class SearchEntry(ShopOwned):
    """The words of a message and of what its conversation bears, as tokens that Python made; see ``entries``."""

    message = models.OneToOneField(TicketMessage, on_delete=models.CASCADE, primary_key=True, related_name="+")
    message_id: int
    ticket_id = models.BigIntegerField()
    #: With the shop's own token among them, so that one index serves every shop, and one of the message's age.
    tokens = SearchVectorField()

    class Meta:
        indexes = [
            GinIndex(fields=["tokens"], name="searchentry_tokens", fastupdate=False),
            models.Index(fields=["shop", "-message"], name="searchentry_newest"),
            models.Index(fields=["ticket_id"], name="searchentry_ticket"),
        ]
