"""Repair requests: something broke, and the customer asks us to mend it."""
