"""Everything that other companies do for a shop: carriers' labels, mailboxes, channels.

A package per capability; in each, ``base.py`` says what we expect and one file per company keeps that promise.
"""
