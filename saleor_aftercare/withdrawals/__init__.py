"""The consumer's statutory right to withdraw from a distance contract, kept apart from voluntary returns."""
