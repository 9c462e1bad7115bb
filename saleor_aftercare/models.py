"""Imports every module that holds models, nothing else: Django finds them here."""

import saleor_aftercare.access.models
import saleor_aftercare.channels.models
import saleor_aftercare.compensation.models
import saleor_aftercare.connection.models
import saleor_aftercare.core.models
import saleor_aftercare.desk.models
import saleor_aftercare.followups.models
import saleor_aftercare.inbox.models
import saleor_aftercare.inbox.search.models
import saleor_aftercare.inbox.sla.models
import saleor_aftercare.mail.models
import saleor_aftercare.parcels.models
import saleor_aftercare.parts.models
import saleor_aftercare.people.models
import saleor_aftercare.policies.models
import saleor_aftercare.repairs.models
import saleor_aftercare.replacements.models
import saleor_aftercare.returns.goods
import saleor_aftercare.returns.models
import saleor_aftercare.surveys.models
import saleor_aftercare.team.models
import saleor_aftercare.withdrawals.models  # noqa: F401
