import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("aftercare", "0032_rules_after_the_window"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="repairrequest",
            name="repair_state",
        ),
        migrations.AddField(
            model_name="inspection",
            name="repair_number",
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.AddField(
            model_name="inspection",
            name="serial_numbers",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=100), default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="repairrequest",
            name="checked_in_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="repairrequest",
            name="findings",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="repairrequest",
            name="for_whom",
            field=models.CharField(
                choices=[("customer", "Customer"), ("recipient", "Recipient"), ("shop", "Shop")],
                default="customer",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="repairrequest",
            name="handover_key",
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name="repairrequest",
            name="quantity",
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AddField(
            model_name="repairrequest",
            name="return_number",
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.AlterField(
            model_name="repairrequest",
            name="serial_number",
            field=models.CharField(blank=True, max_length=2200),
        ),
        migrations.AlterField(
            model_name="repairrequest",
            name="state",
            field=models.CharField(
                choices=[
                    ("requested", "Requested"),
                    ("accepted", "Accepted"),
                    ("checked_in", "Checked In"),
                    ("declined", "Declined"),
                    ("canceled", "Canceled"),
                ],
                default="requested",
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="repairrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["requested", "accepted", "checked_in", "declined", "canceled"])),
                name="repair_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="repairrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "checked_in"), _negated=True), ("checked_in_at__isnull", False), _connector="OR"
                ),
                name="repair_checked_in_says_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="repairrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("for_whom", "shop"), _negated=True), ("customer_email", ""), _connector="OR"
                ),
                name="repair_of_the_shop_writes_to_nobody",
            ),
        ),
        migrations.AddConstraint(
            model_name="repairrequest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("handover_key", ""), _negated=True),
                fields=("shop", "handover_key"),
                name="repair_handover",
            ),
        ),
    ]
