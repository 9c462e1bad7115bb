"""A search entry names its shop; a bulk action keeps what it changed in rows of its own."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("aftercare", "0043_service_levels_of_old_conversations"),
    ]

    operations = [
        migrations.CreateModel(
            name="BulkItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("before", models.JSONField(default=dict)),
                ("after", models.JSONField(default=dict)),
                ("problem", models.CharField(blank=True, max_length=300)),
            ],
        ),
        migrations.RemoveField(
            model_name="bulkaction",
            name="before",
        ),
        migrations.RemoveField(
            model_name="bulkaction",
            name="failed",
        ),
        migrations.AddField(
            model_name="bulkaction",
            name="undone",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="searchentry",
            name="shop",
            field=models.ForeignKey(
                default=0, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="aftercare.shop"
            ),
            preserve_default=False,
        ),
        migrations.AddIndex(
            model_name="bulkaction",
            index=models.Index(fields=["shop", "member", "-id"], name="bulkaction_newest"),
        ),
        migrations.AddIndex(
            model_name="searchentry",
            index=models.Index(fields=["shop", "-message"], name="searchentry_newest"),
        ),
        migrations.AddIndex(
            model_name="searchentry",
            index=models.Index(fields=["ticket_id"], name="searchentry_ticket"),
        ),
        migrations.AddConstraint(
            model_name="bulkaction",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["running", "done", "stopped", "undoing", "undone"])),
                name="bulkaction_state",
            ),
        ),
        migrations.AddField(
            model_name="bulkitem",
            name="bulk",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="items", to="aftercare.bulkaction"
            ),
        ),
        migrations.AddField(
            model_name="bulkitem",
            name="ticket",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="aftercare.ticket"
            ),
        ),
        migrations.AddConstraint(
            model_name="bulkitem",
            constraint=models.UniqueConstraint(fields=("bulk", "ticket"), name="bulkitem_once"),
        ),
    ]
