"""Calendar feeds: addresses that a calendar program reads for one person, without signing in."""

import secrets

import pghistory
from django.conf import settings
from django.core.signing import Signer
from django.db import models
from django.db.models import Q
from django.urls import reverse

from engagements.models.committee import Committee
from engagements.queries import FeedQuerySet
from pages.words import date_in_words
from partnership.models import Agreement
from records.constraints import SameAgreement, agreement_key
from records.querysets import AgreementRows

SIGNER = {"salt": "engagements.feed", "sep": "."}


def new_key():
    """A random key that makes the address impossible to guess: 22 characters, 128 bits."""
    return secrets.token_urlsafe(16)[:22]


@pghistory.track(exclude=["key"])
class Feed(models.Model):
    """One address for one user: of their own meetings, of the whole agreement or of a committee.

    The address is ``key``, signed with the site's secret key. So its owner can be shown it again, while a copy of the
    database opens no feed. When a feed is renewed, the old row stays, revoked.
    """

    class What(models.TextChoices):
        MINE = "mine", "My meetings"
        AGREEMENT = "agreement", "The whole agreement"
        COMMITTEE = "committee", "A committee"

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="feeds")
    what = models.CharField("what of", max_length=9, choices=What)
    committee = models.ForeignKey(Committee, models.CASCADE, null=True, blank=True, related_name="feeds")
    key = models.CharField(max_length=22, unique=True, default=new_key, editable=False)
    created_at = models.DateTimeField("made", auto_now_add=True)
    revoked_at = models.DateTimeField("revoked", null=True, blank=True)

    objects = FeedQuerySet.as_manager()

    class Meta:
        ordering = ["agreement", "user", "what", "-created_at"]
        constraints = [
            agreement_key("engagements_feed"),
            SameAgreement(field="committee", name="feed_committee_same_agreement"),
            models.CheckConstraint(name="feed_what_known", condition=Q(what__in=["mine", "agreement", "committee"])),
            models.CheckConstraint(
                name="feed_committee_for_its_own",
                condition=Q(what="committee", committee__isnull=False) | (~Q(what="committee") & Q(committee=None)),
            ),
            models.UniqueConstraint(
                fields=["agreement", "user", "what", "committee"],
                condition=Q(revoked_at=None),
                nulls_distinct=False,
                name="feed_one_that_works",
            ),
        ]

    def __str__(self):
        return f"{self.user}: {self.committee or self.get_what_display()}"

    @property
    def path(self):
        """The address, without the host."""
        return reverse("feed_ics", args=[Signer(**SIGNER).sign(self.key)])

    @property
    def address(self):
        return settings.SITE_URL + self.path

    @property
    def subscribe_address(self):
        """The address with which a browser asks the calendar program to subscribe."""
        return f"webcal:{self.address.partition(':')[2]}"


class FeedReading(models.Model):
    """The last day on which a feed was read. As a field of the feed it would add to its history every day."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="+")
    feed = models.OneToOneField(Feed, models.CASCADE, related_name="reading")
    read_on = models.DateField()

    objects = AgreementRows.as_manager()

    class Meta:
        constraints = [SameAgreement(field="feed", name="feedreading_feed_same_agreement")]

    def __str__(self):
        return f"{self.feed}, {date_in_words(self.read_on)}"
