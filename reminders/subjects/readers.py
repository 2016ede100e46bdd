"""Why nothing goes to a person, whatever it is."""

from string import Template

from reminders.queries import Reason

OF_READER = Template("""
    CASE WHEN x.left_on <= (%(now)s AT TIME ZONE %(zone)s)::date THEN '$LEFT'
         WHEN x.email = '' THEN '$NO_EMAIL'
         ELSE '' END""").substitute({reason.name: reason.value for reason in Reason})
"""Why nothing goes to a person (x), whatever it is, in SQL; '' when it goes."""
