from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("aftercare", "0031_money_across_orders"),
    ]

    operations = [
        migrations.AddField(
            model_name="returnrule",
            name="after_window",
            field=models.CharField(
                choices=[("ask_staff", "Staff look at it"), ("refuse", "It is refused")],
                default="ask_staff",
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="returnrule",
            constraint=models.CheckConstraint(
                condition=models.Q(("after_window__in", ["ask_staff", "refuse"])), name="returnrule_after_window"
            ),
        ),
    ]
