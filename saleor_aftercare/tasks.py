"""Imports every module that registers a job handler, a Celery task or a reaction, nothing else."""

import saleor_aftercare.access.tasks
import saleor_aftercare.channels.messages
import saleor_aftercare.channels.polling
import saleor_aftercare.channels.posting
import saleor_aftercare.compensation.credit_tasks
import saleor_aftercare.compensation.tasks
import saleor_aftercare.connection.notes
import saleor_aftercare.connection.tasks
import saleor_aftercare.core.events
import saleor_aftercare.core.jobs
import saleor_aftercare.desk.bulk
import saleor_aftercare.desk.rules.tasks
import saleor_aftercare.desk.tasks
import saleor_aftercare.followups.tasks
import saleor_aftercare.inbox.releasing
import saleor_aftercare.inbox.search.tasks
import saleor_aftercare.inbox.sla.tasks
import saleor_aftercare.inbox.tasks
import saleor_aftercare.inbox.upkeep
import saleor_aftercare.mail.tasks
import saleor_aftercare.parcels.tasks
import saleor_aftercare.reactions
import saleor_aftercare.repairs.tasks
import saleor_aftercare.replacements.tasks
import saleor_aftercare.replacements.watch
import saleor_aftercare.returns.recording
import saleor_aftercare.returns.stock
import saleor_aftercare.returns.tasks
import saleor_aftercare.team.tasks
import saleor_aftercare.withdrawals.tasks  # noqa: F401
