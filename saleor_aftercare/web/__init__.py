"""Pages and files over plain HTTP that are neither the API nor the customer's portal.

The Dashboard's frames (an empty shell each; React fills it), stored files behind signed addresses, the logo, and what
we say about privacy. Beside ``graphql`` and ``portal`` in the layers; imports neither.
"""
