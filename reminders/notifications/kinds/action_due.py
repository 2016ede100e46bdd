"""An action is due: sent before its day, on it, and after it until the action is done."""

from django.utils import timezone

from engagements.models import Action
from outbox.content import EmailContent
from pages.words import date_in_words, weekday_in_words
from reminders.notification_types import Audience, DefaultRule, NotificationType, RuleOptions, Sample, register
from reminders.notifications.action_links import link_to, update_link
from reminders.notifications.rule_words import one_line, rendered, worded
from reminders.notifications.samples import NOBODYS_PLACE
from reminders.planning import audiences
from reminders.planning.by_rules import UNLESS_MOVED, ByRules
from reminders.planning.due_dates import in_days

_PLANNED = ByRules(
    kind="action_due",
    target="action",
    rows="""
        SELECT a.id, a.agreement_id, a.due_on AS day, %(zone)s AS zone, a.title, a.owner_person_id,
               GREATEST(a.due_on - date '2000-01-01', 0) AS occurrence, NULL::timestamptz AS ends_at,
               NULL::text AS kind, CASE WHEN a.done_on IS NOT NULL THEN '$DONE' ELSE '' END AS why
        FROM engagements_action a WHERE a.id $one""",
    audiences={
        Audience.OWNERS: "SELECT t.owner_person_id WHERE t.owner_person_id IS NOT NULL",
        Audience.LEADS: audiences.leads("t"),
    },
    is_past=UNLESS_MOVED,
    not_among="CASE WHEN r.audience = '{owners}' THEN '$OTHER_OWNER' ELSE '$NOT_FOR_THEM' END",
    # A person who was given the action after that time knows already when it is due.
    newer="""COALESCE((
        SELECT CASE WHEN o.state = 'skipped' THEN o.reason ELSE '$NEWER' END
        FROM reminders_delivery o
        WHERE o.action_id = d.action_id AND o.person_id = d.person_id AND o.kind = 'action' AND o.due_at >= n.due_at
          AND (o.state IN ('planned', 'claimed', 'sent')
               OR o.state = 'skipped' AND o.reason IN ('$SILENT', '$SELF', '$UNDONE'))
        ORDER BY o.id DESC LIMIT 1), '')""",
    facts="jsonb_build_object('owner', CASE WHEN d.person_id = t.owner_person_id THEN d.person_id END)",
)


def write(action, step, claimed) -> EmailContent | None:
    """The email that an action is due or overdue, in the rule's words where it has some; None where it has no day."""
    if action.due_on is None:
        return None
    facts = facts_of(action, claimed)
    title, late = one_line(action.title), capitalised(facts["late"])
    words = facts | worded(step, placeholders(facts), f"{late}: {title}")
    return rendered(
        "action_due",
        words,
        line=title,
        detail=f"{late}. Due {date_in_words(action.due_on)}",
        links=links_of(words),
    )


def facts_of(action, claimed):
    """The context of the templates of such an email."""
    return {
        "action": action,
        "agreement": action.agreement,
        "engagement": action.engagement,
        "workstream": action.workstream,
        # The Chatham House Rule allows it: only the owner and leads get this email.
        "owner": str(action.owner_person or action.owner_organisation),
        "owns": bool(claimed.facts.get("owner")),
        "update_link": update_link(action, claimed),
        "late": late_in_words(action.due_on, timezone.localdate()),
        "is_late": action.is_overdue(timezone.localdate()),
        "link": link_to(action),
        "has_account": claimed.has_account,
    }


def links_of(words):
    """The links of its line in a digest."""
    if words["update_link"]:
        return (("Update this action", words["update_link"]),)
    return (("Open the action", words["link"]),) if words["has_account"] else ()


def placeholders(facts):
    """{placeholder: its value} for the words of a rule about actions."""
    action = facts["action"]
    return {
        "title": action.title,
        "due": weekday_in_words(action.due_on),
        "late": facts["late"],
        "owner": facts["owner"],
        "from": action.engagement.title if action.engagement else "",
        "agreement": str(action.agreement),
        "record": facts["link"],
    }


def late_in_words(due_on, today):
    """ "due in 3 days", "due tomorrow", "due today", "9 days overdue"."""
    days = (due_on - today).days
    if days < 0:
        return f"{in_days(-days)} overdue"
    return {0: "due today", 1: "due tomorrow"}.get(days, f"due in {in_days(days)}")


def capitalised(words):
    """``words`` with a capital letter in front. Unlike ``str.capitalize``, this leaves the rest as it is."""
    return words[:1].upper() + words[1:]


def _actions(rule, user):
    rows = Action.objects.visible_to(user).of(rule.agreement).open().filter(due_on__isnull=False)
    return rows.with_owner(user).select_related("agreement", "engagement__agreement").order_by("due_on", "pk")


register(
    NotificationType(
        kind="action_due",
        label="An action is due",
        position=20,
        topic="actions",
        planned={"action": _PLANNED},
        write=write,
        rule=RuleOptions(
            label="An action that is due",
            note="Before an action is due, on the day, and after it until it is done.",
            day="the day on which it is due",
            goes_after=True,
            can_repeat=True,
            meant={Audience.OWNERS: "The person who owns it"},
            placeholders={
                "title": "what is to be done",
                "due": "the day on which it is due, such as Tuesday 8 December 2026",
                "late": "how it stands, such as due in 3 days, or 9 days overdue",
                "owner": "whose it is",
                "from": "the engagement that it comes from",
                "agreement": "the agreement's name",
                "record": "the address of the action",
            },
            defaults=(
                DefaultRule("Actions due", (Audience.OWNERS,), ((-3, None), (0, None), (3, None), (7, 7))),
                DefaultRule("Actions long overdue", (Audience.LEADS,), ((14, 7),)),
            ),
            sample=Sample(
                rows=_actions,
                facts=lambda rule, row: {"owner": NOBODYS_PLACE if Audience.OWNERS in rule.audience else None},
                none="No action with a date is open, so there is nothing to show it with.",
            ),
        ),
    )
)
