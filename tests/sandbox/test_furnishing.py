"""What the merchant of the practice shop has set up: words that can be sent, a macro that can be run, open doors."""

from __future__ import annotations

import httpx
import pytest

from saleor_aftercare.channels.models import ChannelAccount
from saleor_aftercare.desk.models import CannedReply, Macro
from saleor_aftercare.sandbox.aftercare import Aftercare
from saleor_aftercare.sandbox.furnishing import Furnishing
from saleor_aftercare.service.wsgi import application

pytestmark = pytest.mark.django_db


def test_a_shop_is_furnished_once(house):
    http = httpx.Client(transport=httpx.WSGITransport(app=application), base_url="https://aftercare.test")
    furnishing = Furnishing(Aftercare(house.saleor, http, "https://aftercare.test", "https://practice.test"))

    furnishing.set_up()
    furnishing.set_up()

    assert sorted(CannedReply.objects.values_list("shortcut", flat=True)) == ["descale", "lid", "where"]
    assert all(sorted(one.texts) == ["en", "ja"] for one in CannedReply.objects.all())
    assert Macro.objects.get().name == "Approve the return and answer"
    assert sorted(ChannelAccount.objects.values_list("kind", flat=True)) == ["chat", "form"]


def test_what_was_taken_away_does_not_come_back(house):
    http = httpx.Client(transport=httpx.WSGITransport(app=application), base_url="https://aftercare.test")
    furnishing = Furnishing(Aftercare(house.saleor, http, "https://aftercare.test", "https://practice.test"))
    furnishing.set_up()
    Macro.objects.all().delete()

    furnishing.set_up()

    assert not Macro.objects.exists()
