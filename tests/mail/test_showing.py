"""HTML of strangers: what stays of it, and that nothing in it acts, loads or opens anything by itself."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saleor_aftercare.mail.showing import files_in, make_safe, shown, typed_html


def safe(html: str, **files: int) -> str:
    return make_safe(html, files).html


@pytest.mark.parametrize(
    ("html", "left"),
    [
        ("<p>Hi<script>alert(1)</script></p>", "<p>Hi</p>"),
        ('<p onclick="x()" id="app" class="c">Hi</p>', "<p>Hi</p>"),
        ("<style>p{background:url(//x)}</style><title>t</title>Hi", "Hi"),
        ("<iframe src='//x'>a</iframe><object data=x>b</object><embed src=x>Hi", "Hi"),
        ("<form action=x><input name=a><button>Go</button></form>", "Go"),
        ("<svg><script>1</script></svg><math><mi>x</mi></math>Hi", "Hi"),
        ('<img src="javascript:alert(1)">', "<img>"),
        ('<img src="data:text/html;base64,PHNjcmlwdD4=">', "<img>"),
        ('<img src="data:image/svg+xml;base64,PHN2Zz4=">', "<img>"),
        ('<img srcset="https://x 2x" src="cid:none">', "<img>"),
        ('<td background="https://x/a.png">a</td>', "a"),
        ('<meta http-equiv="refresh" content="0;url=//x"><base href="//x">Hi', "Hi"),
        ('<p style="color:red;background:url(https://x);position:fixed">Hi</p>', '<p style="color:red">Hi</p>'),
        ("<!-- [if mso]>x<![endif] -->Hi", "Hi"),
    ],
)
def test_what_acts_or_loads_is_left_out(html: str, left: str):
    assert safe(html) == left


@pytest.mark.parametrize(
    "href", ["javascript:alert(1)", " java\nscript:x", "data:text/html,x", "vbscript:x", "/a", "#x"]
)
def test_links_lead_to_pages_mailboxes_and_telephones_alone(href: str):
    assert "href" not in safe(f'<a href="{href}">here</a>')


def test_a_link_opens_a_page_of_its_own_that_knows_nothing_of_ours():
    assert safe('<a href="https://x.example" target="_top">here</a>') == (
        '<a href="https://x.example" target="_blank" rel="noopener noreferrer nofollow">here</a>'
    )


def test_pictures_of_the_mail_are_named_by_their_file_and_only_by_us():
    html = make_safe('<img src="cid:a@b"><img src="aftercare-file:9">', {"a@b": 7}).html

    assert html == '<img src="aftercare-file:7"><img>'
    assert files_in(html) == {7}
    assert shown(html, {7: "https://us.test/f?a&b"}, remote=False) == '<img src="https://us.test/f?a&amp;b"><img>'
    assert shown(html, {}, remote=False) == "<img ><img>"


def test_pictures_elsewhere_are_fetched_only_when_somebody_asked():
    found = make_safe('<p>Hi</p><img src="https://t.example/p.gif?who=ada" alt="logo">', {})

    assert found.has_remote_content is True
    assert "t.example" not in shown(found.html, {}, remote=False)
    assert "https://t.example/p.gif?who=ada" in shown(found.html, {}, remote=True)
    assert make_safe("<p>Hi</p>", {}).has_remote_content is False


@given(st.text(alphabet="<>\"'=/ aimgsrcopte:;&#()-!\n", max_size=200))
def test_no_html_however_broken_leaves_anything_that_acts(html: str):
    left = make_safe(html, {}).html.lower()

    assert not re.search(r"<(?:script|style|iframe|object|embed|form|input|svg|math|base|meta|link)\b", left)
    assert not re.search(r"<[^>]*\son\w+=", left)


def test_typed_words_stay_as_they_were_typed():
    assert typed_html("1) a\n2) b\n\nMei\n---\n*not* <b>") == "<p>1) a<br>2) b</p><p>Mei<br>---<br>*not* &lt;b&gt;</p>"
    assert typed_html("a   b\n  c") == "<p>a &nbsp;&nbsp;b<br>&nbsp;&nbsp;c</p>"
    assert typed_html("") == ""


def test_addresses_of_pages_become_links_that_end_where_the_sentence_does():
    html = typed_html("(https://x.example/a?b=1&c=2), https://日本.example/道。次")

    assert 'href="https://x.example/a?b=1&amp;c=2"' in html
    assert 'href="https://日本.example/道"' in html
    assert html.count("<a ") == 2
