"""What a member of staff wants to be told, and how: a value with a stable document."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from saleor_aftercare.core.errors import InvalidInput

from .models import NoticeKind

DIGESTS: Final = ("hourly", "daily")
_ALL: Final = frozenset(NoticeKind)


@dataclass(frozen=True)
class Preferences:
    """Kinds of notices shown in the app, kinds collected into a mail, and when that mail leaves."""

    app: frozenset[NoticeKind] = _ALL
    mail: frozenset[NoticeKind] = field(default_factory=frozenset)
    digest: str = "daily"  #: or "hourly"
    hour: int = 9  #: of the daily one, in the shop's time zone

    def to_json(self) -> dict[str, Any]:
        """The document of the row."""
        return {
            "app": sorted(one.value for one in self.app),
            "mail": sorted(one.value for one in self.mail),
            "digest": self.digest,
            "hour": self.hour,
        }

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> Preferences:
        """Read a row's document; an empty one has the defaults."""
        if not document:
            return cls()
        return cls(
            app=frozenset(map(NoticeKind, document["app"])),
            mail=frozenset(map(NoticeKind, document["mail"])),
            digest=document["digest"],
            hour=document["hour"],
        )

    def checked(self) -> Preferences:
        """These, when they make sense; raises InvalidInput naming the field."""
        if self.digest not in DIGESTS:
            raise InvalidInput(_("A mail comes hourly or daily."), "digest")
        if not 0 <= self.hour <= 23:
            raise InvalidInput(_("Hours go from 0 to 23."), "hour")
        return self

    def next_mail(self, at: datetime, time_zone: str) -> datetime:
        """When the mail leaves that collects what happens ``at``: the next full hour, or the next such hour of a day.

        An hour that the clock skips in spring is the one after it; of one that it shows twice the first is meant.
        """
        here = at.astimezone(ZoneInfo(time_zone))
        if self.digest == "hourly":
            return at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        moment = here.replace(hour=self.hour, minute=0, second=0, microsecond=0, fold=0)
        if moment.astimezone(at.tzinfo) <= at:
            moment += timedelta(days=1)
        return moment.astimezone(at.tzinfo)
