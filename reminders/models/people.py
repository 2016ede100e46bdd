"""People's choices about the emails they get."""

import pghistory
from django.db import models
from django.db.models import F, Q

from contacts.models import Person
from partnership.models import Agreement
from records.constraints import SameAgreement
from records.limits import FIRST_DAY, LAST_DAY, OUT_OF_REACH
from reminders.preferences.rules import How
from reminders.preferences.topics import TOPICS
from reminders.queries import PreferenceQuerySet


@pghistory.track()
class Preference(models.Model):
    """The emails that one person wants, and how. A person without a row gets every email as it comes."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="+", editable=False)
    person = models.OneToOneField(Person, models.CASCADE, related_name="preference")
    meetings, invitations, replies, papers, actions, records, lacking, progress = (
        models.CharField(topic.label, max_length=6, choices=How, default=How.ON, help_text=topic.about)
        for topic in TOPICS
    )
    quiet_from = models.TimeField("quiet from", null=True, blank=True)
    quiet_to = models.TimeField("quiet until", null=True, blank=True)
    paused_until = models.DateField("paused until", null=True, blank=True)

    objects = PreferenceQuerySet.as_manager()

    class Meta:
        ordering = ["agreement", "person"]
        constraints = [
            SameAgreement(field="person", name="preference_person_same_agreement"),
            *[
                models.CheckConstraint(
                    name=f"preference_{topic.name}_known", condition=Q(**{f"{topic.name}__in": How.values})
                )
                for topic in TOPICS
            ],
            models.CheckConstraint(
                name="preference_quiet_hours",
                condition=Q(quiet_from=None, quiet_to=None)
                | Q(quiet_from__isnull=False, quiet_to__isnull=False) & ~Q(quiet_from=F("quiet_to")),
                violation_error_message="Quiet hours need two different times: from and until.",
            ),
            models.CheckConstraint(
                name="preference_pause_within_reach",
                condition=Q(paused_until=None) | Q(paused_until__range=(FIRST_DAY, LAST_DAY)),
                violation_error_message=OUT_OF_REACH,
            ),
        ]

    def __str__(self):
        return f"What {self.person} is told"
