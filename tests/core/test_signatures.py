"""Signed bodies between us and merchants' programs."""

from datetime import UTC, datetime, timedelta

import pytest

from saleor_aftercare.core.errors import Unauthenticated
from saleor_aftercare.core.signatures import check_signature, signature

AT = datetime(2025, 6, 2, 12, tzinfo=UTC)
SECRET = "a secret of at least sixteen characters"
BODY = '{"reference":"名"}'.encode()


def test_the_worked_example_of_the_docs_holds():
    header = signature("0123456789abcdef", b'{"action":"verify","version":1}', at=AT)

    assert header == "t=1748865600,v1=ed85a0733e76f6de73322e6ef2f22e732c1094797ad6e62bf01c0e76990f200e"


def test_what_was_signed_is_accepted_for_five_minutes():
    header = signature(SECRET, BODY, at=AT)

    check_signature(header, SECRET, BODY, at=AT)
    check_signature(header, SECRET, BODY, at=AT + timedelta(minutes=5))
    check_signature(header, SECRET, BODY, at=AT - timedelta(minutes=5))


@pytest.mark.parametrize(
    ("secret", "body", "later"),
    [
        ("another secret of many characters", BODY, timedelta(0)),
        (SECRET, BODY + b" ", timedelta(0)),
        (SECRET, BODY, timedelta(minutes=5, seconds=1)),
        (SECRET, BODY, timedelta(minutes=-5, seconds=-1)),
        ("", BODY, timedelta(0)),
    ],
)
def test_webhook_replay_forgery_and_change_are_refused(secret, body, later):
    header = signature(SECRET, BODY, at=AT)

    with pytest.raises(Unauthenticated):
        check_signature(header, secret, body, at=AT + later)


@pytest.mark.parametrize("header", ["", "t=1", "v1=ab", "t=x,v1=" + "a" * 64, "t=1748865600,v1=" + "A" * 64])
def test_a_header_of_another_form_is_refused(header):
    with pytest.raises(Unauthenticated):
        check_signature(header, SECRET, BODY, at=AT)
