"""The benchmarks, each beside its own floor from the same run: ``python -m bench`` or ``python -m bench.label``."""
