"""What a rule's own words become, and why its mail came: the same for whatever it reminds of."""

from reminders.rules.placeholders import fill


def worded(step, named, subject):
    """What the templates of a mail by ``step`` share: its subject (``subject`` where the rule has none), what stands
    above the facts, rule and step. ``named`` is {placeholder: what it becomes}.
    """
    own = " ".join(fill(step.rule.subject, named).split())
    return {
        "subject": (own or subject)[:300],
        "opening": fill(step.rule.text, named).strip(),
        "rule": step.rule,
        "step": step,
    }


def one_line(text):
    """A title as a subject line can have it."""
    return " ".join(text.split())
