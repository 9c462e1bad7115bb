"""What we ask or tell a customer unasked: at the right time, once, and not when it would hurt."""
