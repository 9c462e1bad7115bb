from django.db import migrations

#: How far the parcel of a return in each of the old states is.
STATES = {"approved": "ready", "received": "arrived", "resolved": "arrived"}


def make_parcels(apps, _schema_editor):
    """The one label of a return becomes its first parcel; a return that has a parcel already keeps that one.

    Who pays for it was the policy's to say; from now on it stands on the return.
    """
    return_model = apps.get_model("aftercare", "Return")
    for payer in ("customer", "merchant"):
        return_model.objects.filter(payer="", policy__who_pays=payer).update(payer=payer)
    label_model = apps.get_model("aftercare", "ReturnLabel")
    parcel_model = apps.get_model("aftercare", "Parcel")
    labels = label_model.objects.select_related("ret__shop").order_by("pk")
    for label in labels.iterator(chunk_size=500):
        ret = label.ret
        parcel_model.objects.get_or_create(
            shop_id=ret.shop_id,
            subject="return",
            subject_id=ret.pk,
            position=1,
            defaults={
                "case_number": ret.number,
                "order_id": ret.order_id,
                "reference": f"{ret.shop.handle[:40]}.{ret.number}",
                "provider": "printable",
                "state": STATES.get(ret.state, "void"),
                "state_since": ret.state_since,
                "carrier": label.carrier,
                "tracking_number": label.tracking_number,
                "payer": ret.payer or "customer",
                "a6_id": label.a6_id,
                "a4_id": label.a4_id,
                "created_at": label.created_at,
            },
        )


class Migration(migrations.Migration):
    dependencies = [
        ("aftercare", "0022_return_recipient"),
    ]

    operations = [
        migrations.RunPython(make_parcels, migrations.RunPython.noop, elidable=True),
    ]
