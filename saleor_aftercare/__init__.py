"""Saleor Aftercare: returns, repairs, spare parts and the conversation after the sale, inside Saleor."""

__version__ = "0.1.0"
