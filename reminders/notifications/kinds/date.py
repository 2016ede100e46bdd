"""A future date of an agreement in force. Once it has passed no email says so: the dashboard does."""

from string import Template

from django.conf import settings
from django.utils import timezone

from outbox.content import EmailContent
from pages.words import date_in_words
from partnership.models import AgreementDate
from reminders.notification_types import Audience, DefaultRule, NotificationType, RuleOptions, Sample, register
from reminders.notifications.rule_words import rendered, worded
from reminders.planning import audiences
from reminders.planning.by_rules import UNLESS_MOVED, ByRules
from reminders.planning.due_dates import in_days

TITLES = {
    AgreementDate.Kind.REVIEW.value: "Review of the agreement",
    AgreementDate.Kind.NOTICE.value: "Last day for notice",
    AgreementDate.Kind.END.value: "End of the agreement",
}
"""{kind of date of which people are notified: its title in the email}."""

ADVICE = {
    AgreementDate.Kind.REVIEW.value: "Agree with the other party when the two of you review it.",
    AgreementDate.Kind.NOTICE.value: "After this day it can no longer be ended by notice for its term.",
    AgreementDate.Kind.END.value: (
        "Decide with the other party whether it is renewed. If it is, have an administrator change its date."
    ),
}

_titles = " ".join(f"WHEN '{kind}' THEN '{title}'" for kind, title in TITLES.items())
IS_ANNOUNCED = "t.kind IN ({})".format(", ".join(f"'{kind}'" for kind in TITLES))

_PLANNED = ByRules(
    kind="date",
    target="date",
    rows=Template("""
        SELECT t.id, t.agreement_id, CASE WHEN $told THEN t."on" END AS day, %(zone)s AS zone,
               CASE t.kind $titles ELSE '' END AS title,
               GREATEST(t."on" - date '2000-01-01', 0) AS occurrence,
               timezone(%(zone)s, (t."on" + 1)::timestamp) AS ends_at, NULL::text AS kind,
               CASE WHEN g.status <> 'in_force' THEN '$NOT_IN_FORCE' ELSE '' END AS why
        FROM partnership_agreementdate t JOIN partnership_agreement g ON g.id = t.agreement_id
        WHERE t.id $one""").safe_substitute(told=IS_ANNOUNCED, titles=_titles),
    audiences={Audience.LEADS: audiences.leads("t")},
    is_past=UNLESS_MOVED,
)


def write(date, step, claimed) -> EmailContent | None:
    """The email about a date, in the rule's words where it has some; None where its kind is no longer announced."""
    if date.kind not in TITLES:
        return None
    title, agreement, day = TITLES[date.kind], date.agreement, date_in_words(date.on)
    late, link = away_in_words(date.on, timezone.localdate()), settings.SITE_URL + agreement.get_absolute_url()
    named = {"title": title, "date": day, "late": late, "agreement": str(agreement), "record": link}
    words = worded(step, named, f"{title}: {day}, {late}") | {
        "title": title,
        "advice": ADVICE[date.kind],
        "date": date,
        "late": late,
        "agreement": agreement,
        "link": link,
    }
    detail = late[:1].upper() + late[1:]
    return rendered("date", words, line=f"{title}: {day}", detail=detail, links=[("Open the agreement", link)])


def away_in_words(day, today):
    """ "in 30 days", "tomorrow", "today", "3 days ago"."""
    days = (day - today).days
    if days < 0:
        return f"{in_days(-days)} ago"
    return {0: "today", 1: "tomorrow"}.get(days, f"in {in_days(days)}")


def _dates(rule, user):
    rows = AgreementDate.objects.visible_to(user).of(rule.agreement).filter(kind__in=TITLES)
    return rows.select_related("agreement").order_by("-on", "pk")


register(
    NotificationType(
        kind="date",
        label="A date of the agreement",
        position=30,
        topic="progress",
        planned={"date": _PLANNED},
        write=write,
        rule=RuleOptions(
            label="A date of the agreement",
            note="Before the agreement is reviewed, the last day for notice, and before it ends.",
            day="the date",
            placeholders={
                "title": "what happens, such as End of the agreement",
                "date": "the date, such as 31 March 2027",
                "late": "how long until then, such as in 30 days",
                "agreement": "the agreement's name",
                "record": "the address of the agreement",
            },
            defaults=(
                DefaultRule("Dates of the agreement", (Audience.LEADS,), ((-90, None), (-30, None), (-7, None))),
            ),
            sample=Sample(
                rows=_dates,
                none="The agreement has no date for its review, for notice or for its end, "
                "so there is nothing to show it with.",
            ),
        ),
    )
)
