"""Messages that were written before there was a search over everything are indexed in the background."""

from typing import ClassVar

from django.db import migrations

# Job.key is unique in a shop, so running this twice schedules once.
SCHEDULE = """
INSERT INTO aftercare_job (shop_id, kind, key, payload, due_at, state, attempts, error)
SELECT id, 'search.fill', 'search.fill:first', '{}', now(), 'pending', 0, '' FROM aftercare_shop
WHERE disconnected_at IS NULL
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    """One job per shop; it goes on in batches by itself."""

    dependencies: ClassVar = [("aftercare", "0044_search_entries_and_bulk_items")]

    operations: ClassVar = [migrations.RunSQL(SCHEDULE, migrations.RunSQL.noop)]
