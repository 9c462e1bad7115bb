"""The doors for customers: one-time codes for guests, hand-over from a storefront, sessions."""
