"""How a customer or a guest gets in, and what they may see then."""

from __future__ import annotations

from datetime import datetime

from django.db import models

from saleor_aftercare.connection.models import Order, StaffMember
from saleor_aftercare.core.models import ShopOwned, StoredFile


class GiftLink(ShopOwned):
    """A way in for whoever was given the goods of an order: to its return form, and without prices.

    The payer shares it, or the shop prints it on the gift slip; one is open per order. The address carries the
    row's signed key, so that it can be shown again, and dies with ``revoked_at``.
    """

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="gift_links")
    order_id: int
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order"], name="giftlink_one_open", condition=models.Q(revoked_at__isnull=True)
            )
        ]


class GuestChallenge(ShopOwned):
    """A guest's claim to an order, until the mailed code proves it. Made for hits and misses alike.

    With ``gift`` the order is known from the link, and the code proves only that the address is the recipient's.
    """

    token_digest = models.CharField(max_length=64, unique=True)
    order_number = models.CharField(max_length=30)
    email = models.CharField(max_length=254)  #: lower case
    language = models.CharField(max_length=10, blank=True)
    order = models.ForeignKey(Order, on_delete=models.CASCADE, null=True)  #: null: nothing matched (yet)
    gift = models.ForeignKey(GiftLink, on_delete=models.CASCADE, null=True)
    gift_id: int | None
    name = models.CharField(max_length=200, blank=True)  #: of a gift's recipient, as they wrote it
    code_digest = models.CharField(max_length=200, blank=True)  #: salted and slow; empty until a job wrote the mail
    tries = models.PositiveSmallIntegerField(default=0)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="challenge_expiry")]


class CustomerSession(ShopOwned):
    """A customer's or guest's way in after proof; the token's hash only."""

    token_digest = models.CharField(max_length=64, unique=True)
    user_id = models.CharField(max_length=60, blank=True)  #: a Saleor customer: all their orders
    order = models.ForeignKey(Order, on_delete=models.CASCADE, null=True)  #: a guest: this order only
    order_id: int | None
    email = models.CharField(max_length=254)
    gift = models.ForeignKey(GiftLink, on_delete=models.CASCADE, null=True)  #: the recipient of a gift
    gift_id: int | None
    name = models.CharField(max_length=200, blank=True)  #: of a gift's recipient
    language = models.CharField(max_length=10, blank=True)
    return_url = models.CharField(max_length=1000, blank=True)  #: back to the storefront
    single_use = models.BooleanField(default=False)  #: a hand-over code, to be traded for a session
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(user_id="") | models.Q(order__isnull=False), name="session_has_a_subject"
            )
        ]
        indexes = [models.Index(fields=["expires_at"], name="session_expiry")]

    def covers(self, order: Order) -> bool:
        """Whether this session may see and act on ``order``; a gift's recipient may not: see :meth:`covers_gift`."""
        if order.shop_id != self.shop_id or self.gift_id is not None:
            return False
        if self.order_id is not None:
            return self.order_id == order.pk
        return self.user_id != "" and order.user_id == self.user_id

    def covers_gift(self, order: Order) -> bool:
        """Whether this session may ask for a return of ``order`` as the recipient of a gift, and see nothing else."""
        return self.gift_id is not None and order.shop_id == self.shop_id and self.order_id == order.pk

    def alive(self, at: datetime) -> bool:
        """Whether the session still holds at ``at``."""
        return at < self.expires_at


class Draft(ShopOwned):
    """A form that a customer fills in, kept between its steps; once sent, what became of it.

    The row makes a form count once: whoever sends it again is led to ``result``. See ``drafts``.
    """

    key = models.CharField(max_length=40)  #: random, in the form's address or in a hidden field
    kind = models.CharField(max_length=20)  #: "return", "repair", "spare_part", "message", "contact"
    #: What it is about; null where nobody has proved anything, as in the contact form.
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="+", null=True)
    order_id: int | None
    data = models.JSONField(default=dict)  #: what was filled in so far, in the form's own shape
    files = models.ManyToManyField(StoredFile, related_name="+")  #: uploaded, and part of nothing else yet
    result = models.CharField(max_length=40, blank=True)  #: number of the case; empty until sent
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop", "key"], name="draft_key")]
        indexes = [models.Index(fields=["expires_at"], name="draft_expiry")]


class ScannerPhone(ShopOwned):
    """A phone that a member of the warehouse's staff scans with, for a day's work; only hashes of its secrets."""

    member = models.ForeignKey(StaffMember, on_delete=models.CASCADE, related_name="+")
    member_id: int
    pairing_digest = models.CharField(max_length=64, unique=True)  #: of the link, good once
    pairing_expires_at = models.DateTimeField()
    token_digest = models.CharField(max_length=64, unique=True, null=True)  #: null until the link was opened
    device = models.CharField(max_length=100, blank=True)  #: "iPhone", from what its browser says
    paired_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(token_digest__isnull=True, paired_at__isnull=True, expires_at__isnull=True)
                | models.Q(token_digest__isnull=False, paired_at__isnull=False, expires_at__isnull=False),
                name="scannerphone_paired_is_whole",
            )
        ]
        indexes = [models.Index(fields=["shop", "-id"], name="scannerphone_newest")]
