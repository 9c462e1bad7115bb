"""The supervisor with real servers and sleeping services, for test_demo.py: `small_demo.py FOLDER PORT [SECONDS]`.

The first service ends after SECONDS.
"""

import sys
from pathlib import Path

from saleor_aftercare.service.demo import Demo
from saleor_aftercare.service.processes import Child, StartError, python


class SmallDemo(Demo):
    """Everything but the product itself."""

    seconds = "600"

    def migrate(self, environ):
        (self.folder / "seen-database").write_text(environ["DATABASE_URL"])

    def practice_shop(self, environ):
        return []

    def services(self, environ):
        return [
            Child(
                name=f"the sleeper {number}",
                argv=[*python("timeit", "-n1", "-r1"), f"print('bye', flush=True); import time; time.sleep({seconds})"],
                log=self.logs / f"sleeper-{number}.log",
                environ=environ,
            )
            for number, seconds in enumerate([self.seconds, "600"])
        ]

    def wait_until_ready(self, broker_url):
        self.raise_for_the_dead()


if __name__ == "__main__":
    folder, port, *rest = sys.argv[1:]
    SmallDemo.seconds = rest[0] if rest else "600"
    try:
        SmallDemo(Path(folder), int(port)).run()
    except StartError as error:
        sys.exit(str(error))
