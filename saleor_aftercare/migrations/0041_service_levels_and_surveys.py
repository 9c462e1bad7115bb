"""Service levels know their messages; surveys know whom they asked, and by which rules."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("aftercare", "0040_identities_that_send_spam"),
    ]

    operations = [
        migrations.CreateModel(
            name="SurveySettings",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1)),
                ("enabled", models.BooleanField(default=True)),
                ("delay_hours", models.PositiveSmallIntegerField(default=4)),
                ("quiet_days", models.PositiveSmallIntegerField(default=30)),
                ("open_days", models.PositiveSmallIntegerField(default=14)),
            ],
        ),
        migrations.AddField(
            model_name="slaevent",
            name="message",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="aftercare.ticketmessage"
            ),
        ),
        migrations.AddField(
            model_name="survey",
            name="channel",
            field=models.CharField(blank=True, max_length=10),
        ),
        migrations.AddField(
            model_name="survey",
            name="email",
            field=models.CharField(default="", max_length=254),
        ),
        migrations.AddField(
            model_name="survey",
            name="team",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="aftercare.team"
            ),
        ),
        migrations.AddIndex(
            model_name="slaclock",
            index=models.Index(
                condition=models.Q(("state", "running"), ("warn_at__isnull", False), ("warned_at__isnull", True)),
                fields=["warn_at"],
                name="slaclock_warn",
            ),
        ),
        migrations.AddIndex(
            model_name="survey",
            index=models.Index(fields=["shop", "email", "-sent_at"], name="survey_email"),
        ),
        migrations.AddConstraint(
            model_name="slaevent",
            constraint=models.UniqueConstraint(
                condition=models.Q(("message__isnull", False)), fields=("message", "kind"), name="slaevent_message"
            ),
        ),
        migrations.AddField(
            model_name="surveysettings",
            name="shop",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="aftercare.shop"),
        ),
        migrations.AddConstraint(
            model_name="surveysettings",
            constraint=models.UniqueConstraint(fields=("shop",), name="surveysettings_shop"),
        ),
    ]
