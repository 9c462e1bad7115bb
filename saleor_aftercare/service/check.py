"""`aftercare check`: everything that would stop or hurt this deployment, as sentences."""

import django
from django.core import checks

from saleor_aftercare.service.env import SettingsError


def find_problems() -> list[str]:
    """Return a sentence per problem: bad settings first, since nothing else can be looked at before they are mended."""
    try:
        django.setup()
    except SettingsError as error:
        return error.problems
    messages = checks.run_checks(include_deployment_checks=True)
    serious = [message for message in messages if message.is_serious(checks.WARNING) and not message.is_silenced()]
    found = [f"{message.msg} ({message.id})" for message in serious]

    from saleor_aftercare.service import health

    parts = {name: problem for name, problem in health.find_problems().items() if problem}
    return found + [f"The {name}: {problem}." for name, problem in parts.items()]
