"""Every letter to a customer: written once as a row, sent once, in the customer's language."""
