"""Letters and instructions in the shop's own words."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("aftercare", "0018_ticket_about_withdrawal")]

    operations = [
        migrations.AddField(
            model_name="shopsettings", name="apology_letters", field=models.JSONField(default=dict)
        ),
        migrations.AddField(
            model_name="shopsettings", name="return_instructions", field=models.JSONField(default=dict)
        ),
    ]
