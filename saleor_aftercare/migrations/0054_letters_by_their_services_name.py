"""Letters are found by what their mail service calls them in the whole shop: answers name it, not only its own news."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("aftercare", "0053_bulk_macros_and_columns"),
    ]

    operations = [
        RemoveIndexConcurrently(model_name="outboundmessage", name="outbound_reference"),
        AddIndexConcurrently(
            model_name="outboundmessage",
            index=models.Index(
                condition=models.Q(("provider_reference", ""), _negated=True),
                fields=["shop", "provider_reference"],
                name="outbound_reference",
            ),
        ),
    ]
