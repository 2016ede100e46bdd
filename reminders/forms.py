"""The filters of the page of deliveries."""

from functools import cached_property

from django import forms

from contacts.models import Person
from engagements.models import Engagement
from reminders.models import BadAddress, Delivery
from reminders.queries import MANY
from reminders.resending import can_go_again, waits_for_server


class DeliveryFilter(forms.Form):
    """Which deliveries are looked at, as the address has it. What is malformed there counts as not given."""

    TABS = [("waiting", "To go"), ("sent", "Sent"), ("not_sent", "Not sent"), ("failed", "Failed"), ("all", "All")]

    state = forms.ChoiceField(choices=TABS, required=False)
    engagement = forms.IntegerField(min_value=1, max_value=2**63 - 1, required=False)
    q = forms.CharField(max_length=200, required=False)

    def __init__(self, data, *, user, agreement):
        super().__init__(data)
        self.user, self.agreement = user, agreement
        self.is_valid()

    @property
    def shown(self):
        """The tab that is open: what is to go, unless the address says another."""
        return self.cleaned_data.get("state") or "waiting"

    @property
    def is_narrowed(self):
        """Whether fewer than all of a tab are shown."""
        return bool(self.cleaned_data.get("q") or self.cleaned_data.get("engagement"))

    @cached_property
    def engagement_title(self):
        """The title of the engagement filtered by, or "" where there is none to see."""
        found = Engagement.objects.visible_to(self.user).of(self.agreement).filter(pk=self.cleaned_data["engagement"])
        return found.values_list("title", flat=True).first() or "an engagement that is not here"

    def bad_addresses(self):
        """Addresses refused for good that are still in use, ten at most; only where what failed is shown."""
        if self.shown != "failed":
            return []
        rows = BadAddress.objects.visible_to(self.user).of(self.agreement).in_use()
        return list(rows.select_related("person")[:10])

    @property
    def which_again(self):
        """Which deliveries of the open tab can be sent again: a condition."""
        return waits_for_server() if self.shown == "waiting" else can_go_again()

    def to_send_again(self):
        """How many can be, counted up to ``MANY``, where the open tab shows them."""
        if self.shown not in ("waiting", "failed"):
            return 0
        return self.rows().filter(self.which_again).order_by().values("pk")[:MANY].count()

    def rows(self):
        """The deliveries that the filters let through, of all tabs."""
        rows = Delivery.objects.visible_to(self.user).of(self.agreement)
        if engagement := self.cleaned_data.get("engagement"):
            rows = rows.filter(engagement=engagement)
        if q := self.cleaned_data.get("q"):
            rows = rows.filter(person__in=Person.objects.visible_to(self.user).of(self.agreement).matching(q))
        return rows
