"""Questions about messages and bad addresses."""

from functools import reduce
from operator import or_

from django.db.models import Q
from django.db.models.functions import Lower

from outbox.sources import sources
from records.memberships import officers_agreements
from records.querysets import AgreementRows


class MessageQuerySet(AgreementRows):
    """Emails, as people look at them."""

    def visible_to(self, user):
        """Those that their source lets ``user`` see."""
        seen = [source.messages_visible_to(user) for source in sources()]
        return super().visible_to(user).filter(reduce(or_, seen, Q(pk__in=[])))


class BadAddressQuerySet(AgreementRows):
    """Addresses that a mail server has refused."""

    def visible_to(self, user):
        """Those of an agreement that ``user`` edits or leads."""
        rows = super().visible_to(user)
        return rows if user.is_superuser else rows.filter(agreement__in=officers_agreements(user))

    def in_use(self):
        """Those that the person still has: whoever has another address since is well."""
        return self.annotate(address_now=Lower("person__email")).filter(address_now=Lower("address"))
