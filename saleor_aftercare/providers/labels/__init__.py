"""Return labels: the protocol in ``base``, one adapter per file beside it."""
