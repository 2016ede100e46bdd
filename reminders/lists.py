"""The list of deliveries that leads see."""

from functools import cached_property

from contacts.models import Person
from engagements.models import Engagement
from outbox.models import BadAddress
from pages.exports import Column
from pages.filters import choice, key, words
from pages.listing import RecordList
from reminders.models import Delivery
from reminders.operations.deliveries import can_go_again, waits_for_server
from reminders.presenters.labels import content_label, state_label, state_note
from reminders.queries import MANY


class DeliveryList(RecordList):
    """The deliveries of an agreement, for its leads: those to send soonest first, the rest newest first."""

    TABS = [("waiting", "To go"), ("sent", "Sent"), ("not_sent", "Not sent"), ("failed", "Failed"), ("all", "All")]

    file_name, per_page, kept_names = "reminders", 50, ("state",)
    columns = [
        *(Column("Due", "due_at", width=18), Column("Person", lambda one: one.person.full_name, width=28)),
        *(Column("Email", lambda one: one.message.address if one.message else one.person.email, width=32),),
        *(
            Column("What", content_label, width=24),
            Column("About", lambda one: one.title or str(one.target or ""), width=40),
        ),
        *(Column("State", lambda one: state_label(one)[1], width=12), Column("Note", state_note, width=40)),
        Column("Rule", lambda one: one.rule.name if one.rule else "", width=24),
    ]

    state = choice(TABS, "State", method="later")
    engagement = key("Engagement")
    q = words("Person", method="of_people")

    def all_rows(self):
        return Delivery.objects.visible_to(self.user).of(self.agreement)

    def later(self, rows, name, value):
        """Leave the rows as they are: ``rows`` applies the tab later, because ``figures`` counts all tabs."""
        return rows

    def of_people(self, rows, name, text):
        """Deliveries to people with these words in their name, email or organisation."""
        return rows.filter(person__in=Person.objects.visible_to(self.user).of(self.agreement).matching(text))

    @property
    def narrowed(self):
        """The rows that the filters let through, in all tabs."""
        return self.qs

    @property
    def rows(self):
        """The rows of the open tab."""
        related = ("person", "rule", "step", "message", "workstream")
        return self.narrowed.in_group(self.shown).select_related(*related)

    @property
    def file_rows(self):
        return self.rows.select_related("engagement", "action", "date")

    @cached_property
    def figures(self):
        """The number of rows in each tab; see ``DeliveryQuerySet.figures``."""
        return self.narrowed.figures(self.agreement)

    @property
    def counted(self):
        """The number of rows in the open tab, which ``figures`` has counted already."""
        return self.figures[self.shown]

    @property
    def shown(self):
        """The name of the open tab: "waiting" unless the address names another."""
        return self.chosen.get("state", "waiting")

    @cached_property
    def engagement_title(self):
        """The title of the engagement filtered by, or words to say that ``user`` can see no such engagement."""
        found = Engagement.objects.visible_to(self.user).of(self.agreement).filter(pk=self.chosen["engagement"])
        return found.values_list("title", flat=True).first() or "an engagement that is not here"

    def bad_addresses(self):
        """Addresses refused for good that are still in use, ten at most; [] outside the tab of failed deliveries."""
        if self.shown != "failed":
            return []
        rows = BadAddress.objects.visible_to(self.user).of(self.agreement).in_use()
        return list(rows.select_related("person")[:10])

    @property
    def which_again(self):
        """The condition for deliveries of the open tab that can be sent again."""
        return waits_for_server() if self.shown == "waiting" else can_go_again()

    def to_send_again(self):
        """The number of deliveries that can be sent again, at most ``MANY``; 0 in tabs that do not offer it."""
        if self.shown not in ("waiting", "failed"):
            return 0
        return self.narrowed.filter(self.which_again).order_by().values("pk")[:MANY].count()
