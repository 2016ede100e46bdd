"""What a record has and what it still lacks, in words, each with what puts it right."""

from dataclasses import dataclass

from engagements.models import Engagement


@dataclass(frozen=True)
class Item:
    """One line of "This record". What is lacking names what to press: ``link``, leading to the address ``name``.

    ``is_verb``: pressing it does it, by POST. ``anchor``: where on the page that opens, or on this one without a name.
    """

    text: str
    is_done: bool = False
    link: str = ""
    name: str = ""
    anchor: str = ""
    is_verb: bool = False


def checklist(engagement, *, actions, today):
    """The lines for ``engagement`` (as ``with_head_counts`` and ``with_record_state`` read it) and its ``actions``.

    For one to come also ``has_hosts`` and ``has_papers``: whether the user sees any.

    Empty for one that was cancelled and for a public event of one party: nothing is lacking of these.
    """
    if engagement.is_off or engagement.is_public_event:
        return []
    if engagement.status == Engagement.Status.HELD:
        return [_outcomes(engagement), _attendance(engagement), *_actions(actions, today)]
    return [*_took_place(engagement), *_before(engagement), *_actions(actions, today)]


def lacking_before(engagement) -> list[str]:
    """What ``engagement``, which is to come, lacks: "No time yet", "No host yet" and so on, as its record says it.

    Read as for ``checklist``.
    """
    if engagement.is_off or engagement.is_public_event:
        return []
    return [item.text for item in _before(engagement) if not item.is_done]


def lacking_after(engagement) -> list[Item]:
    """What the record of ``engagement``, which was held, lacks. Needs ``with_record_state``."""
    return [item for item in (_outcomes(engagement), _attendance(engagement)) if not item.is_done]


def _outcomes(engagement):
    if engagement.lacks_outcomes:
        return Item("Outcomes are not written yet", link="Write them", name="engagements:edit", anchor="id_outcomes")
    return Item("Outcomes written", is_done=True)


def _attendance(engagement):
    if engagement.lacks_attendance:
        return Item("Who came is not recorded yet", link="Take attendance", name="engagements:attendance")
    return Item("Attendance taken", is_done=True)


def _actions(actions, today):
    """With owners they are by the rules of the database, so the line is there to be read, and to say what is late."""
    if not actions:
        return []
    late = sum(action.is_overdue(today) for action in actions)
    lines = [Item(f"{len(actions)} action{'s' * (len(actions) != 1)} with owners", is_done=True)]
    if late:
        lines.append(Item(f"{late} of them overdue", link="See which", anchor="actions"))
    return lines


def _took_place(engagement):
    if engagement.awaits_answer:
        return [Item("Nobody has said whether it took place", anchor="took-place", link="Say so")]
    if engagement.has_begun:
        return [Item("It has begun", link="It took place", name="engagements:took_place", is_verb=True)]
    return []


def _before(engagement):
    """What people need to know before they come."""
    if engagement.has_begun:
        return []
    in_a_room = engagement.mode in (Engagement.Mode.IN_PERSON, Engagement.Mode.HYBRID)
    online = engagement.mode in (Engagement.Mode.ONLINE, Engagement.Mode.HYBRID)
    is_known = engagement.mode or engagement.venue or engagement.joining_link
    lines = [_confirmed(engagement), _edit("Time given", "No time yet", engagement.start_time, "start_time")]
    if not is_known:
        lines.append(_edit("", "No venue or joining link yet", False, "venue"))
    if in_a_room or engagement.venue:
        lines.append(_edit("Venue given", "No venue yet", engagement.venue, "venue"))
    if online or engagement.joining_link:
        lines.append(_edit("Joining link given", "No joining link yet", engagement.joining_link, "joining_link"))
    if engagement.has_papers:
        lines.append(Item("Agenda or papers added", is_done=True))
    else:
        lines.append(Item("No agenda or papers yet", link="Add", name="engagements:new_document"))
    lines.append(_edit("Host given", "No host yet", engagement.has_hosts, "host_list"))
    return [*lines, _invited(engagement)]


def _edit(done, lacking, value, field):
    if value:
        return Item(done, is_done=True)
    return Item(lacking, link="Add", name="engagements:edit", anchor=f"id_{field}")


def _confirmed(engagement):
    if engagement.status == Engagement.Status.CONFIRMED:
        return Item("Confirmed", is_done=True)
    return Item("Not confirmed yet", link="Confirm", name="engagements:confirm", is_verb=True)


def _invited(engagement):
    if not engagement.invited_count:
        return Item("Nobody is invited yet", link="Add people", name="engagements:attendance")
    count = engagement.invited_count
    return Item(f"{count} {'person' if count == 1 else 'people'} invited", is_done=True)
