"""Messengers: programs in which customers write to the shop and read its answers."""
