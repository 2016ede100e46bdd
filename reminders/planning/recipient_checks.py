"""Why a person is sent no email of any kind."""

from string import Template

from reminders.queries import REASONS

OF_READER = Template("""
    CASE WHEN x.left_on <= (%(now)s AT TIME ZONE %(zone)s)::date THEN '$LEFT'
         WHEN EXISTS (
             SELECT FROM accounts_user u
             WHERE u.id = x.user_id AND NOT (u.is_active AND (u.is_superuser OR EXISTS (
                 SELECT FROM partnership_membership m
                 WHERE m.agreement_id = x.agreement_id AND m.user_id = u.id)))) THEN '$OUT'
         WHEN x.email = '' THEN '$NO_EMAIL'
         ELSE '' END""").substitute(REASONS)
"""SQL for why a person (x) is sent no email of any kind; '' where they can be. See ``Person.has_left``."""
