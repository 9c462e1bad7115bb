"""Who somebody is, over several addresses, telephones, messengers and the Saleor account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from saleor_aftercare.core.models import ShopOwned

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class Person(ShopOwned):
    """A customer, or whoever else writes to the shop. One that was merged into another points to it."""

    name = models.CharField(max_length=300, blank=True)
    language = models.CharField(max_length=10, blank=True)  #: empty: the shop's
    note = models.TextField(blank=True)  #: for staff
    is_vip = models.BooleanField(default=False)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, related_name="merged", null=True)
    merged_into_id: int | None
    created_at = models.DateTimeField()

    identities: RelatedManager[Identity]

    class Meta:
        indexes = [models.Index(fields=["shop", "name"], name="person_name")]


class IdentityKind(models.TextChoices):
    EMAIL = "email"  #: lower case
    PHONE = "phone"  #: E.164
    LINE = "line"  #: the user's id with one LINE channel
    SALEOR = "saleor"  #: global ID of the Saleor user


class Identity(ShopOwned):
    """One way to recognise a person; belongs to exactly one of a shop."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="identities")
    person_id: int
    kind = models.CharField(max_length=10, choices=IdentityKind.choices)
    value = models.CharField(max_length=254)
    #: When they proved that it is theirs: by a code, an order or an answer from there. Null: somebody only said so.
    verified_at = models.DateTimeField(null=True)
    #: What comes from here is spam, somebody of the staff said; null: it is not. Never set on what is verified.
    spam_since = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "kind", "value"], name="identity_once"),
            models.CheckConstraint(condition=models.Q(kind__in=IdentityKind.values), name="identity_kind"),
        ]


class PersonMerge(ShopOwned):
    """Two persons were found to be one; what moved, so that it can be taken back."""

    kept = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    kept_id: int
    dropped = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    dropped_id: int
    moved = models.JSONField(default=dict)  #: {"identities": [key, …], "tickets": [key, …]}
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
