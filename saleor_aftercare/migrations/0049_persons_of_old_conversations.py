from __future__ import annotations

from typing import Any

from django.db import migrations
from django.utils import timezone


def find_out_who_wrote(apps: Any, _editor: Any) -> None:
    """Conversations from before persons were known get theirs by jobs, batch by batch: a shop may have many."""
    Shop = apps.get_model("aftercare", "Shop")
    Job = apps.get_model("aftercare", "Job")
    Ticket = apps.get_model("aftercare", "Ticket")
    now = timezone.now()
    shops = Shop.objects.filter(pk__in=Ticket.objects.filter(person=None).values("shop"))
    Job.objects.bulk_create(
        [
            Job(shop=shop, kind="inbox.give_persons", key="inbox:give_persons", payload={}, due_at=now)
            for shop in shops.iterator()
        ],
        ignore_conflicts=True,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("aftercare", "0048_accounts_that_cannot_send"),
    ]

    operations = [migrations.RunPython(find_out_who_wrote, migrations.RunPython.noop, elidable=True)]
