"""Kinds of commands: the document that does each, and how its trace is found afterwards.

One module per part of Saleor; each adds its kinds to ``base.EFFECTS``.
"""

from . import drafts, gift_cards, notes, refunds, returns, stock  # noqa: F401  imported for what they register
from .base import EFFECTS, Effect

__all__ = ["EFFECTS", "Effect"]
