"""A reply is missing: people who take part and have not replied are asked, until the engagement begins."""

from string import Template

from engagements.models import Engagement
from outbox.content import EmailContent
from reminders.notification_types import Audience, DefaultRule, NotificationType, RuleOptions, Sample, register
from reminders.notifications.engagement_facts import PLACEHOLDERS, start_of
from reminders.notifications.notices import earlier_in_words
from reminders.notifications.reply_links import answers_to
from reminders.notifications.rule_words import one_line, rendered, worded_of_engagement
from reminders.notifications.samples import NONE_TO_COME, engagements_to_come, place_in
from reminders.planning.by_rules import ByRules
from reminders.planning.engagement_sql import OFF

_PLANNED = ByRules(
    kind="reply",
    target="engagement",
    rows=Template("""
        SELECT e.id, e.agreement_id, e.starts_on AS day, e.time_zone AS zone, e.title, e.schedule_version AS occurrence,
               e.starts_at AS ends_at, e.kind, $off AS why
        FROM engagements_engagement e WHERE e.id $one""").safe_substitute(off=OFF),
    audiences={
        Audience.PARTICIPANTS: """
            SELECT p.person_id FROM engagements_participation p
            WHERE p.engagement_id = t.id AND p.reply = '' AND p.attendance = ''"""
    },
    not_among="""CASE WHEN EXISTS (
        SELECT FROM engagements_participation p WHERE p.engagement_id = t.id AND p.person_id = x.id)
        THEN '$REPLIED' ELSE '$REMOVED' END""",
    # Invitations and emails about a move ask for a reply too, and one such email within a day is enough. So do
    # reminders, which replace requests within two days. The window is around the moment of sending.
    # A request that was skipped because another email asked stays skipped once its time has come.
    newer="""COALESCE(CASE WHEN d.state = 'skipped' AND d.reason = '$ASKED' AND n.due_at <= %(now)s THEN '$ASKED' END, (
        SELECT '$ASKED' FROM reminders_delivery o
        CROSS JOIN LATERAL (SELECT
            GREATEST(n.due_at, %(now)s) AS now,
            CASE o.kind WHEN 'reminder' THEN interval '2 days' ELSE interval '1 day' END AS near,
            CASE o.state WHEN 'planned' THEN o.goes_at WHEN 'skipped' THEN GREATEST(o.due_at, o.state_at)
                 ELSE o.state_at END AS at) w
        WHERE o.engagement_id = d.engagement_id AND o.person_id = d.person_id
          AND (o.kind IN ('invitation', 'moved') OR o.kind = 'reminder' AND o.occurrence = t.occurrence)
          AND w.at > w.now - w.near AND w.at < w.now + w.near
          AND (o.state IN ('planned', 'claimed', 'sent') OR o.state = 'skipped' AND o.reason = ANY (%(said)s))
        LIMIT 1), '')""",
    facts="""COALESCE((
        SELECT jsonb_build_object('place', p.id, 'version', t.occurrence, 'earlier', p.earlier_reply)
        FROM engagements_participation p WHERE p.engagement_id = t.id AND p.person_id = x.id), '{}')""",
)


def write(engagement, step, claimed) -> EmailContent:
    """The email that asks for a missing reply, with the links to reply."""
    subject = f"Will you be there? {one_line(engagement.title)}, {start_of(engagement)}"
    words = worded_of_engagement(engagement, step, claimed, subject)
    words |= {"replies": answers_to(engagement.pk), "earlier": earlier_in_words(claimed.facts)}
    return rendered(
        "reply",
        words,
        line=one_line(engagement.title),
        detail=". ".join(filter(None, [words["when"], words["where"]])),
        links=words["replies"],
    )


ALL_KINDS = tuple(Engagement.Kind.values)

register(
    NotificationType(
        kind="reply",
        label="A reply is asked for",
        position=40,
        topic="replies",
        leads=7,
        planned={"engagement": _PLANNED},
        write=write,
        count_label="ask for a reply",
        rule=RuleOptions(
            label="A reply that is missing",
            note="Before a meeting, for those who have not said whether they come.",
            day="the first day",
            is_of_engagements=True,
            placeholders=PLACEHOLDERS,
            defaults=(DefaultRule("Replies", (Audience.PARTICIPANTS,), ((-7, None), (-2, None)), ALL_KINDS),),
            sample=Sample(rows=engagements_to_come, facts=lambda rule, row: place_in(row), none=NONE_TO_COME),
        ),
    )
)
