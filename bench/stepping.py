"""The inbox by keyboard: ``j`` and ``k`` to paint, in the practice Dashboard's frame, at 100,000 conversations.

A demo of its own with the tickets of ``bench.inbox``, Chromium, and somebody who steps at a human pace. A step begins
with the key's event and ends two frames after its row is chosen, its thread stands under its number and its messages
are there: the first of these frames paints them. Beside it stands what the browser itself needs for that, an empty
page that answers a key with one letter. Opened with a click far away in the list, nothing was read ahead.
"""

from __future__ import annotations

import os
import random
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, Frame, Page, sync_playwright

from bench._report import Result, report
from saleor_aftercare.service.datafolder import load_keys
from saleor_aftercare.service.embedded import Postgres
from scripts.screenshots import ARGUMENTS, CHROMIUM, DESKTOP, demo, inbox, sign_in

PORT: Final = int(os.environ.get("STEPPING_PORT", "8960"))
STEPS, CLICKS, WARM_UP = 200, 40, 10
#: Milliseconds between two keys: somebody who glances at each conversation.
PACE: Final = (150, 250)
TARGET_MS: Final = 100
#: Rows between two that are clicked at.
APART: Final = 5

#: Notes in ``window.steps`` how long each key or click took. What counts as shown is what the eye needs.
WATCH = """() => {
  window.steps = [];
  window.overtaken = 0;
  const shows = (number) =>
    document.getElementById(`ticket-${number}`)?.getAttribute("aria-selected") === "true" &&
    [...document.querySelectorAll("header span")].some((one) => one.textContent.startsWith(`#${number} `)) &&
    document.querySelectorAll("#thread li").length > 0;
  let unseen;
  const time = (row, began) => {
    // Whoever goes on before it was shown has waited at least so long.
    if (unseen) {
      window.steps.push(began - unseen.began);
      window.overtaken += 1;
    }
    const mine = { began };
    unseen = mine;
    const number = row.id.slice("ticket-".length);
    const look = () =>
      requestAnimationFrame(() => {
        if (unseen !== mine) return;
        if (shows(number)) {
          unseen = undefined;
          requestAnimationFrame(() => window.steps.push(performance.now() - began));
        } else {
          look();
        }
      });
    look();
  };
  addEventListener("keydown", (event) => {
    const by = { j: 1, k: -1 }[event.key];
    const from = document.querySelector("[role=option][aria-selected=true]");
    if (by && from) {
      time(document.querySelector(`[role=option][aria-posinset="${Number(from.ariaPosInSet) + by}"]`), event.timeStamp);
    }
  }, true);
  addEventListener("click", (event) => {
    const row = event.target.closest("[role=option]");
    if (row) time(row, event.timeStamp);
  }, true);
}"""
EMPTY = """<p>-</p><script>
  window.steps = [];
  addEventListener("keydown", (event) => {
    document.querySelector("p").textContent = event.key + window.steps.length;
    requestAnimationFrame(() =>
      requestAnimationFrame(() => window.steps.push(performance.now() - event.timeStamp)));
  });
</script>"""


def fill(folder: Path) -> None:
    """The tickets of ``bench.inbox``, in the demo's only shop; none is late: the clockwork has no part in it."""
    os.environ["DATABASE_URL"] = Postgres(folder / "postgres", log=folder / "logs" / "postgres.log").url()
    from django.db import connection
    from django.test.utils import override_settings

    from bench.inbox import fill as fill_inbox  # it sets up Django, which reads the address
    from saleor_aftercare.connection.models import StaffMember
    from saleor_aftercare.core.models import Shop

    shop = Shop.objects.defer("app_token").get()
    members = [
        StaffMember.objects.create(
            shop=shop,
            user_id=f"U3Rhbms6{n}",
            email=f"colleague-{n}@shop.test",
            name=f"Colleague {n}",
            last_seen_at=shop.connected_at,
        ).pk
        for n in range(20)
    ]
    with override_settings(ENCRYPTION_KEYS=[load_keys(folder / "keys.json")["encryption_key"]]):
        fill_inbox(shop, min(members))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE aftercare_ticket SET due_at = now() + interval '9 days', breach_at = due_at")
        cursor.execute("VACUUM ANALYZE aftercare_ticket")
    connection.close()


def steps_of(page: Page | Frame) -> list[float]:
    """What was noted, without the first few."""
    found: list[float] = page.evaluate("window.steps")
    return found[WARM_UP:]


def step(page: Page, frame: Frame) -> list[float]:
    """Step down the list, back up at times."""
    frame.locator("[role=option]").first.click()
    frame.locator("#thread li").first.wait_for()
    frame.locator("#ticket-list").focus()
    frame.evaluate(WATCH)
    chance = random.Random(4)
    for turn in range(STEPS + WARM_UP):
        page.keyboard.press("k" if turn % 10 in {6, 7} else "j")
        page.wait_for_timeout(chance.uniform(*PACE))
    page.wait_for_timeout(1_000)
    return steps_of(frame)


def click(page: Page, frame: Frame) -> list[float]:
    """Open conversations that nobody has read ahead."""
    frame.evaluate("window.steps = []")
    for _turn in range(CLICKS + WARM_UP):
        frame.evaluate(
            """(apart) => {
              const from = document.querySelector("[role=option][aria-selected=true]");
              const list = document.getElementById("ticket-list");
              list.scrollTop = (Number(from.ariaPosInSet) + apart - 3) * 86;
            }""",
            APART,
        )
        page.wait_for_timeout(400)
        at = frame.evaluate("Number(document.querySelector('[role=option][aria-selected=true]')?.ariaPosInSet)")
        frame.locator(f"[role=option][aria-posinset='{at + APART}']").click(position={"x": 80, "y": 30})
        page.wait_for_timeout(600)
    return steps_of(frame)


def empty(browser: Browser) -> list[float]:
    """The same keys on a page that does next to nothing."""
    page = browser.new_context(**DESKTOP).new_page()
    page.set_content(EMPTY)
    for _turn in range(60 + WARM_UP):
        page.keyboard.press("j")
        page.wait_for_timeout(60)
    return steps_of(page)


def p95(times: Sequence[float]) -> float:
    """The 95th percentile."""
    return statistics.quantiles(times, n=20)[-1]


def results(stepped: Sequence[float], clicked: Sequence[float], floor: Sequence[float]) -> Sequence[Result]:
    """What was measured, beside the bound and beside the empty page."""
    common: dict[str, Any] = {"unit": "ms", "floor_name": "an empty page"}
    return (
        Result(
            name="j and k to paint, 95th percentile",
            figure=p95(stepped),
            floor=TARGET_MS,
            unit="ms",
            target=1,
            floor_name="what it may take",
            note=f"{len(stepped)} steps, {PACE[0]} to {PACE[1]} ms apart; slowest {max(stepped):.0f} ms.",
        ),
        Result(
            name="j and k to paint, median",
            figure=statistics.median(stepped),
            floor=statistics.median(floor),
            target=None,
            note=f"The empty page's 95th percentile is {p95(floor):.0f} ms.",
            **common,
        ),
        Result(
            name="opened without being read ahead, median",
            figure=statistics.median(clicked),
            floor=statistics.median(floor),
            target=None,
            note=f"{len(clicked)} clicks, 95th percentile {p95(clicked):.0f} ms.",
            **common,
        ),
    )


def run() -> Sequence[Result]:
    """Measure, print, and hand back the results."""
    with tempfile.TemporaryDirectory(prefix="aftercare-stepping-") as name, demo(Path(name), PORT) as shop:
        fill(Path(name))
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            floor = empty(browser)
            page = sign_in(browser.new_context(**DESKTOP), shop, "Emma")
            frame = inbox(page)
            stepped = step(page, frame)
            clicked = click(page, frame)
            browser.close()
    if len(stepped) < STEPS or len(clicked) < CLICKS:
        sys.exit(f"Only {len(stepped)} of {STEPS} steps and {len(clicked)} of {CLICKS} clicks were seen.")
    return report(results(stepped, clicked, floor))


if __name__ == "__main__":
    run()
