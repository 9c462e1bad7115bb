"""Full-text search in English and Japanese over everything that a conversation holds."""

from .terms import SearchQuery, query
from .words import tokens

__all__ = ["SearchQuery", "query", "tokens"]
