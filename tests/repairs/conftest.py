from saleor_aftercare.repairs import tasks  # noqa: F401  the handler registers itself
