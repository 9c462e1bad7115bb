"""Full-text search over a million messages in English and Japanese, in every class of query, beside a bare GIN lookup.

The floor is what PostgreSQL needs to find fifty messages by one word that stands in a few hundred, through the same
index. Times are of the wall, for the work is the server's; classes take turns, so that a busy machine hurts all alike.
The messages are made: words by how often people use them (Zipf), names, numbers of orders, Japanese sentences.
"""

from __future__ import annotations

import os
import random
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

from django.core.management import call_command
from django.db import connection

from bench._report import Result, report
from saleor_aftercare.core.models import Shop
from saleor_aftercare.inbox.search import query
from saleor_aftercare.inbox.search.entries import bucket_mark, bucket_of, shop_mark
from saleor_aftercare.inbox.search.finding import find
from saleor_aftercare.inbox.search.vocabulary import vocabulary
from saleor_aftercare.inbox.search.words import vector
from saleor_aftercare.service.embedded import Postgres
from tests import settings as test_settings
from tests.make import make_shop

MESSAGES, PER_TICKET = int(os.environ.get("BENCH_MESSAGES", "1_000_000")), 10
ROUNDS = 40
#: What a search may take in every class.
LIMIT_MS = 10.0
SYLLABLES = [
    "ba",
    "ce",
    "di",
    "fo",
    "gu",
    "ha",
    "je",
    "ki",
    "lo",
    "mu",
    "na",
    "pe",
    "qui",
    "ro",
    "su",
    "ta",
    "ve",
    "wi",
    "xo",
    "yu",
    "za",
    "bri",
    "cle",
    "dro",
    "fla",
    "gri",
]
COMMON = [
    "the",
    "and",
    "to",
    "it",
    "is",
    "my",
    "not",
    "with",
    "this",
    "that",
    "have",
    "broken",
    "order",
    "please",
    "return",
    "grinder",
    "handle",
    "refund",
    "box",
]
NOUNS = [
    "商品",
    "電池",
    "充電",
    "返品",
    "交換",
    "修理",
    "部品",
    "箱",
    "注文",
    "配送",
    "保証",
    "取っ手",
    "説明書",
    "色",
    "音",
    "刃",
    "豆",
    "本体",
    "領収書",
    "住所",
]
VERBS = [
    "届きました",
    "壊れました",
    "できません",
    "足りません",
    "お願いします",
    "教えてください",
    "動きません",
    "違います",
]


def words(count: int) -> list[str]:
    """So many made-up words, the common ones real."""
    chance = random.Random(4)
    made = dict.fromkeys(COMMON)
    while len(made) < count:
        made["".join(chance.choices(SYLLABLES, k=chance.randint(2, 4)))] = None
    return list(made)


def rows(shop: Shop) -> Iterator[tuple[int, int, int, str]]:
    """The entries as they would be written."""
    chance = random.Random(7)
    known = words(40_000)
    weights = list(accumulate(1 / (rank + 2) for rank in range(len(known))))
    for message in range(1, MESSAGES + 1):
        ticket = (message + PER_TICKET - 1) // PER_TICKET
        if message % 3:
            body = " ".join(chance.choices(known, cum_weights=weights, k=chance.randint(12, 40)))
        else:
            body = "。".join(chance.choice(NOUNS) + "が" + chance.choice(VERBS) for _ in range(chance.randint(2, 6)))
        # Words that stand in one of a thousand, of twenty thousand, and in two halves that never meet.
        body += " qqmiddle" * (message % 1_000 == 0) + " qqrare" * (message % 20_000 == 0)
        body += " qqleft" if message % 2 else " qqright"
        head = f"#{ticket} SO-{100_000 + ticket} c{ticket % 30_000}@customer.test {known[ticket % 9_000]}"
        marks = (shop_mark(shop.pk), bucket_mark(shop.pk, bucket_of(message)))
        yield message, shop.pk, ticket, vector([(head, "A"), (body, "D")], marks=marks)


def word_at(share: float) -> str:
    """A made-up word that stands in about that share of the English messages."""
    weights = [1 / (rank + 2) for rank in range(40_000)]
    total = sum(weights)
    # A message has 26 words in the middle.
    rank = next(n for n, weight in enumerate(weights) if n >= len(COMMON) and 26 * weight / total <= share)
    return words(40_000)[rank]


#: What is searched for, by class. ``{}`` takes a number that differs in every round.
CLASSES = {
    "rare word": "qqrare ",
    "word of one message in a thousand": "qqmiddle ",
    "common word": "refund ",
    "the most common word": "the ",
    "two common words": "refund broken ",
    "common and rare word": "the qqrare ",
    "word of one message in fifty": f"{word_at(0.03)} ",
    "word of one message in three hundred": f"{word_at(0.005)} ",
    "six words": "please return my broken grinder handle ",
    "words of two messages, one rare": "qqrare refund ",
    "words of two messages, one of a thousand": "qqmiddle refund ",
    "words of two messages, both of one in three hundred": f"{word_at(0.005)} {word_at(0.0051)} ",
    "words of two messages, one in three hundred and one in fifty": f"{word_at(0.005)} {word_at(0.03)} ",
    "two halves of which a message holds one": "qqleft qqright ",
    "phrase": '"it is"',
    "common beginning": "ref",
    "rare beginning": "qqrar",
    "one letter": "b",
    "one letter behind a rare word": "qqrare b",
    "beginning of a number": "1000",
    "number of an order": "SO-10{:04d}",
    "mail address": "c{}@customer.test",
    "beginning of a mail address": "c1{}@cust",
    "Japanese word": "返品",
    "Japanese sentence": "電池が届きました",
    "Japanese words that are not there": "電池が保証を",
    "one kanji": "箱",
    "one kana": "が",
    "no hit": "zzzznothing ",
    "no hit beside common words": "the refund zzzznothing ",
}


def fill(shop: Shop) -> float:
    """Write the entries; the processor seconds that making one took, in microseconds."""
    index = "CREATE INDEX searchentry_tokens ON aftercare_searchentry USING gin (tokens) WITH (fastupdate = off)"
    with connection.cursor() as cursor:
        # There are no messages here: entries alone are searched.
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("DROP INDEX searchentry_tokens")
        begin = time.process_time()
        copy = "COPY aftercare_searchentry (message_id, shop_id, ticket_id, tokens) FROM STDIN"
        with cursor.copy(copy) as writer:
            for row in rows(shop):
                writer.write_row(row)
        spent = time.process_time() - begin
        cursor.execute("SET maintenance_work_mem = '256MB'")
        cursor.execute(index)
        cursor.execute("VACUUM ANALYZE aftercare_searchentry")
    return spent / MESSAGES * 1e6


def wall_times(jobs: dict[str, Callable[[int], object]]) -> dict[str, list[float]]:
    """The milliseconds of each job, the jobs taking turns."""
    times: dict[str, list[float]] = {name: [] for name in jobs}
    for turn in range(ROUNDS + 5):
        for name, job in jobs.items():
            begin = time.perf_counter()
            job(turn)
            if turn >= 5:
                times[name].append((time.perf_counter() - begin) * 1000)
    return times


def look_up(shop: Shop) -> int:
    """What the floor does."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT message_id FROM aftercare_searchentry"
            " WHERE tokens @@ 'qqmiddle'::tsquery AND shop_id = %s LIMIT 50",
            [shop.pk],
        )
        return len(cursor.fetchall())


def searcher(shop: Shop, text: str) -> Callable[[int], object]:
    """A search, with another number each time where the class says so."""
    return lambda turn: find(shop, query(text.format(turn * 37 % 3_000)))


def measure() -> Sequence[Result]:
    """Fill, search, and say how long each class took."""
    shop = make_shop()
    each = fill(shop)
    vocabulary()
    jobs = {name: searcher(shop, text) for name, text in CLASSES.items()}
    times = wall_times({"floor": lambda _turn: look_up(shop), **jobs})
    floor = statistics.median(times.pop("floor"))
    medians = {name: statistics.median(values) for name, values in times.items()}
    for name, value in sorted(medians.items(), key=lambda one: -one[1]):
        hits = find(shop, query(CLASSES[name].format(7)))
        found = f"{len(hits.tickets)}{'' if hits.complete else '+'} conversations"
        late = "" if value <= LIMIT_MS else "  ABOVE THE LIMIT"
        print(f"  {value:7.2f} ms  {name}: {CLASSES[name]!r}, {found}{late}", flush=True)
    worst = max(medians, key=lambda name: medians[name])
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_relation_size('searchentry_tokens'), pg_table_size('aftercare_searchentry')")
        index, table = (size / 1e6 for size in cursor.fetchone())
    return report(
        (
            Result(
                name=f"search of {MESSAGES:,} messages, slowest of {len(CLASSES)} classes ({worst})",
                figure=medians[worst],
                floor=LIMIT_MS,
                unit="ms",
                target=1,
                floor_name="what it may take",
                note=f"Index {index:,.0f} MB, entries {table:,.0f} MB; {each:,.0f} µs to make one.",
            ),
            Result(
                name="the same, middle of all classes",
                figure=statistics.median(medians.values()),
                floor=floor,
                unit="ms",
                target=5,
                floor_name="one GIN lookup",
            ),
        )
    )


def run() -> Sequence[Result]:
    """Measure, print, and hand back the results."""
    scratch = test_settings.SCRATCH
    scratch.mkdir(exist_ok=True)
    server = Postgres(scratch / "postgres", log=scratch / "postgres.log", durable=False)
    server.start()
    try:
        server.create_database()
        call_command("migrate", verbosity=0)
        return measure()
    finally:
        connection.close()
        server.stop()


if __name__ == "__main__":
    run()
