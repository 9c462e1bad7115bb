"""Spare-part requests: the customer needs a part, not the whole product."""
