"""Run every benchmark, or those named: ``python -m bench``, ``python -m bench label mail``.

Each runs in a process of its own, so that none warms another's caches; the table at the end is Markdown, for
``docs/performance.md``.
"""

from __future__ import annotations

import pkgutil
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import bench
from bench._report import Result, run_one, table


def main() -> None:
    """Run, then print the table."""
    known = [module.name for module in pkgutil.iter_modules(bench.__path__) if not module.name.startswith("_")]
    if unknown := set(sys.argv[1:]) - set(known):
        sys.exit(f"No benchmark is called {', '.join(sorted(unknown))}; there are {', '.join(known)}.")
    results: list[Result] = []
    for name in sys.argv[1:] or known:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
            results += alone.submit(run_one, name).result()
    print(f"\n{table(results)}")


if __name__ == "__main__":
    main()
