"""How long a workstream has been going: those who lead are told some days after it was made."""

from django.conf import settings
from django.utils import timezone

from reminders.notification_types import Audience, NotificationType, RuleOptions, Sample, register
from reminders.notifications.rule_words import rendered, worded
from reminders.planning import audiences
from reminders.planning.by_rules import ByRules
from workstreams.models import Workstream

_PLANNED = ByRules(
    kind="anniversary",
    target="workstream",
    rows="""
        SELECT k.id, k.agreement_id, (k.created_at AT TIME ZONE %(zone)s)::date AS day, %(zone)s AS zone,
               k.name AS title, 1 AS occurrence, NULL::timestamptz AS ends_at, NULL::text AS kind,
               CASE WHEN k.archived_on IS NOT NULL THEN '$ARCHIVED' ELSE '' END AS why
        FROM workstreams_workstream k WHERE k.id $one""",
    audiences={Audience.LEADS: audiences.leads("t")},
)


def write(workstream, step, claimed):
    """That it has been going for so long."""
    days, link = (timezone.now() - workstream.created_at).days, settings.SITE_URL + workstream.get_absolute_url()
    named = {"title": workstream.name, "days": str(days)}
    words = worded(step, named, f"{workstream.name}: {days} days") | {"workstream": workstream, "days": days}
    words["agreement"] = workstream.agreement
    return rendered(
        "anniversary", words, line=workstream.name, detail=f"{days} days", links=[("Open the workstream", link)]
    )


def _workstreams(rule, user):
    return Workstream.objects.visible_to(user).of(rule.agreement).select_related("agreement")


register(
    NotificationType(
        kind="anniversary",
        label="An anniversary",
        position=85,
        topic="progress",
        planned={"workstream": _PLANNED},
        write=write,
        rule=RuleOptions(
            label="How long a workstream has been going",
            note="Some days after a workstream was made.",
            day="the day on which it was made",
            goes_before=False,
            goes_after=True,
            placeholders={"title": "the name of the workstream", "days": "for how many days it has been going"},
            sample=Sample(rows=_workstreams, none="There is no workstream."),
        ),
    )
)
