"""Find jobs that ended long ago without reading those that did not."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """One partial index, built beside the running service."""

    atomic = False

    dependencies = [("aftercare", "0001_initial")]

    operations = [
        AddIndexConcurrently(
            model_name="job",
            index=models.Index(
                condition=models.Q(("state__in", ["done", "cancelled"])), fields=["finished_at"], name="job_ended"
            ),
        ),
    ]
