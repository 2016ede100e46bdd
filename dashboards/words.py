"""What the lists of the dashboard say of a row. Pure: rows in, words out."""

from django.utils.text import get_text_list

from engagements.words import place_in_words, times_in_words


def how_it_is_held(engagement):
    """ "until Friday 27 November 2026, 10:00 to 12:00, Smith Square and online · LGA hosts". Needs ``host_names``."""
    until = f"until {engagement.ends_on:%A %-d %B %Y}" if engagement.last_day > engagement.starts_on else ""
    where = ", ".join(filter(None, [until, times_in_words(engagement), place_in_words(engagement)]))
    hosts = engagement.host_names
    host = f"{get_text_list(hosts, 'and')} host{'s' if len(hosts) == 1 else ''}" if hosts else ""
    return " · ".join(filter(None, [where, host]))


def what_it_was(engagement):
    """ "Roundtable · 14 came", "Roundtable". Needs ``came_count``."""
    came = engagement.head_count or engagement.came_count
    return f"{engagement.get_kind_display()} · {came:,} came" if came else engagement.get_kind_display()


def replies(engagement):
    """ "9 of 12 have replied", or "" where nobody is invited. Needs ``invited_count`` and ``replied_count``."""
    if not engagement.invited_count:
        return ""
    have = "has" if engagement.replied_count == 1 else "have"
    return f"{engagement.replied_count} of {engagement.invited_count} {have} replied"


def missing_before(engagement):
    """What an engagement to come lacks: "no time yet", "no venue yet" and so on. Needs ``invited_count``."""
    mode = engagement.Mode
    nowhere = not (engagement.mode or engagement.venue or engagement.joining_link)
    needs = [
        ("no time yet", engagement.start_time is None),
        ("no venue yet", not engagement.venue and (nowhere or engagement.mode in (mode.IN_PERSON, mode.HYBRID))),
        ("no joining link yet", not engagement.joining_link and engagement.mode in (mode.ONLINE, mode.HYBRID)),
        ("nobody invited yet", not engagement.invited_count),
    ]
    return [words for words, is_missing in needs if is_missing]


def missing_after(engagement):
    """What the record of an engagement lacks once it should be over. Needs ``with_record_state``."""
    needs = [
        ("no outcomes yet", engagement.lacks_outcomes),
        ("no attendance yet", engagement.lacks_attendance),
    ]
    return [words for words, is_missing in needs if is_missing]


def owner(action):
    """Who does it: "Ana Duarte, techUK", a person alone or an organisation alone."""
    person = action.owner_person
    organisation = action.owner_organisation or (person and person.organisation)
    return ", ".join(str(one) for one in (person, organisation) if one)


def unnamed_in_words(number):
    """Why ``number`` organisations are counted and not named; "" for none."""
    if not number:
        return ""
    are = "1 of them is" if number == 1 else f"{number} of them are"
    return f"{are} not named here: people came from there only under the Chatham House Rule."
