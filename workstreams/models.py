"""Workstreams and their leads."""

import pghistory
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone

from contacts.models import Person
from partnership.models import Agreement, Party
from records.constraints import SameAgreement, agreement_key, within_reach
from records.limits import LONG_TEXT, WITHIN_REACH
from records.names import NameField
from records.querysets import AgreementRows


class Colour(models.TextChoices):
    """Twelve named pairs (light, dark); the stylesheet has their values as ``ws-<name>``."""

    BLUE = "blue", "Blue"
    ORANGE = "orange", "Orange"
    PURPLE = "purple", "Purple"
    TEAL = "teal", "Teal"
    OCHRE = "ochre", "Ochre"
    RED = "red", "Red"
    PINK = "pink", "Pink"
    GREEN = "green", "Green"
    NAVY = "navy", "Navy"
    BROWN = "brown", "Brown"
    SLATE = "slate", "Slate"
    OLIVE = "olive", "Olive"


class WorkstreamQuerySet(AgreementRows):
    def current(self):
        """Those that are not archived."""
        return self.filter(archived_on=None)


@pghistory.track(exclude=["created_at"])
class Workstream(models.Model):
    """A priority theme of an agreement. It is archived, never deleted, once work has been done in it."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="workstreams")
    name = NameField(max_length=80)
    slug = models.SlugField(max_length=80, help_text="Its part of the address.")
    description = models.TextField(blank=True, max_length=LONG_TEXT)
    colour = models.CharField(max_length=8, choices=Colour, default=Colour.BLUE)
    position = models.PositiveSmallIntegerField(default=0, help_text="Order in lists.")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    archived_on = models.DateField(
        null=True, blank=True, validators=WITHIN_REACH, help_text="From this day it is offered no more."
    )

    objects = WorkstreamQuerySet.as_manager()

    class Meta:
        ordering = ["agreement", "position", "name"]
        constraints = [
            agreement_key("workstreams_workstream"),
            models.UniqueConstraint(fields=["agreement", "slug"], name="workstream_slug_unique"),
            models.UniqueConstraint("agreement", Lower("name"), name="workstream_name_unique"),
            within_reach("workstream_archived_within_reach", "archived_on"),
            models.CheckConstraint(name="workstream_colour_known", condition=Q(colour__in=Colour.values)),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("dashboards:workstream", args=[self.agreement.slug, self.slug])


@pghistory.track()
class WorkstreamLead(models.Model):
    """The person who leads a workstream for one party."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="+")
    workstream = models.ForeignKey(Workstream, models.CASCADE, related_name="leads")
    party = models.ForeignKey(Party, models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, models.RESTRICT, related_name="leads")

    objects = AgreementRows.as_manager()

    class Meta:
        ordering = ["workstream", "party"]
        constraints = [
            SameAgreement(field="workstream", name="workstreamlead_workstream_same_agreement"),
            SameAgreement(field="party", name="workstreamlead_party_same_agreement"),
            SameAgreement(field="person", name="workstreamlead_person_same_agreement"),
            models.UniqueConstraint(fields=["workstream", "party"], name="workstreamlead_one_a_party"),
        ]

    def __str__(self):
        return f"{self.person} for {self.party}"
