"""Operations by which people choose which emails they get."""

from contacts.models import Person
from records.edit_conflicts import merge
from records.verbs import verb
from reminders.models import Delivery, Preference
from reminders.operations.planning import queue_replan
from reminders.preferences.rules import How
from reminders.preferences.topics import TOPICS, topic_of


def preference_of(person) -> Preference:
    """The preference of this person, not saved yet where they have none."""
    found = Preference.objects.filter(person=person).first()
    return found or Preference(person=person, agreement_id=person.agreement_id)


@verb
def save_preference(preference, *, seen=None, by):
    """Save a preference. Deliveries that the earlier one had put off are checked again. Returns it.

    ``seen``: see ``merge``, which raises ConflictError.
    """
    _lock(preference.person_id)
    preference.agreement_id = preference.person.agreement_id
    current = preference_of(preference.person)
    preference.pk = current.pk
    merge(preference, seen, current=current)
    preference.save()
    _replace_marks(preference)
    return preference


@verb(past="deleted")
def delete_preference(preference, *, by):
    """Forget what somebody has chosen: they get every email as it comes."""
    preference.delete()
    _replace_marks(preference)


def _lock(person_id):
    """Lock the person, so that two changes of their preference at the same moment follow one another."""
    Person.objects.select_for_update(no_key=True).get(pk=person_id)


def _replace_marks(preference):
    Delivery.objects.filter(person=preference.person_id, state="planned", deferred_until__isnull=False).update(
        deferred_until=None
    )
    queue_replan("person", preference.person_id)


@verb(past="stopped")
def stop_all(person, *, by):
    """Send this person no email on any topic. Returns the preference."""
    return opt_out(person, TOPICS, by=by)


@verb(past="started")
def start_all(person, *, by):
    """Send this person every email as it comes. Returns the preference."""
    _lock(person.pk)
    preference = preference_of(person)
    for topic in TOPICS:
        setattr(preference, topic.name, How.ON)
    return save_preference(preference, by=by)


def has_stopped_all(preference):
    """Whether somebody has turned off every topic."""
    return all(getattr(preference, topic.name) == How.OFF for topic in TOPICS)


@verb(past="opted")
def opt_out(person, topics, *, by):
    """Turn these topics off for this person, and leave the rest as it is. Calling it twice changes nothing more.

    Returns the preference.
    """
    _lock(person.pk)
    preference = preference_of(person)
    wanted = [topic.name for topic in topics if getattr(preference, topic.name) != How.OFF]
    for name in wanted:
        setattr(preference, name, How.OFF)
    return save_preference(preference, by=by) if wanted else preference


@verb
def note_complaint(message, *, by) -> bool:
    """Turn off the topics of an email that its reader does not want, as one click does. Returns whether it is new."""
    kinds = Delivery.objects.filter(message=message).order_by("kind").values_list("kind", flat=True).distinct()
    topics = list(dict.fromkeys(topic_of(kind) for kind in kinds))
    if not topics:
        return False
    chosen = preference_of(message.person)
    if all(getattr(chosen, topic.name) == How.OFF for topic in topics):
        return False
    opt_out(message.person, topics, by=by)
    return True
