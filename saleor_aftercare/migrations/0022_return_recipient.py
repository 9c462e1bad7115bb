from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("aftercare", "0021_replacement_started"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="return",
            index=models.Index(
                condition=models.Q(("gift_recipient_email", ""), _negated=True),
                fields=["shop", "gift_recipient_email"],
                name="return_by_recipient",
            ),
        ),
    ]
