from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from saleor_aftercare.connection.models import ShopSettings
from saleor_aftercare.core import clock, events
from saleor_aftercare.core.events import reacts_to
from saleor_aftercare.core.models import Event
from saleor_aftercare.returns.events import ReturnRequested
from tests.house import House


@pytest.fixture
def days_later(settings: Any, tmp_path: Path) -> Callable[[House, int], None]:
    """Move everybody's clock to noon of the shop's day so many days from now, and let happen what is due then."""
    settings.AFTERCARE_CLOCK_FILE = str(tmp_path / "clock")

    def move(house: House, days: int) -> None:
        zone = ZoneInfo(ShopSettings.objects.get(shop=house.shop).time_zone)
        day = clock.real_now().astimezone(zone).date() + timedelta(days=days)
        ahead = datetime.combine(day, time(12), tzinfo=zone) - clock.real_now()
        Path(settings.AFTERCARE_CLOCK_FILE).write_text(str(int(ahead.total_seconds())))
        house.settle()

    return move


@pytest.fixture
def unreliable() -> Iterator[None]:
    """A reaction to returns that always crashes."""

    @reacts_to(ReturnRequested)
    def stumble(event: Event) -> None:
        raise RuntimeError("a bug")

    yield
    events._reactions[ReturnRequested.kind].remove(stumble)
