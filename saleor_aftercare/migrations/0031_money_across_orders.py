import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Goods that came in exchange were paid with other orders; import charges; value of goods that cannot be sent."""

    dependencies = [
        ("aftercare", "0030_parcel_handing_in"),
    ]

    operations = [
        migrations.AddField(
            model_name="settlement",
            name="instead_of",
            field=models.CharField(blank=True, max_length=500),
        ),
        migrations.AddField(
            model_name="return",
            name="import_charges",
            field=models.DecimalField(decimal_places=3, default=0, max_digits=14),
        ),
        migrations.AddField(
            model_name="return",
            name="import_charges_note",
            field=models.CharField(blank=True, max_length=500),
        ),
        migrations.AddConstraint(
            model_name="return",
            constraint=models.CheckConstraint(
                condition=models.Q(import_charges__gte=0)
                & (models.Q(import_charges=0) | ~models.Q(import_charges_note="")),
                name="return_import_charges_have_a_note",
            ),
        ),
        migrations.CreateModel(
            name="CreditShare",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("amount", models.DecimalField(decimal_places=3, max_digits=14)),
                (
                    "credit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="shares",
                        to="aftercare.storecredit",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="credit_shares",
                        to="aftercare.order",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("credit", "order"), name="creditshare_once"),
                    models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="creditshare_amount"),
                ],
            },
        ),
    ]
