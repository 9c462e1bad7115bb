from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("aftercare", "0056_public_drafts"),
    ]

    operations = [
        migrations.AddField(
            model_name="channelmessage",
            name="language",
            field=models.CharField(blank=True, db_default="", default="", max_length=10),
        ),
    ]
