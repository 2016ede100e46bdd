"""The outcomes of an engagement: decisions and actions."""

import pghistory
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from contacts.models import Organisation, Person
from engagements.models.engagement import Engagement
from engagements.queries import ActionQuerySet, search_vector
from partnership.models import Agreement
from records.constraints import SameAgreement, agreement_key, within_reach
from records.limits import WITHIN_REACH
from records.names import NameField
from records.one_time_key import MadeByForm
from records.querysets import AgreementRows
from workstreams.models import Workstream

PROGRESS_LENGTH = 1_000
"""The most characters of a progress report."""
SOMEBODY = "Somebody who was there"
"""Shown instead of the owner of an action under the Chatham House Rule to users who may not know the owner."""


@pghistory.track()
class Decision(models.Model):
    """Something decided at an engagement."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="+")
    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="decisions")
    position = models.PositiveSmallIntegerField(default=0)
    text = models.TextField(max_length=5000)

    objects = AgreementRows.as_manager()

    class Meta:
        ordering = ["engagement", "position", "id"]
        constraints = [
            SameAgreement(field="engagement", name="decision_engagement_same_agreement"),
            models.CheckConstraint(name="decision_says_something", condition=~Q(text="")),
        ]
        indexes = [GinIndex(search_vector("text"), name="decision_search")]

    def __str__(self):
        return self.text[:80]


@pghistory.track(exclude=["form_key"])
class Action(MadeByForm):
    """Something that a person or an organisation has agreed to do, at an engagement or without one."""

    part_of = "engagement"
    edited_together = (("owner_person", "owner_organisation"),)

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="actions")
    engagement = models.ForeignKey(Engagement, models.CASCADE, null=True, blank=True, related_name="actions")
    workstream = models.ForeignKey(Workstream, models.RESTRICT, null=True, blank=True, related_name="actions")
    title = NameField("action", max_length=300)
    owner_person = models.ForeignKey(Person, models.RESTRICT, null=True, blank=True, related_name="actions")
    owner_organisation = models.ForeignKey(Organisation, models.RESTRICT, null=True, blank=True, related_name="actions")
    progress = models.TextField(max_length=PROGRESS_LENGTH, blank=True, default="")
    progress_on = models.DateField("progress reported", null=True, blank=True, editable=False)
    due_on = models.DateField("due", null=True, blank=True, validators=WITHIN_REACH)
    done_on = models.DateField("done", null=True, blank=True, validators=WITHIN_REACH)
    done_by = models.ForeignKey(Person, models.RESTRICT, null=True, blank=True, related_name="+")
    from_chatham_house = models.BooleanField(
        "from an engagement under the Chatham House Rule that is no longer linked", default=False, editable=False
    )
    """Set when that engagement is deleted, or the action is linked to another one.

    Its owner was there, so the Rule still applies.
    """
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ActionQuerySet.as_manager()

    class Meta:
        ordering = [F("due_on").asc(nulls_last=True), "id"]
        constraints = [
            agreement_key("engagements_action"),
            SameAgreement(field="engagement", name="action_engagement_same_agreement"),
            SameAgreement(field="workstream", name="action_workstream_same_agreement"),
            SameAgreement(field="owner_person", name="action_owner_person_same_agreement"),
            SameAgreement(field="owner_organisation", name="action_owner_organisation_same_agreement"),
            SameAgreement(field="done_by", name="action_done_by_same_agreement"),
            models.CheckConstraint(
                name="action_has_an_owner",
                condition=Q(owner_person__isnull=False) | Q(owner_organisation__isnull=False),
                violation_error_message="Say who does it: a person or an organisation.",
            ),
            within_reach("action_within_reach", "due_on", "done_on"),
            models.CheckConstraint(name="action_has_a_title", condition=~Q(title="")),
        ]
        indexes = [
            models.Index(fields=["agreement", "due_on", "id"], name="action_open", condition=Q(done_on=None)),
            models.Index(
                fields=["agreement", "-done_on", "id"], name="action_done", condition=Q(done_on__isnull=False)
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        """The page of all actions, at this one."""
        return f"{reverse('engagements:actions', args=[self.agreement.slug])}#action-{self.pk}"

    @property
    def is_under_chatham_house(self):
        """Whether it comes from an engagement under the Chatham House Rule."""
        return self.from_chatham_house or bool(self.engagement and self.engagement.chatham_house)

    @property
    def owner_names(self):
        """The owner in words, as a list: a person and their organisation, or one of them.

        Under the Chatham House Rule the names are given only where ``with_owner`` found that the user may know them.
        Otherwise the list has the owner's organisation if it belongs to a party, else ``SOMEBODY``.
        """
        employer = self.owner_person.organisation if self.owner_person else None
        if getattr(self, "may_name_owner", not self.is_under_chatham_house):
            return [str(one) for one in (self.owner_person, self.owner_organisation or employer) if one]
        party = next((one for one in (self.owner_organisation, employer) if one and one.party_id), None)
        return [str(party or SOMEBODY)]

    @property
    def is_done(self):
        return self.done_on is not None

    def is_overdue(self, today):
        """Whether it is open and was due before ``today``."""
        return not self.is_done and self.due_on is not None and self.due_on < today

    def days_late(self, today):
        """How many days it is overdue, 0 if it is not."""
        return (today - self.due_on).days if self.is_overdue(today) else 0
