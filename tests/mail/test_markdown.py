from __future__ import annotations

import pytest

from saleor_aftercare.mail.markdown import render_markdown


def test_markdown_becomes_html():
    html = render_markdown("**Yes**\nnext\n\n1. one")

    assert html == "<p><strong>Yes</strong><br>\nnext</p>\n<ol>\n<li>one</li>\n</ol>\n"


@pytest.mark.parametrize(
    ("source", "never"),
    [
        ("<script>alert(1)</script>", "<script"),
        ("<img src=x onerror=alert(1)>", "<img"),
        ("![pixel](https://tracker.example/p.gif)", "<img"),
        ("[x](javascript:alert(1))", "href"),
        ("[x](data:text/html;base64,PHNjcmlwdD4=)", "href"),
        ('[x](https://a.example "t" onclick=1)', "<a onclick"),
        ("<a href='https://a.example' style='position:fixed'>x</a>", "<a href"),
    ],
)
def test_nothing_in_it_runs_or_loads(source, never):
    assert never not in render_markdown(source)


def test_html_stays_visible_as_text():
    assert render_markdown("a <b>tag</b>") == "<p>a &lt;b&gt;tag&lt;/b&gt;</p>\n"


def test_links_do_not_tell_where_they_were_clicked():
    assert render_markdown("[m](https://a.example)") == (
        '<p><a href="https://a.example" rel="noopener noreferrer nofollow">m</a></p>\n'
    )
