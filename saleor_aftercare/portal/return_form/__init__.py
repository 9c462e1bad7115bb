"""Asking for a return, in four steps with an address each; the fifth is the return's own page.

1. which units, 2. why, 3. what for, 4. a last look before it is sent. What was filled in stands in a draft on the
server, so that going back, reloading, or signing in again loses nothing, and sending twice makes one return. A step
with errors is shown again by GET, from the draft: a page that answers a POST would stand in the browser's way back.
"""

from .check import check
from .items import items
from .reasons import reasons
from .resolution import resolution

__all__ = ["check", "items", "reasons", "resolution"]
