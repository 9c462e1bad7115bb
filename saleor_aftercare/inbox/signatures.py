"""What stands under an answer: the account's signature in the customer's language, in the words of who answers."""

from __future__ import annotations

from saleor_aftercare.channels.accounts import signature_of
from saleor_aftercare.channels.models import ChannelAccount
from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.core import liquid
from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.core.models import Shop
from saleor_aftercare.team.writing import writing_of


def signature_for(shop: Shop, *, account: ChannelAccount | None, staff: StaffMember, language: str) -> str:
    """Markdown; "" where neither the account nor the person has any, and their name alone is put under the letter.

    The account's comes first, and may hold the person's own as ``{{ staff.signature }}``; without one, the person's
    own stands alone. What has no value is left out: nobody reads a signature before it is sent.
    """
    variables = {
        "staff": {"name": staff.display_name, "email": staff.email},
        "shop": {"name": shop.name},
        "account": {"name": account.name, "address": account.address} if account else {},
    }
    own = _filled(writing_of(staff).signatures.get(language, ""), variables)
    variables["staff"]["signature"] = own
    shared = _filled(signature_of(account, language), variables) if account else ""
    return shared or own


def _filled(source: str, variables: dict[str, dict[str, str]]) -> str:
    """Empty for a text that was saved when more was allowed than is now."""
    try:
        return liquid.render(source, variables).without_missing.strip()
    except InvalidInput:
        return ""
