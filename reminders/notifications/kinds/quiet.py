"""Nothing has been held for a commitment or a workstream for long: days are counted from the last engagement held."""

import datetime as dt
from string import Template

from django.conf import settings

from engagements.presenters.inactivity import watched_workstreams
from outbox.content import EmailContent
from pages.words import date_in_words
from reminders.notification_types import Audience, DefaultRule, NotificationType, RuleOptions, Sample, register
from reminders.notifications.progress import email_of
from reminders.notifications.rule_words import one_line, worded
from reminders.planning import audiences
from reminders.planning.by_rules import UNLESS_IT_BEGAN, ByRules
from reminders.planning.progress_sql import IN_FORCE, QUIET, WATCHED
from workstreams.models import Workstream

_COMMITMENTS = Template("""
    SELECT c.id, c.agreement_id, w.quiet_since AS day, %(zone)s AS zone, c.title,
           ABS(w.quiet_since - date '2000-01-01') AS occurrence, NULL::timestamptz AS ends_at,
           NULL::text AS kind, $in_force WHEN w.id IS NULL THEN '$SETTLED' ELSE '' END AS why,
           w.quiet_since, w.last_on, c.created_at AS made_at
    FROM commitments_commitment c JOIN partnership_agreement g ON g.id = c.agreement_id
    LEFT JOIN $watched ON w.id = c.id
    WHERE c.id $one""")

_WORKSTREAMS = Template("""
    SELECT k.id, k.agreement_id, w.quiet_since AS day, %(zone)s AS zone, k.name AS title,
           ABS(w.quiet_since - date '2000-01-01') AS occurrence, NULL::timestamptz AS ends_at,
           NULL::text AS kind,
           $in_force
                WHEN k.archived_on IS NOT NULL THEN '$ARCHIVED' ELSE '' END AS why,
           w.quiet_since, w.last_on, k.created_at AS made_at
    FROM workstreams_workstream k JOIN partnership_agreement g ON g.id = k.agreement_id
    LEFT JOIN $quiet ON w.id = k.id
    WHERE k.id $one""")


def _planned(target, rows):
    return ByRules(
        kind="quiet",
        target=target,
        rows=rows.safe_substitute(watched=WATCHED, quiet=QUIET, in_force=IN_FORCE),
        audiences={Audience.LEADS: audiences.leads("t")},
        moved="'$HELD_SINCE'",
        is_past=UNLESS_IT_BEGAN,
        facts="jsonb_build_object('since', t.quiet_since, 'last_on', t.last_on)",
    )


def write(row, step, claimed) -> EmailContent:
    """The email that nothing has been held for ``row``, a commitment or a workstream, for a long time."""
    since, has_any = dt.date.fromisoformat(claimed.facts["since"]), claimed.facts["last_on"] is not None
    link, day = settings.SITE_URL + row.get_absolute_url(), date_in_words(since)
    named = {"title": str(row), "since": day, "agreement": str(row.agreement), "record": link}
    title = one_line(str(row))
    words = worded(step, named, f"Nothing held since {day}: {title}") | {
        "title": str(row),
        "said": quiet_in_words(title, since, has_any=has_any),
        "facts": [],
        "advice": "Plan something, or log what was held and is not in Concord yet.",
        "open": f"Open the {row._meta.verbose_name}",
        "link": link,
        "agreement": row.agreement,
    }
    return email_of(words, f"Nothing held since {day}")


def quiet_in_words(title, since, *, has_any):
    """ "Nothing has been held for Cyber since 3 March 2026." """
    day = date_in_words(since)
    if has_any:
        return f"Nothing has been held for {title} since {day}."
    return f"Nothing has been held for {title} yet, and it could have been since {day}."


def _workstreams(rule, user):
    mine = Workstream.objects.visible_to(user).of(rule.agreement)
    return watched_workstreams(mine.values("pk")).select_related("agreement").order_by("quiet_since", "pk")


def _since(rule, workstream):
    last_on = workstream.last_on and workstream.last_on.isoformat()
    return {"since": workstream.quiet_since.isoformat(), "last_on": last_on}


register(
    NotificationType(
        kind="quiet",
        label="Nothing was held for long",
        position=80,
        topic="progress",
        planned={
            "workstream": _planned("workstream", _WORKSTREAMS),
            "commitment": _planned("commitment", _COMMITMENTS),
        },
        write=write,
        rule=RuleOptions(
            label="Something of which nothing is held",
            note="When nothing has been held for a workstream or a commitment for long.",
            day="the last engagement held",
            goes_before=False,
            goes_after=True,
            placeholders={
                "title": "the name of the workstream or commitment",
                "since": "the day of what was held last, such as 3 March 2026",
                "agreement": "the agreement's name",
                "record": "the address of its page",
            },
            defaults=(DefaultRule("Nothing held for long", (Audience.LEADS,), ((180, None),)),),
            sample=Sample(
                rows=_workstreams,
                facts=_since,
                none="There is no workstream in use, or the agreement is not in force, "
                "so there is nothing to show it with.",
            ),
        ),
    )
)
