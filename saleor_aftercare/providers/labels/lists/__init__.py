"""Shipping lists: files that a Japanese carrier's own program reads, prints slips from, and gives numbers back for.

No Japanese carrier sells labels over an open interface. What every contract customer has is the carrier's program:
it imports a list of parcels as CSV, prints the slips, and exports the list with the tracking numbers in it.
"""
