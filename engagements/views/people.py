"""The page to invite people and take attendance, and the same list as a file."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect, render

from contacts.operations import attendance_of
from engagements.forms.people import AttendanceSheet
from engagements.lists.attendance import AttendanceList
from engagements.models import Participation
from engagements.operations.engagement import add_people, take_attendance
from engagements.operations.related_rows import note_attendance
from engagements.presenters.email_notices import watched
from engagements.views.emailing import fragment, looks, notice_of, should_notify, success, unknown
from engagements.views.finding import find_engagement
from pages.access import agreement_page
from pages.exports import exported
from pages.requests import sent
from records.edit_conflicts import ConflictError
from records.roles import Role


@agreement_page(may=Role.EDITOR)
def attendance(request, pk):
    """Show the people who take part, with role and reply or attendance; save changes, add people and remove some."""
    engagement = find_engagement(request, pk)
    people = Participation.objects.visible_to(request.user).filter(engagement=engagement)
    people = people.select_related("person", "organisation").order_by("person__name", "pk")

    def opened():
        return AttendanceSheet(
            sent(request), people.all(), agreement=engagement.agreement, has_begun=engagement.has_begun
        )

    sheet, notice = opened(), unknown(request)
    if looks(request):
        if sheet.is_valid():
            notice = notice_of(request, lambda: _save(sheet, find_engagement(request, pk), by=request.user))
        if request.htmx:
            return fragment(request, notice)
        sheet = opened()
    elif sheet.is_valid():
        try:
            with watched() as watch:
                _save(sheet, engagement, notify=should_notify(request), by=request.user)
        except ConflictError as conflict:
            sheet.show(conflict)
        else:
            _add_messages(request, engagement, sheet, watch)
            return redirect(f"{engagement.get_absolute_url()}#people")
    context = {"engagement": engagement, "sheet": sheet, "form": sheet.add, "notice": notice}
    return render(request, "engagements/attendance.html", context | {"nav_here": "engagements"})


def _add_messages(request, engagement, sheet, watch):
    """Add the messages after saving: that the list is saved, how many people are emailed, and the notes of the form.

    Nobody is emailed about an engagement that has ended, so its message does not mention emails.
    """
    if engagement.has_ended:
        messages.success(request, "The list is saved.")
    else:
        success(request, "The list is saved.", watch)
    for note in sheet.add.notes:
        messages.info(request, note)


@transaction.atomic
def _save(sheet, engagement, *, notify=True, by):
    """Save the changes on the sheet. Without changes the record stays untouched."""
    add, changed, removed = sheet.add.cleaned_data, sheet.changed(), sheet.removed()
    people = attendance_of(add["who"], agreement=engagement.agreement, by=by, form_key=add["form_key"])
    if people:
        add_people(engagement, list(people), notify=notify, by=by)
        note_attendance(engagement, people)
    if changed or removed:
        take_attendance(engagement, changed, removed=removed, seen=sheet.seen, notify=notify, by=by)


@agreement_page
def export(request, pk, ending):
    """The people who take part, as far as the user may know, as a spreadsheet."""
    whose = {"user": request.user, "agreement": request.access.agreement}
    return exported(AttendanceList(request.GET, engagement=find_engagement(request, pk), **whose), ending)
