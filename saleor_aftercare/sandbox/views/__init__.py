"""The practice shop's pages."""
