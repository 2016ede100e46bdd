"""The people who take part in an engagement."""

import pghistory
from django.db import models
from django.db.models import Q

from contacts.models import Organisation, Person
from engagements.models.engagement import Engagement
from engagements.queries import ParticipationQuerySet
from partnership.models import Agreement
from records.constraints import SameAgreement

NOTE_LENGTH = 500
"""The most characters of a note with a reply."""


@pghistory.track()
class Participation(models.Model):
    """A person at an engagement. ``organisation`` is where they worked then, and stays when they move on.

    ``reply`` is to the present date of the engagement. When that moves, the reply becomes ``earlier_reply``, with the
    times that it was given for. Note, apologies and deputy belong to whichever of the two is set.
    """

    class Role(models.TextChoices):
        CHAIR = "chair", "Chair"
        SPEAKER = "speaker", "Speaker"
        PARTICIPANT = "participant", "Participant"
        OBSERVER = "observer", "Observer"
        ORGANISER = "organiser", "Organiser"

    class Reply(models.TextChoices):
        NONE = "", "No reply yet"
        ACCEPTED = "accepted", "Coming"
        TENTATIVE = "tentative", "Maybe"
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
    note = models.CharField(max_length=NOTE_LENGTH, blank=True, default="")
    sent_apologies = models.BooleanField("sent apologies", default=False)
    deputy = models.CharField(max_length=200, blank=True, default="", help_text="Who comes instead of them.")
    earlier_reply = models.CharField(
        "reply to the earlier date", max_length=9, choices=Reply, blank=True, default="", editable=False
    )
    earlier_starts_at = models.DateTimeField(null=True, blank=True, editable=False)
    earlier_ends_at = models.DateTimeField(null=True, blank=True, editable=False)
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
            models.CheckConstraint(
                name="participation_earlier_reply",
                condition=Q(earlier_reply="", earlier_starts_at=None, earlier_ends_at=None)
                | Q(
                    reply="",
                    earlier_reply__in=["accepted", "tentative", "declined"],
                    earlier_starts_at__isnull=False,
                    earlier_ends_at__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="participation_apologies_decline",
                condition=Q(sent_apologies=False, deputy="") | Q(reply="declined") | Q(earlier_reply="declined"),
                violation_error_message="Apologies and a deputy are for somebody who is not coming.",
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

    def record_reply(self, reply, now, *, note=None, sent_apologies=None, deputy=None):
        """Set a reply ("" for none) and its details on the row. Save it with ``REPLY_FIELDS``.

        A detail that is None stays if the reply does not change, and is cleared if it does.
        """
        is_same = reply == self.reply
        self.reply, self.replied_at = reply, now if reply else None
        for name, value in {"note": note, "sent_apologies": sent_apologies, "deputy": deputy}.items():
            if value is not None or not is_same:
                setattr(self, name, value or self._meta.get_field(name).default)
        if reply != self.Reply.DECLINED:
            self.sent_apologies, self.deputy = False, ""
        self.earlier_reply, self.earlier_starts_at, self.earlier_ends_at = "", None, None

    @property
    def earlier_in_words(self):
        """ "said yes to the earlier date"; "" where they have not replied to one, or have replied again."""
        word = {"accepted": "yes", "tentative": "maybe", "declined": "no"}.get(self.earlier_reply)
        return f"said {word} to the earlier date" if word else ""

    @property
    def goes_with_reply(self):
        """The details of the reply, as a list of lines."""
        return [
            *["Sent apologies"] * self.sent_apologies,
            *[f"Deputy: {self.deputy}"] * bool(self.deputy),
            *[f"Note: {self.note}"] * bool(self.note),
        ]


REPLY_FIELDS = [
    *("reply", "replied_at", "note", "sent_apologies", "deputy"),
    *("earlier_reply", "earlier_starts_at", "earlier_ends_at"),
]
"""The fields that a reply sets."""
