"""Who takes part in an engagement."""

import pghistory
from django.db import models
from django.db.models import Q

from contacts.models import Organisation, Person
from engagements.models.engagement import Engagement
from engagements.queries import ParticipationQuerySet
from partnership.constraints import SameAgreement
from partnership.models import Agreement


@pghistory.track()
class Participation(models.Model):
    """A person at an engagement. ``organisation`` is where they worked then, and stays when they move on."""

    class Role(models.TextChoices):
        CHAIR = "chair", "Chair"
        SPEAKER = "speaker", "Speaker"
        PARTICIPANT = "participant", "Participant"
        OBSERVER = "observer", "Observer"
        ORGANISER = "organiser", "Organiser"

    class Reply(models.TextChoices):
        NONE = "", "No reply yet"
        ACCEPTED = "accepted", "Coming"
        TENTATIVE = "tentative", "Perhaps"
        DECLINED = "declined", "Not coming"

    class Attendance(models.TextChoices):
        UNKNOWN = "", "Not recorded"
        CAME = "came", "Came"
        APOLOGIES = "apologies", "Sent apologies"
        ABSENT = "absent", "Did not come"

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="+")
    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="participations")
    person = models.ForeignKey(Person, models.RESTRICT, related_name="participations")
    organisation = models.ForeignKey(
        Organisation, models.RESTRICT, null=True, blank=True, related_name="participations"
    )
    role = models.CharField(max_length=11, choices=Role, default=Role.PARTICIPANT)
    reply = models.CharField(max_length=9, choices=Reply, blank=True, default="")
    replied_at = models.DateTimeField(null=True, blank=True)
    attendance = models.CharField(max_length=9, choices=Attendance, blank=True, default="")

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        ordering = ["engagement", "id"]
        constraints = [
            SameAgreement(field="engagement", name="participation_engagement_same_agreement"),
            SameAgreement(field="person", name="participation_person_same_agreement"),
            SameAgreement(field="organisation", name="participation_organisation_same_agreement"),
            models.UniqueConstraint(
                fields=["engagement", "person"],
                name="participation_once",
                violation_error_message="This person takes part already.",
            ),
            models.CheckConstraint(
                name="participation_choices_known",
                condition=Q(role__in=["chair", "speaker", "participant", "observer", "organiser"])
                & Q(reply__in=["", "accepted", "tentative", "declined"])
                & Q(attendance__in=["", "came", "apologies", "absent"]),
            ),
        ]
        indexes = [
            models.Index(fields=["person", "engagement"], name="participation_by_person"),
            models.Index(fields=["organisation", "engagement"], name="participation_by_organisation"),
            models.Index(
                fields=["engagement"],
                include=["agreement", "organisation"],
                name="participation_came",
                condition=Q(attendance="came"),
            ),
            models.Index(fields=["engagement"], name="participation_taken", condition=~Q(attendance="")),
        ]

    def __str__(self):
        return f"{self.person}"
