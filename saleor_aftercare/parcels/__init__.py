"""Parcels on their way back to a shop: labels, what they cost, where they are."""
