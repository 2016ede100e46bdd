"""Querysets of messages and bad addresses, with the rules of who sees them."""

from functools import reduce
from operator import or_

from django.db.models import Q
from django.db.models.functions import Lower

from outbox.sources import sources
from records.memberships import officers_agreements
from records.querysets import AgreementRows


class MessageQuerySet(AgreementRows):
    def visible_to(self, user):
        """Messages that their source lets ``user`` see."""
        seen = [source.messages_visible_to(user) for source in sources()]
        return super().visible_to(user).filter(reduce(or_, seen, Q(pk__in=[])))


class BadAddressQuerySet(AgreementRows):
    def visible_to(self, user):
        """Addresses in the agreements that ``user`` edits or leads; all for an administrator."""
        rows = super().visible_to(user)
        return rows if user.is_superuser else rows.filter(agreement__in=officers_agreements(user))

    def in_use(self):
        """Addresses that the person still has. A person with a new address can be reached."""
        return self.annotate(address_now=Lower("person__email")).filter(address_now=Lower("address"))
