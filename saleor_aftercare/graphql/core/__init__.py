"""The machinery under the schema: HTTP, documents and their limits, errors, paging, reads in bulk."""
