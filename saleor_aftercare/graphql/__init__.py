"""The GraphQL API for the Dashboard's pages, for storefronts and for guests, in Saleor's conventions.

``core`` is the machinery (view, limits, errors, paging, bulk loading); beside it stands one module per domain.
``schema.graphql`` is the printed schema, committed; a test holds both together.
"""
