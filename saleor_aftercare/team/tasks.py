"""Jobs of the team: posting notices, and the mail that collects them."""

from __future__ import annotations

import contextlib
from typing import Final

from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.connection.shop import settings_of, speaking_to_staff
from saleor_aftercare.core import clock
from saleor_aftercare.core.errors import InvalidInput
from saleor_aftercare.core.jobs import handles
from saleor_aftercare.core.models import Job, Shop
from saleor_aftercare.mail import letters
from saleor_aftercare.mail.models import Purpose

from . import hooks
from .models import Notice, NoticeHook
from .words import link, sentence

#: Notices that one mail tells; of more it says how many there are.
MAX_IN_MAIL: Final = 50


@handles("team.post")
def post_notice(job: Job) -> None:
    """Post one notice to one address; an address that was taken away gets nothing."""
    hook = NoticeHook.objects.select_related("shop").filter(shop=job.shop_id, pk=job.payload["hook"]).first()
    if hook is not None:
        hooks.post(hook, kind=job.payload["kind"], data=job.payload["data"])


@handles("team.digest")
def mail_notices(job: Job) -> None:
    """Tell somebody by mail what they have not read by now; nothing new is no mail."""
    shop = _shop_of(job)
    member = StaffMember.objects.get(shop=shop, pk=job.payload["member"])
    at = clock.now()
    unmailed = Notice.objects.filter(shop=shop, member=member, mailed_at=None)
    # Who wants only the mail has nothing on the bell to read: those count as new here.
    rows = [one for one in unmailed.order_by("pk") if one.read_at is None or one.read_at == one.created_at]
    if rows:
        with speaking_to_staff(shop):
            lines = [
                {"text": sentence(one.kind, one.data), "subject": one.data["subject"], "url": link(shop, one.data)}
                for one in rows[-MAX_IN_MAIL:]
            ]
        # Where Saleor knows no usable address of theirs, the bell has it all the same.
        with contextlib.suppress(InvalidInput):
            letters.write(
                shop=shop,
                kind="team/digest",
                key=job.key,
                to_email=member.email,
                to_name=member.display_name,
                language=settings_of(shop).default_language,
                context={"count": len(rows), "lines": lines, "more": max(len(rows) - MAX_IN_MAIL, 0)},
                subject=("staff", member.pk),
                purpose=Purpose.TRANSACTIONAL,
                at=at,
            )
    unmailed.filter(created_at__lte=at).update(mailed_at=at)


def _shop_of(job: Job) -> Shop:
    if job.shop is None:
        raise LookupError(f"{job} is no job of a shop")
    return job.shop
