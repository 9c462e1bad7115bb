"""What the laws of countries say about goods that come back, as far as decisions depend on it.

Not legal advice. Every figure names its source; a country that is not listed has no figure here, and its cases
go to staff.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from saleor_aftercare.core.calendars import is_working_day

#: The member states, and the EEA states in which the consumer directives apply as well.
EU_COUNTRIES: Final = frozenset(
    [
        *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU"),
        *("IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"),
    ]
)
EEA_COUNTRIES: Final = EU_COUNTRIES | {"IS", "LI", "NO"}

#: Days to withdraw from a distance contract (CRD 2011/83/EU, art. 9(1)).
WITHDRAWAL_DAYS: Final = 14
#: Days after the declaration for the money and, on the consumer's side, for the goods (art. 13(1), 14(1)).
REFUND_DAYS: Final = 14
SEND_BACK_DAYS: Final = 14

#: Years of the seller's liability after delivery where it is more than Dir. (EU) 2019/771, art. 10(1), demands:
#: ES art. 120 TRLGDCU, PT art. 12 DL 84/2021, SE 4 kap. 14 § lag 2022:260.
_LONGER_GUARANTEE: Final = {"ES": 3, "PT": 3, "SE": 3}
_EU_GUARANTEE_YEARS: Final = 2
#: Japan: claims for non-conformity end ten years after the handover at the latest (Civil Code, art. 166(1)(ii)); the
#: customer has to tell the seller within a year of noticing (art. 566), which only a person can judge.
_JAPAN_GUARANTEE_YEARS: Final = 10
#: Great Britain: six years for breach of contract (Limitation Act 1980, s. 5; Consumer Rights Act 2015, s. 19).
_BRITISH_GUARANTEE_YEARS: Final = 6

#: Japan: days to take a mail-order purchase back where no return clause is shown (特定商取引法 art. 15-3).
JAPAN_RETURN_DAYS: Final = 8


def last_day(start: date, days: int, *, country: str) -> date:
    """The last day, inclusive, of a consumer's period of ``days`` days from an event on ``start``.

    The day of the event does not count; a last day that is a Saturday, a Sunday or a public holiday where the
    consumer is moves to the next working day (Regulation (EEC, Euratom) 1182/71, art. 3(1) and (4)).

    >>> last_day(date(2026, 11, 2), 14, country="DE")
    datetime.date(2026, 11, 16)
    >>> last_day(date(2026, 12, 11), 14, country="DE")  # 25 and 26 December, then a Sunday
    datetime.date(2026, 12, 28)
    """
    end = start + timedelta(days=days)
    while not is_working_day(end, country=country):
        end += timedelta(days=1)
    return end


def guarantee_years(country: str) -> int | None:
    """Years after delivery for which the seller is liable for faults; None where this is not known here."""
    if country in EEA_COUNTRIES:
        return _LONGER_GUARANTEE.get(country, _EU_GUARANTEE_YEARS)
    return {"JP": _JAPAN_GUARANTEE_YEARS, "GB": _BRITISH_GUARANTEE_YEARS}.get(country)


def guaranteed_until(country: str, delivered: date) -> date | None:
    """The last day, inclusive, of the seller's liability; None where it is not known here.

    The same day of the month so many years later; for 29 February the last day of that month.
    """
    years = guarantee_years(country)
    if years is None:
        return None
    try:
        return delivered.replace(year=delivered.year + years)
    except ValueError:
        return delivered.replace(year=delivered.year + years, day=28)
