"""Orders that a shop makes for a customer in place of goods that come back."""
