"""The words for deliveries on pages. Rows in, words out."""

from dataclasses import dataclass

from django.utils import timezone

from outbox.models import Message
from pages.words import date_in_words, moment_in_words
from reminders.models import TARGET_FIELDS, WITHOUT_STEP, Delivery, lead_of
from reminders.notification_types import by_rules, one_off_types
from reminders.preferences.rules import How
from reminders.preferences.topics import TOPICS
from reminders.queries import Reason

State = Delivery.State

CHIPS = {
    State.PLANNED: ("quiet", "To go"),
    State.CLAIMED: ("quiet", "Being sent"),
    State.SENT: ("good", "Sent"),
    State.FAILED: ("bad", "Failed"),
    State.BOUNCED: ("bad", "Bounced"),
    State.SKIPPED: ("quiet", "Skipped"),
    State.EXPIRED: ("warn", "Expired"),
    State.SUPERSEDED: ("quiet", "Superseded"),
}


def state_label(delivery):
    """Return the (state, word) of the chip of a delivery."""
    if waits(delivery):
        return "warn", "To be tried again"
    if delivery.reason == Reason.NO_EMAIL:
        return "warn", "Skipped"
    return CHIPS[delivery.state]


def waits(delivery):
    """Whether an attempt to send it failed and another will follow."""
    message = delivery.message
    return delivery.state == State.CLAIMED and message is not None and message.state == Message.State.WAITING


def can_be_sent_again(delivery):
    """Whether it failed or came back and has not expired, or waits for the next attempt."""
    if delivery.state in (State.FAILED, State.BOUNCED):
        return delivery.expires_at > timezone.now() and not (
            delivery.is_gone and delivery.kind != Delivery.Kind.CANCELLED
        )
    return waits(delivery)


def state_note(delivery):
    """The note beside the chip: why it is not sent, or when it was sent and to which address."""
    if waits(delivery):
        message = delivery.message
        again = timezone.localtime(message.retry_at)
        times = "once" if message.attempts == 1 else f"{message.attempts} times"
        return f"tried {times}, next at {again:%H:%M}: {message.error}"
    if delivery.state == State.PLANNED and delivery.deferred_until:
        return f"waits until {moment_in_words(delivery.deferred_until)}, as they have chosen"
    if delivery.state == State.SENT:
        sent = f"{moment_in_words(delivery.state_at)}"
        return f"{sent} to {delivery.message.address}" if delivery.message else sent
    if delivery.state == State.BOUNCED:
        return f"came back on {moment_in_words(delivery.state_at)}: {delivery.reason}"
    return delivery.reason


@dataclass(frozen=True)
class Batch:
    """Deliveries of one kind, target, step and time, which a page shows together."""

    deliveries: list

    @property
    def first(self):
        """One delivery, for the facts that all share: kind, target, step and time."""
        return self.deliveries[0]

    @property
    def is_alike(self):
        """Whether all have the same chip, and none has a note."""
        return len({state_label(row) for row in self.deliveries}) == 1 and not any(map(state_note, self.deliveries))


def batches_of(deliveries):
    """Group ``deliveries`` into batches, in the order of their first ones."""
    found = {}
    for row in deliveries:
        about = [getattr(row, f"{target}_id") for target in TARGET_FIELDS]
        found.setdefault((row.kind, *about, row.title, row.step_id, row.due_at), []).append(row)
    return [Batch(rows) for rows in found.values()]


def choices_of(preference):
    """Return [(topic, how)], in words, of the topics that a ``Preference`` does not leave on."""
    chosen = [(topic, How(getattr(preference, topic.name))) for topic in TOPICS]
    return [(topic.label, how.label) for topic, how in chosen if how != How.ON]


def content_label(delivery):
    """A short label: the lead time of a reminder; else the kind, with the lead time where a rule planned it."""
    if delivery.kind in WITHOUT_STEP:
        return delivery.get_kind_display()
    words = [delivery.get_kind_display()] if delivery.kind != Delivery.Kind.REMINDER else []
    return ": ".join([*words, str(delivery.step or "a step that is no more")]).capitalize()


def sample_label(row):
    """The label of an object for which a preview can be shown: an engagement or action with its day, or a date."""
    day = getattr(row, "starts_on", None) or getattr(row, "due_on", None)
    return f"{date_in_words(day)}: {row}" if day else str(row)


def one_off_sentence(tally):
    """Sum up, in a sentence, the emails about one engagement that no rule plans; "" where there are none."""
    kinds = [one for one in one_off_types() if one.count_label]
    rows = [row for row in tally if row["kind"] in [one.kind for one in kinds]]
    words = []
    for one in kinds:
        sent = sum(row["count"] for row in rows if row["kind"] == one.kind and row["state"] == State.SENT)
        words += [f"{sent} {one.count_label}"] * bool(sent)
    to_go = sum(row["count"] for row in rows if row["state"] in (State.PLANNED, State.CLAIMED))
    failed = sum(row["count"] for row in rows if row["state"] in (State.FAILED, State.BOUNCED))
    quiet = sum(row["count"] for row in rows if row["reason"] == Reason.SILENT)
    words += [f"{to_go} about to go"] * bool(to_go) + [f"{failed} failed"] * bool(failed)
    words += [f"{quiet} not told ({Reason.SILENT})"] * bool(quiet)
    return f"Told at once: {', '.join(words)}." if words else ""


def other_rules_sentence(tally):
    """Sum up, in a sentence, the emails of rules about one engagement except reminders; "" where there are none."""
    words = []
    for one in (one for one in by_rules() if one.count_label):
        rows = [row for row in tally if row["kind"] == one.kind]
        sent = sum(row["count"] for row in rows if row["state"] == State.SENT)
        to_go = sum(row["count"] for row in rows if row["state"] in (State.PLANNED, State.CLAIMED))
        counts = [f"{sent} sent"] * bool(sent) + [f"{to_go} to go"] * bool(to_go)
        words += [f"{' and '.join(counts)} to {one.count_label}"] * bool(counts)
    return f"Mails besides: {'; '.join(words)}." if words else ""


def panel_sentence(tally, occurrence, is_to_come):
    """Sum up the reminders of one engagement in a sentence or two.

    ``tally`` is from ``DeliveryQuerySet.tallied``. ``occurrence`` is the engagement's; reminders for another one were
    sent before it was moved.
    """
    tally = [row for row in tally if row["kind"] == Delivery.Kind.REMINDER]
    words = [*_sent(tally, occurrence), *_not_sent(tally, occurrence)]
    to_go = [row for row in tally if row["state"] in (State.PLANNED, State.CLAIMED)]
    words += [f"{count} to go {lead_of(days)}".rstrip() for days, count in _by(to_go, "step__days")]
    if words:
        return f"{', '.join(words)}.{'' if to_go else ' None waiting.'}"
    return "None is planned: no rule is for it, or nobody takes part yet." if is_to_come else "None was sent."


def _sent(tally, occurrence):
    rows = [row for row in tally if row["state"] == State.SENT]
    for_now = [row for row in rows if row["occurrence"] == occurrence]
    before = sum(row["count"] for row in rows) - sum(row["count"] for row in for_now)
    words = [f"{count} sent {lead_of(days)}".rstrip() for days, count in _by(for_now, "step__days")]
    return words + [f"{before} sent for an earlier date"] * bool(before)


def _not_sent(tally, occurrence):
    rows = [row for row in tally if row["occurrence"] == occurrence]
    failed = sum(row["count"] for row in rows if row["state"] in (State.FAILED, State.BOUNCED))
    expired = sum(row["count"] for row in rows if row["state"] == State.EXPIRED)
    skipped = _by([row for row in rows if row["state"] == State.SKIPPED], "reason")
    words = [f"{count} skipped ({reason})" for reason, count in skipped]
    return [f"{failed} failed"] * bool(failed) + words + [f"{expired} expired"] * bool(expired)


def _by(rows, key):
    """Sum the counts of rows by a key, in the order in which its values first occur."""
    counts = {}
    for row in rows:
        counts[row[key]] = counts.get(row[key], 0) + row["count"]
    return counts.items()
