"""Imports every module that registers a job handler, a Celery task or a reaction, nothing else."""

import saleor_aftercare.connection.tasks
import saleor_aftercare.core.events
import saleor_aftercare.core.jobs  # noqa: F401
