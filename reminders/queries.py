"""Querysets of deliveries and preferences, and the reasons why a delivery is not sent."""

from enum import StrEnum

from django.db.models import Count, F, IntegerField, Q, Subquery

from records.memberships import officers_agreements
from records.querysets import AgreementRows
from reminders.notification_types import after_saving


class Reason(StrEnum):
    """Why a delivery is not sent, in the words that leads read."""

    CANCELLED = "cancelled"
    HELD = "already held"
    DELETED = "deleted"
    MOVED = "moved"
    STARTED = "it had started"
    OVER = "it was over"
    TOO_LATE = "its time would be after the start"
    PASSED = "its time had passed before this was planned"
    OVERTAKEN = "overtaken by a later reminder"
    NO_STEP = "its step was taken out of the rule"
    PAUSED = "the rule is paused"
    OTHER_KIND = "the rule is no longer for this kind"
    REMOVED = "no longer takes part"
    DECLINED = "declined"
    APOLOGIES = "sent apologies"
    LEFT = "left their organisation"
    OUT = "left the agreement"
    NO_EMAIL = "no email address"
    UNKNOWN = "Concord does not know how to tell this"
    OPTED_OUT = "opted out of "
    PAUSED_UNTIL = "paused until "
    NOT_FOR_THEM = "not among those whom the rule tells"
    BY_HAND = "skipped by a lead"
    SILENT = "saved without telling anyone"
    SELF = "did it themselves"
    UNDONE = "undone before it was sent"
    NEWER = "a newer mail tells it"
    ON_AGAIN = "it is on again"
    BACK = "takes part again"
    NOT_HELD = "not said to have taken place"
    DONE = "done already"
    OTHER_OWNER = "somebody else owns it now"
    TOO_OLD = "it could not be sent in time"
    REPLIED = "has replied"
    ASKED = "another mail of these days asks for it"
    NO_PAPERS = "its committee sets no day for papers"
    PAPERS_ADDED = "papers are there"
    COMPLETE = "its record lacks nothing"
    ON_COURSE = "on course, or met"
    CHANGED = "it stands differently now"
    SETTLED = "it is met, or told in words"
    HELD_SINCE = "something has been held since"
    ARCHIVED = "archived"
    NOT_IN_FORCE = "the agreement is not in force"


REASONS = {reason.name: reason.value for reason in Reason}
"""The values of ``$DONE`` and the other names of reasons in SQL."""

COUNTS_AS_NOTIFIED = [str(reason) for reason in (Reason.NEWER, Reason.ASKED, Reason.SILENT, Reason.SELF)]
"""Reasons with which somebody counts as notified: another email said it, or they know it in another way."""

FINAL = {
    *(Reason.OVERTAKEN, Reason.DELETED, Reason.MOVED, Reason.STARTED, Reason.OVER),
    Reason.BY_HAND,
    *(Reason.SILENT, Reason.SELF, Reason.UNDONE, Reason.NEWER, Reason.TOO_OLD),
}
"""Reasons that stay. A delivery with any other is planned again once the reason is gone, until it expires."""

PASSING = [f"{reason}%" for reason in Reason if reason not in FINAL]
"""All other reasons, as LIKE patterns: some continue, for example with the day until which somebody has paused."""


GROUPS = {
    "waiting": ["planned", "claimed"],
    "sent": ["sent"],
    "not_sent": ["skipped", "expired", "superseded"],
    "failed": ["failed", "bounced"],
}
"""{group: its states}. The groups are the tabs that leads see."""

MANY = 10_001
"""Counting stops here: nobody reads more rows than this one by one."""


class HowMany(Subquery):
    """The number of rows of a queryset, as a subquery: one round trip gives several figures."""

    template = "(SELECT count(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


class DeliveryQuerySet(AgreementRows):
    def visible_to(self, user):
        """The user's own deliveries, and those of agreements that they edit or lead: deliveries show who takes part.

        Administrators also see those about engagements that are not under the Chatham House Rule.
        """
        rows = super().visible_to(user)
        if not user.is_authenticated:
            return rows
        seen = Q(agreement__in=officers_agreements(user)) | Q(person__user=user)
        return rows.filter(seen | Q(engagement__chatham_house=False) if user.is_superuser else seen)

    def waiting(self):
        """Deliveries that are not settled yet."""
        return self.filter(state__in=GROUPS["waiting"])

    def in_group(self, group):
        """The deliveries of one of ``GROUPS``, or all: those to send soonest first, the rest newest first."""
        rows = self.filter(state__in=GROUPS[group]) if group in GROUPS else self
        return rows.order_by("goes_at", "id") if group == "waiting" else rows.order_by("-due_at", "-id")

    def figures(self, agreement):
        """{name: count} of each group and of ``all``, none above ``MANY``; ``next`` is when the next one is sent."""
        figures = {group: HowMany(self.in_group(group).order_by().values("pk")[:MANY]) for group in GROUPS}
        soonest = self.filter(state="planned").order_by("goes_at", "id").values("goes_at")[:1]
        found = type(agreement).objects.filter(pk=agreement.pk).values(**figures, next=Subquery(soonest)).get()
        return found | {"all": min(sum(found[group] for group in GROUPS), MANY)}

    def due(self, now):
        """Planned deliveries whose time to be sent has come by ``now``."""
        return self.filter(state="planned", goes_at__lte=now)

    def pending(self, now):
        """Planned deliveries that still wait because somebody saved the change only minutes ago."""
        return self.filter(state="planned", kind__in=after_saving(), due_at__gt=now)

    def tallied(self):
        """Counts by kind, state, reason, lead time and occurrence, as dicts, the longest lead first."""
        keys = ("kind", "state", "reason", "occurrence", "step__days")
        rows = self.order_by(F("step__days").asc(nulls_last=True), "state", "reason", "occurrence", "kind")
        return rows.values(*keys).annotate(count=Count("pk"))


class PreferenceQuerySet(AgreementRows):
    def visible_to(self, user):
        """The user's own, and those of agreements that they edit or lead: they explain why an email was not sent."""
        rows = super().visible_to(user)
        if not user.is_authenticated or user.is_superuser:
            return rows
        return rows.filter(Q(agreement__in=officers_agreements(user)) | Q(person__user=user))
