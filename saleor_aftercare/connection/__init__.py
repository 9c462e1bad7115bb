"""Everything Saleor: installing, hearing, asking, telling, and what we remember of orders."""
