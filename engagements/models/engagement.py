"""The engagement: an event or meeting that the parties have together, with its hosts and workstreams."""

import datetime as dt
import uuid
from zoneinfo import available_timezones

import pghistory
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from contacts.models import Organisation, Person
from contacts.queries import Folded
from engagements.models.committee import Committee
from engagements.queries import EngagementQuerySet, PlainApostrophes, WallClock, over_at, search_vector
from engagements.rules.timezones import instant, skipped_time
from partnership.models import Agreement
from records.constraints import SameAgreement, agreement_key
from records.history import in_history
from records.limits import FIRST_DAY, LAST_DAY, LONG_TEXT, OUT_OF_REACH
from records.names import NameField
from records.one_time_key import MadeByForm
from records.querysets import AgreementRows
from records.validators import web_address
from workstreams.models import Workstream


def home_time_zone():
    """The time zone of new engagements: the site's."""
    return settings.TIME_ZONE


def known_time_zone(name):
    """ValidationError for a name that is not in the IANA database."""
    if name not in available_timezones():
        raise ValidationError("“%(name)s” is not a time zone. Europe/London is one.", params={"name": name})


class Kind(models.TextChoices):
    """The kinds of engagement: a closed list, since charts, reminders and rhythms depend on it."""

    WORKSHOP = "workshop", "Workshop"
    ROUNDTABLE = "roundtable", "Roundtable"
    WEBINAR = "webinar", "Webinar"
    CONSULTATION = "consultation", "Joint consultation"
    COMMITTEE = "committee", "Committee meeting"
    POLICY = "policy", "Policy discussion"
    BILATERAL = "bilateral", "Bilateral"


class Status(models.TextChoices):
    PLANNED = "planned", "Planned"
    CONFIRMED = "confirmed", "Confirmed"
    HELD = "held", "Held"
    CANCELLED = "cancelled", "Cancelled"


class Mode(models.TextChoices):
    IN_PERSON = "in_person", "In person"
    ONLINE = "online", "Online"
    HYBRID = "hybrid", "Hybrid"


@pghistory.track(exclude=["form_key", "search", "starts_at", "ends_at", "over_at", "recorded_on"])
class Engagement(MadeByForm):
    """A workshop, roundtable, webinar, joint consultation, committee meeting, policy discussion or bilateral.

    Dates and times are wall-clock in ``time_zone``. The database generates the instants ``starts_at``, ``ends_at`` and
    ``over_at``. Without times an engagement starts at 00:00 and ends with its last day. ``over_at`` is its end, but its
    start where a meeting of one day has a start but no end time, since nobody knows how long it lasts.
    """

    part_of = "series"
    edited_together = (("starts_on", "start_time", "ends_on", "end_time", "time_zone"), ("kind", "committee"))

    Kind, Status, Mode = Kind, Status, Mode

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="engagements")
    title = NameField(max_length=200)
    kind = models.CharField(max_length=12, choices=Kind)
    status = models.CharField(max_length=9, choices=Status)
    starts_on = models.DateField("date")
    start_time = models.TimeField("from", null=True, blank=True)
    ends_on = models.DateField("last day", null=True, blank=True, help_text="Only if it lasts more than one day.")
    end_time = models.TimeField("to", null=True, blank=True)
    time_zone = models.CharField(max_length=50, default=home_time_zone, validators=[known_time_zone])
    mode = models.CharField("how people meet", max_length=9, choices=Mode, blank=True)
    venue = models.CharField(max_length=300, blank=True)
    joining_link = models.URLField(max_length=1000, blank=True, validators=[web_address])
    committee = models.ForeignKey(Committee, models.RESTRICT, null=True, blank=True, related_name="meetings")
    summary = models.TextField(blank=True, max_length=LONG_TEXT, help_text="What it is about.")
    outcomes = models.TextField(blank=True, max_length=LONG_TEXT, help_text="What came of it.")
    head_count = models.PositiveIntegerField(
        null=True, blank=True, help_text="How many came, where names were not taken."
    )
    chatham_house = models.BooleanField(
        "under the Chatham House Rule", default=False, help_text="Who was there is shown to officers only."
    )
    is_public_event = models.BooleanField(
        "public event of a party",
        default=False,
        help_text="Not said to be under the agreement: it counts towards nothing.",
    )
    source_url = models.URLField("public page", max_length=500, blank=True, validators=[web_address])
    cancel_reason = models.CharField("why it was cancelled", max_length=300, blank=True)
    series = in_history(
        models.ForeignKey(
            "Series", models.RESTRICT, null=True, blank=True, related_name="engagements", editable=False, db_index=False
        )
    )
    series_date = models.DateField("day by the rule of its series", null=True, blank=True, editable=False)
    """Its day by the rule of the series, whatever day it was moved to (RFC 5545, RECURRENCE-ID)."""
    hosts = models.ManyToManyField(Organisation, through="EngagementHost", related_name="hosted")
    workstreams = models.ManyToManyField(Workstream, through="EngagementWorkstream", related_name="engagements")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    """Rises with each change that calendars have to show (RFC 5545, SEQUENCE)."""
    schedule_version = models.PositiveIntegerField(default=1, editable=False)
    """Rises when it is moved, or cancelled and reinstated: reminders and replies are for one version."""
    revision = models.PositiveIntegerField(default=1, editable=False)
    """Rises each time people save the record; 1 means that nobody has changed it."""
    logged_by = models.ForeignKey(Person, models.RESTRICT, null=True, blank=True, related_name="logged", editable=False)
    updated_by = models.ForeignKey(Person, models.RESTRICT, null=True, blank=True, related_name="+", editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)
    """The last change by people; background tasks do not set it."""
    recorded_on = models.DateField(null=True, blank=True, editable=False)
    """The day on which it was recorded as held; empty where it was not, or the day is not known."""

    starts_at = models.GeneratedField(
        expression=WallClock("time_zone", F("starts_on"), "start_time", midnight="00:00"),
        output_field=models.DateTimeField(),
        db_persist=True,
    )
    ends_at = models.GeneratedField(
        expression=WallClock(
            "time_zone", models.functions.Coalesce("ends_on", "starts_on"), "end_time", midnight="24:00"
        ),
        output_field=models.DateTimeField(),
        db_persist=True,
    )
    over_at = models.GeneratedField(expression=over_at(), output_field=models.DateTimeField(), db_persist=True)
    search = models.GeneratedField(
        expression=search_vector("title", weight="A") + search_vector("summary", "outcomes", "venue", weight="B"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = EngagementQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "-id"]
        constraints = [
            agreement_key("engagements_engagement"),
            SameAgreement(field="committee", name="engagement_committee_same_agreement"),
            SameAgreement(field="series", name="engagement_series_same_agreement"),
            SameAgreement(field="logged_by", name="engagement_logged_by_same_agreement"),
            SameAgreement(field="updated_by", name="engagement_updated_by_same_agreement"),
            models.CheckConstraint(
                name="engagement_series_with_date",
                condition=Q(series=None, series_date=None) | Q(series__isnull=False, series_date__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["series", "series_date"],
                name="engagement_occurrence_once",
                condition=Q(series__isnull=False),
                violation_error_message="This date of the series is there already.",
            ),
            models.CheckConstraint(name="engagement_kind_known", condition=Q(kind__in=Kind.values)),
            models.CheckConstraint(name="engagement_status_known", condition=Q(status__in=Status.values)),
            models.CheckConstraint(name="engagement_mode_known", condition=Q(mode__in=["", *Mode.values])),
            models.CheckConstraint(name="engagement_has_a_title", condition=~Q(title="")),
            models.CheckConstraint(
                name="engagement_end_time_needs_start",
                condition=Q(end_time=None) | Q(start_time__isnull=False),
                violation_error_message="Give the time it starts as well as the time it ends.",
            ),
            models.CheckConstraint(
                name="engagement_within_reach",
                condition=Q(starts_on__range=(FIRST_DAY, LAST_DAY))
                & (Q(ends_on=None) | Q(ends_on__range=(FIRST_DAY, LAST_DAY))),
                violation_error_message=OUT_OF_REACH,
            ),
            models.CheckConstraint(
                name="engagement_last_day_not_before_first",
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                violation_error_message="The last day is before the first.",
            ),
            models.CheckConstraint(
                name="engagement_ends_after_start",
                # Without the test for NULL, an empty last day makes the condition NULL, which a constraint accepts.
                condition=Q(end_time=None)
                | Q(ends_on__isnull=False, ends_on__gt=F("starts_on"))
                | Q(end_time__gt=F("start_time")),
                violation_error_message="It ends before it starts.",
            ),
            models.CheckConstraint(
                name="engagement_links_are_web_addresses",
                condition=(Q(joining_link="") | Q(joining_link__regex=r"^https?://"))
                & (Q(source_url="") | Q(source_url__regex=r"^https?://")),
                violation_error_message="A link must begin with http:// or https://.",
            ),
            models.CheckConstraint(
                name="engagement_committee_only_for_its_meetings",
                condition=Q(committee=None) | Q(kind="committee"),
                violation_error_message="Only a committee meeting has a committee.",
            ),
        ]
        indexes = [
            models.Index(fields=["agreement", "-starts_on", "-id"], name="engagement_by_date"),
            models.Index(fields=["agreement", "title", "id"], name="engagement_by_title"),
            models.Index(fields=["agreement", "kind", "-starts_on", "-id"], name="engagement_by_kind"),
            models.Index(fields=["agreement", "status", "-starts_on", "-id"], name="engagement_by_status"),
            models.Index(
                fields=["agreement", "starts_at"],
                name="engagement_upcoming",
                condition=Q(status__in=["planned", "confirmed"]),
            ),
            # The figures of a period are read from this index alone.
            models.Index(
                fields=["agreement", "starts_on"],
                include=["kind", "id"],
                name="engagement_held",
                condition=Q(status="held", is_public_event=False),
            ),
            models.Index(
                fields=["agreement", "ends_on"], name="engagement_by_last_day", condition=Q(ends_on__isnull=False)
            ),
            GinIndex(fields=["search"], name="engagement_search"),
            GinIndex(OpClass(Folded(PlainApostrophes(F("title"))), "gin_trgm_ops"), name="engagement_title_trigrams"),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("engagements:record", args=[self.agreement.slug, self.pk])

    @property
    def last_day(self):
        return self.ends_on or self.starts_on

    @property
    def length_days(self):
        return (self.last_day - self.starts_on).days + 1

    def clean(self):
        """Refuse times that the clocks skip on their day."""
        wrong = {name: f"{sentence} Enter a different time." for name, sentence in self.skipped_times().items()}
        if wrong:
            raise ValidationError(wrong)

    def skipped_times(self):
        """{field: "01:30 does not exist on 28 March 2027: …"} of its times that the clocks skip."""
        days = {"start_time": self.starts_on, "end_time": self.ends_on or self.starts_on}
        found = {name: skipped_time(day, getattr(self, name), self.time_zone) for name, day in days.items()}
        return {name: sentence for name, sentence in found.items() if sentence}

    def instants(self):
        """(starts_at, ends_at) as the database will generate them; for a row that is not saved yet."""
        starts_at = instant(self.starts_on, self.start_time or dt.time(), self.time_zone)
        if self.end_time:
            return starts_at, instant(self.last_day, self.end_time, self.time_zone)
        return starts_at, instant(self.last_day + dt.timedelta(days=1), dt.time(), self.time_zone)

    def is_over_by(self, now):
        """Whether it is over at ``now``, as ``over_at`` says; also for a row that is not saved yet."""
        starts_at, ends_at = self.instants()
        has_only_a_start = self.start_time and not self.end_time and self.last_day == self.starts_on
        return (starts_at if has_only_a_start else ends_at) <= now

    @property
    def papers_due_on(self):
        """The day by which its papers are due, if it has a committee that sets one; else None."""
        return self.committee.papers_due_for(self.starts_on) if self.committee else None

    @property
    def is_over(self):
        """Whether its end (``ends_at``) has passed."""
        return self.ends_at <= timezone.now()

    @property
    def has_begun(self):
        """Whether it was held, or has started and is not cancelled."""
        return self.status == Status.HELD or (not self.is_off and self.starts_at <= timezone.now())

    @property
    def has_ended(self):
        """Whether it was held or is over (``over_at``). Nobody is notified of later changes."""
        return self.status == Status.HELD or self.over_at <= timezone.now()

    @property
    def is_off(self):
        """Whether it was cancelled."""
        return self.status == Status.CANCELLED

    @property
    def awaits_answer(self):
        """Whether it has ended and nobody has said whether it took place."""
        return self.is_over and self.status in (Status.PLANNED, Status.CONFIRMED)


@pghistory.track()
class EngagementHost(models.Model):
    """An organisation that hosts an engagement, a party or any other."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="+")
    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="host_links")
    organisation = models.ForeignKey(Organisation, models.RESTRICT, related_name="host_links")

    objects = AgreementRows.as_manager()

    class Meta:
        ordering = ["engagement", "id"]
        constraints = [
            SameAgreement(field="engagement", name="host_engagement_same_agreement"),
            SameAgreement(field="organisation", name="host_organisation_same_agreement"),
            models.UniqueConstraint(fields=["engagement", "organisation"], name="host_once"),
        ]
        indexes = [models.Index(fields=["organisation", "engagement"], name="host_by_organisation")]

    def __str__(self):
        return str(self.organisation)


@pghistory.track()
class EngagementWorkstream(models.Model):
    """A workstream that an engagement belongs to."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="+")
    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="workstream_links")
    workstream = models.ForeignKey(Workstream, models.RESTRICT, related_name="engagement_links")

    objects = AgreementRows.as_manager()

    class Meta:
        ordering = ["engagement", "id"]
        constraints = [
            SameAgreement(field="engagement", name="workstreamlink_engagement_same_agreement"),
            SameAgreement(field="workstream", name="workstreamlink_workstream_same_agreement"),
            models.UniqueConstraint(fields=["engagement", "workstream"], name="workstreamlink_once"),
        ]
        indexes = [models.Index(fields=["workstream", "engagement"], name="workstreamlink_by_workstream")]

    def __str__(self):
        return str(self.workstream)
