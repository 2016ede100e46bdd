"""The checklist of a record: its complete and its missing parts, with links to add those missing."""

from dataclasses import dataclass

from engagements.models import Engagement


@dataclass(frozen=True)
class Item:
    """One line of the checklist "This record".

    Where something is missing, ``link`` is the text of a link to the URL called ``name``. With ``is_verb`` it is a
    button, which sends a POST there. ``anchor`` is the place on that page, or on the same page without a ``name``.
    """

    text: str
    is_done: bool = False
    link: str = ""
    name: str = ""
    anchor: str = ""
    is_verb: bool = False


def checklist(engagement, *, actions, today):
    """Return the lines for ``engagement`` and its ``actions``.

    The engagement is read with ``with_head_counts`` and ``with_record_state``. One that has not begun also needs
    ``has_hosts`` and ``has_papers``: whether the user sees any. A cancelled engagement and a public event of one party
    have no lines, because nothing is missing there.
    """
    if engagement.is_off or engagement.is_public_event:
        return []
    if engagement.status == Engagement.Status.HELD:
        return [_outcomes(engagement), _attendance(engagement), *_actions(actions, today)]
    return [*_took_place(engagement), *_before(engagement), *_actions(actions, today)]


def lacking_before(engagement) -> list[str]:
    """Return the texts of what is missing before ``engagement`` begins: "No time yet", "No host yet" and so on.

    The engagement is read as for ``checklist``.
    """
    if engagement.is_off or engagement.is_public_event:
        return []
    return [item.text for item in _before(engagement) if not item.is_done]


def lacking_after(engagement) -> list[Item]:
    """Return the lines for what is missing in the record of a held ``engagement``. Needs ``with_record_state``."""
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
    """Lines for the number of actions and of overdue ones. A constraint gives each an owner, so the first is done."""
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
    """Lines for what people need to know before they come; none once it has begun."""
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
