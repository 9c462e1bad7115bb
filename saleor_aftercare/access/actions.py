"""Letting customers in: guests by a mailed code, signed-in customers by a hand-over from their storefront.

A guest learns nothing from us: whether the order exists or not, the same row is written, the same job scheduled and
the same answer given. Only that job looks, and only the mailbox finds out.
"""

from __future__ import annotations

import unicodedata
from datetime import datetime, timedelta
from functools import cache

from django.contrib.auth.hashers import check_password, make_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from saleor_aftercare.connection.auth import Customer, Guest, Principal, Staff, verify_staff_or_customer
from saleor_aftercare.connection.models import Order
from saleor_aftercare.connection.orders import find_or_fetch_order
from saleor_aftercare.core import clock, limits, tokens
from saleor_aftercare.core.errors import InvalidInput, NotFound, Unauthenticated
from saleor_aftercare.core.jobs import schedule
from saleor_aftercare.core.models import Shop

from . import drafts, phones
from .models import CustomerSession, GiftLink, GuestChallenge

CODE_LIFETIME = timedelta(minutes=10)
CODE_TRIES = 5
MAX_EMAIL = 254
MAX_NAME = 200
HANDOVER_LIFETIME = timedelta(seconds=60)
SESSION_LIFETIME = timedelta(minutes=30)
GUEST_PREFIX = "acg_"


def authenticate(token: str, *, api_url: str | None) -> Principal:
    """The person behind a bearer token of the API: a Saleor user token, or ours of a guest or of a paired phone.

    ``api_url`` is the shop that the caller names, None when the caller names none. Raises Unauthenticated.
    """
    if token.startswith(phones.TOKEN_PREFIX):
        phone = phones.phone_of(token, at=clock.now())
        if api_url is not None and phone.shop.saleor_api_url != api_url:
            raise Unauthenticated("The token belongs to another shop.")
        return Staff(phone.shop, phone.member, frozenset({phones.RECEIVING}), token="")
    if not token.startswith(GUEST_PREFIX):
        return verify_staff_or_customer(token, api_url=api_url)
    session = session_for(token, at=clock.now())
    if api_url is not None and session.shop.saleor_api_url != api_url:
        raise Unauthenticated("The token belongs to another shop.")
    return principal_of(session)


def principal_of(session: CustomerSession) -> Customer | Guest:
    """The customer or guest of a session; raises Unauthenticated for a gift's recipient, who is neither."""
    if session.gift_id is not None:
        raise Unauthenticated(_("The recipient of a gift uses the pages of the gift's link."))
    if session.order is not None:
        return Guest(session.shop, session.order, session.email)
    return Customer(session.shop, session.user_id, session.email)


def request_guest_access(shop: Shop, *, order_number: str, email: str, language: str, ip: str, at: datetime) -> str:
    """Note a guest's claim and let a job mail the code if it is true; returns the challenge to confirm it with.

    Raises:
        InvalidInput: the number or the address cannot be one.
        RateLimited: too many claims from this address, for this mailbox or for this order.
    """
    number = _typed(order_number).lstrip("#")
    if not number or len(number) > 30 or not number.isprintable():
        raise InvalidInput(_("Please enter your order number."), "orderNumber")
    address = _address(email)
    return _challenge(shop, number=number, address=address, language=language, ip=ip, at=at)


def request_gift_access(gift: GiftLink, *, name: str, email: str, language: str, ip: str, at: datetime) -> str:
    """Note that somebody holds a gift's link, and let a job mail a code that proves their address; see ``gifts``.

    Raises:
        InvalidInput: the name is missing or endless, or the address cannot be one.
        RateLimited: too many claims from this address, for this mailbox or for this order.
    """
    name = _typed(name)
    if not name or len(name) > MAX_NAME or not name.isprintable():
        raise InvalidInput(_("Please enter your name."), "name")
    address = _address(email)
    number = gift.order.number
    return _challenge(gift.shop, number=number, address=address, language=language, ip=ip, at=at, gift=gift, name=name)


def _address(email: str) -> str:
    address = _typed(email).lower()
    try:
        validate_email(address[: MAX_EMAIL + 1])
    except ValidationError:
        raise InvalidInput(_("Please enter an e-mail address."), "email") from None
    if len(address) > MAX_EMAIL:
        raise InvalidInput(_("Please enter an e-mail address."), "email")
    return address


def _challenge(
    shop: Shop,
    *,
    number: str,
    address: str,
    language: str,
    ip: str,
    at: datetime,
    gift: GiftLink | None = None,
    name: str = "",
) -> str:
    limits.hit("guest-ip", ip, limit=20, per=timedelta(minutes=10))
    limits.hit("guest-email", f"{shop.pk}:{address}", limit=5, per=timedelta(minutes=10))
    limits.hit("guest-order", f"{shop.pk}:{number}", limit=10, per=timedelta(minutes=10))
    token = tokens.random_token()
    with transaction.atomic():
        challenge = GuestChallenge.objects.create(
            shop=shop,
            token_digest=tokens.digest(token),
            order_number=number,
            email=address,
            gift=gift,
            name=name,
            language=language[:10],
            expires_at=at + CODE_LIFETIME,
        )
        schedule(
            "access.send_code",
            key=f"guest-code:{challenge.pk}",
            shop=shop,
            due_at=at,
            payload={"challenge": challenge.pk},
        )
    return token


def issue_code(challenge: GuestChallenge, order: Order) -> str:
    """Attach the order to a challenge and make its code; returns the code, which is kept nowhere."""
    code = tokens.random_code()
    challenge.order, challenge.code_digest = order, make_password(code)
    challenge.save(update_fields=["order", "code_digest"])
    return code


def confirm_guest_access(
    shop: Shop, *, challenge: str, code: str, ip: str, at: datetime
) -> tuple[str, CustomerSession]:
    """Trade a mailed code for a session over that one order; returns the token and the session.

    Raises:
        InvalidInput("code"): wrong, used, too old or tried too often; which of these is not told.
        RateLimited: too many tries from this address.
    """
    limits.hit("guest-code-ip", ip, limit=30, per=timedelta(minutes=10))
    digits = "".join(c for c in _typed(code) if c.isdigit())
    wrong = InvalidInput(_("This code is not right, or it has expired."), "code")
    no_code = _no_code()
    claim = GuestChallenge.objects.filter(shop=shop, token_digest=tokens.digest(challenge))
    # Count the try first and for good: racing guesses cannot share one.
    alive = claim.filter(used_at=None, expires_at__gt=at, tries__lt=CODE_TRIES)
    if alive.update(tries=F("tries") + 1) != 1:
        raise wrong
    row = claim.select_related("order", "gift").get()
    # Misses check a password too, so that they take as long.
    if not check_password(digits, row.code_digest or no_code) or row.order is None:
        raise wrong
    if row.gift is not None and row.gift.revoked_at is not None:
        raise wrong
    with transaction.atomic():
        if claim.filter(used_at=None).update(used_at=at) != 1:
            raise wrong
        return _open_session(
            shop,
            prefix=GUEST_PREFIX,
            order=row.order,
            email=row.email,
            gift=row.gift,
            name=row.name,
            language=row.language,
            at=at,
        )


@cache
def _no_code() -> str:
    return make_password("there is no such code")


def _typed(text: str) -> str:
    """Without spaces around it, and with the plain digits and letters of what a Japanese keyboard types full width.

    >>> _typed(" ＃１２３ ")
    '#123'
    """
    return unicodedata.normalize("NFKC", text).strip()


def open_handover(customer: Customer, *, order_id: str, return_url: str, language: str, at: datetime) -> str:
    """A code that opens a session for a signed-in customer once, within a minute; ``order_id`` may be empty.

    Raises NotFound when the order is not this customer's, as if it did not exist.
    """
    if order_id:
        order = find_or_fetch_order(customer.shop, order_id, at=at)
        if not customer.covers(order):
            raise NotFound(_("There is no such order."), "orderId")
    code, _session = _open_session(
        customer.shop,
        user_id=customer.user_id,
        email=customer.email,
        language=language,
        return_url=return_url,
        single_use=True,
        lifetime=HANDOVER_LIFETIME,
        at=at,
    )
    return code


def trade_handover(code: str, *, at: datetime) -> tuple[str, CustomerSession]:
    """Trade a hand-over code for a session; raises Unauthenticated when it was used, is too old or none."""
    with transaction.atomic():
        handover = (
            CustomerSession.objects.select_for_update(of=("self",))
            .select_related("shop")
            .filter(token_digest=tokens.digest(code), single_use=True, expires_at__gt=at)
            .first()
        )
        if handover is None:
            raise Unauthenticated(_("This link has been used or has expired. Please start again."))
        handover.delete()
        return _open_session(
            handover.shop,
            user_id=handover.user_id,
            email=handover.email,
            language=handover.language,
            return_url=handover.return_url,
            at=at,
        )


def session_for(token: str, *, at: datetime) -> CustomerSession:
    """The living session of a token; raises Unauthenticated."""
    session = (
        CustomerSession.objects.select_related("shop__settings", "order")
        .filter(token_digest=tokens.digest(token), single_use=False, expires_at__gt=at, gift__revoked_at=None)
        .first()
    )
    if session is None:
        raise Unauthenticated(_("You have been signed out. Please sign in again."))
    return session


def extend_session(session: CustomerSession, *, at: datetime) -> None:
    """Keep a session open for another half hour, when a fair part of the last one has passed."""
    if session.expires_at - at < SESSION_LIFETIME * 0.8:
        session.expires_at = at + SESSION_LIFETIME
        session.save(update_fields=["expires_at"])


def close_session(session: CustomerSession) -> None:
    """Sign out."""
    CustomerSession.objects.filter(pk=session.pk).delete()


def prune(*, at: datetime) -> int:
    """Delete claims, hand-overs, sessions and phones that are over, and unfinished forms; returns how many."""
    over = GuestChallenge.objects.filter(expires_at__lt=at), CustomerSession.objects.filter(expires_at__lt=at)
    return sum(rows.delete()[0] for rows in over) + drafts.purge(at=at) + phones.prune(at=at)


def _open_session(
    shop: Shop,
    *,
    at: datetime,
    email: str,
    language: str,
    prefix: str = "acs_",
    user_id: str = "",
    order: Order | None = None,
    gift: GiftLink | None = None,
    name: str = "",
    return_url: str = "",
    single_use: bool = False,
    lifetime: timedelta = SESSION_LIFETIME,
) -> tuple[str, CustomerSession]:
    token = tokens.random_token(prefix)
    session = CustomerSession.objects.create(
        shop=shop,
        token_digest=tokens.digest(token),
        user_id=user_id,
        order=order,
        email=email,
        gift=gift,
        name=name,
        language=language[:10],
        return_url=return_url,
        single_use=single_use,
        created_at=at,
        expires_at=at + lifetime,
    )
    return token, session
