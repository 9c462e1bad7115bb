"""What a raw mail means: pure functions from bytes to values, without models, settings, network or clock.

:func:`~saleor_aftercare.mail.reading.message.read` is the door. Nothing in here raises on any bytes, takes more than
time in proportion to their number, or imports Django.
"""
