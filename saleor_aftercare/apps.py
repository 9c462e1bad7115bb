"""The one Django app."""

from django.apps import AppConfig


class AftercareConfig(AppConfig):
    """Label ``aftercare``; all models are reached through ``saleor_aftercare.models``."""

    name = "saleor_aftercare"
    label = "aftercare"
    verbose_name = "Saleor Aftercare"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the system checks, the job handlers and the reactions."""
        from saleor_aftercare import checks, tasks  # noqa: F401  imported for their registrations
