"""A form can be kept that is about no order: the contact form, with the files that were chosen in it."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("aftercare", "0055_handled_newest"),
    ]

    operations = [
        migrations.AlterField(
            model_name="draft",
            name="order",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="aftercare.order"
            ),
        ),
    ]
