"""The handled contacts of a month are read a page at a time, the newest answer first."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("aftercare", "0054_letters_by_their_services_name"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="handledcontact",
            index=models.Index(fields=["shop", "month", "answered_at", "id"], name="handled_newest"),
        ),
    ]
