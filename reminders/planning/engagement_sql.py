"""SQL that several kinds of notifications about engagements share."""

from string import Template

from reminders.planning.recipient_checks import OF_READER

OFF = "CASE WHEN e.status = 'cancelled' THEN '$CANCELLED' WHEN e.status = 'held' THEN '$HELD' ELSE '' END"
"""Why nothing is sent about a future engagement (e): it is cancelled, or held already; else ''. ``$`` marks a
``Reason``."""

DECLINED = (
    "CASE WHEN p.reply = 'declined' THEN '$DECLINED' WHEN p.attendance = 'apologies' THEN '$APOLOGIES' ELSE '' END"
)
"""Why nothing is sent to a person who takes part (p; may be missing): they declined or sent apologies."""

OF_PARTICIPANT = f"""COALESCE((
    SELECT {DECLINED} FROM engagements_participation p WHERE p.engagement_id = t.id AND p.person_id = x.id), '')"""
"""The same for a person (x) and an engagement (t), where the participation has not been read yet."""

MAY_EDIT = """EXISTS (
    SELECT FROM partnership_membership m
    WHERE m.agreement_id = t.agreement_id AND m.user_id = x.user_id AND m.role IN ('editor', 'lead'))"""
"""Whether a person (x) may change the record of ``t``."""

RECENT = 430
"""Days after which nobody is notified of an incomplete record: more than any step can be after its last day."""

LACKS = """(NOT e.is_public_event AND (e.outcomes = '' OR e.head_count IS NULL AND NOT EXISTS (
    SELECT FROM engagements_participation a WHERE a.engagement_id = e.id AND a.attendance <> '')))"""
"""Condition: the record of a held engagement (e) is not complete. It is ``with_record_state`` in SQL."""

TO_COMPLETE = f"""
    e.status = 'held' AND e.starts_on > (%(now)s AT TIME ZONE %(zone)s)::date - {RECENT} AND {LACKS}"""
"""Condition: people may still be notified that the record of an engagement (e) is not complete."""

# Why a notice (the newest that waits for a person, since it superseded older ones) is not sent to a person (x) who
# takes part (p; may be missing) in an engagement (e).
_OF_PERSON = Template("""
    CASE WHEN p.id IS NULL THEN '$REMOVED'
         WHEN $declined <> '' THEN $declined
         ELSE $of_reader END""").safe_substitute(declined=DECLINED, of_reader=OF_READER)
_IS_ON = Template("""
    CASE WHEN $off <> '' THEN $off
         WHEN e.over_at <= %(now)s THEN '$OVER'
         $unless
         ELSE $of_person END""")

IF_ON = _IS_ON.safe_substitute(off=OFF, unless="", of_person=_OF_PERSON)

IF_ON_WHOEVER_DECLINED = _IS_ON.safe_substitute(
    off=OFF, unless=f"WHEN p.reply = 'declined' THEN {OF_READER}", of_person=_OF_PERSON
)
"""As ``IF_ON``, but it is sent to people who declined the old date, as they may be able to come on the new one."""

IF_OFF = Template("""
    CASE WHEN e.status <> 'cancelled' THEN '$ON_AGAIN'
         WHEN e.over_at <= %(now)s THEN '$OVER'
         ELSE $of_person END""").safe_substitute(of_person=_OF_PERSON)

IF_REMOVED = Template("""
    CASE WHEN p.id IS NOT NULL THEN '$BACK'
         WHEN e.over_at <= %(now)s THEN '$OVER'
         ELSE $of_reader END""").safe_substitute(of_reader=OF_READER)
