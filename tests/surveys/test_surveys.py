"""Asking customers how they were helped: whom, when, how often; and what their answers do (nothing but count)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from saleor_aftercare.core import clock as real_clock
from saleor_aftercare.core import jobs
from saleor_aftercare.core.errors import Conflict, InvalidInput, NotFound, Refused
from saleor_aftercare.core.events import SYSTEM
from saleor_aftercare.core.models import Event, Job, Shop
from saleor_aftercare.inbox import actions as inbox
from saleor_aftercare.inbox.models import Ticket, TicketMessage, TicketState
from saleor_aftercare.mail.models import OutboundMessage, SuppressionReason
from saleor_aftercare.mail.suppression import suppress
from saleor_aftercare.people.models import Person
from saleor_aftercare.surveys import actions, queries
from saleor_aftercare.surveys.models import Survey
from saleor_aftercare.surveys.queries import Figures, Grouping
from tests.make import DAY, HOUR, NOON, make_message, make_shop, make_staff, make_ticket
from tests.make.letters import make_suppression
from tests.portal.conftest import browse, text_of

pytestmark = pytest.mark.django_db


def ask(shop: Shop, about_id: int = 1, *, at: Any = NOON, **values: Any) -> Survey | None:
    asked = actions.Asked(
        **(
            {
                "about": "ticket",
                "about_id": about_id,
                "number": 1001,
                "title": "Grinder",
                "email": "Ada@Customer.test",
                "name": "Ada",
                "language": "en",
            }
            | values
        )
    )
    return actions.ask(shop, asked, at=at)


def asked(shop: Shop, about_id: int = 1, **values: Any) -> Survey:
    survey = ask(shop, about_id, **values)
    assert survey is not None
    return survey


def save(shop: Shop, **values: Any) -> None:
    given = {"version": 1, "enabled": True, "delay_hours": 4, "quiet_days": 30, "open_days": 14}
    actions.save_settings(shop, **(given | values), at=NOON, actor=SYSTEM)


# -- asking -----------------------------------------------------------------------------------------------------------


def test_the_mail_has_a_link_for_each_of_five_answers():
    survey = asked(make_shop(), language="ja")

    letter = OutboundMessage.objects.get()
    assert (letter.kind, letter.to_email, letter.language) == ("surveys/csat", "ada@customer.test", "ja")
    assert [f"score={score}" in letter.text for score in range(6)] == [False, True, True, True, True, True]
    assert "List-Unsubscribe" in letter.headers
    assert (survey.closes_at, survey.score) == (NOON + 14 * DAY, None)


def test_one_thing_is_asked_about_once():
    shop = make_shop()

    assert asked(shop).pk == asked(shop, at=NOON + 100 * DAY).pk
    assert OutboundMessage.objects.count() == 1


def test_nobody_is_asked_twice_within_the_quiet_days_by_whatever_address():
    shop, other = make_shop(), make_shop()
    person = Person.objects.create(shop=shop, created_at=NOON)
    asked(shop, 1, person_id=person.pk)

    assert ask(shop, 2, at=NOON + 29 * DAY) is None
    assert ask(shop, 3, at=NOON + 29 * DAY, person_id=person.pk, email="ada@work.test") is None
    assert ask(other, 4) is not None
    assert ask(shop, 5, at=NOON + 30 * DAY) is not None


def test_staff_are_not_asked_about_themselves_nor_anybody_where_the_shop_does_not_ask():
    """Edge case C9: agent self-survey (glpi#474)."""
    shop = make_shop()
    make_staff(shop, email="ada@customer.test")
    assert ask(shop) is None

    quiet = make_shop()
    save(quiet, enabled=False)
    assert ask(quiet) is None
    assert ask(make_shop(), email="") is None


@pytest.mark.parametrize("reason", SuppressionReason)
def test_who_refused_such_mails_or_cannot_get_any_is_not_asked_at_all(reason: SuppressionReason):
    shop = make_shop()
    make_suppression(shop, "Ada@customer.test", reason=reason)
    make_suppression(make_shop(), "eve@customer.test", reason=reason)

    assert ask(shop) is None
    assert ask(shop, 2, email="eve@customer.test") is not None

    assert list(OutboundMessage.objects.values_list("to_email", flat=True)) == ["eve@customer.test"]


def test_the_question_offers_a_way_out_that_stops_the_next_one():
    shop = make_shop()
    asked(shop)
    letter = OutboundMessage.objects.get()
    assert "List-Unsubscribe" in letter.headers

    suppress(shop, letter.to_email, reason=SuppressionReason.OPTED_OUT, at=NOON)

    assert ask(shop, 2, at=NOON + 31 * DAY) is None


# -- answering --------------------------------------------------------------------------------------------------------


def path_of(survey: Survey) -> str:
    return f"survey/{queries.answer_token(survey)}/"


@pytest.mark.parametrize("score", [1, 5])
def test_opening_a_link_chooses_and_counts_for_nothing(score: int):
    """Edge case C9: security scanners click links."""
    survey = asked(make_shop(), at=real_clock.now())
    visitor = browse(survey.shop)

    html = text_of(visitor.get(f"{path_of(survey)}?score={score}"))

    assert f'value="{score}" checked' in html.replace(' id="id_score"', "")
    assert html.count("checked") == 1
    survey.refresh_from_db()
    assert (survey.score, Event.objects.filter(kind="survey.answered").count()) == (None, 0)


def test_the_last_answer_within_the_time_counts():
    """Edge case C9: repeated clicks = last answer wins inside window."""
    survey = asked(make_shop(), at=real_clock.now())
    visitor = browse(survey.shop)

    for score, comment in (("5", ""), ("5", ""), ("2", "Slow.")):
        assert visitor.post(path_of(survey), {"score": score, "comment": comment}).status_code == 200

    survey.refresh_from_db()
    assert (survey.score, survey.comment) == (2, "Slow.")
    told = Event.objects.filter(kind="survey.answered").order_by("pk")
    assert [(one.data["score"], one.data["changed"]) for one in told] == [(5, False), (2, True)]
    with pytest.raises(Refused):
        actions.answer(survey, score=1, comment="", at=survey.closes_at)


@pytest.mark.parametrize("data", [{}, {"score": "6"}, {"score": "x"}, {"score": "3", "comment": "x" * 2001}])
def test_an_unusable_answer_is_told_and_counts_for_nothing(data: dict[str, str]):
    survey = asked(make_shop(), at=real_clock.now())

    assert browse(survey.shop).post(path_of(survey), data).status_code == 422

    survey.refresh_from_db()
    assert survey.score is None


def test_a_forged_link_and_one_of_another_shop_open_nothing():
    survey = asked(make_shop(), at=real_clock.now())

    assert browse(make_shop()).get(path_of(survey)).status_code >= 400
    assert browse(survey.shop).get("survey/forged/").status_code >= 400
    with pytest.raises(NotFound):
        queries.survey_by_token(make_shop(), queries.answer_token(survey))


def test_after_its_time_the_page_says_so():
    survey = asked(make_shop(), at=real_clock.now())
    Survey.objects.filter(pk=survey.pk).update(closes_at=NOON - DAY)

    html = text_of(browse(survey.shop).post(path_of(survey), {"score": "5"}))

    assert "The time to answer is over" in html
    assert Survey.objects.get(pk=survey.pk).score is None


# -- from solved to answered ------------------------------------------------------------------------------------------


def solve(ticket: Ticket) -> None:
    inbox.update(ticket, action="solve", subject=None, at=NOON, staff=make_staff(ticket.shop))


def conversation(**values: Any) -> Ticket:
    ticket = make_ticket(**values)
    make_message(ticket, kind="staff", staff=make_staff(ticket.shop))
    return ticket


def later(hours: int, clock: Any) -> None:
    clock.move(NOON + timedelta(hours=hours))
    jobs.run_due()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Everybody's clock, at noon of the tests' day."""

    class Hands:
        now = NOON

        def move(self, to: Any) -> None:
            self.now = to

    hands = Hands()
    monkeypatch.setattr(real_clock, "now", lambda: hands.now)
    return hands


def test_four_hours_after_it_was_solved_the_customer_is_asked_about_who_helped(clock: Any):
    ticket = conversation()
    solve(ticket)
    later(0, clock)
    later(3, clock)
    assert Survey.objects.count() == 0

    later(4, clock)

    survey = Survey.objects.get()
    helper = TicketMessage.objects.get(ticket=ticket, kind="staff").staff_id
    assert (survey.subject_id, survey.member_id, survey.channel) == (ticket.pk, helper, "portal")


@pytest.mark.parametrize("what", ["reopen", "spam"])
def test_nobody_is_asked_about_what_was_reopened_or_is_spam(clock: Any, what: str):
    ticket = conversation()
    solve(ticket)
    later(0, clock)
    inbox.update(ticket, action="reopen", subject=None, at=NOON + HOUR, staff=make_staff(ticket.shop))
    if what == "spam":
        inbox.update(ticket, action="spam", subject=None, at=NOON + HOUR, staff=make_staff(ticket.shop))

    later(100, clock)

    assert Survey.objects.count() == 0


def test_nobody_is_asked_about_help_that_nobody_gave(clock: Any):
    ticket = make_ticket()
    solve(ticket)

    later(0, clock)
    later(100, clock)

    assert Survey.objects.count() == 0


def test_an_answer_stands_in_the_conversation_and_wakes_nobody(clock: Any):
    """Edge case C9: survey after "thanks" reopens ticket (chatwoot#8726)."""
    ticket = conversation()
    solve(ticket)
    later(0, clock)
    later(4, clock)
    before = Ticket.objects.get(pk=ticket.pk)

    actions.answer(Survey.objects.get(), score=2, comment="Slow.", at=NOON + 5 * HOUR)
    later(5, clock)

    now = Ticket.objects.get(pk=ticket.pk)
    assert (now.state, now.unread, now.last_message_at) == (TicketState.SOLVED, before.unread, before.last_message_at)
    line = TicketMessage.objects.filter(ticket=ticket).latest("pk")
    assert (line.event, line.event_data) == ("survey.commented", {"score": 2, "comment": "Slow."})


# -- figures and settings ---------------------------------------------------------------------------------------------


def test_figures_count_by_month_member_team_and_channel(django_assert_num_queries: Any):
    shop = make_shop()
    mei = make_staff(shop)
    for number, (score, channel) in enumerate([(5, "email"), (4, "email"), (2, "line"), (None, "line"), (1, "line")]):
        survey = asked(shop, number, email=f"{number}@customer.test", channel=channel, member_id=mei.pk)
        values = {"score": score, "answered_at": NOON if score else None}
        Survey.objects.filter(pk=survey.pk).update(**values, void_reason="spam" if score == 1 else "")
    asked(make_shop())
    june = {"first": date(2025, 6, 1), "last": date(2025, 6, 30)}

    with django_assert_num_queries(2):
        by_channel = queries.figures(shop, **june, by=Grouping.CHANNEL)
    assert by_channel == [Figures("email", 2, 2, 2), Figures("line", 2, 1, 0)]
    assert queries.figures(shop, **june, by=Grouping.MEMBER) == [Figures(mei.pk, 4, 3, 2)]
    assert queries.figures(shop, **june, by=Grouping.TEAM) == [Figures(None, 4, 3, 2)]
    assert queries.figures(shop, **june, by=Grouping.MONTH) == [Figures(date(2025, 6, 1), 4, 3, 2)]
    total = queries.figures(shop, **june, by=None)[0]
    assert (total.share, round(total.low or 0, 3), round(total.high or 0, 3)) == (2 / 3, 0.208, 0.939)
    assert queries.figures(shop, first=date(2025, 7, 1), last=date(2025, 7, 31), by=None) == [Figures(None, 0, 0, 0)]


def test_the_settings_are_checked_and_two_editors_notice_each_other():
    shop = make_shop()
    save(shop, delay_hours=24)

    assert queries.settings_of(shop).delay_hours == 24
    with pytest.raises(Conflict):
        save(shop)
    for field, value in (("delay_hours", 721), ("quiet_days", -1), ("open_days", 0)):
        with pytest.raises(InvalidInput) as caught:
            save(shop, version=2, **{field: value})
        assert caught.value.field == field
    assert not Job.objects.filter(shop=shop).exists()
