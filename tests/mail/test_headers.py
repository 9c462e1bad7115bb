from __future__ import annotations

import pytest

from saleor_aftercare.core.models import Shop
from saleor_aftercare.mail import headers as head


@pytest.mark.parametrize("feed", ["\r\n", "\n", "\x0b", "\u2028", "\x85"])
def test_no_name_can_add_a_line(feed):
    assert head.one_line(f"Ada{feed}Bcc: all@x.test", 80) == "Ada Bcc: all@x.test"


def test_characters_that_turn_the_direction_of_writing_go():
    assert head.one_line("care@\u202etset.live", 80) == "care@tset.live"


def test_a_mailbox_quotes_the_name():
    assert head.mailbox('A "B" \\ C, D', "a@x.test") == '"A \\"B\\" \\\\ C, D" <a@x.test>'
    assert head.mailbox("", "a@x.test") == "a@x.test"


def test_a_message_id_is_ours_only_for_the_shop_it_was_made_for():
    shop, other = Shop(pk=1), Shop(pk=2)

    made = head.new_message_id(shop, "care@komorebi.test")

    assert made.endswith("@komorebi.test>")
    assert head.is_ours(shop, made)
    assert head.is_ours(shop, f" {made} ")
    assert not head.is_ours(other, made)
    assert not head.is_ours(shop, "<abc.0123456789abcdef@komorebi.test>")
    assert not head.is_ours(shop, "")


def test_a_message_id_in_a_japanese_domain_is_ascii():
    assert head.new_message_id(Shop(pk=1), "care@木漏れ日.test").isascii()


@pytest.mark.parametrize("name", ["Bcc", "subject", "X-A\r\nBcc", "", "X A"])
def test_a_caller_cannot_set_what_is_not_theirs(name):
    with pytest.raises(ValueError, match="Not a header"):
        head.checked({name: "x"})


def test_further_headers_are_one_line_each():
    assert head.checked({"References": "<a@x>\r\nBcc: all@x.test"}) == {"References": "<a@x> Bcc: all@x.test"}
