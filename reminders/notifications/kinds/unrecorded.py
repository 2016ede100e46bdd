"""The record of a held engagement does not say who came, or what came of it. Sent until the record is complete.

Days are counted from the last day, or from the day on which it was recorded as held if that is later: people who catch
up on the log have the full time.
"""

from string import Template

from django.utils import timezone

from engagements.models import Engagement
from engagements.presenters.checklist import lacking_after
from outbox.content import EmailContent
from pages.words import date_in_words
from reminders.notification_types import Audience, DefaultRule, NotificationType, RuleOptions, Sample, register
from reminders.notifications.engagement_facts import PLACEHOLDERS
from reminders.notifications.rule_words import one_line, page_of, rendered, worded_of_engagement
from reminders.planning import audiences
from reminders.planning.by_rules import ByRules
from reminders.planning.engagement_sql import LACKS, MAY_EDIT

_OLD = 60
"""Days. Nobody is notified of an engagement that ended longer than this before it was logged, or before a rule for it
was made. Otherwise people who take over a year of records, or make the first rule, would get an email about each."""

_LAST = "COALESCE(e.ends_on, e.starts_on)"

_OTHER_HOSTS = f"""
    {audiences.from_hosts("t")} AND a.role = 'organiser'
      AND a.organisation_id IS DISTINCT FROM (
          SELECT l.organisation_id FROM contacts_person l WHERE l.id = t.logged_by_id)"""

_PLANNED = ByRules(
    kind="unrecorded",
    target="engagement",
    rows=Template("""
        SELECT e.id, e.agreement_id,
               CASE WHEN $last >= (e.created_at AT TIME ZONE %(zone)s)::date - $old
                     AND $last >= (
                         SELECT min(u.made_at AT TIME ZONE %(zone)s)::date - $old FROM reminders_rule u
                         WHERE u.agreement_id = e.agreement_id AND u.kind = 'unrecorded')
                    THEN GREATEST($last, COALESCE(e.recorded_on, (e.created_at AT TIME ZONE %(zone)s)::date))
                    END AS day,
               e.time_zone AS zone, e.title, GREATEST($last - date '2000-01-01', 0) AS occurrence,
               NULL::timestamptz AS ends_at, e.kind, e.logged_by_id,
               CASE WHEN e.status = 'cancelled' THEN '$CANCELLED'
                    WHEN e.status <> 'held' THEN '$NOT_HELD'
                    WHEN NOT $lacks THEN '$COMPLETE' ELSE '' END AS why
        FROM engagements_engagement e WHERE e.id $one""").safe_substitute(last=_LAST, old=_OLD, lacks=LACKS),
    audiences={
        Audience.LOGGER: audiences.logger("t"),
        Audience.HOSTS: audiences.first_of(_OTHER_HOSTS, audiences.leads("t")),
        Audience.LEADS: audiences.leads("t"),
    },
    facts=f"jsonb_build_object('may_edit', {MAY_EDIT})",
)


def write(engagement, step, claimed) -> EmailContent | None:
    """The email that lists what is missing, with links to where it is added; None where the record is complete."""
    lacking = [(item, page_of(item.name, engagement, item.anchor)) for item in lacking_after(engagement)]
    if not lacking:
        return None
    title, day = one_line(engagement.title), date_in_words(engagement.starts_on)
    words = worded_of_engagement(engagement, step, claimed, f"The record is not complete: {title}, {day}")
    words |= {"lacking": lacking, "first": lacking[0], "may_edit": claimed.facts.get("may_edit", False)}
    links = [(item.link, link) for item, link in lacking]
    return rendered(
        "unrecorded",
        words,
        line=f"{title}, {day}",
        detail=". ".join(item.text for item, _ in lacking),
        links=links if words["may_edit"] else (),
    )


def _records(rule, user):
    rows = Engagement.objects.visible_to(user).of(rule.agreement).held().lacking(timezone.now())
    rows = rows.filter(kind__in=rule.engagement_kinds).select_related("agreement").prefetch_related("hosts")
    return rows.order_by("-starts_on", "-pk")


ALL_KINDS = tuple(Engagement.Kind.values)

register(
    NotificationType(
        kind="unrecorded",
        label="The record is not complete",
        position=60,
        topic="lacking",
        leads=9,
        planned={"engagement": _PLANNED},
        write=write,
        count_label="say what the record lacks",
        rule=RuleOptions(
            label="A record that is not complete",
            note="After a meeting of which the record lacks who came or what came of it.",
            day="the last day, or the day it was recorded as held if that is later",
            goes_before=False,
            goes_after=True,
            can_repeat=True,
            is_of_engagements=True,
            meant={Audience.HOSTS: "Organisers of the other hosts, or else the leads"},
            placeholders=PLACEHOLDERS,
            defaults=(
                DefaultRule("Records to complete", (Audience.LOGGER,), ((2, None), (7, None)), ALL_KINDS),
                DefaultRule("Records left open", (Audience.HOSTS,), ((14, None),), ALL_KINDS),
            ),
            sample=Sample(
                rows=_records,
                facts=lambda rule, row: {"may_edit": True},
                none="Each record of what was held is complete, so there is nothing to show it with.",
            ),
        ),
    )
)
