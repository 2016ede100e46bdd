"""``manage.py sweep``: one sweep by hand."""

from django.core.management.base import BaseCommand

from reminders.operations.sweeping import sweep

WORDS = {
    "sent": "sent {}",
    "planned": "planned {}",
    "skipped": "skipped {}",
    "failed": "failed to send {}",
    "waiting": "put off {} for a while",
    "deferred": "put off {} until their readers want to be told",
    "expired": "let {} expire",
    "superseded": "superseded {}",
    "withdrawn": "had nothing left to say in {}",
}


class Command(BaseCommand):
    """Sweep once, as beat has workers do every 20 seconds, and wait for it. This also plans everything."""

    help = "Plan all reminders, send those that are due, and say what was done."

    def handle(self, *args, **options):
        counts = sweep(plan_everything=True)
        done = [words.format(counts[state]) for state, words in WORDS.items() if counts[state]]
        sentence = (", ".join(done) if done else "there was nothing to do") + "."
        if counts["unreached"]:
            sentence += " The mail server cannot be reached; what waits is tried again."
        self.stdout.write(sentence[0].upper() + sentence[1:])
