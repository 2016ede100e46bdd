"""Notes and documents of an engagement, for everybody in the agreement or for one party."""

import uuid

import pghistory
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from contacts.models import Person
from engagements.models.engagement import Engagement
from pages.words import date_in_words
from partnership.models import Agreement, Party
from records.constraints import SameAgreement
from records.limits import LONG_TEXT
from records.one_time_key import MadeByForm
from records.querysets import PartyRows


def stored_at(document, filename):
    """The path of the stored file: a name of our own, so that the uploader's cannot lead anywhere."""
    return f"{document.agreement_id}/{uuid.uuid4().hex}"


def made_for():
    """A field for the party that the author acted for. A paper stays with it when the author moves on."""
    return models.ForeignKey(
        Party, models.RESTRICT, null=True, blank=True, editable=False, related_name="+", verbose_name="made for"
    )


def private_to_its_own(name):
    """The constraint that a paper private to one party was made for that party."""
    return models.CheckConstraint(name=name, condition=Q(party=None) | Q(by_party__isnull=False, by_party=F("party")))


class OfParty:
    """Mixin of notes and documents: ``by_party`` may change them, whoever may read them."""

    def may_be_changed_by(self, party):
        """Whether the editors and leads of ``party`` may change or delete it: only if it was made for their party.

        Any editor may change a paper that was made for no party, since otherwise nobody could.
        """
        return self.by_party_id is None or (party is not None and self.by_party_id == party.pk)


@pghistory.track(exclude=["form_key"])
class Note(OfParty, MadeByForm):
    """A note on an engagement. With a ``party``, it is private to that party."""

    part_of = "engagement"

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="+")
    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="notes")
    party = models.ForeignKey(Party, models.RESTRICT, null=True, blank=True, related_name="+")
    by_party = made_for()
    text = models.TextField(max_length=LONG_TEXT)
    written_by = models.ForeignKey(Person, models.RESTRICT, null=True, blank=True, related_name="+", editable=False)
    written_at = models.DateTimeField(auto_now_add=True)

    objects = PartyRows.as_manager()

    class Meta:
        ordering = ["engagement", "written_at", "id"]
        constraints = [
            SameAgreement(field="engagement", name="note_engagement_same_agreement"),
            SameAgreement(field="party", name="note_party_same_agreement"),
            SameAgreement(field="by_party", name="note_by_party_same_agreement"),
            SameAgreement(field="written_by", name="note_written_by_same_agreement"),
            private_to_its_own("note_private_to_its_own_party"),
            models.CheckConstraint(name="note_says_something", condition=~Q(text="")),
        ]

    def __str__(self):
        return f"Note of {date_in_words(self.written_at)}"


@pghistory.track(exclude=["form_key", "file"])
class Document(OfParty, MadeByForm):
    """A file with an engagement. With a ``party``, it is private to that party. Its type is read from its content."""

    part_of = "engagement"

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="+")
    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="documents")
    party = models.ForeignKey(Party, models.RESTRICT, null=True, blank=True, related_name="+")
    by_party = made_for()
    file = models.FileField(upload_to=stored_at, max_length=100)
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100, editable=False)
    size = models.PositiveBigIntegerField(help_text="Bytes.", editable=False)
    added_by = models.ForeignKey(Person, models.RESTRICT, null=True, blank=True, related_name="+", editable=False)
    added_at = models.DateTimeField(auto_now_add=True)

    objects = PartyRows.as_manager()

    class Meta:
        ordering = ["engagement", "added_at", "id"]
        constraints = [
            SameAgreement(field="engagement", name="document_engagement_same_agreement"),
            SameAgreement(field="party", name="document_party_same_agreement"),
            SameAgreement(field="by_party", name="document_by_party_same_agreement"),
            SameAgreement(field="added_by", name="document_added_by_same_agreement"),
            private_to_its_own("document_private_to_its_own_party"),
            models.CheckConstraint(name="document_has_a_name", condition=~Q(name="")),
        ]

    def __str__(self):
        """The name, unless it is private to a party: Django admin lists the rows that a deletion includes."""
        return f"A paper of {self.party}" if self.party_id else self.name

    def get_absolute_url(self):
        """The file, as an attachment."""
        return reverse("engagements:document", args=[self.agreement.slug, self.engagement_id, self.pk])
