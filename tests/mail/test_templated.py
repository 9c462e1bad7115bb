"""The mended defects of django-templated-mail, one by one."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.template import engines
from django.test import RequestFactory, override_settings

from saleor_aftercare.mail.templated import EmptyLetterError, TemplatedMail, tidy_text

BASE = (
    "{% block subject %}{% endblock %}{% block text_body %}{% block text %}{% endblock %}\n-- \nShop{% endblock %}"
    "{% block html_body %}<html>{% block content %}{% endblock %}</html>{% endblock %}"
)
CHILD = (
    '{% extends "base" %}{% block subject %}About {{ what }}{% endblock %}'
    "{% block text %}It is {{ what }}.{% endblock %}{% block content %}<p>{{ what }}</p>{% endblock %}"
)
TEMPLATES = {
    "base": BASE,
    "child": CHILD,
    "grandchild": '{% extends "child" %}{% block content %}{{ block.super }}<p>more</p>{% endblock %}',
    "no_text": "{% block subject %}S{% endblock %}{% block html_body %}H{% endblock %}",
    "empty_text": '{% extends "base" %}{% block subject %}S{% endblock %}{% block text_body %} {% endblock %}',
    "two_lines": BASE.replace("{% block subject %}", "{% block subject %}One\n  two"),
}


@pytest.fixture(autouse=True)
def _templates() -> Any:
    setting = [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {"loaders": [("django.template.loaders.locmem.Loader", TEMPLATES)]},
        }
    ]
    with override_settings(TEMPLATES=setting):
        assert engines.all()
        yield


def a_mail(template: str = "child", **message: Any) -> TemplatedMail:
    return TemplatedMail(template_name=template, context={"what": "salt & pepper"}, **message)


def test_a_template_that_extends_another_is_a_whole_letter():
    letter = a_mail("grandchild")

    letter.render()

    assert letter.subject == "About salt & pepper"
    assert letter.body == "It is salt & pepper.\n--\nShop\n"
    assert letter.html == "<html><p>salt &amp; pepper</p><p>more</p></html>"


def test_subject_and_text_are_not_escaped_and_html_is():
    letter = TemplatedMail(template_name="child", context={"what": "<b>'x' & \"y\"</b>"})

    letter.render()

    assert letter.subject == "About <b>'x' & \"y\"</b>"
    assert "It is <b>'x' & \"y\"</b>." in letter.body
    assert "<p>&lt;b&gt;&#x27;x&#x27; &amp; &quot;y&quot;&lt;/b&gt;</p>" in letter.html


def test_sending_twice_does_not_double_the_html_part():
    letter = a_mail(to=["ada@customer.test"])

    letter.send()
    letter.send()

    assert len(mail.outbox) == 2
    assert len(mail.outbox[1].alternatives) == 1


def test_what_the_constructor_was_given_is_not_dropped():
    a_mail(
        from_email="care@shop.test",
        to=["ada@customer.test"],
        cc=["cc@customer.test"],
        bcc=["bcc@customer.test"],
        reply_to=["answer@shop.test"],
        headers={"X-Kind": "test"},
    ).send()

    (sent,) = mail.outbox
    assert (sent.from_email, sent.to, sent.cc, sent.bcc, sent.reply_to) == (
        "care@shop.test",
        ["ada@customer.test"],
        ["cc@customer.test"],
        ["bcc@customer.test"],
        ["answer@shop.test"],
    )
    assert sent.message()["X-Kind"] == "test"


def test_send_may_be_given_recipients_and_headers_too():
    letter = a_mail(to=["nobody@customer.test"], cc=["cc@customer.test"])

    letter.send(["ada@customer.test"], from_email="other@shop.test", headers={"X-Kind": "late"})

    (sent,) = mail.outbox
    assert sent.to == ["ada@customer.test"]
    assert sent.cc == ["cc@customer.test"]
    assert sent.from_email == "other@shop.test"
    assert sent.message()["X-Kind"] == "late"


def test_a_request_needs_no_sites_app():
    letter = a_mail(request=RequestFactory().get("/"), to=["ada@customer.test"])

    letter.send()

    assert mail.outbox[0].subject == "About salt & pepper"


def test_a_subject_is_one_line():
    letter = TemplatedMail(template_name="two_lines")

    letter.render()

    assert letter.subject == "One two"


@pytest.mark.parametrize("template", ["no_text", "empty_text"])
def test_a_letter_without_words_is_our_bug_and_never_sent(template):
    with pytest.raises(EmptyLetterError, match="text_body"):
        a_mail(template, to=["ada@customer.test"]).send()

    assert mail.outbox == []


def test_tidy_text_takes_out_what_template_tags_leave():
    assert tidy_text("\n a  \n\n\n\nb\n\n") == "a\n\nb\n"
