"""What members of staff are told: once, as they want it, by bell, mail and the team's own chat."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from saleor_aftercare.connection.models import StaffMember
from saleor_aftercare.core import outside
from saleor_aftercare.core.errors import InvalidInput, ProviderError, ProviderUnavailable
from saleor_aftercare.core.jobs import run_due
from saleor_aftercare.core.models import Job, JobState
from saleor_aftercare.mail.models import OutboundMessage
from saleor_aftercare.team import hooks
from saleor_aftercare.team.actions import mark_read, notify
from saleor_aftercare.team.deciding import save_preferences
from saleor_aftercare.team.models import Notice, NoticeHook, NoticeKind
from saleor_aftercare.team.preferences import Preferences
from saleor_aftercare.team.queries import unread_notices
from tests.make import HOUR, NOON, make_shop, make_staff
from tests.make.team import make_team

pytestmark = pytest.mark.django_db
K = NoticeKind


def tell(*members: StaffMember, kind: NoticeKind = K.ASSIGNED, source: str = "event:1", **values: Any) -> list[Notice]:
    data = {"number": 1001, "subject": "Grinder <b>|x", "by": "Mei"}
    shop = values.pop("shop", None) or members[0].shop
    return notify(
        shop, members=members, kind=kind, subject="ticket", subject_id=1, source=source, data=data, at=NOON, **values
    )


def wants(member: StaffMember, **values: Any) -> None:
    save_preferences(member, Preferences(**values))


def test_each_member_is_told_once_per_source():
    mei = make_staff()
    ken = make_staff(mei.shop)

    assert len(tell(mei, ken)) == 2
    assert tell(mei, ken, mei) == []
    assert len(tell(mei, source="event:2")) == 1
    assert (unread_notices(mei), unread_notices(ken)) == (2, 1)


def test_somebody_of_another_shop_is_told_nothing():
    assert tell(make_staff(), shop=make_shop()) == []


def test_who_wants_no_such_notice_gets_none_and_who_wants_the_mail_only_has_no_number_on_the_bell():
    shop = make_shop()
    mei, ken = make_staff(shop), make_staff(shop)
    wants(mei, app=frozenset({K.MENTION}), mail=frozenset())
    wants(ken, app=frozenset(), mail=frozenset({K.ASSIGNED}))

    (told,) = tell(mei, ken)

    assert (told.member, unread_notices(ken)) == (ken, 0)
    assert told.mailed_at is None


def test_what_was_seen_is_seen_and_only_ones_own():
    shop = make_shop()
    mei, ken = make_staff(shop), make_staff(shop)
    (mine, _his) = tell(mei, ken)

    assert mark_read(ken, keys=[mine.pk], at=NOON) == 0
    assert (mark_read(mei, keys=[mine.pk], at=NOON), unread_notices(mei), unread_notices(ken)) == (1, 0, 1)
    assert mark_read(ken, keys=None, at=NOON) == 1


@pytest.mark.parametrize(
    ("digest", "hour", "zone", "at", "expected"),
    [
        ("hourly", 9, "Asia/Tokyo", "2026-11-22T12:20:00+00:00", "2026-11-22T13:00:00+00:00"),
        ("daily", 9, "Asia/Tokyo", "2026-11-22T12:20:00+00:00", "2026-11-23T00:00:00+00:00"),
        ("daily", 9, "Asia/Tokyo", "2026-11-22T00:00:00+00:00", "2026-11-23T00:00:00+00:00"),
        ("daily", 9, "Europe/Berlin", "2026-03-28T12:00:00+00:00", "2026-03-29T07:00:00+00:00"),
        # 02:00 does not exist in that night: the clock goes from 02:00 to 03:00.
        ("daily", 2, "Europe/Berlin", "2026-03-28T12:00:00+00:00", "2026-03-29T01:00:00+00:00"),
    ],
)
def test_the_mail_leaves_at_the_members_hour(digest: str, hour: int, zone: str, at: str, expected: str):
    wish = Preferences(digest=digest, hour=hour)

    assert wish.next_mail(datetime.fromisoformat(at), zone) == datetime.fromisoformat(expected)


@given(
    st.integers(0, 10 * 365 * 24 * 60).map(lambda minutes: NOON + timedelta(minutes=minutes)),
    st.integers(0, 23),
    st.sampled_from(["UTC", "Asia/Tokyo", "Europe/Berlin", "America/St_Johns"]),
    st.sampled_from(["hourly", "daily"]),
)
def test_the_mail_leaves_later_and_within_a_day(at: datetime, hour: int, zone: str, digest: str):
    due = Preferences(digest=digest, hour=hour).next_mail(at, zone)

    assert timedelta(0) < due - at <= timedelta(hours=26 if digest == "daily" else 1)


@pytest.mark.parametrize(("values", "field"), [({"digest": "weekly"}, "digest"), ({"hour": 24}, "hour")])
def test_preferences_that_make_no_sense_are_named(values: dict[str, Any], field: str):
    with pytest.raises(InvalidInput) as refused:
        save_preferences(make_staff(), Preferences(**values))
    assert refused.value.field == field


def letter_after(kind: str, language: str = "en") -> OutboundMessage | None:
    job = Job.objects.get(kind="team.digest")
    Job.objects.filter(pk=job.pk).update(due_at=NOON - HOUR)
    run_due()
    assert Job.objects.get(pk=job.pk).state == JobState.DONE, kind
    return OutboundMessage.objects.filter(kind="team/digest").first()


def test_one_mail_collects_what_was_not_read():
    shop = make_shop(settings={"dashboard_url": "https://shop.test/dashboard/"}, app_id="QXBwOjI=")
    mei = make_staff(shop)
    wants(mei, mail=frozenset({K.ASSIGNED, K.BREACHED}), digest="hourly")
    (seen,) = tell(mei, source="a")
    tell(mei, source="b", kind=K.BREACHED)
    tell(mei, source="c")
    mark_read(mei, keys=[seen.pk], at=NOON + HOUR / 2)

    letter = letter_after("two of three")

    assert letter is not None
    assert (letter.subject, letter.to_email) == ("2 notices from your inbox", mei.email)
    assert "The answer to #1001 is late." in letter.text
    assert "https://shop.test/dashboard/extensions/app/QXBwOjI%3D/inbox/tickets/1001" in letter.text
    assert "Grinder &lt;b&gt;" in letter.html
    assert not Notice.objects.filter(mailed_at=None).exists()


def test_nothing_unread_is_no_mail():
    mei = make_staff()
    wants(mei, mail=frozenset({K.ASSIGNED}))
    tell(mei)
    mark_read(mei, keys=None, at=NOON + HOUR / 2)

    assert letter_after("nothing") is None


def test_a_japanese_shops_mail_is_japanese():
    mei = make_staff(make_shop(settings={"default_language": "ja"}))
    wants(mei, app=frozenset(), mail=frozenset({K.ASSIGNED}))
    tell(mei)

    letter = letter_after("ja")

    assert letter is not None
    assert letter.subject == "受信箱からのお知らせ（1件）"
    assert "#1001の担当になりました。" in letter.text


# -- the team's chat -------------------------------------------------------------------------------------------


def a_hook(shop: Any = None, **values: Any) -> NoticeHook:
    shop = shop or make_shop(settings={"dashboard_url": ""})
    return NoticeHook.objects.create(
        **{"shop": shop, "name": "Slack", "url": "https://hooks.slack.test/T1/secret", "created_at": NOON}
        | {"kinds": ["assigned"]}
        | values
    )


def answering(*answers: httpx.Response | Exception) -> tuple[list[httpx.Request], Callable[[httpx.Request], Any]]:
    seen: list[httpx.Request] = []
    left = list(answers)

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        one = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(one, Exception):
            raise one
        return one

    return seen, answer


def test_a_notice_is_posted_once_however_many_members_there_are_also_when_there_are_none():
    hook = a_hook()
    seen, answer = answering(httpx.Response(200, text="ok"))

    with outside.using_transport(httpx.MockTransport(answer)):
        tell(make_staff(hook.shop), make_staff(hook.shop))
        tell(shop=hook.shop, source="event:2")
        run_due()

    assert len(seen) == 2
    assert json.loads(seen[0].content) == {"text": "#1001 is yours now. Grinder &lt;b&gt;¦x"}


def test_a_teams_address_hears_of_its_own_queue_only():
    shop = make_shop()
    team = make_team(shop)
    a_hook(shop, team=team)
    a_hook(shop, kinds=["mention"])

    tell(shop=shop)
    tell(shop=shop, source="event:2", team_id=team.pk)

    assert Job.objects.filter(kind="team.post").count() == 1


@pytest.mark.parametrize(
    ("outcome", "error", "problem"),
    [
        (httpx.Response(500), ProviderUnavailable, "The other side answered 500."),
        (httpx.Response(429, headers={"Retry-After": "30"}), ProviderUnavailable, "The other side answered 429."),
        (httpx.ConnectError("x"), ProviderUnavailable, "Nobody answers there (ConnectError)."),
        (httpx.Response(404, text="no_service"), ProviderError, "The other side answered 404."),
        (httpx.Response(302, headers={"Location": "http://10.0.0.1/"}), ProviderError, "The other side answered 302."),
    ],
)
def test_what_went_wrong_stands_at_the_address(outcome: Any, error: type[Exception], problem: str):
    hook = a_hook()
    seen, answer = answering(outcome)

    with outside.using_transport(httpx.MockTransport(answer)), pytest.raises(error) as raised:
        hooks.test(hook)

    hook.refresh_from_db()
    assert (len(seen), hook.problem) == (1, problem)
    assert isinstance(raised.value, ProviderUnavailable) == (error is ProviderUnavailable)


def test_what_works_again_has_no_problem_any_more():
    hook = a_hook(problem="The other side answered 500.")
    _seen, answer = answering(httpx.Response(200))

    with outside.using_transport(httpx.MockTransport(answer)):
        hooks.test(hook)

    hook.refresh_from_db()
    assert hook.problem == ""


@pytest.mark.parametrize("url", ["http://hooks.slack.test/", "ftp://x.test/", "https://user@x.test/", "x", ""])
def test_an_address_that_is_none_is_named(url: str):
    with pytest.raises(InvalidInput) as refused:
        hooks.save_hook(make_shop(), hook=None, name="Slack", url=url, kinds=["assigned"], team=None, at=NOON)
    assert refused.value.field == "url"


@override_settings(OUTBOUND_PRIVATE_ADDRESSES=False)
def test_nothing_is_posted_into_a_private_network():
    hook = a_hook(url="https://127.0.0.1/")

    with pytest.raises(outside.Forbidden):
        hooks.test(hook)
    hook.refresh_from_db()
    assert hook.problem == "The address leads into a private network."
