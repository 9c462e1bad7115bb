"""Sending letters, each once however often the job runs."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from saleor_aftercare.core import clock
from saleor_aftercare.core.errors import ProviderUnavailable
from saleor_aftercare.core.events import publish
from saleor_aftercare.core.jobs import MAX_ATTEMPTS, handles
from saleor_aftercare.core.models import Job

from .events import MailFailed, MailLost
from .models import DeliveryState, OutboundMessage
from .suppression import UNASKED, blocking_reason
from .transport import LetterLost, LetterRefused, files_of, hand_over


@handles("mail.send")
def send_letter(job: Job) -> None:
    """Send one letter.

    What makes it once: the letter is moved to SENDING before the first byte leaves, and nothing is ever sent out
    of SENDING again but what is marked as better twice than never. A letter found in SENDING belongs to a worker
    that died, for its job came back only after the dead worker's lease had ended.
    """
    letter = OutboundMessage.objects.select_related("shop").get(pk=job.payload["letter"])
    at = clock.now()
    if letter.state == DeliveryState.SENDING:
        _settle_lost(letter, "The worker died while sending.", at=at)
    if letter.state != DeliveryState.PENDING:
        return
    if reason := blocking_reason(letter.shop, letter.to_email, letter.purpose):
        _give_up(letter, "suppress", f"Not sent: the address is suppressed ({reason.value}).", at=at)
        return
    files = files_of(letter)
    letter.move("send", at=at)
    try:
        reference = hand_over(letter, files)
    except ProviderUnavailable as error:
        _postpone(letter, job, error, at=clock.now())
    except LetterRefused as error:
        _give_up(letter, "reject", error.message, at=clock.now())
    except LetterLost as error:
        _settle_lost(letter, error.message, at=clock.now())
        if letter.state == DeliveryState.PENDING:
            raise ProviderUnavailable(error.message) from error
    else:
        letter.move("confirm", at=clock.now(), error="", provider_reference=reference)


def _postpone(letter: OutboundMessage, job: Job, error: ProviderUnavailable, *, at: datetime) -> None:
    if job.attempts >= MAX_ATTEMPTS:
        _give_up(letter, "reject", error.message, at=at)
        return
    letter.move("postpone", at=at, error=error.message)
    raise error


@transaction.atomic
def _give_up(letter: OutboundMessage, action: str, error: str, *, at: datetime) -> None:
    letter.move(action, at=at, error=error)
    if letter.purpose not in UNASKED:
        publish(
            MailFailed(
                subject_id=letter.pk,
                letter_kind=letter.kind,
                about=letter.subject_type,
                about_id=letter.subject_id,
            ),
            shop=letter.shop,
            at=at,
        )


@transaction.atomic
def _settle_lost(letter: OutboundMessage, error: str, *, at: datetime) -> None:
    """What becomes of a letter that may have left: again for those better had twice, a person's decision for others."""
    letter.move("lose", at=at, error=error)
    if letter.repeat_if_lost:
        letter.move("retry", at=at)
    elif letter.purpose not in UNASKED:
        publish(
            MailLost(
                subject_id=letter.pk,
                letter_kind=letter.kind,
                about=letter.subject_type,
                about_id=letter.subject_id,
            ),
            shop=letter.shop,
            at=at,
        )
