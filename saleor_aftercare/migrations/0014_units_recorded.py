"""Returns that Saleor shows already: all their units that arrived."""

from django.db import migrations

FILL = """
UPDATE aftercare_returnline AS line SET quantity_recorded = line.quantity_received
FROM aftercare_return AS ret
WHERE ret.id = line.ret_id AND ret.recorded_at IS NOT NULL AND line.quantity_received IS NOT NULL
"""


class Migration(migrations.Migration):

    dependencies = [
        ('aftercare', '0013_receiving'),
    ]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
