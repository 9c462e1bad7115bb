"""What old versions of a policy promised becomes rules, so that their cases stay explainable."""

from django.db import migrations

EEA = [
    *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IS"),
    *("IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK"),
]


def rules_of(policy):
    """Conditions of one rule must all match: excluded SKUs and excluded product types are two rules."""
    rules = []
    if policy.excluded_skus:
        rules.append({"skus": policy.excluded_skus, "exclusion": "final_sale"})
    if policy.excluded_product_types:
        rules.append({"product_types": policy.excluded_product_types, "exclusion": "final_sale"})
    rules.append({})
    return rules


def move(apps, schema_editor):
    ReturnPolicy = apps.get_model("aftercare", "ReturnPolicy")
    ReturnRule = apps.get_model("aftercare", "ReturnRule")
    ShopSettings = apps.get_model("aftercare", "ShopSettings")
    countries = {
        shop: (address or {}).get("country", "")
        for shop, address in ShopSettings.objects.values_list("shop_id", "return_address")
    }
    for policy in ReturnPolicy.objects.filter(rules=None).iterator(chunk_size=500):
        ReturnRule.objects.bulk_create(
            ReturnRule(
                policy=policy,
                position=position,
                window_days=policy.window_days,
                who_pays=policy.who_pays,
                resolutions=["refund"],
                **conditions,
            )
            for position, conditions in enumerate(rules_of(policy))
        )
        # The law gives the right to withdraw, whatever a policy said before this release.
        if not policy.withdrawal_countries and countries.get(policy.shop_id, "") in {"", *EEA}:
            policy.withdrawal_countries = EEA
            policy.save(update_fields=["withdrawal_countries"])


class Migration(migrations.Migration):
    dependencies = [("aftercare", "0019_shop_letters")]

    operations = [migrations.RunPython(move, migrations.RunPython.noop)]
