from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("aftercare", "0005_return_case"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="orderline",
            index=models.Index(condition=models.Q(("sku", ""), _negated=True), fields=["sku"], name="orderline_sku"),
        ),
        AddIndexConcurrently(
            model_name="return",
            index=models.Index(fields=["shop", "legal_basis", "-id"], name="return_by_basis"),
        ),
        AddIndexConcurrently(
            model_name="return",
            index=models.Index(
                condition=models.Q(("address_key", ""), _negated=True),
                fields=["shop", "address_key", "-requested_at"],
                name="return_by_address",
            ),
        ),
        AddIndexConcurrently(
            model_name="return",
            index=models.Index(
                condition=models.Q(
                    ("refund_due_on__isnull", False),
                    models.Q(("state__in", ["resolved", "declined", "canceled"]), _negated=True),
                ),
                fields=["shop", "refund_due_on", "-id"],
                name="return_refund_due",
            ),
        ),
    ]
