"""A reminder of a future meeting, some days before it."""

from engagements.models import Engagement
from outbox.content import EmailContent
from reminders.notification_types import Audience, DefaultRule, NotificationType, RuleOptions, Sample, register
from reminders.notifications.engagement_facts import PLACEHOLDERS, role_in_words, start_of
from reminders.notifications.notices import earlier_in_words
from reminders.notifications.reply_links import answers_to
from reminders.notifications.rule_words import one_line, rendered, worded_of_engagement
from reminders.notifications.samples import NONE_TO_COME, engagements_to_come, place_in
from reminders.planning.meetings import MEETINGS


def write(engagement, step, claimed) -> EmailContent:
    """The reminder of an engagement by a step of a rule, in the rule's words where it has some.

    It has no calendar file: the entry came with the invitation, and a second file can become a second entry.
    """
    words = worded_of_engagement(engagement, step, claimed, subject_of(engagement)) | {
        "role": role_in_words(claimed.facts["role"]),
        "reply": claimed.facts["reply"],
        "earlier": earlier_in_words(claimed.facts),
        "replies": answers_to(engagement.pk) if claimed.facts["reply"] == "" else [],
        "takes_part": claimed.facts["role"] is not None,
    }
    return rendered(
        "reminder",
        words,
        line=one_line(engagement.title),
        detail=". ".join(filter(None, [words["when"], words["where"]])),
        links=links_of(engagement, words),
    )


def links_of(engagement, words):
    """The links of its line in a digest: missing replies, the meeting, and its record for those with an account."""
    join = [("Join", engagement.joining_link)] if engagement.joining_link else []
    record = [("Open the record", words["link"])] if words["has_account"] else []
    return (*words["replies"], *join, *record)


def subject_of(engagement):
    """ "Reminder: AI procurement roundtable, Tuesday 8 December 2026, 14:00"; one line whatever the title holds."""
    return f"Reminder: {one_line(engagement.title)}, {start_of(engagement)}"


def _rule(name, kind):
    return DefaultRule(name, (Audience.PARTICIPANTS,), ((-7, None), (-2, None)), (kind,))


register(
    NotificationType(
        kind="reminder",
        label="Reminder",
        position=10,
        topic="meetings",
        leads=6,
        planned={"engagement": MEETINGS},
        write=write,
        rule=RuleOptions(
            label="A meeting to come",
            note="Some days before a meeting, for those who take part or have to know of it.",
            day="the first day",
            is_of_engagements=True,
            placeholders=PLACEHOLDERS,
            defaults=(
                _rule("Committee meetings", Engagement.Kind.COMMITTEE),
                _rule("Roundtables", Engagement.Kind.ROUNDTABLE),
            ),
            sample=Sample(
                rows=engagements_to_come,
                facts=lambda rule, row: {"role": "participant", "reply": "", **place_in(row)},
                none=NONE_TO_COME,
            ),
        ),
    )
)
